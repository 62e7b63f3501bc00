public import FettleCore

/// Writes files that are not rows, with the same care: all of it appears, or nothing.
public enum WholeFile {
    /// Writes bytes to a file, or to its end when `appending`.
    ///
    /// A file is replaced in one piece and keeps its rights, a link is followed, and devices and pipes are
    /// written to as they are.
    ///
    /// - Throws: `cannot-write`; the file is then as before.
    public static func write(
        _ bytes: [UInt8],
        to path: String,
        appending: Bool = false
    ) throws(Diagnostic) {
        let sink = try appending ? ByteSink(appendingTo: path) : ByteSink(path: path)
        do {
            try sink.append { $0 += bytes }
            try sink.finish()
        } catch let diagnostic as Diagnostic {
            throw diagnostic
        } catch {
            throw Diagnostic("cannot-write", "cannot write '\(path)': \(error)")
        }
    }
}
