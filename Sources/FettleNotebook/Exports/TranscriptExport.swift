public import FettleCore

/// A kind of document that a transcript can be written as.
///
/// To add one, conform an enum in a file of this folder and list it in ``TranscriptExports/all``.
public protocol TranscriptExport: Sendable {
    /// The ending of its files' names.
    static var fileExtension: String { get }
    /// Other endings.
    static var aliases: [String] { get }

    /// Returns the whole document, ending with a line end.
    static func text(of transcript: Transcript) -> String
}

extension TranscriptExport {
    /// Other endings; none unless an export says so.
    public static var aliases: [String] { [] }
}

/// The catalogue of documents.
public enum TranscriptExports {
    /// All of them; one line each.
    public static let all: [any TranscriptExport.Type] = [
        JupyterExport.self,
        MarkdownExport.self,
        HTMLExport.self,
    ]

    /// Every ending that says one.
    public static var endings: [String] { all.flatMap { [$0.fileExtension] + $0.aliases } }

    /// Returns the kind that a file's name says by its ending, case ignored.
    ///
    /// - Throws: `unknown-form`.
    public static func forPath(_ path: String) throws(Diagnostic) -> any TranscriptExport.Type {
        let name = path.split(separator: "/").last ?? ""
        let ending = name.contains(".") ? name.split(separator: ".").last?.lowercased() ?? "" : ""
        for export in all where ([export.fileExtension] + export.aliases).contains(ending) {
            return export
        }
        let names = all.map { "." + $0.fileExtension }.joined(separator: ", ")
        throw Diagnostic(
            "unknown-form",
            "expected a notebook's name that ends in \(names), found '\(path)'",
            hints: [didYouMean(ending, among: endings)].compactMap(\.self)
        )
    }
}
