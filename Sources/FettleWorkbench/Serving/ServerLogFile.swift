public import FettleCore
import Foundation
import Synchronization

/// The file `server.log` of a workspace, for servers that have no terminal to write to.
///
/// A file that has grown long is set aside as `server.log.1` when the next server starts.
public final class ServerLogFile: Sendable {
    private static let long: off_t = 16 << 20

    private let descriptor: Int32

    /// Opens the log.
    public init(_ workspace: Workspace) throws(Diagnostic) {
        let path = try workspace.file("server.log")
        var facts = stat()
        if stat(path, &facts) == 0, facts.st_size > Self.long { rename(path, path + ".1") }
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw Diagnostic(
                "workspace-write",
                "the log '\(path)' cannot be written: \(reason.prefix(1).lowercased() + reason.dropFirst())"
            )
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Writes lines, each at once and whole.
    public var write: @Sendable (String) -> Void {
        { [self] line in
            var text = line + "\n"
            text.withUTF8 { _ = Foundation.write(descriptor, $0.baseAddress, $0.count) }
        }
    }
}
