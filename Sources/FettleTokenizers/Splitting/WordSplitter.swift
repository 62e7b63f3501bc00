/// How text is cut into words before pairs are merged, which never cross a cut.
///
/// The patterns are written by hand over scalars: a regular expression engine takes most of the time of
/// other tokenizers, and one that backtracks can be made to hang.
enum WordSplitter: Hashable, Sendable {
    /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
    case gpt2
    /// Every digit by itself, and what is between them as ``gpt2``.
    case smolLM
    /// The pattern of Llama 3 (up to three digits) and of Qwen2 (one).
    ///
    /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*`
    /// `|\s*[\r\n]+|\s+(?!\S)|\s+`.
    case byLines(digits: Int)
    /// Before every "▁" (U+2581), which stands for a space.
    case markedSpaces
    /// Before each "▁" that follows something else, where no token reaches across.
    case markedRuns
    /// Nowhere.
    case whole

    /// Calls `word` with the bounds of each word of `range`, in order.
    @inline(__always)
    func split(_ text: ScalarText, _ range: Range<Int>, word: (Int, Int) -> Void) {
        var at = range.lowerBound
        let end = range.upperBound
        switch self {
        case .gpt2:
            while at < end {
                let stop = Self.plainWord(text, at, end)
                word(at, stop)
                at = stop
            }
        case .smolLM:
            while at < end {
                var runEnd = at
                while runEnd < end {
                    let (isDigit, length) = text.isDigit(at: runEnd)
                    if isDigit { break }
                    runEnd &+= length
                }
                while at < runEnd {
                    let stop = Self.plainWord(text, at, runEnd)
                    word(at, stop)
                    at = stop
                }
                guard at < end else { return }
                let stop = at &+ ScalarText.length(text.bytes[at])
                word(at, stop)
                at = stop
            }
        case .byLines(let digits):
            while at < end {
                let stop = Self.lineWord(text, at, end, digits)
                word(at, stop)
                at = stop
            }
        case .markedSpaces, .markedRuns:
            while at < end {
                let stop = Self.markedWord(text, at, end, runs: self == .markedRuns)
                word(at, stop)
                at = stop
            }
        case .whole:
            if at < end { word(at, end) }
        }
    }

    // MARK: - The next word

    private static let apostrophe = UInt8(ascii: "'")

    private static func plainWord(_ text: ScalarText, _ at: Int, _ end: Int) -> Int {
        let byte = text.bytes[at]
        if byte == apostrophe, let stop = contraction(text, at, end) { return stop }
        var (kind, length) = text.kind(at: at)
        var place = at
        if byte == 0x20, at &+ 1 < end {
            let next = text.kind(at: at &+ 1)
            if next.kind < ScalarClass.space {
                (kind, length) = next
                place = at &+ 1
            }
        }
        if kind >= ScalarClass.space { return spaces(text, at, end, stopsAtLines: false) }
        return run(of: kind, text, place &+ length, end)
    }

    private static func lineWord(_ text: ScalarText, _ at: Int, _ end: Int, _ digits: Int) -> Int {
        let byte = text.bytes[at]
        if byte == apostrophe, let stop = foldedContraction(text, at, end) { return stop }
        let (kind, length) = text.kind(at: at)
        let after = at &+ length
        if kind == ScalarClass.letter { return run(of: kind, text, after, end) }
        if kind == ScalarClass.number {
            var place = after
            var count = 1
            while count < digits, place < end {
                let next = text.kind(at: place)
                guard next.kind == kind else { break }
                place &+= next.length
                count += 1
            }
            return place
        }
        let next = after < end ? text.kind(at: after) : (kind: ScalarClass.newline, length: 0)
        if kind != ScalarClass.newline, next.kind == ScalarClass.letter {
            return run(of: ScalarClass.letter, text, after &+ next.length, end)
        }
        var place = after
        if byte == 0x20, next.kind == ScalarClass.other {
            place = after &+ next.length
        } else if kind >= ScalarClass.space {
            return spaces(text, at, end, stopsAtLines: true)
        }
        place = run(of: ScalarClass.other, text, place, end)
        while place < end, text.bytes[place] == 0x0A || text.bytes[place] == 0x0D { place &+= 1 }
        return place
    }

    @inline(__always)
    private static func run(of kind: UInt8, _ text: ScalarText, _ at: Int, _ end: Int) -> Int {
        var place = at
        while place < end {
            let next = text.kind(at: place)
            guard next.kind == kind else { break }
            place &+= next.length
        }
        return place
    }

    /// Returns the end of a word of white space: to its last line end where lines count, else all of it
    /// at the end of the text, else all but the last, which goes with what follows.
    private static func spaces(
        _ text: ScalarText,
        _ at: Int,
        _ end: Int,
        stopsAtLines: Bool
    ) -> Int {
        var place = at
        var last = at
        var lineEnd = at
        while place < end {
            let next = text.kind(at: place)
            guard next.kind >= ScalarClass.space else { break }
            last = place
            place &+= next.length
            if next.kind == ScalarClass.newline { lineEnd = place }
        }
        if stopsAtLines, lineEnd > at { return lineEnd }
        return place == end || last == at ? place : last
    }

    private static func contraction(_ text: ScalarText, _ at: Int, _ end: Int) -> Int? {
        guard at &+ 1 < end else { return nil }
        switch text.bytes[at &+ 1] {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
            return at &+ 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"):
            return at &+ 2 < end && text.bytes[at &+ 2] == UInt8(ascii: "e") ? at &+ 3 : nil
        case UInt8(ascii: "l"):
            return at &+ 2 < end && text.bytes[at &+ 2] == UInt8(ascii: "l") ? at &+ 3 : nil
        default: return nil
        }
    }

    private static func foldedContraction(_ text: ScalarText, _ at: Int, _ end: Int) -> Int? {
        guard at &+ 1 < end else { return nil }
        let third = at &+ 2 < end ? text.bytes[at &+ 2] : 0
        switch text.bytes[at &+ 1] | 0x20 {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
            return at &+ 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"):
            return third | 0x20 == UInt8(ascii: "e") ? at &+ 3 : nil
        case UInt8(ascii: "l"):
            return third | 0x20 == UInt8(ascii: "l") ? at &+ 3 : nil
        // U+017F, the long s, is an s to a pattern that ignores case.
        case 0xC5 | 0x20:
            return text.bytes[at &+ 1] == 0xC5 && third == 0xBF ? at &+ 3 : nil
        default: return nil
        }
    }

    private static func markedWord(_ text: ScalarText, _ at: Int, _ end: Int, runs: Bool) -> Int {
        var place = at
        while runs, place < end, isMark(text, place, end) { place &+= 3 }
        if place == at { place &+= ScalarText.length(text.bytes[at]) }
        while place < end, !isMark(text, place, end) {
            place &+= ScalarText.length(text.bytes[place])
        }
        return place
    }

    @inline(__always)
    static func isMark(_ text: ScalarText, _ at: Int, _ end: Int) -> Bool {
        text.bytes[at] == 0xE2 && at &+ 2 < end && text.bytes[at &+ 1] == 0x96
            && text.bytes[at &+ 2] == 0x81
    }
}
