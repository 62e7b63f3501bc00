public import FettleCore

/// Writes all rows of a frame as CSV, TSV, JSON, JSONL or a Markdown table.
public struct FrameWriter: Sendable {
    /// The format's name.
    public let format: String
    private let writer: any RowWriter

    /// The names of the formats that are written, in alphabetical order.
    public static var names: [String] { (DatasetFormats.names + ["md"]).sorted() }

    /// Makes a writer of a format.
    ///
    /// - Throws: `unknown-format` with near names.
    public init(format name: String) throws(Diagnostic) {
        let lowered = name.lowercased()
        if lowered == "md" || lowered == "markdown" {
            (format, writer) = ("md", MarkdownWriter())
        } else if let found = DatasetFormats.all.first(where: { $0.name == lowered }) {
            (format, writer) = (found.name, found.writer)
        } else {
            throw Diagnostic(
                "unknown-format",
                "no format '\(name)' to write",
                hints: [
                    didYouMean(name, among: Self.names),
                    "formats: " + Self.names.joined(separator: ", "),
                ].compactMap(\.self)
            )
        }
    }

    /// Makes a writer of the format that the extension of a file's name says.
    ///
    /// - Throws: `unknown-format` when the extension says none.
    public init(forPath path: String) throws(Diagnostic) {
        let fileExtension = FileProblem.split(path).fileExtension
        guard !fileExtension.isEmpty else {
            throw Diagnostic(
                "unknown-format",
                "expected a file name that ends in \(Self.endings), found '\(path)'"
            )
        }
        // The extension 'json' is read as JSONL too, but always written as one array.
        guard fileExtension == "md" || DatasetFormats.name(forExtension: fileExtension) != nil
        else {
            throw Diagnostic(
                "unknown-format",
                "expected a file name that ends in \(Self.endings), found '.\(fileExtension)'",
                hints: [didYouMean(fileExtension, among: Self.names)].compactMap(\.self)
            )
        }
        try self.init(format: DatasetFormats.name(forExtension: fileExtension) ?? "md")
    }

    private static var endings: String {
        let dotted = names.map { "." + $0 }
        return dotted.dropLast().joined(separator: ", ") + " or " + (dotted.last ?? "")
    }

    /// Writes the rows to a file, which appears or changes when all of them are written.
    ///
    /// - Parameters:
    ///   - frame: the rows, written in the order in which it shows them.
    ///   - path: the file, whose folder exists.
    ///   - appending: adds the rows at the end of the file instead; only a process that is killed
    ///     leaves some of them there.
    ///   - onProgress: called with the rows written, every few thousand.
    /// - Throws: `cannot-write`, `cannot-append` or `source-changed`, and `CancellationError`; the file is then as before.
    public func write(
        _ frame: Frame,
        toFile path: String,
        appending: Bool = false,
        onProgress: (Int) -> Void = { _ in }
    ) throws {
        if appending, !writer.canAppend {
            throw Diagnostic(
                "cannot-append",
                "cannot add rows after the end of a JSON array",
                hint: "use '>', or write JSONL, which has one object a line"
            )
        }
        let sink = try appending ? ByteSink(appendingTo: path) : ByteSink(path: path)
        try write(frame, to: sink, withHead: !sink.continues, onProgress)
        try frame.checkSources()
        try sink.finish()
    }

    /// Writes the rows to an open file descriptor, such as a pipe's; it stays open.
    ///
    /// - Parameters:
    ///   - frame: the rows, written in the order in which it shows them.
    ///   - descriptor: a descriptor to write to; the process ignores `SIGPIPE`.
    ///   - onProgress: called with the rows written, every few thousand.
    /// - Throws: `closed-pipe` when the reader has gone, and `CancellationError`.
    public func write(
        _ frame: Frame,
        toDescriptor descriptor: Int32,
        onProgress: (Int) -> Void = { _ in }
    ) throws {
        let sink = ByteSink(descriptor: descriptor)
        try write(frame, to: sink, withHead: true, onProgress)
        try sink.finish()
    }

    /// Returns the rows as a text; for few rows.
    public func text(_ frame: Frame) throws -> String {
        let sink = ByteSink()
        try write(frame, to: sink, withHead: true) { _ in }
        return String(decoding: sink.bytes, as: UTF8.self)
    }

    private func write(
        _ frame: Frame,
        to sink: ByteSink,
        withHead: Bool,
        _ onProgress: (Int) -> Void
    ) throws {
        let columns = frame.columns.map(WrittenColumn.init)
        let writer = writer
        if withHead { try sink.append { writer.begin(columns, to: &$0) } }
        let rows = frame.rows
        try Chunks.render(rows: frame.count, onProgress: onProgress) { range, out in
            for position in range {
                writer.row(Int(rows[position]), columns, isFirst: position == 0, to: &out)
            }
        } write: {
            try sink.write($0)
        }
        try sink.append { writer.end(isEmpty: frame.count == 0, to: &$0) }
        // The writers use pointers into the heaps that the columns keep.
        withExtendedLifetime(columns) {}
    }
}
