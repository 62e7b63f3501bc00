/// Renders blocks for a terminal: the plain text with bold heads, dim remarks and coloured warnings.
public struct TerminalRenderer: BlockRenderer {
    private let layout: Layout
    private let colour: Bool
    private let isTerminal: Bool

    /// Makes a renderer for a window of `width` columns.
    ///
    /// Without colour the text is that of ``PlainRenderer``, but for data, which is made safe to draw, and
    /// for the help, which is fitted to the window, both unless `isTerminal` is false; and but for plots, which
    /// are drawn in braille, or in ASCII when `isDumb`.
    public init(width: Int, colour: Bool, isTerminal: Bool = true, isDumb: Bool = false) {
        layout = Layout(
            width: width,
            wrapsGuide: isTerminal,
            pictures: !isTerminal ? .text : isDumb ? .ascii : .braille
        )
        self.colour = colour
        self.isTerminal = isTerminal
    }

    /// Returns the text of one block; the empty text for a block without lines.
    public func render(_ block: OutputBlock) -> String {
        if !isTerminal, case .data(let text) = block { return text }
        var out = ""
        for line in layout.lines(of: block) {
            for piece in line.pieces { out += SGR.paint(piece.text, code(of: piece.style)) }
            out += "\n"
        }
        return out
    }

    private func code(of style: Style) -> SGR? {
        guard colour else { return nil }
        return switch style {
        case .plain: nil
        case .head: .bold
        case .dim: .dim
        case .warning: .yellow
        case .bar: .cyan
        case .series(let number): SGR.series(number)
        }
    }
}

/// The few ways of drawing text that a terminal is asked for (ECMA-48, Select Graphic Rendition).
enum SGR: String {
    case bold = "1"
    case dim = "2"
    case yellow = "33"
    case cyan = "36"
    case boldRed = "1;31"

    // Near to the colours of Okabe and Ito ("Color Universal Design", 2008), which people who see no red or green
    // tell apart, in the cube of 256 colours, each with a contrast on black and on white.
    case blue = "38;5;32"
    case orange = "38;5;172"
    case green = "38;5;36"
    case purple = "38;5;169"
    case vermilion = "38;5;166"
    case sky = "38;5;74"

    /// The colour of a plot's series; nil, the terminal's own, for every seventh and eighth.
    static func series(_ number: Int) -> SGR? {
        let colours: [SGR?] = [.blue, .orange, .green, .purple, .vermilion, .sky, nil, nil]
        return colours[number % colours.count]
    }

    /// Returns `text` drawn in this way and what follows it plain; as it is without a way.
    static func paint(_ text: String, _ code: SGR?) -> String {
        guard let code, !text.isEmpty else { return text }
        return "\u{1B}[\(code.rawValue)m\(text)\u{1B}[0m"
    }
}
