/// The elements of an SVG drawing, letters 12 units high, their colours by classes of ``SVGStyle``.
struct SVGCanvas {
    /// About as wide as a letter of a proportional face at 12 units.
    static let columnWidth = 7.3

    /// Units from left to right.
    let width: Double
    /// Units from top to bottom so far.
    var height = 0.0
    private var body = ""

    init(width: Double) {
        self.width = width
    }

    /// How a text stands to its place.
    enum Anchor: String {
        case start, middle, end
    }

    /// How a text looks.
    enum Look: String {
        case plain = "", faint = "fp-faint", head = "fp-head"
    }

    /// Returns about how wide a text is.
    static func width(of text: String) -> Double {
        Double(DisplayWidth.of(text)) * columnWidth
    }

    mutating func text(
        _ text: String,
        x: Double,
        y: Double,
        _ anchor: Anchor = .start,
        _ look: Look = .plain,
        turned: Double? = nil
    ) {
        guard !text.isEmpty else { return }
        body += "<text x=\"\(Markup.number(x))\" y=\"\(Markup.number(y))\""
        if anchor != .start { body += " text-anchor=\"\(anchor.rawValue)\"" }
        if look != .plain { body += " class=\"\(look.rawValue)\"" }
        if let turned {
            body += " transform=\"rotate(\(Markup.number(turned)) \(Markup.number(x)) "
            body += "\(Markup.number(y)))\""
        }
        body += ">\(Markup.line(text))</text>\n"
    }

    /// Draws a rectangle in the colour of a series, as dense as `opacity` says, and on a dark ground less so when it
    /// is under a text; `title` is what a pointer over it shows.
    mutating func box(
        x: Double,
        y: Double,
        width: Double,
        height: Double,
        series: Int,
        opacity: Double = 1,
        isUnderText: Bool = false,
        title: String? = nil
    ) {
        body += "<rect x=\"\(Markup.number(x))\" y=\"\(Markup.number(y))\""
        body += " width=\"\(Markup.number(max(0, width)))\""
        body += " height=\"\(Markup.number(max(0, height)))\""
        body += " class=\"\(SVGStyle.fill(series))\(isUnderText ? " fp-cell" : "")\""
        if opacity < 1 { body += " fill-opacity=\"\(Markup.number(opacity))\"" }
        body += title.map { "><title>\(Markup.line($0))</title></rect>\n" } ?? "/>\n"
    }

    /// Draws a line of the frame, fainter than figures.
    mutating func rule(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, isEdge: Bool = false)
    {
        let ends = zip(["x1", "y1", "x2", "y2"], [x1, y1, x2, y2])
            .map { "\($0)=\"\(Markup.number($1))\"" }
        body +=
            "<line \(ends.joined(separator: " ")) class=\"\(isEdge ? "fp-edge" : "fp-rule")\"/>\n"
    }

    /// Draws lines from place to place in the colour and dashes of a series; whole and wider when `isMarked`.
    mutating func path(
        _ places: [(x: Double, y: Double)],
        series: Int,
        isReference: Bool = false,
        isMarked: Bool = false,
        opacity: Double = 1
    ) {
        guard places.count > 1 else { return }
        body += "<polyline points=\"\(Self.list(places))\" fill=\"none\""
        body += " class=\"\(isReference ? "fp-reference" : SVGStyle.stroke(series))\""
        let width = isReference ? "1.5" : isMarked ? "3" : "2"
        body += " stroke-width=\"\(width)\" stroke-linejoin=\"round\""
        let dashes = isReference ? "5 4" : isMarked ? "" : SVGStyle.dashes(series)
        if !dashes.isEmpty { body += " stroke-dasharray=\"\(dashes)\"" }
        if opacity < 1 { body += " stroke-opacity=\"\(Markup.number(opacity))\"" }
        body += "/>\n"
    }

