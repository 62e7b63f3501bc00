/// Marks the parts of a command in HTML: verbs, names of options, quoted texts, variables and comments.
///
/// It reads no more of the language than colours need, and never fails.
struct CommandHighlighter {
    private let scalars: [Unicode.Scalar]
    private var at = 0
    private var out = ""

    private init(_ source: String) {
        scalars = Array(Sanitizer.block(source).unicodeScalars)
    }

    /// Returns the command as HTML with `span` elements.
    static func html(_ source: String) -> String {
        var run = CommandHighlighter(source)
        run.highlight()
        return run.out
    }

    private mutating func highlight() {
        var expectsVerb = true
        while at < scalars.count {
            switch scalars[at] {
            case " ", "\t": copy(1)
            case "\n", ";":
                copy(1)
                expectsVerb = true
            case "|":
                copy(1)
                expectsVerb = true
            case "#":
                mark("c", to: endOfLine(from: at))
            case "!" where expectsVerb:
                mark("s", to: endOfLine(from: at))
            case "'", "\"":
                mark("s", to: endOfQuote())
                expectsVerb = false
            case "$":
                mark("n", to: endOfWord(from: at + 1))
                expectsVerb = false
            default:
                word(isVerb: expectsVerb)
                expectsVerb = false
            }
        }
    }

    private mutating func word(isVerb: Bool) {
        let end = endOfWord(from: at)
        if end == at {
            copy(1)
        } else if isVerb {
            mark("v", to: end)
        } else if end < scalars.count, scalars[end] == "=",
            end + 1 >= scalars.count || scalars[end + 1] != "="
        {
            mark("k", to: end)
            copy(1)
        } else if scalars[at] == "-", at + 1 < end, scalars[at + 1] == "-" {
            mark("k", to: end)
        } else {
            copy(end - at)
        }
    }

    private func endOfWord(from start: Int) -> Int {
        var end = start
        while end < scalars.count, !" \t\n;|#'\"$=><&()".unicodeScalars.contains(scalars[end]) {
            end += 1
        }
        return end
    }

    private func endOfLine(from start: Int) -> Int {
        scalars[start...].firstIndex(of: "\n") ?? scalars.count
    }

    private func endOfQuote() -> Int {
        let quote = scalars[at]
        let triple = at + 2 < scalars.count && scalars[at + 1] == quote && scalars[at + 2] == quote
        var end = at + (triple ? 3 : 1)
        while end < scalars.count {
            if scalars[end] == "\\", quote == "\"" {
                end += 2
            } else if scalars[end] == quote,
                !triple || (end + 2 < scalars.count && scalars[end + 1] == quote)
            {
                return min(scalars.count, end + (triple ? 3 : 1))
            } else {
                end += 1
            }
        }
        return scalars.count
    }

    private mutating func copy(_ count: Int) {
        out += Markup.block(text(to: at + count))
        at = min(scalars.count, at + count)
    }

    private mutating func mark(_ kind: String, to end: Int) {
        out += "<span class=\"\(kind)\">\(Markup.block(text(to: end)))</span>"
        at = end
    }

    private func text(to end: Int) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[at..<min(scalars.count, end)])
        return String(view)
    }
}
