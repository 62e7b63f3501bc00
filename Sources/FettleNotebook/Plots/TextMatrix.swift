import FettleCore

extension TextPlot {
    /// Columns that a label of a class takes at most.
    private static let labelWidth = 24
    /// Columns that a label of a class takes at most over a cell.
    private static let headWidth = 9
    /// Columns between two cells.
    private static let gap = 2

    /// Returns a line for each true class: how many of its rows were taken for each class, or with many classes
    /// only how dark the cell is.
    func lines(of matrix: Plot.Matrix, _ panel: Plot.Panel) -> [StyledLine] {
        guard !matrix.labels.isEmpty else { return nothing }
        // Of more classes than two columns each, the largest are shown.
        let matrix = matrix.folded(to: max(2, (width - 14) / 2))
        let labels = matrix.labels.map { Sanitizer.line($0) }
        let longest = labels.reduce(0) { max($0, DisplayWidth.of($1)) }
        let digits = matrix.counts.joined().reduce(1) { max($0, NumberText.count($1).count) }
        let room = (width - min(longest, Self.labelWidth)) / labels.count - Self.gap
        // The widest shades under whole labels, or else narrow ones under what fits of the labels.
        let shades = [6, 5, 4, 3, 2, 1].first {
            max(digits + 1 + $0, min(longest, Self.headWidth)) <= room
        }
        let least = digits + 2
        guard shades != nil || least <= room else { return self.shades(matrix, labels, panel) }
        let shade = shades ?? 1
        let cell = max(digits + 1 + shade, shades == nil ? 0 : min(longest, Self.headWidth))
        var head = DisplayWidth.pad("", to: min(longest, Self.labelWidth))
        for label in labels {
            let text = DisplayWidth.pad(DisplayWidth.fit(label, to: cell), to: digits, right: true)
            head += String(repeating: " ", count: Self.gap) + DisplayWidth.pad(text, to: cell)
        }
        var lines = axes(panel) + [StyledLine(head, .dim).trimmed]
        for (row, label) in labels.enumerated() {
            let name = DisplayWidth.fit(label, to: min(longest, Self.labelWidth))
            var line = StyledLine(DisplayWidth.pad(name, to: min(longest, Self.labelWidth)))
            for column in labels.indices {
                let number = matrix.counts[row][column]
                let text = DisplayWidth.pad(NumberText.count(number), to: digits, right: true)
                line.append(String(repeating: " ", count: Self.gap))
                line.append(text, number == 0 ? .dim : .plain)
                let sign = String(signs.shade(matrix.share(row, column)))
                line.append(" " + String(repeating: sign, count: shade), style(row, column))
                line.append(String(repeating: " ", count: cell - digits - 1 - shade))
            }
            lines.append(line.trimmed)
        }
        return lines + key()
    }

    private func style(_ row: Int, _ column: Int) -> Style { .series(row == column ? 0 : 1) }

    /// Cells of a shade, under the numbers of the classes, two or three columns each.
    private func shades(
        _ matrix: Plot.Matrix,
        _ labels: [String],
        _ panel: Plot.Panel
    ) -> [StyledLine] {
        let count = labels.count
        let digits = "\(count)".count
        let cell = width - digits - 14 >= 3 * count ? 3 : 2
        let room = width - digits - 2 - cell * count
        let labelWidth = min(Self.labelWidth, labels.reduce(0) { max($0, DisplayWidth.of($1)) })
        let names = max(1, min(labelWidth, room))
        var head = DisplayWidth.pad("", to: digits + 2 + names)
        // Numbers stand over their cells; where they would touch, every fifth.
        let isEach = cell > digits
        for number in 1...count {
            let isShown = isEach || number == 1 || number % 5 == 0
            head += DisplayWidth.pad(isShown ? "\(number)" : "", to: cell, right: true)
        }
        var lines = axes(panel) + [StyledLine(head, .dim).trimmed]
        for (row, label) in labels.enumerated() {
            let number = DisplayWidth.pad("\(row + 1)", to: digits, right: true)
            let name = DisplayWidth.pad(DisplayWidth.fit(label, to: names), to: names)
            var line = StyledLine("\(number) \(name) ")
            for column in labels.indices {
                let shade = signs.shade(matrix.share(row, column))
                let blanks = String(repeating: " ", count: cell - 2)
                if shade != " " {
                    line.append(blanks + String(repeating: shade, count: 2), style(row, column))
                } else if row == column {
                    line.append("\(blanks)\(signs.missed) ", style(row, column))
                } else {
                    // Every fifth column can be followed down to its cells.
                    line.append("\(blanks) \(column % 5 == 4 ? signs.guide : " ")", .dim)
                }
            }
            lines.append(line.trimmed)
        }
        let hasMissed = labels.indices.contains { matrix.counts[$0][$0] == 0 }
        return lines + key(hasMissed: hasMissed)
    }

    private func axes(_ panel: Plot.Panel) -> [StyledLine] {
        let text = "rows: \(panel.y.title); columns: \(panel.x.title)"
        return wrap(Sanitizer.line(text), to: width).map { StyledLine($0, .dim) }
    }

    /// What the shades mean.
    private func key(hasMissed: Bool = false) -> [StyledLine] {
        var parts = TextSigns.shadeSteps.enumerated().map { place, step in
            let sign = String(repeating: signs.shade(step), count: 2)
            let next = TextSigns.shadeSteps.dropFirst().first ?? 1
            return place == 0
                ? "\(sign) under \(NumberText.percent(next, digits: 0))"
                : "\(sign) from \(NumberText.percent(step, digits: 0))"
        }
        if hasMissed { parts.append("\(signs.missed) none right") }
        // Parts stay whole at the end of a line.
        var lines = ["of the row:"]
        for part in parts {
            let longer = (lines.last ?? "") + "  " + part
            if DisplayWidth.of(longer) <= width {
                lines[lines.count - 1] = longer
            } else {
                lines.append(DisplayWidth.fit("  " + part, to: width))
            }
        }
        return lines.map { StyledLine(DisplayWidth.fit($0, to: width), .dim) }
    }
}
