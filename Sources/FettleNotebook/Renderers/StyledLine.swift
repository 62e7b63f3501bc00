/// What a piece of a line is, which a renderer may show by colour.
enum Style: Hashable, Sendable {
    case plain, head, dim, warning, bar
    /// The series of this number of a plot.
    case series(Int)
}

/// One line of output in pieces, before a renderer makes it text.
struct StyledLine: Hashable, Sendable {
    /// Text of one style, without control characters.
    struct Piece: Hashable, Sendable {
        var text: String
        var style: Style
    }

    var pieces: [Piece]

    init(_ text: String = "", _ style: Style = .plain) {
        pieces = [Piece(text: text, style: style)]
    }

    mutating func append(_ text: String, _ style: Style = .plain) {
        guard !text.isEmpty else { return }
        pieces.append(Piece(text: text, style: style))
    }

    /// Returns the line without blanks at its end.
    var trimmed: StyledLine {
        var copy = self
        while var last = copy.pieces.last {
            while last.text.last == " " { last.text.removeLast() }
            copy.pieces.removeLast()
            guard last.text.isEmpty else {
                copy.pieces.append(last)
                break
            }
        }
        return copy
    }

    /// The line without styles.
    var text: String {
        pieces.reduce(into: "") { $0 += $1.text }
    }
}
