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

    /// Makes a renderer for lines of `width` columns.
    public init(width: Int, colour: Bool) {
        self.width = max(20, width)
        self.colour = colour
    }

    /// Returns the text of a diagnostic, ending with a line end.
    public func render(_ diagnostic: Diagnostic) -> String {
        let head = paint("error[\(Sanitizer.line(diagnostic.code))]:", .boldRed)
        var lines = ["\(head) \(paint(Sanitizer.line(diagnostic.message), .bold))"]
        if let place = diagnostic.location {
            lines.append("  \(Sanitizer.line(place.file)):\(place.line):\(place.column)")
        }
        lines += excerpt(of: diagnostic)
        for hint in diagnostic.hints {
            lines.append("  \(paint("hint:", .bold)) \(Sanitizer.line(hint))")
        }
        return lines.joined(separator: "\n") + "\n"
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
