public import FettleCore

/// A cursor over the bytes of a source text.
struct Scanner {
    let bytes: [UInt8]
    var at = 0
    /// The newline after which the lines of heredocs stand, and where they end.
    private(set) var heredocs: (newline: Int, end: Int)?
    /// The last line end that was looked up, and from where it was.
    private var line = 0..<0

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
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        return end
    }

    /// Returns where a line of the system's shell ends, and the backslash after which more of it is to come.
    ///
    /// One of `openai` goes on after a backslash at a line's end, as in notebooks, and lines of comments in
    /// between do not end it.
    func shellLine(from start: Int) -> (end: Int, open: Int?) {
        var end = endOfLine(from: start)
        guard OpenAILine.begins(text(start, end)), heredocs.map({ $0.newline < start }) ?? true
        else { return (end, nil) }
        while let backslash = continuation(before: end) {
            var isComment = true
            while isComment {
                guard end + 1 < bytes.count else { return (end, backslash) }
                let line = end + 1
                end = endOfLine(from: line)
                isComment = OpenAILine.isComment(bytes[line..<end])
            }
        }
        return (end, nil)
    }

    /// The offset of the backslash that joins the line which ends at `end` with the next, if one does.
    func continuation(before end: Int) -> Int? {
        var last = end - 1
        if last >= 0, bytes[last] == UInt8(ascii: "\r") { last -= 1 }
        return last >= 0 && bytes[last] == UInt8(ascii: "\\") ? last : nil
    }

    /// The offset after the character that begins at `offset`.
    func endOfCharacter(at offset: Int) -> Int {
        var end = offset + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return min(end, bytes.count)
    }

    /// The place of the character at the cursor; empty at the end.
    var character: SourceSpan { SourceSpan(at, isAtEnd ? at : endOfCharacter(at: at)) }

    /// Whether a backslash at the cursor joins this line with the next.
    var isContinuation: Bool { starts(with: "\\\n") || starts(with: "\\\r\n") }

    /// Moves over blanks and line continuations, not over newlines.
    mutating func skipBlanks() {
        while true {
            if peek().isBlank {
                at += 1
            } else if isContinuation {
                skipContinuation()
            } else {
                return
            }
        }
    }

    /// Moves over a backslash and the newline after it.
    mutating func skipContinuation() {
        at += peek(1) == UInt8(ascii: "\n") ? 1 : 2
        skipNewline()
    }

    /// Moves over the newline at the cursor, and over the lines of heredocs that it begins.
    mutating func skipNewline() {
        if let heredocs, heredocs.newline == at { at = heredocs.end } else { at += 1 }
    }

    // MARK: - Heredocs

    /// Returns the newline of the cursor's line and the start of the lines of a heredoc opened there,
    /// which is after those of heredocs before it on the same line.
    ///
    /// The line's end is remembered, so that many heredocs on one line do not each look for it.
    mutating func heredocStart() -> (newline: Int, start: Int) {
        if !(line.lowerBound...line.upperBound).contains(at) || line.isEmpty {
            line = at..<endOfLine(from: at)
        }
        let newline = line.upperBound
        if let heredocs, heredocs.newline == newline { return (newline, heredocs.end) }
        return (newline, min(newline + 1, bytes.count))
    }

    /// Remembers that the lines up to `end` are no statements.
    mutating func setHeredoc(after newline: Int, end: Int) {
        heredocs = (newline, end)
    }

    /// Returns the source from `start` to `end`, the end of a statement's last word, and after it the lines
    /// of heredocs opened since, without those that statements before it on its first line have opened.
    func statement(
        from start: Int,
        to end: Int,
        without earlier: (newline: Int, end: Int)?
    ) -> String {
        guard let heredocs, heredocs.newline >= start else { return text(start, end) }
        var words = text(start, end)
        if let earlier, earlier.newline < end {
            words = text(start, earlier.newline + 1) + text(earlier.end, max(earlier.end, end))
        }
        guard heredocs.newline >= end else { return words }
        var first = heredocs.newline + 1
        if let earlier, earlier.newline == heredocs.newline { first = earlier.end }
        var last = heredocs.end
        while last > first, bytes[last - 1].endsLine { last -= 1 }
        return last > first ? words + "\n" + text(first, last) : words
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

    /// Newline or carriage return.
    var endsLine: Bool { self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r") }

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

extension String {
    /// The text without spaces, tabs and carriage returns at its ends.
    var trimmingBlanks: String {
        let bytes = Array(utf8)
        let first = bytes.firstIndex { !$0.isBlank } ?? bytes.count
        let last = bytes.lastIndex { !$0.isBlank } ?? first - 1
        return String(decoding: bytes[first..<max(first, last + 1)], as: UTF8.self)
    }
}

/// What an unfinished source still waits for.
public struct OpenConstruct: Error, Hashable, Sendable {
    /// What is open, in words: `"""`, heredoc END, a trailing `|`.
    public var what: String
    /// Where it was opened.
    public var span: SourceSpan
}
