public import FettleCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Writes to an open file at once, so that what was told is told whatever becomes of the process.
public struct LogWriter: Sendable {
    private let file: Int32

    /// Writes to standard output.
    public static let standardOutput = LogWriter(file: 1)
    /// Writes to standard error.
    public static let standardError = LogWriter(file: 2)

    /// Writes a text.
    ///
    /// - Throws: `closed-pipe` when nobody reads any more, `cannot-write` for another reason of the system.
    public func write(_ text: String) throws(Diagnostic) {
        guard !WorkFolder.writeAll(file, Array(text.utf8)) else { return }
        let reason = errno
        guard reason != EPIPE else {
            throw Diagnostic("closed-pipe", "nobody reads the log any more")
        }
        throw Diagnostic(
            "cannot-write",
            "cannot write the log: \(String(cString: strerror(reason)))"
        )
    }
}
