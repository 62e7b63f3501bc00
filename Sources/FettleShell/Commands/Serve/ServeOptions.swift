import FettleCore
import FettleLanguage
import Foundation

/// A number of bytes as `512MB`.
struct ByteLimit: ArgumentValue {
    static let parameterKind = ParameterKind.text
    private static let units: [(name: String, bytes: Int64)] = [
        ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1000), ("B", 1), ("", 1),
    ]

    let bytes: Int64

    init(reading word: ArgumentWord, for name: String) throws(Diagnostic) {
        let text = word.text.uppercased()
        let unit = Self.units.first { text.hasSuffix($0.name) } ?? ("", 1)
        guard let number = Int64(text.dropLast(unit.name.count)), number > 0,
            number <= Int64.max / 2 / unit.bytes
        else {
            throw expected("a number of bytes, such as 200MB or 2GB", word, for: name)
        }
        bytes = number * unit.bytes
    }
}

/// A file with keys, one a line; lines that begin with `#` are notes.
enum KeyFile {
    private static let longest = 1 << 20

    static func keys(_ word: ArgumentWord) throws(Diagnostic) -> [String] {
        let path = word.text
        guard let file = FileHandle(forReadingAtPath: path),
            let bytes = try? file.read(upToCount: longest)
        else {
            throw Diagnostic(
                "bad-key-file",
                "the file '\(path)' with the keys cannot be read, or is empty",
                span: word.span,
                hint: "a key is any text without blanks, such as what 'openssl rand -hex 32' prints"
            )
        }
        let lines = String(decoding: bytes, as: UTF8.self)
            .split { $0 == "\n" || $0 == "\r\n" }
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard !lines.isEmpty,
            lines.allSatisfy({ $0.utf8.allSatisfy { (0x21..<0x7F).contains($0) } })
        else {
            throw Diagnostic(
                "bad-key-file",
                lines.isEmpty
                    ? "the file '\(path)' has no key"
                    : "a line of the file '\(path)' is no key, which has neither blanks nor other than ASCII",
                span: word.span,
                hint: "put one key on each line; lines that begin with '#' are notes"
            )
        }
        return lines
    }
}
