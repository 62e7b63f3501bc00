/// How many columns text takes on a terminal.
///
/// Wide and fullwidth characters and emoji take 2, combining marks, joiners and variation selectors 0,
/// control characters 0 (``Sanitizer`` replaces them before they are drawn). Source: the Unicode
/// version named in `WidthTable.swift`, East Asian Width (UAX #11) and general categories.
public enum DisplayWidth {
    /// Returns the columns of `text` when it is drawn on one line.
    public static func of(_ text: some StringProtocol) -> Int {
        if let count = asciiCount(text) { return count }
        return text.reduce(0) { $0 + of($1) }
    }

    /// Returns the columns of one character as the user sees it.
    ///
    /// A character with a wide part takes 2, however many emoji are joined in it; letters joined to one,
    /// as in Devanagari, take their sum.
    public static func of(_ character: Character) -> Int {
        var sum = 0
        var asEmoji = false
        var isKeycap = false
        for scalar in character.unicodeScalars {
            let columns = of(scalar)
            if columns == 2 { return 2 }
            if scalar.value == 0xFE0F { asEmoji = true }
            if scalar.value == 0x20E3 { isKeycap = true }
            sum += columns
        }
        guard asEmoji, sum == 1, let base = character.unicodeScalars.first else { return sum }
        return base.properties.isEmoji && (isKeycap || !base.isASCII) ? 2 : 1
    }

    /// Returns the columns of one code point drawn by itself: 0, 1 or 2.
    ///
    /// The letters of a flag count 2, as terminals draw the pair in two columns.
    public static func of(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return value < 0x20 || (0x7F...0x9F).contains(value) ? 0 : 1 }
        if (0x1F1E6...0x1F1FF).contains(value) { return 2 }
        if contains(value, in: WidthTable.zero) { return 0 }
        return contains(value, in: WidthTable.wide) ? 2 : 1
    }

    /// Returns the number of bytes when all of them are printable ASCII.
    private static func asciiCount(_ text: some StringProtocol) -> Int? {
        var count = 0
        for byte in text.utf8 {
            guard byte >= 0x20, byte < 0x7F else { return nil }
            count += 1
        }
        return count
    }

    private static func contains(_ value: UInt32, in table: [ClosedRange<UInt32>]) -> Bool {
        var low = 0
        var high = table.count
        while low < high {
            let middle = (low + high) / 2
            let range = table[middle]
            if value < range.lowerBound {
                high = middle
            } else if value > range.upperBound {
                low = middle + 1
            } else {
                return true
            }
        }
        return false
    }
}

extension DisplayWidth {
    /// Returns `text` cut to at most `width` columns, with `…` as its last column when it was cut.
    public static func fit(_ text: String, to width: Int) -> String {
        guard of(text) > width else { return text }
        guard width > 0 else { return "" }
        var out = ""
        var used = 0
        for character in text {
            let columns = of(character)
            guard used + columns <= width - 1 else { break }
            out.append(character)
            used += columns
        }
        return out + "…"
    }

    /// Returns `text` with blanks added at its right, or at its left, until it takes `width` columns.
    public static func pad(_ text: String, to width: Int, right: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(0, width - of(text)))
        return right ? blanks + text : text + blanks
    }
}
