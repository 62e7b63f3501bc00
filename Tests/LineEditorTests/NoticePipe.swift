import Glibc

/// A FIFO through which the probe is told what to post.
final class NoticePipe {
    private let folder: String
    private let descriptor: Int32

    init() throws {
        var template = Array("\(P_tmpdir)/line-editor-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure() }
        folder = template.withUnsafeBufferPointer { name in
            String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
        mkfifo("\(folder)/notices", 0o600)
        descriptor = open("\(folder)/notices", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure() }
    }

    deinit {
        close(descriptor)
        unlink("\(folder)/notices")
        rmdir(folder)
    }

    struct Failure: Error {}

    var environment: [String: String] { ["PROBE_NOTICES": "\(folder)/notices"] }

    func post(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = write(descriptor, bytes, bytes.count)
    }
}
