/// How completions are applied and shown.
enum CompletionList {
    /// Up to this many candidates get a row each, with their line of help.
    private static let helpLimit = 12

    /// More rows than this would push the line off the screen.
    private static let maximumCount = 200

    /// Returns the longest text that all candidates' replacements begin with.
    static func commonPrefix(_ candidates: [LineEditor.Completion]) -> String {
        guard var prefix = candidates.first?.replacement[...] else { return "" }
        for candidate in candidates.dropFirst() {
            let shared = zip(prefix, candidate.replacement).prefix { $0 == $1 }.count
            prefix = prefix.prefix(shared)
        }
        return String(prefix)
    }

    /// Returns the rows that show the candidates in a window of so many columns.
    static func rows(_ candidates: [LineEditor.Completion], columns: Int) -> [String] {
        let shown = candidates.prefix(maximumCount)
        let widest = shown.map { Glyph.width(of: $0.display) }.max() ?? 0
        var rows: [String] = []
        if shown.count <= helpLimit, shown.contains(where: { $0.help != nil }) {
            rows = shown.map { candidate in
                let help = candidate.help ?? ""
                let row = padded(candidate.display, to: widest + 2) + help
                return fitted(row, columns: columns)
            }
        } else {
            let cell = widest + 2
            let perRow = max(1, columns / cell)
            let count = (shown.count + perRow - 1) / perRow
            let names = shown.map(\.display)
            rows = (0..<count).map { row in
                let cells = stride(from: row, to: names.count, by: count).map { names[$0] }
                let line = cells.dropLast().map { padded($0, to: cell) }.joined()
                return fitted(line + (cells.last ?? ""), columns: columns)
            }
        }
        if candidates.count > shown.count {
            rows.append("and \(candidates.count - shown.count) more")
        }
        return rows
    }

    private static func padded(_ text: String, to columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - Glyph.width(of: text)))
    }

    /// Returns a row cut so that it stays within one screen row, without controls.
    private static func fitted(_ row: String, columns: Int) -> String {
        var result = ""
        var used = 0
        let scalars = row.unicodeScalars.lazy.filter { $0.value >= 0x20 && $0.value != 0x7F }
            .map(\.value)
        var rest = Array(scalars)[...]
        while !rest.isEmpty {
            let glyph = Glyph(rest)
            guard used + glyph.width < columns else { break }
            used += glyph.width
            result += glyph.text
            rest = rest.dropFirst(max(1, glyph.count))
        }
        while result.last == " " { result.removeLast() }
        return result
    }
}
