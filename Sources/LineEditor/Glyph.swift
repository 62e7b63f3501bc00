import CDisplayWidth

/// What the screen shows of one character, and the scalars of the text that it stands for.
struct Glyph: Equatable {
    /// What is written.
    let text: String

    /// What is written where a terminal might draw `text` too wide for its row: its first part.
    let narrow: String

    /// The columns that it takes.
    let width: Int

    /// The columns that it takes on a terminal that draws each of its parts by itself.
    let widest: Int

    /// How many scalars of the text it stands for.
    let count: Int

    /// Whether terminals disagree about its width, so that the cursor must be placed after it.
    let isDoubtful: Bool

    /// Whether it is written in letters: a control character or what would be invisible.
    var isSpelled: Bool { width > 1 && text.utf8.count == width }

    private init(
        _ text: String,
        width: Int,
        count: Int,
        narrow: String? = nil,
        widest: Int? = nil
    ) {
        self.text = text
        self.width = width
        self.count = count
        self.narrow = narrow ?? text
        self.widest = widest ?? width
        isDoubtful = narrow != nil
    }

    /// Reads the glyph that begins at a scalar; a line feed and a tab are the caller's.
    ///
    /// Joined emoji, flags and letters with their marks are one glyph. What is invisible by itself is
    /// shown as `\U+200B`, so that nobody submits what he cannot see.
    init(_ scalars: ArraySlice<UInt32>) {
        guard let first = scalars.first else {
            self.init("", width: 0, count: 0)
            return
        }
        let next = scalars.index(after: scalars.startIndex)
        if first < 0x7F, first >= 0x20, next == scalars.endIndex || scalars[next] < 0x300 {
            self.init(String(scalars: [first]), width: 1, count: 1)
        } else if first < 0x20 || (0x7F..<0xA0).contains(first) {
            let shown = first == 0x7F ? 0x3F : (first & 0x1F) | 0x40
            self.init(String(scalars: [0x5E, shown]), width: 2, count: 1)
        } else if fettle_scalar_width(first) == 0 || Unicode.Scalar(first) == nil {
            let digits = String(first & 0x1FFFFF, radix: 16, uppercase: true)
            let zeros = String(repeating: "0", count: max(0, 4 - digits.utf8.count))
            let text = "\\U+\(zeros)\(digits)"
            self.init(text, width: text.utf8.count, count: 1)
        } else {
            self.init(cluster: scalars, first)
        }
    }

    private init(cluster scalars: ArraySlice<UInt32>, _ first: UInt32) {
        let parts = scalars.prefix(Self.clusterLength(scalars))
        var sum = 0
        var isWide = false
        var isEmoji = false
        for scalar in parts {
            let width = Int(fettle_scalar_width(scalar))
            isWide = isWide || width == 2
            sum += width
            isEmoji = isEmoji || scalar == 0xFE0F
        }
        if isEmoji, sum == 1, let base = Unicode.Scalar(first), base.properties.isEmoji {
            isWide = !base.isASCII || parts.last == 0x20E3
        }
        let isSimple = parts.dropFirst().allSatisfy(Self.isMark)
        self.init(
            String(scalars: parts),
            width: isWide ? 2 : sum,
            count: parts.count,
            narrow: isSimple && first < 0x1F000 ? nil : String(scalars: [first]),
            widest: max(2, sum)
        )
    }

    /// The scalars of a character whose first is not zero-width.
    private static func clusterLength(_ scalars: ArraySlice<UInt32>) -> Int {
        var end = scalars.index(after: scalars.startIndex)
        if isFlagLetter(scalars[scalars.startIndex]), end < scalars.endIndex,
            isFlagLetter(scalars[end])
        {
            end += 1
        }
        while end < scalars.endIndex, end - scalars.startIndex < 32 {
            let scalar = scalars[end]
            if scalar == 0x200D {
                guard end + 1 < scalars.endIndex, scalars[end + 1] >= 0x300,
                    fettle_scalar_width(scalars[end + 1]) > 0
                else { break }
                end += 2
            } else if isMark(scalar) || isAttached(scalar)
                || (isTag(scalar) && scalars[scalars.startIndex] == 0x1F3F4)
            {
                end += 1
            } else {
                break
            }
        }
        return end - scalars.startIndex
    }

    /// Whether a scalar combines with the letter before it on every terminal.
    private static func isMark(_ scalar: UInt32) -> Bool {
        scalar >= 0x300 && !isFormat(scalar) && scalar != 0xFE0F
            && fettle_scalar_width(scalar) == 0
    }

    /// Whether a scalar spells the name of a flag.
    private static func isTag(_ scalar: UInt32) -> Bool {
        (0xE0020...0xE007F).contains(scalar)
    }

    /// Whether a scalar changes how the emoji before it looks: a variant or a skin colour.
    private static func isAttached(_ scalar: UInt32) -> Bool {
        scalar == 0xFE0F || scalar == 0x200C || (0x1F3FB...0x1F3FF).contains(scalar)
    }

    private static func isFlagLetter(_ scalar: UInt32) -> Bool {
        (0x1F1E6...0x1F1FF).contains(scalar)
    }

    private static func isFormat(_ scalar: UInt32) -> Bool {
        Unicode.Scalar(scalar)?.properties.generalCategory == .format
    }
}

extension Glyph {
    /// Returns where the characters of a stretch of text begin, its end included.
    static func boundaries(in scalars: [UInt32], _ range: Range<Int>) -> [Int] {
        var found = [range.lowerBound]
        var at = range.lowerBound
        while at < range.upperBound {
            at += max(1, Glyph(scalars[at..<range.upperBound]).count)
            found.append(at)
        }
        return found
    }

    /// Returns the columns that a text takes as it is shown.
    static func width(of text: String) -> Int {
        let scalars = text.unicodeScalars.map(\.value)
        var at = 0
        var sum = 0
        while at < scalars.count {
            let glyph = Glyph(scalars[at...])
            at += max(1, glyph.count)
            sum += glyph.width
        }
        return sum
    }
}
