import FettleCore

/// A way in which rows stand in a file: one file of the sources, and one line in ``DatasetFormats``.
///
/// ```swift
/// struct SemicolonFormat: DatasetFormat {
///     let name = "semicolon"
///     let extensions = ["ssv"]
///     func recognizes(_ source: SourceText) -> Bool { false }
///     func read(_ source: SourceText, _ options: LoadOptions, progress: (LoadProgress) throws -> Void)
///         throws -> ReadRows
///     { try DelimitedReader(source, options, delimiter: ";").read(progress) }
///     var writer: any RowWriter { DelimitedWriter(delimiter: ";") }
/// }
/// ```
protocol DatasetFormat: Sendable {
    /// The name in lower case: what `format=` takes.
    var name: String { get }

    /// Extensions of file names that are usually in this format, in lower case without the dot.
    var extensions: [String] { get }

    /// What writes rows in this format.
    var writer: any RowWriter { get }

    /// Returns whether the source's beginning looks like this format.
    func recognizes(_ source: SourceText) -> Bool

    /// Reads all rows.
    ///
    /// - Parameters:
    ///   - source: the text, which is not empty.
    ///   - options: what the user asked for.
    ///   - progress: called between pieces; what it throws ends the reading.
    /// - Returns: the good rows, and the bad ones when the options say where they go.
    /// - Throws: ``BadRow`` or a ``Diagnostic`` for what concerns the whole source.
    func read(
        _ source: SourceText,
        _ options: LoadOptions,
        progress: (LoadProgress) throws -> Void
    ) throws -> ReadRows
}

/// The rows of a source before its columns are put together.
struct ReadRows {
    /// The pieces in the order of the source.
    var batches: [RowBatch]
    /// Whether cells are plain texts whose kinds are found out from all of a column.
    var sniffed = false
    var delimiter: Character?
    var header: Bool?
}

/// The formats that datasets are read from and written in.
public enum DatasetFormats {
    /// All formats that are read; the first of those that recognise a source is taken.
    static let all: [any DatasetFormat] = [
        JSONFormat(),
        JSONLFormat(),
        TSVFormat(),
        CSVFormat(),
    ]

    /// The names of the formats that are read, in alphabetical order.
    public static var names: [String] { all.map(\.name).sorted() }

    /// Returns the name of the format that is read from files with this extension, or nil.
    public static func name(forExtension fileExtension: String) -> String? {
        let lowered = fileExtension.lowercased()
        return all.first { $0.extensions.contains(lowered) }?.name
    }

    /// Returns the format of a source: the one asked for, or by the file's extension, or by its bytes.
    static func format(
        of source: SourceText,
        asked: String?
    ) throws(Diagnostic) -> any DatasetFormat {
        if let asked {
            if let format = all.first(where: { $0.name == asked.lowercased() }) { return format }
            throw Diagnostic(
                "unknown-format",
                "no format '\(asked)'",
                hints: [
                    didYouMean(asked, among: names), "formats: " + names.joined(separator: ", "),
                ].compactMap(\.self)
            )
        }
        let byExtension = all.filter { $0.extensions.contains(source.fileExtension) }
        if let format = byExtension.first(where: { $0.recognizes(source) }) ?? byExtension.first {
            return format
        }
        return all.first { $0.recognizes(source) } ?? CSVFormat()
    }
}
