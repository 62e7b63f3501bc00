/// What names and paths in orders and events may be, so that no line of a log names a file elsewhere.
enum WorkNames {
    static let expectedName =
        "a name of 1 to 100 letters, digits, dots, hyphens and underscores that begins with a "
        + "letter or digit"
    static let expectedHash = "a SHA-256 in 64 lower-case hexadecimal digits"
    static let expectedFolder = "the path of a folder that begins with '/'"

    /// Whether a text is a file's name without a folder, or a run's id.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isPlain(first), text.utf8.count <= 100 else {
            return false
        }
        return text.utf8.allSatisfy { isPlain($0) || [0x2D, 0x2E, 0x5F].contains($0) }
    }

    /// Whether a text is a hash as ``SHA256`` writes it.
    static func isHash(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// Whether a text is a whole path without control characters.
    static func isFolder(_ text: String) -> Bool {
        text.utf8.first == 0x2F && text.utf8.count <= 4000
            && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
