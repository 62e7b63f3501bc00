import FettleCore

extension TextPlot {
    /// Columns that a label of a class takes at most.
    private static let labelWidth = 24

    /// Returns a line for each true class: how many of its rows were taken for each class, or with many classes
    /// only how dark the cell is.
    func lines(of matrix: Plot.Matrix, _ panel: Plot.Panel) -> [StyledLine] {
        guard !matrix.labels.isEmpty else { return nothing }
        // Of more classes than two columns each, the largest are shown.
        let matrix = matrix.folded(to: max(2, (width - 14) / 2))
        let count = matrix.labels.count
        let labels = matrix.labels.map { Sanitizer.line($0) }
        let digits = matrix.counts.joined().reduce(1) { max($0, NumberText.count($1).count) }
        let longest = labels.reduce(0) { max($0, DisplayWidth.of($1)) }
        let room = width - min(longest, Self.labelWidth) - 1
        let cell = max(digits, min(longest, 9)) + 3
        if cell * count <= room {
            return cells(matrix, labels, min(longest, Self.labelWidth), cell, panel)
        }
        if (digits + 3) * count <= room {
            return cells(matrix, labels, min(longest, Self.labelWidth), digits + 3, panel)
        }
        return shades(matrix, labels, panel)
    }

    /// Cells of a count and a shade, under the names of the classes.
    private func cells(
        _ matrix: Plot.Matrix,
        _ labels: [String],
        _ labelWidth: Int,
        _ cell: Int,
        _ panel: Plot.Panel
    ) -> [StyledLine] {
        var head = DisplayWidth.pad("", to: labelWidth)
        for label in labels {
            head += DisplayWidth.pad(DisplayWidth.fit(label, to: cell - 2), to: cell, right: true)
        }
        var lines = axes(panel) + [StyledLine(head, .dim).trimmed]
        for (row, label) in labels.enumerated() {
            let name = DisplayWidth.fit(label, to: labelWidth)
            var line = StyledLine(DisplayWidth.pad(name, to: labelWidth))
            for column in labels.indices {
                let text = NumberText.count(matrix.counts[row][column])
                line.append(DisplayWidth.pad(text, to: cell - 1, right: true))
                line.append(
                    String(signs.shade(matrix.share(row, column))),
                    .series(row == column ? 0 : 1)
                )
            }
            lines.append(line.trimmed)
        }
        return lines + key()
    }

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
                let isBlank = shade == " " && row == column
                let sign = isBlank ? (signs.isASCII ? "\\" : "╲") : shade
                let blanks = String(repeating: " ", count: max(0, cell - 2))
                line.append(
                    blanks + String(repeating: sign, count: isBlank ? 1 : 2)
                        + (isBlank ? " " : ""),
                    .series(row == column ? 0 : 1)
                )
            }
            lines.append(line.trimmed)
        }
        return lines + key()
    }

    private func axes(_ panel: Plot.Panel) -> [StyledLine] {
        let text = "rows: \(panel.y.title); columns: \(panel.x.title)"
        return wrap(Sanitizer.line(text), to: width).map { StyledLine($0, .dim) }
    }

    /// What the shades mean.
    private func key() -> [StyledLine] {
        let steps = signs.isASCII ? [0.05, 0.35, 0.65, 1] : [0.1, 0.3, 0.6, 1]
        let parts = steps.map { step in
            "\(signs.shade(step)) \(NumberText.percent(step, digits: 0))"
        }
        return wrap("of the row: " + parts.joined(separator: "  "), to: width)
            .map { StyledLine($0, .dim) }
    }
}