    /// Fills what places enclose, thin enough to see through.
    mutating func area(_ places: [(x: Double, y: Double)], series: Int) {
        guard places.count > 2 else { return }
        body += "<polygon points=\"\(Self.list(places))\" class=\"\(SVGStyle.fill(series))\""
        body += " fill-opacity=\"0.18\"/>\n"
    }

    /// Draws the mark of a series, a shape of its own beside the colour of its own.
    mutating func mark(x: Double, y: Double, series: Int, title: String? = nil) {
        let r = 3.5
        let style = "class=\"\(SVGStyle.fill(series))\""
        let end = title.map { "><title>\(Markup.line($0))</title>" }
        func polygon(_ places: [(x: Double, y: Double)]) -> String {
            "<polygon points=\"\(Self.list(places))\" \(style)"
                + (end.map { $0 + "</polygon>\n" } ?? "/>\n")
        }
        switch series % 4 {
        case 1:
            body += polygon([(x, y - r - 0.5), (x + r + 0.5, y + r), (x - r - 0.5, y + r)])
        case 2: body += polygon([(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)])
        case 3:
            body += polygon([(x, y - r - 1), (x + r + 1, y), (x, y + r + 1), (x - r - 1, y)])
        default:
            body += "<circle cx=\"\(Markup.number(x))\" cy=\"\(Markup.number(y))\" r=\"3\" \(style)"
            body += end.map { $0 + "</circle>\n" } ?? "/>\n"
        }
    }

    /// Draws a line from end to end of an interval, with a stroke across each end.
    mutating func whisker(
        _ from: (x: Double, y: Double),
        _ to: (x: Double, y: Double),
        series: Int
    ) {
        let isLevel = from.y == to.y
        let (dx, dy) = isLevel ? (0.0, 4.0) : (4.0, 0.0)
        let path = [from, to].map { end in
            "M\(Markup.number(end.x - dx)) \(Markup.number(end.y - dy))"
                + "L\(Markup.number(end.x + dx)) \(Markup.number(end.y + dy))"
        }
        let line =
            "M\(Markup.number(from.x)) \(Markup.number(from.y))"
            + "L\(Markup.number(to.x)) \(Markup.number(to.y))"
        body += "<path d=\"\(line)\(path.joined())\" class=\"\(SVGStyle.stroke(series))\""
        body += " stroke-width=\"1.5\" fill=\"none\"/>\n"
    }

    private static func list(_ places: [(x: Double, y: Double)]) -> String {
        places.map { "\(Markup.number($0.x)),\(Markup.number($0.y))" }.joined(separator: " ")
    }

    /// Returns the drawing as one element, which says what it shows to whoever hears it.
    ///
    /// - Parameters:
    ///   - label: its name.
    ///   - description: what is drawn in words.
    ///   - theme: whether it is light, dark, or as the viewer has set.
    ///   - isInPage: whether it stands in a page, whose ground it then has.
    ///   - isWide: whether the page is to give it more room than others.
    /// - Returns: the element.
    func svg(
        label: String,
        description: String,
        theme: Plot.Theme,
        isInPage: Bool,
        isWide: Bool
    ) -> String {
        let size = "\(Markup.number(width)) \(Markup.number(height))"
        var out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(size)\""
        if !isInPage {
            out += " width=\"\(Markup.number(width))\" height=\"\(Markup.number(height))\""
        }
        out += " role=\"img\" aria-label=\"\(Markup.line(label))\""
        out += " class=\"\(isInPage && isWide ? "fp fp-wide" : "fp")\""
        out += " font-family=\"system-ui, sans-serif\" font-size=\"12\">\n"
        out += "<title>\(Markup.line(label))</title>\n<desc>\(Markup.line(description))</desc>\n"
        out += "<style>\(SVGStyle.sheet(theme))</style>\n"
        if !isInPage { out += "<rect width=\"100%\" height=\"100%\" class=\"fp-ground\"/>\n" }
        return out + body + "</svg>"
    }
}
