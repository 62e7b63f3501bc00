public import FettleCore

/// A cursor over the bytes of a source text.
struct Scanner {
    let bytes: [UInt8]
    var at = 0

    init(_ source: String) {
        bytes = Array(source.utf8)
    }

    var isAtEnd: Bool { at >= bytes.count }

    /// The byte `ahead` of the cursor, or 0 after the end; a NUL in the source is refused before.
    func peek(_ ahead: Int = 0) -> UInt8 {
        at + ahead < bytes.count ? bytes[at + ahead] : 0
    }

    func starts(with text: StaticString) -> Bool {
        guard at + text.utf8CodeUnitCount <= bytes.count else { return false }
        for index in 0..<text.utf8CodeUnitCount where bytes[at + index] != text.utf8Start[index] {
            return false
        }
        return true
    }

    func text(_ start: Int, _ end: Int) -> String {
        String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// The offset of the next newline at or after `start`, or of the end.
    func endOfLine(from start: Int) -> Int {
        bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    }

    /// Moves over blanks and line continuations, not over newlines.
    mutating func skipBlanks() {
        while !isAtEnd {
            if peek().isBlank {
                at += 1
            } else if peek() == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "\n") {
                at += 2
            } else if starts(with: "\\\r\n") {
                at += 3
            } else {
                return
            }
        }
    }
}

extension UInt8 {
    /// Space, tab or carriage return.
    var isBlank: Bool {
        self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") || self == UInt8(ascii: "\r")
    }

    /// A letter of ASCII, a digit or `_`.
    var isNameByte: Bool { isNameStart || isDigit }

    /// A letter of ASCII or `_`.
    var isNameStart: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) || self == UInt8(ascii: "_")
    }

    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    /// Whether the byte ends a bare word.
    var endsBareWord: Bool {
        switch self {
        case UInt8(ascii: "|"), UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: ">"),
            UInt8(ascii: "<"), UInt8(ascii: "\n"):
            true
        default: isBlank
        }
    }
}

/// What an unfinished source still waits for.
public struct OpenConstruct: Error, Hashable, Sendable {
    /// What is open, in words: `"""`, heredoc END, a trailing `|`.
    public var what: String
    /// Where it was opened.
    public var span: SourceSpan
}
