public import FettleCore

/// Renders a diagnostic with the place it is about.
///
///     error[unknown-column]: no column 'instrution' in dataset 'd'
///       walk.fettle:12:14
///        12 | rows 5 where instrution ~ "foo"
///           |              ^^^^^^^^^^
///       hint: did you mean 'instruction'?
///
/// A location is the place of the span itself; without one the lines of the source are counted from 1.
/// The line shown is that of the span's start; a span over several lines is underlined to the end of its
/// first one. A long line is cut round the place.
public struct DiagnosticRenderer: Sendable {
    private let width: Int
    private let colour: Bool
    private let wraps: Bool

    /// Makes a renderer for lines of `width` columns.
    ///
    /// With `wraps`, message and hints are broken at blanks to fit, as on a terminal; for programs
    /// that read them each stays one line.
    public init(width: Int, colour: Bool, wraps: Bool = false) {
        self.width = max(20, width)
        self.colour = colour
        self.wraps = wraps
    }

    /// Returns the text of a diagnostic, ending with a line end.
    public func render(_ diagnostic: Diagnostic) -> String {
        let label = "error[\(Sanitizer.line(diagnostic.code))]:"
        var lines = paragraph(label, .boldRed, diagnostic.message, .bold, indent: 0)
        if let place = diagnostic.location {
            lines.append("  \(Sanitizer.line(place.file)):\(place.line):\(place.column)")
        }
        lines += excerpt(of: diagnostic)
        for hint in diagnostic.hints {
            lines += paragraph("hint:", .bold, hint, nil, indent: 2)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Returns a label and its text; further lines stand under the text where the label leaves
    /// them room, else two columns in.
    private func paragraph(
        _ label: String,
        _ labelCode: SGR,
        _ text: String,
        _ textCode: SGR?,
        indent: Int
    ) -> [String] {
        let text = Sanitizer.line(text)
        let labelWidth = DisplayWidth.of(label)
        // The first line is wrapped as if the label were its first word.
        let filler = String(repeating: "x", count: labelWidth)
        let hanging = labelWidth < 10 ? indent + labelWidth + 1 : 2
        var pieces = [text]
        if wraps, let first = wrap("\(filler) \(text)", to: width - indent).first {
            let head = String(first.dropFirst(labelWidth + 1))
            let rest = text.dropFirst(head.count).drop { $0 == " " }
            pieces = [head] + (rest.isEmpty ? [] : wrap(String(rest), to: width - hanging))
        }
        let margin = String(repeating: " ", count: hanging)
        let start = String(repeating: " ", count: indent) + paint(label, labelCode)
        return pieces.enumerated().map { number, piece in
            let painted = textCode.map { paint(piece, $0) } ?? piece
            return number == 0 ? "\(start) \(painted)" : margin + painted
        }
    }

    private func excerpt(of diagnostic: Diagnostic) -> [String] {
        guard let span = diagnostic.span, let source = diagnostic.source else { return [] }
        let line = SourceLine(of: source, at: span)
        let number = String(diagnostic.location?.line ?? line.number)
        let gutter = DisplayWidth.pad(number, to: 5, right: true)
        let blank = String(repeating: " ", count: gutter.utf8.count)
        let shown = line.shown(in: width - gutter.utf8.count - 3)
        let carets = String(repeating: "^", count: shown.caretCount)
        let indent = String(repeating: " ", count: shown.caretColumn)
        let text = shown.text.isEmpty ? "" : " \(shown.text)"
        return [
            "\(paint("\(gutter) |", .dim))\(text)",
            "\(paint("\(blank) |", .dim)) \(indent)\(paint(carets, .boldRed))",
        ]
    }

    private func paint(_ text: String, _ code: SGR) -> String {
        SGR.paint(text, colour ? code : nil)
    }
}
