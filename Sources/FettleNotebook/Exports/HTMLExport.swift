/// One page of HTML with everything in it: no script, no other file, light or dark as the reader likes,
/// readable on a phone.
///
/// All text of commands and data is escaped, and the page forbids scripts and loading anything.
public enum HTMLExport: TranscriptExport {
    /// The ending.
    public static let fileExtension = "html"
    /// Another ending.
    public static let aliases = ["htm"]
    private static let width = 100

    /// Returns the page.
    public static func text(of transcript: Transcript) -> String {
        let title = Markup.line(transcript.title)
        var out = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="generator" content="Fettle">
            <title>\(title)</title>
            <style>
            \(HTMLStyle.sheet)
            </style>
            </head>
            <body>
            <main>

            """
        if !transcript.beginsWithHeading { out += "<h1>\(title)</h1>\n" }
        for cell in transcript.cells {
            switch cell {
            case .prose(let text): out += "<div class=\"prose\">\n\(ProseHTML.html(text))</div>\n"
            case .command(let command): out += section(command)
            }
        }
        if !transcript.subtitle.isEmpty {
            out += "<footer><p class=\"note\">\(Markup.line(transcript.subtitle))</p></footer>\n"
        }
        return out + "</main>\n</body>\n</html>\n"
    }

    private static func section(_ command: Transcript.Command) -> String {
        var out = "<section id=\"c\(command.number)\" class=\"\(command.outcome.rawValue)\">\n"
        out += "<div class=\"in\">"
        out += "<a class=\"number\" href=\"#c\(command.number)\">\(command.number)</a>"
        out += "<pre tabindex=\"0\"><code>\(CommandHighlighter.html(command.source))</code></pre>"
        if let duration = command.durationText { out += "<span class=\"took\">\(duration)</span>" }
        out += "</div>\n"
        for block in command.blocks { out += html(block) }
        if let failure = command.failure {
            let text = Markup.block(trimmed(failure.text))
            out += "<pre class=\"out error\" tabindex=\"0\">\(text)</pre>\n"
        } else if command.outcome == .cancelled {
            out += "<p class=\"note\">interrupted</p>\n"
        }
        return out + "</section>\n"
    }

    private static func html(_ block: OutputBlock) -> String {
        switch block {
        case .text(let text), .guide(let text), .data(let text):
            return "<pre class=\"out\" tabindex=\"0\">\(Markup.block(trimmed(text)))</pre>\n"
        case .note(let text): return "<p class=\"note\">\(Markup.block(text))</p>\n"
        case .warning(let text):
            return "<p class=\"warning\"><b>warning:</b> \(Markup.block(text))</p>\n"
        case .table(let table): return scrolling(HTMLTable.html(table))
        case .fields(let fields):
            let rows = fields.map { field in
                let value = field.value.isEmpty ? "" : Markup.block(field.value)
                return "<dt>\(Markup.line(field.label))</dt><dd>\(value)</dd>\n"
            }
            return "<dl>\n\(rows.joined())</dl>\n"
        case .bars(let chart): return "<figure>\(Plot(chart).svgInPage)</figure>\n"
        case .plot(let plot):
            let tables = plot.figures.map { figures in
                let heading = figures.heading.map { "<p>\(Markup.line($0))</p>\n" } ?? ""
                return heading + scrolling(HTMLTable.html(figures.table))
            }
            let drawing = plot.isWide ? scrolling(plot.svgInPage + "\n") : plot.svgInPage
            return "<figure>\(drawing)</figure>\n"
                + "<details><summary>the figures</summary>\n\(tables.joined())</details>\n"
        }
    }

    /// Tables and wide drawings scroll sideways by themselves, so that the page does not.
    private static func scrolling(_ table: String) -> String {
        "<div class=\"scroll\" tabindex=\"0\">\n\(table)</div>\n"
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.last?.isNewline == true { text.removeLast() }
        return String(text)
    }
}
