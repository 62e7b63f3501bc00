/// A line of the help: what stands at its left, and the text that may be broken.
struct GuideLine {
    /// Blanks, or blanks with a name and the blanks after it.
    private let left: String
    private let text: String
    /// Columns that further lines begin with.
    private let margin: Int

    /// Finds the parts of a line; two blanks end a name.
    init(_ line: String) {
        let indent = line.prefix { $0 == " " }
        let rest = line.dropFirst(indent.count)
        guard !indent.isEmpty, let gap = rest.firstRange(of: "  ") else {
            left = String(indent)
            text = String(rest)
            margin = indent.count
            return
        }
        let end = rest[gap.lowerBound...].firstIndex { $0 != " " } ?? rest.endIndex
        left = String(indent + rest[..<end])
        text = String(rest[end...])
        margin = DisplayWidth.of(left)
    }

    /// Returns lines of at most `width` columns, further ones under the text, or under the name where the
    /// text would have less than half of the window.
    func wrapped(to width: Int) -> [String] {
        let whole = left + text
        guard DisplayWidth.of(whole) > width else { return [whole] }
        guard margin <= width / 2 else {
            let indent = whole.prefix { $0 == " " }
            let pieces = wrap(
                String(whole.dropFirst(indent.count)),
                to: max(2, width - indent.count)
            )
            return pieces.map { indent + $0 }
        }
        let pieces = wrap(text, to: max(2, width - margin))
        let blanks = String(repeating: " ", count: margin)
        return pieces.enumerated().map { number, piece in
            number == 0 ? left + piece : blanks + piece
        }
    }
}
