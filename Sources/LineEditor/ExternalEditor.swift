import CTerminal
import Glibc

extension EditorCore {
    /// Texts larger than this are not taken back from an editor.
    private static let sizeLimit = 16 << 20

    /// Runs the user's editor, else the system's, else the first of two that there is.
    private static let program = """
        set -- "$1" ${VISUAL:-$EDITOR}
        file=$1
        shift
        if [ $# = 0 ]; then
            for name in editor nano vi; do
                if command -v $name >/dev/null; then
                    set -- $name
                    break
                fi
            done
        fi
        [ $# = 0 ] && set -- vi
        exec "$@" "$file"
        """

    /// The status of the system's shell where there is no such program.
    private static let notFound: Int32 = 127

    /// Lets the user change a text in his editor, the line where `isTyped`; returns nil where he did not.
    ///
    /// The terminal and Ctrl-C are the editor's meanwhile; notices wait.
    func edited(_ text: String, isTyped: Bool) -> String? {
        guard let file = TemporaryFile(text) else { return nil }
        release(isTyped: isTyped)
        let words = ["sh", "-c", Self.program, "sh", file.path]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { arguments.forEach { free($0) } }
        fettle_ignore_interrupts(true)
        let child = fettle_spawn(&arguments, -1, -1)
        let status = child > 0 ? fettle_wait_child(child) : -1
        let result = status == 0 ? file.contents(limit: Self.sizeLimit) : nil
        fettle_ignore_interrupts(false)
        if status != 0 {
            let reason =
                status == Self.notFound
                ? "there is no such editor; $VISUAL or $EDITOR names yours"
                : "the editor did not end well (status \(status))"
            writeToTerminal("\(reason): the line is as before\r\n")
        }
        resume()
        return result
    }
}

/// A file in the folder for temporary files that only the user can read, until the object goes.
private final class TemporaryFile {
    let path: String

    init?(_ text: String) {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        var template = Array(
            "\(folder.isEmpty ? P_tmpdir : folder)/fettle-XXXXXX.fettle".utf8CString
        )
        let descriptor = fettle_open_temporary(&template, Int32(".fettle".utf8.count))
        guard descriptor >= 0 else { return nil }
        path = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
        let bytes = Array((text + "\n").utf8)
        let result = fettle_write_all(descriptor, bytes, bytes.count)
        Glibc.close(descriptor)
        if result != 0 {
            unlink(path)
            return nil
        }
    }

    deinit {
        unlink(path)
    }

    /// Returns the text without the line feed at its end and without control characters.
    func contents(limit: Int) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= limit {
            let count = read(descriptor, &block, block.count)
            if count == 0 {
                if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
                return InputDecoder.cleaned(bytes)
            }
            guard count > 0 else { return nil }
            bytes += block[..<count]
        }
        return nil
    }
}
