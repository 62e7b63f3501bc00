/// Compares what a command shows with the `#>` lines that a script expects.
///
/// `...` alone is any number of lines, `[..]` inside a line any text, and `~0.52±0.01` a number within
/// a tolerance. Blanks at line ends do not count.
enum ExpectedOutput {
    /// Whether `actual` is as `expected` says.
    static func matches(_ expected: [String], _ actual: [String]) -> Bool {
        let pattern = expected.map(trimmed)
        let lines = actual.map(trimmed)
        // reachable[j]: the pattern so far matches the first j lines.
        var reachable = [Bool](repeating: false, count: lines.count + 1)
        reachable[0] = true
        for part in pattern {
            var next = [Bool](repeating: false, count: lines.count + 1)
            if part == "..." {
                var seen = false
                for index in 0...lines.count {
                    seen = seen || reachable[index]
                    next[index] = seen
                }
            } else {
                for (index, line) in lines.enumerated() where reachable[index] {
                    next[index + 1] = lineMatches(part, line)
                }
            }
            reachable = next
        }
        return reachable[lines.count]
    }

    /// Returns a line-by-line difference: `-` expected, `+` actual, two blanks for what agrees.
    static func difference(_ expected: [String], _ actual: [String]) -> String {
        let a = expected.map(trimmed)
        let b = actual.map(trimmed)
        var length = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in stride(from: a.count - 1, through: 0, by: -1) {
            for j in stride(from: b.count - 1, through: 0, by: -1) {
                length[i][j] =
                    lineMatches(a[i], b[j])
                    ? length[i + 1][j + 1] + 1 : max(length[i + 1][j], length[i][j + 1])
            }
        }
        var (i, j) = (0, 0)
        var lines: [String] = []
        while i < a.count || j < b.count {
            if i < a.count, j < b.count, lineMatches(a[i], b[j]) {
                lines.append("  " + b[j])
                (i, j) = (i + 1, j + 1)
            } else if i < a.count, j == b.count || length[i + 1][j] >= length[i][j + 1] {
                lines.append("- " + a[i])
                i += 1
            } else {
                lines.append("+ " + b[j])
                j += 1
            }
        }
        return lines.joined(separator: "\n")
    }

    /// Whether one line is as its pattern says.
    static func lineMatches(_ pattern: String, _ line: String) -> Bool {
        if pattern == line { return true }
        let parts = parts(of: pattern)
        guard parts.contains(where: { if case .text = $0 { false } else { true } }) else {
            return false
        }
        return matches(parts, Array(line))
    }

    private enum Part {
        case text(String)
        case anything
        case number(Double, tolerance: Double)
    }

    /// Whether the parts cover the line, found by the set of places that the parts so far can end at, so
    /// that many `[..]` cannot make it try every way to share the line out.
    private static func matches(_ parts: [Part], _ line: [Character]) -> Bool {
        var ends: Set<Int> = [0]
        for part in parts {
            switch part {
            case .text(let text):
                let text = Array(text)
                ends = Set(
                    ends.filter { line[$0...].starts(with: text) }.map { $0 + text.count }
                )
            case .anything:
                ends = ends.min().map { Set($0...line.count) } ?? []
            case .number(let value, let tolerance):
                ends = Set(
                    ends.compactMap { start in
                        let digits = line[start...].prefix {
                            $0.isNumber || $0 == "." || $0 == "-" || $0 == ","
                        }
                        guard let found = Double(String(digits.filter { $0 != "," })),
                            abs(found - value) <= tolerance * (1 + 1e-9)
                        else { return nil }
                        return start + digits.count
                    }
                )
            }
        }
        return ends.contains(line.count)
    }

    private static func parts(of pattern: String) -> [Part] {
        var parts: [Part] = []
        var text = ""
        var rest = Substring(pattern)
        func isNumeric(_ character: Character) -> Bool {
            character.isNumber || character == "." || character == "-"
        }
        while let first = rest.first {
            if rest.hasPrefix("[..]") {
                parts.append(.text(text))
                parts.append(.anything)
                text = ""
                rest = rest.dropFirst(4)
                continue
            }
            if first == "~" {
                let value = rest.dropFirst().prefix(while: isNumeric)
                let after = rest.dropFirst(1 + value.count)
                let tolerance = after.dropFirst().prefix(while: isNumeric)
                if after.first == "±", let number = Double(value), let allowed = Double(tolerance) {
                    parts.append(.text(text))
                    parts.append(.number(number, tolerance: allowed))
                    text = ""
                    rest = after.dropFirst(1 + tolerance.count)
                    continue
                }
            }
            text.append(first)
            rest = rest.dropFirst()
        }
        if !text.isEmpty || parts.isEmpty { parts.append(.text(text)) }
        return parts
    }

    private static func trimmed(_ line: String) -> String {
        var end = line.endIndex
        while end > line.startIndex {
            let before = line.index(before: end)
            guard line[before].isWhitespace else { break }
            end = before
        }
        return String(line[..<end])
    }
}
