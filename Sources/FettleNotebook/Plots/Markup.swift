/// Text as the content or an attribute of HTML and SVG.
enum Markup {
    /// Returns the text with what markup would read as its own signs escaped, on one line: control
    /// characters and what turns text round become visible signs.
    static func line(_ text: String) -> String {
        escape(Sanitizer.line(text))
    }

    /// Returns the same for text of several lines.
    static func block(_ text: String) -> String {
        escape(Sanitizer.block(text))
    }

    private static func escape(_ text: String) -> String {
        var out = ""
        out.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            // No document may hold these.
            case "\u{FFFE}", "\u{FFFF}": out += "\u{FFFD}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// Returns a length or place with at most two decimals.
    static func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e9 else { return "0" }
        let rounded = (value * 100).rounded() / 100
        return rounded == rounded.rounded() ? String(Int(rounded)) : "\(rounded)"
    }
}
