/// Words of a command line written so that the shell reads them back as they are.
public enum CommandText {
    private static let special = Set("'\"$|;&><{}#\\`=,()[]".unicodeScalars)

    /// Returns the word bare when nothing in it has a meaning, else in quotes.
    public static func word(_ text: String) -> String {
        let plain = text.unicodeScalars.allSatisfy { scalar in
            !special.contains(scalar) && scalar.value > 0x20 && scalar.value != 0x7F
                && !scalar.properties.isWhitespace
        }
        // A bare 'as' names the result.
        if plain, !text.isEmpty, text != "as", !text.hasPrefix("-"), !text.hasPrefix("!") {
            return text
        }
        return quoted(text)
    }

    /// Returns the text in single quotes where that can say it, else in double quotes with escapes.
    public static func quoted(_ text: String) -> String {
        let raw = text.unicodeScalars.allSatisfy {
            $0 != "'" && $0.value >= 0x20 && $0.value != 0x7F
        }
        return raw ? "'\(text)'" : "\"\(escaped(text))\""
    }

    /// Returns the text as it stands between double quotes.
    public static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\", "$":
                out += "\\"
                out.unicodeScalars.append(scalar)
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                out += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// A share as a number with no more digits than it needs: `0.8`, `1`.
    static func number(_ value: Double) -> String {
        Cell.number(value).displayText
    }
}
