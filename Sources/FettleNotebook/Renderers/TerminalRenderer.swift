/// Renders blocks for a terminal: the plain text with bold heads, dim remarks and coloured warnings.
public struct TerminalRenderer: BlockRenderer {
    private let layout: Layout
    private let colour: Bool
    private let isTerminal: Bool

    /// Makes a renderer for a window of `width` columns.
    ///
    /// Without colour the text is that of ``PlainRenderer``, but for data, which is made safe to draw, and
    /// for the help, which is fitted to the window, both unless `isTerminal` is false.
    public init(width: Int, colour: Bool, isTerminal: Bool = true) {
        layout = Layout(width: width, wrapsGuide: isTerminal)
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

    /// Returns `text` drawn in this way and what follows it plain; as it is without a way.
    static func paint(_ text: String, _ code: SGR?) -> String {
        guard let code, !text.isEmpty else { return text }
        return "\u{1B}[\(code.rawValue)m\(text)\u{1B}[0m"
    }
}
