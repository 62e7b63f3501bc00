/// Text of HTML whose parts are escaped.
struct Markup: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    /// Builds markup: what is put into a literal is text, and escaped; markup stays as it is.
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var html = ""

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) { html += literal }
        mutating func appendInterpolation(_ text: String) { html += Markup.escaped(text) }
        mutating func appendInterpolation(_ number: Int) { html += String(number) }
        mutating func appendInterpolation(_ part: Markup) { html += part.html }
        mutating func appendInterpolation(_ parts: [Markup]) {
            for part in parts { html += part.html }
        }
    }

    /// The HTML.
    let html: String

    init(stringLiteral value: String) { html = value }

    init(stringInterpolation: StringInterpolation) { html = stringInterpolation.html }

    /// Returns text as HTML shows it: no tags, no characters that change the direction of what is around them, no
    /// control characters but line breaks and tabs.
    static func escaped(_ text: String) -> String {
        var html = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            case "'": html += "&#39;"
            case "\n", "\t": html.unicodeScalars.append(scalar)
            case _ where scalar.properties.generalCategory == .control: html += "\u{FFFD}"
            case "\u{200E}", "\u{200F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}":
                html += "\u{FFFD}"
            default: html.unicodeScalars.append(scalar)
            }
        }
        return html
    }

    /// Untrusted text that keeps its own direction.
    static func apart(_ text: String) -> Markup { "<bdi>\(text)</bdi>" }
}
