import FettleCore
import Foundation

/// A file of examples as the old command line read it: every cell as text, an absent one as the empty text.
struct PreparationFile {
    /// The names of the columns.
    var names: [String]
    /// The cells of each column.
    var columns: [[String]]
    /// What is said of the file's form; nil when it is JSON lines already.
    var remark: String?
    /// What is done about it.
    var conversion: String?

    /// Why a file cannot be prepared.
    struct Refusal: Error {
        var check: String
        var message: String
    }

    /// Reads a file.
    init(_ path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
            !isFolder.boolValue
        else { throw Self.refusal("File \(path) does not exist.") }
        let name = path.lowercased()
        let kinds = [".csv", ".tsv", ".txt", ".jsonl", ".json"]
        guard let kind = kinds.first(where: { name.hasSuffix($0) }) else {
            throw Self.unknownKind(path)
        }
        (names, columns) = ([], [])
        do {
            switch kind {
            case ".csv": try readTable(path, "CSV", ",")
            case ".tsv": try readTable(path, "TSV", "\t")
            case ".txt": try readText(path)
            default: try readJSON(path, isLines: kind == ".jsonl")
            }
        } catch let diagnostic as Diagnostic {
            let form = kind.dropFirst().uppercased()
            let place = diagnostic.location.map { " (line \($0.line))" } ?? ""
            throw Self.refusal(
                "Your file `\(path)` does not appear to be in valid \(form) format: "
                    + "\(diagnostic.message)\(place)."
            )
        }
    }

    private static func refusal(_ message: String) -> Refusal {
        Refusal(check: "read_any_format", message: message)
    }

    private static func unknownKind(_ path: String) -> Refusal {
        let found =
            path.contains(".")
            ? "ends with the extension `.\(path.split(separator: ".").last ?? "")` which is not supported."
            : "is missing a file extension."
        let advice =
            path.lowercased().hasSuffix(".xlsx") ? " Save its first sheet as CSV." : ""
        return refusal(
            "Your file must have one of the following extensions: .CSV, .TSV, .TXT, .JSON or .JSONL "
                + "Your file `\(path)` \(found)\(advice)"
        )
    }

    private mutating func readTable(
        _ path: String,
        _ form: String,
        _ delimiter: Character
    ) throws {
        remark = "Based on your file extension, your file is formatted as a \(form) file"
        conversion = "Your format `\(form)` will be converted to `JSONL`"
        var options = LoadOptions(
            format: form.lowercased(),
            delimiter: delimiter,
            header: true
        )
        var source = try DatasetLoader.load(.path(path), options: options)
        let others = source.frame.columns.filter { $0.column.kind != .text }.map(\.name)
        if !others.isEmpty {
            // Numbers stay as they are written.
            options.types = Dictionary(others.map { ($0, .text) }) { first, _ in first }
            source = try DatasetLoader.load(.path(path), options: options)
        }
        take(source.frame)
    }

    private mutating func readText(_ path: String) throws {
        remark = "Based on your file extension, you provided a text file"
        conversion = "Your format `TXT` will be converted to `JSONL`"
        let bytes = try Data(contentsOf: URL(filePath: path))
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Diagnostic("bad-encoding", "it is not UTF-8 text")
        }
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0) }
        if lines.last?.isEmpty == true { lines.removeLast() }
        names = ["prompt", "completion"]
        columns = [Array(repeating: "", count: lines.count), lines]
    }

    private mutating func readJSON(_ path: String, isLines: Bool) throws {
        let source = try DatasetLoader.load(.path(path))
        let hasLines = source.format == "jsonl"
        take(source.frame)
        if isLines, !hasLines {
            remark =
                "Your JSONL file appears to be in a JSON format. Your file will be converted to JSONL format"
        } else if !isLines, hasLines {
            remark =
                "Your JSON file appears to be in a JSONL format. Your file will be converted to JSONL format"
        }
        if !isLines || !hasLines { conversion = "Your format `JSON` will be converted to `JSONL`" }
    }

    private mutating func take(_ frame: Frame) {
        names = frame.columnNames
        columns = frame.columns.map { column in
            frame.rows.map { row in
                switch column.column[Int(row)] {
                case .missing, .null: ""
                case .boolean(let value): value ? "True" : "False"
                case let cell: cell.displayText
                }
            }
        }
    }
}
