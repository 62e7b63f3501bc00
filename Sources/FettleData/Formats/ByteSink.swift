import FettleCore

#if canImport(Glibc)
import Glibc
#endif

/// Collects bytes and writes them in large pieces to a file, a file descriptor or a text.
///
/// A file is written under another name in the same folder and takes its own name at the end, so that
/// a reader sees all of it or nothing.
///
/// One thread uses it at a time; it may be handed on.
final class ByteSink: @unchecked Sendable {
    private static let capacity = 1 << 20

    private let path: String?
    private let temporary: String?
    private let descriptor: Int32?
    /// Whether rows stand in the file before what is written.
    let continues: Bool
    /// Bytes of a file that is added to.
    private let earlier: Int?
    private var isOpen = true
    private(set) var bytes: [UInt8] = []

    /// Starts a file that appears at ``finish()``.
    init(path: String) throws(Diagnostic) {
        // A link is followed, so that the file that it names is replaced and not the link.
        var target = path
        if let real = realpath(path, nil) {
            target = String(cString: real)
            free(real)
        }
        var status = stat()
        let exists = stat(target, &status) == 0
        if exists, status.st_mode & S_IFMT == S_IFDIR {
            throw Diagnostic("cannot-write", "cannot write '\(path)': it is a folder")
        }
        if exists, status.st_mode & S_IFMT != S_IFREG {
            // A device or a named pipe has to be written itself.
            let descriptor = open(target, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileProblem.cannotWrite(path, errno) }
            (self.path, temporary, self.descriptor) = (target, nil, descriptor)
            (continues, earlier) = (false, nil)
            return
        }
        let temporary = "\(target).\(getpid()).\(UInt32.random(in: 0 ... .max)).part"
        let mode = exists ? status.st_mode & 0o777 : 0o666
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileProblem.cannotWrite(path, errno) }
        (self.path, self.temporary, self.descriptor) = (target, temporary, descriptor)
        (continues, earlier) = (false, nil)
    }

    /// Writes to the end of a file, making it when there is none.
    init(appendingTo path: String) throws(Diagnostic) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileProblem.cannotWrite(path, errno) }
        (self.path, temporary, self.descriptor) = (path, nil, descriptor)
        var status = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        continues = isFile && status.st_size > 0
        earlier = isFile ? Int(status.st_size) : nil
    }

    /// Writes to an open file descriptor, which stays open.
    init(descriptor: Int32) {
        (path, temporary, self.descriptor) = (nil, nil, descriptor)
        (continues, earlier) = (false, nil)
    }

    /// Keeps everything in memory.
    init() {
        (path, temporary, descriptor) = (nil, nil, nil)
        (continues, earlier) = (false, nil)
    }

    deinit {
        guard isOpen, let descriptor, path != nil else { return }
        if let earlier { ftruncate(descriptor, earlier) }
        close(descriptor)
        if let temporary { unlink(temporary) }
    }

    /// Lets `write` append to the bytes, and writes them out when they are many.
    @inline(__always)
    func append(_ write: (inout [UInt8]) throws -> Void) throws {
        try write(&bytes)
        if bytes.count >= Self.capacity, descriptor != nil { try flush() }
    }

    /// Appends the UTF-8 bytes of a text.
    func append(_ text: String) throws {
        try append { $0.append(contentsOf: text.utf8) }
    }

    /// Writes bytes after those before; only those of a file or descriptor are not kept.
    func write(_ rendered: [UInt8]) throws {
        guard descriptor != nil else { return bytes.append(contentsOf: rendered) }
        try flush()
        try writeOut(rendered)
    }

    /// Writes what is left; a file takes its name.
    func finish() throws {
        guard let descriptor else { return }
        try flush()
        guard let path else { return }
        if let temporary {
            guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
                throw FileProblem.cannotWrite(path, errno)
            }
        }
        isOpen = false
        close(descriptor)
    }

    private func flush() throws {
        try writeOut(bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    private func writeOut(_ bytes: [UInt8]) throws {
        guard let descriptor else { return }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(
                    descriptor,
                    buffer.baseAddress.map { $0 + written },
                    buffer.count - written
                )
            }
            if count >= 0 {
                written += count
            } else if errno == EAGAIN {
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&wait, 1, -1)
            } else if errno == EPIPE, path == nil {
                throw Diagnostic("closed-pipe", "the command that reads the rows has ended")
            } else if errno != EINTR {
                throw FileProblem.cannotWrite(path ?? "the pipe", errno)
            }
        }
    }
}
