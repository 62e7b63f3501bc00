import FettleCore
import Foundation

@testable import FettleData

/// Loads a text as if it stood in a file of that name.
func loaded(
    _ text: String,
    as name: String = "reviews.jsonl",
    _ options: LoadOptions = LoadOptions()
) throws -> LoadedSource {
    try DatasetLoader.load(.bytes(Array(text.utf8), name: name), options: options)
}

/// Returns the error that loading bytes gives, or nil.
func problem(
    _ bytes: [UInt8],
    as name: String = "reviews.jsonl",
    _ options: LoadOptions = LoadOptions()
) -> Diagnostic? {
    do {
        _ = try DatasetLoader.load(.bytes(bytes, name: name), options: options)
        return nil
    } catch {
        return error as? Diagnostic
    }
}

/// Returns the error that loading a text gives, or nil.
func problem(
    _ text: String,
    as name: String = "reviews.jsonl",
    _ options: LoadOptions = LoadOptions()
) -> Diagnostic? {
    problem(Array(text.utf8), as: name, options)
}

/// Draws an error as a user sees it: place, message, line and caret, hints.
func drawn(_ diagnostic: Diagnostic?) -> String {
    guard let diagnostic else { return "no error" }
    var lines: [String] = []
    let place = diagnostic.location.map { "\($0.file):\($0.line):\($0.column): " } ?? ""
    lines.append("\(place)\(diagnostic.code): \(diagnostic.message)")
    if let source = diagnostic.source, let span = diagnostic.span {
        lines.append("  " + source)
        let before = String(decoding: Array(source.utf8)[..<span.start], as: UTF8.self).count
        lines.append(
            String(repeating: " ", count: before + 2)
                + String(repeating: "^", count: span.end - span.start)
        )
    }
    return (lines + diagnostic.hints.map { "hint: " + $0 }).joined(separator: "\n")
}

extension Frame {
    /// The cells that the frame shows, row by row.
    var cells: [[Cell]] {
        (0..<count).map { position in columns.indices.map { cell($0, at: position) } }
    }
}

/// A folder of its own that is removed at the end.
final class TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("fettle-formats-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { path + "/" + name }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: file(name), atomically: true, encoding: .utf8)
        return file(name)
    }

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: file(name), encoding: .utf8)
    }

    var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }
}
