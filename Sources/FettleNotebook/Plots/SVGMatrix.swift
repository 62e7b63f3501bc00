import FettleCore

extension SVGPlot {
    /// Classes that a drawing shows at most.
    private static let mostClasses = 60
    /// Units of a cell: few classes have wide ones, as a table has.
    private static let (widestCell, highestCell) = (150.0, 40.0)
    /// Units of a cell from top to bottom from which on it has its number.
    private static let numbered = 18.0

    /// Draws a cell for each pair of classes, as dense as its share of the row; counts where they fit.
    mutating func draw(_ whole: Plot.Matrix, _ panel: Plot.Panel) {
        guard !whole.labels.isEmpty else { return drawNothing() }
        let matrix = whole.folded(to: Self.mostClasses)
        let count = Double(matrix.labels.count)
        let labels = matrix.labels.map {
            DisplayWidth.fit(Sanitizer.line($0), to: isNarrow ? 16 : 24)
        }
        let labelWidth = (labels.map { SVGCanvas.width(of: $0) }.max() ?? 0) + 8
        let left = margin + 18 + labelWidth
        let across = max(6, min(Self.widestCell, (canvas.width - left - margin) / count))
        let down = min(Self.highestCell, across)
        let right = left + across * count
        let isTurned = labelWidth > across
        canvas.text(fit(panel.x.title), x: (left + right) / 2, y: top + 12, .middle, .faint)
        top += 18 + (isTurned ? labelWidth : 16)
        let bottom = top + down * count
        // Letters of neighbours that would touch: every other label.
        let stride = down >= 10 ? 1 : 2
        for (index, label) in labels.enumerated() {
            let (x, y) = (left + Double(index) * across, top + Double(index) * down)
            canvas.rule(x, top, x, bottom)
            canvas.rule(left, y, right, y)
            guard index % stride == 0 else { continue }
            canvas.text(
                label,
                x: x + across / 2 + (isTurned ? 4 : 0),
                y: top - 6,
                isTurned ? .start : .middle,
                .plain,
                turned: isTurned ? -90 : nil
            )
            canvas.text(label, x: left - 6, y: y + down / 2 + 4, .end)
        }
        for row in labels.indices {
            for column in labels.indices {
                draw(
                    matrix,
                    (row, column),
                    x: left + Double(column) * across,
                    y: top + Double(row) * down,
                    across,
                    down
                )
            }
        }
        canvas.text(
            fit(panel.y.title),
            x: margin + 10,
            y: (top + bottom) / 2,
            .middle,
            .faint,
            turned: -90
        )
        canvas.rule(left, bottom, right, bottom, isEdge: true)
        canvas.rule(left, top, left, bottom, isEdge: true)
        top = bottom + 14
        key(min(left, margin + 30), isNumbered: down >= Self.numbered)
    }

    private mutating func draw(
        _ matrix: Plot.Matrix,
        _ pair: (row: Int, column: Int),
        x: Double,
        y: Double,
        _ across: Double,
        _ down: Double
    ) {
        let number = matrix.counts[pair.row][pair.column]
        let isNumbered = down >= Self.numbered
        let share = matrix.share(pair.row, pair.column)
        if number > 0 {
            let names = "\(matrix.labels[pair.row]) → \(matrix.labels[pair.column])"
            canvas.box(
                x: x + 0.5,
                y: y + 0.5,
                width: across - 1,
                height: down - 1,
                series: pair.row == pair.column ? 0 : 1,
                opacity: Self.density(share, isNumbered: isNumbered),
                isUnderText: isNumbered,
                title: "\(names): \(NumberText.count(number))"
            )
        }
        let text = NumberText.count(number)
        guard isNumbered, SVGCanvas.width(of: text) < across, number > 0 || down >= 28 else {
            return
        }
        let look: SVGCanvas.Look = number == 0 ? .faint : .plain
        canvas.text(text, x: x + across / 2, y: y + down / 2 + 4, .middle, look)
    }

    /// How dense a cell of a share of its row is: the least is still seen on its ground, and on the most of cells
    /// that have numbers these still have a contrast of 4.5 or more.
    private static func density(_ share: Double, isNumbered: Bool) -> Double {
        0.22 + (isNumbered ? 0.53 : 0.78) * share
    }

    /// Draws what the density of a cell means.
    private mutating func key(_ left: Double, isNumbered: Bool) {
        canvas.text("of the row", x: left, y: top + 11, .start, .faint)
        var x = left + 78
        for share in isNarrow ? [0.05, 0.5, 1] : [0.05, 0.25, 0.5, 0.75, 1] {
            for series in [0, 1] {
                canvas.box(
                    x: x + Double(series) * 12,
                    y: top,
                    width: 11,
                    height: 12,
                    series: series,
                    opacity: Self.density(share, isNumbered: isNumbered),
                    isUnderText: isNumbered
                )
            }
            let text = NumberText.percent(share, digits: 0)
            canvas.text(text, x: x + 28, y: top + 11, .start, .faint)
            x += 28 + SVGCanvas.width(of: text) + 14
        }
        top += 22
        x = left
        for (series, words) in ["right", "taken for another class"].enumerated() {
            canvas.box(x: x, y: top, width: 11, height: 12, series: series)
            canvas.text(words, x: x + 16, y: top + 11)
            x += 78
        }
        top += 20
    }
}
