public import FettleCore
import Foundation

/// The text that a command stands in: a file, or what was typed.
public struct SourceText: Sendable {
    /// The file's name, or nil for what was typed or given with `-c`.
    public let file: String?
    /// The whole text.
    public let text: String

    /// Whether its commands are recorded; not what was typed after a blank.
    public let isRecorded: Bool

    /// Makes a source.
    public init(file: String? = nil, text: String, isRecorded: Bool = true) {
        self.file = file
        self.text = text
        self.isRecorded = isRecorded
    }

    /// Returns the line number, from 1, of a byte offset.
    func line(at offset: Int) -> Int {
        text.utf8.prefix(offset).reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    }

    /// Returns the error with this text and, for a file, the place, unless it has its own.
    func placing(_ diagnostic: Diagnostic) -> Diagnostic {
        guard diagnostic.source == nil, diagnostic.location == nil else { return diagnostic }
        var copy = diagnostic
        guard let span = copy.span else { return copy }
        copy.source = text
        if let file {
            let before = Array(text.utf8.prefix(span.start))
            let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            let column = String(decoding: before[lineStart...], as: UTF8.self).count + 1
            copy.location = SourceLocation(file: file, line: line(at: span.start), column: column)
        }
        return copy
    }
}

extension SourceText {
    /// Reads a script.
    ///
    /// - Throws: `no-file` when it is not there or not readable, `bad-encoding` when it is not UTF-8.
    public init(contentsOf path: String) throws(Diagnostic) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Diagnostic(
                "no-file",
                "'\(path)' cannot be read",
                hint: "check that the file is there and may be read"
            )
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw Diagnostic(
                "bad-encoding",
                "'\(path)' is not UTF-8 text",
                hint: "convert it: iconv -t utf-8"
            )
        }
        self.init(file: path, text: text)
    }
}
