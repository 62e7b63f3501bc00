/// How completions are applied and shown.
enum CompletionList {
    /// Up to this many candidates get a row each, with their line of help.
    private static let helpLimit = 12

    /// More candidates of a group than this are only counted.
    private static let maximumCount = 200

    /// Returns the longest text that all candidates' replacements begin with.
    static func commonPrefix(_ candidates: [LineEditor.Completion]) -> String {
        guard let first = candidates.first?.replacement else { return "" }
        let bytes = Array(first.utf8)
        var count = bytes.count
        for candidate in candidates where count > 0 {
            let shared = zip(bytes, candidate.replacement.utf8).lazy.prefix { $0 == $1 }
            count = min(count, shared.reduce(0) { sum, _ in sum + 1 })
        }
        var prefix = first[...]
        while prefix.utf8.count > count { prefix.removeLast() }
        // What is a whole character of one may be a part of another's.
        while candidates.contains(where: { !$0.replacement.hasPrefix(prefix) }) {
            prefix.removeLast()
        }
        return String(prefix)
    }

    /// Returns the rows that show the candidates in a window of so many columns, at most `limit` rows where
    /// that leaves some of each group.
    ///
    /// Candidates of several groups stand under the groups' names.
    static func rows(
        _ candidates: [LineEditor.Completion],
        columns: Int,
        limit: Int = .max
    ) -> [String] {
        var groups: [Group] = []
        for candidate in candidates {
            if let index = groups.firstIndex(where: { $0.name == candidate.group }) {
                groups[index].candidates.append(candidate)
            } else {
                groups.append(Group(name: candidate.group, candidates: [candidate]))
            }
        }
        let hasHelp =
            candidates.count <= helpLimit && candidates.contains { $0.help != nil }
        let widest =
            hasHelp ? candidates.map { Glyph.width(of: $0.display) }.max() : nil
        var count = maximumCount
        var rows: [String] = []
        repeat {
            rows = groups.flatMap { group in
                let heading = groups.count > 1 ? [fitted(group.name + ":", columns: columns)] : []
                return heading + group.rows(count, columns: columns, withHelp: widest)
            }
            count = count * 3 / 4
        } while rows.count > limit && count > 0
        return rows
    }

    private struct Group {
        let name: String
        var candidates: [LineEditor.Completion]

        /// The rows of the first `limit` candidates, with a count of the others.
        func rows(_ limit: Int, columns: Int, withHelp widest: Int?) -> [String] {
            let shown = candidates.prefix(limit)
            var rows: [String]
            if let widest {
                rows = shown.map { candidate in
                    let name = padded(candidate.display, to: widest + 2)
                    return fitted(name + (candidate.help ?? ""), columns: columns)
                }
            } else {
                let names = shown.map(\.display)
                let cell = (names.map { Glyph.width(of: $0) }.max() ?? 0) + 2
                let perRow = max(1, columns / cell)
                let count = (names.count + perRow - 1) / perRow
                rows = (0..<count).map { row in
                    let cells = stride(from: row, to: names.count, by: count).map { names[$0] }
                    let line = cells.dropLast().map { padded($0, to: cell) }.joined()
                    return fitted(line + (cells.last ?? ""), columns: columns)
                }
            }
            let rest = candidates.count - shown.count
            if rest > 0 { rows.append("and \(rest) more") }
            return rows
        }
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
