import CDisplayWidth

/// How many columns text takes on a terminal.
///
/// Wide and fullwidth characters and emoji take 2, combining marks, joiners and variation selectors 0,
/// control characters 0 (``Sanitizer`` replaces them before they are drawn). Source: the table of
/// CDisplayWidth, by which the line editor draws too.
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
        max(0, Int(fettle_scalar_width(scalar.value)))
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
