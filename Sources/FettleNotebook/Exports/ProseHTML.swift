/// Prose as HTML: the headings, lists, fences, code and emphasis of Markdown; everything else is text.
enum ProseHTML {
    /// Returns the paragraphs of a prose.
    static func html(_ prose: String) -> String {
        var out = ""
        var paragraph: [Substring] = []
        var items: [String] = []
        var fence: (marks: Substring, lines: [Substring])?

        func flush() {
            if !paragraph.isEmpty { out += "<p>\(inline(paragraph.joined(separator: "\n")))</p>\n" }
            if !items.isEmpty {
                out += "<ul>\n" + items.map { "<li>\(inline($0))</li>\n" }.joined() + "</ul>\n"
            }
            paragraph = []
            items = []
        }

        for line in Sanitizer.block(prose).split(separator: "\n", omittingEmptySubsequences: false)
        {
            let text = line.drop { $0 == " " }
            if let open = fence {
                if text.hasPrefix(open.marks), text.allSatisfy({ $0 == "`" || $0 == " " }) {
                    out += pre(open.lines)
                    fence = nil
                } else {
                    fence?.lines.append(line)
                }
            } else if text.hasPrefix("```") {
                flush()
                fence = (text.prefix { $0 == "`" }, [])
            } else if text.isEmpty {
                flush()
            } else if let level = headingLevel(text) {
                flush()
                let title = String(text.dropFirst(level + 1))
                out += "<h\(min(level + 1, 6))>\(inline(title))</h\(min(level + 1, 6))>\n"
            } else if text.hasPrefix("- ") || text.hasPrefix("* ") {
                if items.isEmpty { flush() }
                items.append(String(text.dropFirst(2)))
            } else if !items.isEmpty, line.first == " " {
                items[items.count - 1] += "\n" + text
            } else {
                if !items.isEmpty { flush() }
                paragraph.append(text)
            }
        }
        if let open = fence { out += pre(open.lines) }
        flush()
        return out
    }

    private static func pre(_ lines: [Substring]) -> String {
        "<pre class=\"out\">\(Markup.block(lines.joined(separator: "\n")))</pre>\n"
    }

    private static func headingLevel(_ text: Substring) -> Int? {
        let level = text.prefix { $0 == "#" }.count
        return (1...6).contains(level) && text.dropFirst(level).first == " " ? level : nil
    }

    /// Returns a paragraph's text with `code` and **strong** marked; a sign without its partner is itself.
    private static func inline(_ text: String) -> String {
        var out = ""
        var rest = text[...]
        while let start = rest.firstIndex(where: { $0 == "`" || $0 == "*" }) {
            out += Markup.block(String(rest[..<start]))
            let mark = rest[start...].hasPrefix("**") ? "**" : String(rest[start])
            let inner = rest[start...].dropFirst(mark.count)
            if mark != "*", let end = inner.firstRange(of: mark), end.lowerBound > inner.startIndex
            {
                let element = mark == "`" ? "code" : "strong"
                let body = Markup.block(String(inner[..<end.lowerBound]))
                out += "<\(element)>\(body)</\(element)>"
                rest = inner[end.upperBound...]
            } else {
                out += mark
                rest = inner
            }
        }
        return out + Markup.block(String(rest))
    }
}
