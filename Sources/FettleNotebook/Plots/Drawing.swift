/// Charts as SVG, drawn so that the text can be read on a phone: 420 units wide, letters 12 units high.
///
/// A drawing in a page takes its colours from the page; one on its own has a white ground, for it is seen
/// on pages of any colour.
struct Drawing {
    /// Units from left to right.
    static let width = 420.0
    /// About as wide as a letter of a proportional face at 12 units.
    static let columnWidth = 7.0

    private let isInPage: Bool
    private let label: String
    private var body = ""
    /// Units from top to bottom so far.
    var height = 0.0

    init(label: String, isInPage: Bool) {
        self.label = label
        self.isInPage = isInPage
    }

    /// How a text stands to its place.
    enum Anchor: String {
        case start, middle, end
    }

    mutating func text(
        _ text: String,
        x: Double,
        y: Double,
        _ anchor: Anchor = .start,
        faint: Bool = false,
        bold: Bool = false
    ) {
        guard !text.isEmpty else { return }
        let colour = isInPage ? "currentColor" : "#1f2328"
        body += "<text x=\"\(Markup.number(x))\" y=\"\(Markup.number(y))\" fill=\"\(colour)\""
        if anchor != .start { body += " text-anchor=\"\(anchor.rawValue)\"" }
        if faint { body += " opacity=\"0.75\"" }
        if bold { body += " font-weight=\"600\"" }
        body += ">\(Markup.line(text))</text>\n"
    }

    mutating func bar(x: Double, y: Double, width: Double, height: Double) {
        body += "<rect x=\"\(Markup.number(x))\" y=\"\(Markup.number(y))\""
        body += " width=\"\(Markup.number(width))\" height=\"\(Markup.number(height))\""
        body += " rx=\"1.5\" fill=\"#3b82c4\"/>\n"
    }

    mutating func rule(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) {
        let ends = zip(["x1", "y1", "x2", "y2"], [x1, y1, x2, y2])
            .map { "\($0)=\"\(Markup.number($1))\"" }
        let colour = isInPage ? "currentColor" : "#1f2328"
        body += "<line \(ends.joined(separator: " ")) stroke=\"\(colour)\" opacity=\"0.25\"/>\n"
    }

    /// Draws a curve in the colour and dashes of its number.
    mutating func curve(_ points: [(x: Double, y: Double)], number: Int) {
        let style = Self.style(number)
        if points.count > 1 {
            let places = points.map { "\(Markup.number($0.x)),\(Markup.number($0.y))" }
            body += "<polyline points=\"\(places.joined(separator: " "))\" fill=\"none\""
            body += " stroke=\"\(style.colour)\" stroke-width=\"2\" stroke-linejoin=\"round\""
            if !style.dashes.isEmpty { body += " stroke-dasharray=\"\(style.dashes)\"" }
            body += "/>\n"
        }
        for point in points.count <= 40 ? points : [] {
            body += "<circle cx=\"\(Markup.number(point.x))\" cy=\"\(Markup.number(point.y))\""
            body += " r=\"2.5\" fill=\"\(style.colour)\"/>\n"
        }
    }

    /// Colours that can be told apart on white and on black, by people who see no red or green too.
    private static func style(_ number: Int) -> (colour: String, dashes: String) {
        let colours = ["#3b82c4", "#d9822b", "#8a63d2", "#2a9d8f"]
        let dashes = ["", "6 3", "2 3", "8 3 2 3"]
        return (colours[number % colours.count], dashes[number / colours.count % dashes.count])
    }

    /// The drawing as one element.
    var svg: String {
        let size = "\(Markup.number(Self.width)) \(Markup.number(height))"
        var out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(size)\""
        if !isInPage {
            out += " width=\"\(Markup.number(Self.width))\" height=\"\(Markup.number(height))\""
        }
        out += " role=\"img\" aria-label=\"\(Markup.line(label))\""
        out += " font-family=\"system-ui, sans-serif\" font-size=\"12\">\n"
        if !isInPage { out += "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n" }
        return out + body + "</svg>"
    }
}

extension BarChart {
    private static let rowHeight = 19.0

    /// Returns the chart as SVG; `isInPage` when it stands inside a page of HTML.
    func svg(isInPage: Bool) -> String {
        var drawing = Drawing(label: title ?? "bars", isInPage: isInPage)
        var top = 4.0
        if let title {
            for line in wrap(Sanitizer.line(title), to: 60) {
                drawing.text(line, x: 0, y: top + 12, bold: true)
                top += 17
            }
            top += 4
        }
        let labels = bars.map { DisplayWidth.fit(Sanitizer.line($0.label), to: 22) }
        let texts = bars.map { DisplayWidth.fit(Sanitizer.line($0.text), to: 24) }
        let labelWidth = Self.width(of: labels)
        let room = max(60, Drawing.width - labelWidth - Self.width(of: texts) - 16)
        let lengths = bars.map { $0.value.isFinite ? max(0, $0.value) : 0 }
        let longest = lengths.max() ?? 0
        for (index, length) in lengths.enumerated() {
            let share = longest > 0 ? length / longest : 0
            let width = length > 0 ? max(1, share * room) : 0
            drawing.text(labels[index], x: labelWidth, y: top + 13, .end)
            if width > 0 { drawing.bar(x: labelWidth + 8, y: top + 3, width: width, height: 13) }
            drawing.text(texts[index], x: labelWidth + width + 14, y: top + 13, faint: true)
            top += Self.rowHeight
        }
        drawing.height = top + 4
        return drawing.svg
    }

    private static func width(of texts: [String]) -> Double {
        Double(texts.reduce(0) { max($0, DisplayWidth.of($1)) }) * Drawing.columnWidth
    }
}
