import FettleCore

extension SVGPlot {
    /// Classes that a drawing shows at most.
    private static let mostClasses = 60

    /// Draws a cell for each pair of classes, as dense as its share of the row; counts where they fit.
    mutating func draw(_ whole: Plot.Matrix, _ panel: Plot.Panel) {
        guard !whole.labels.isEmpty else { return drawNothing() }
        let matrix = whole.folded(to: isInPage ? 40 : Self.mostClasses)
        let count = Double(matrix.labels.count)
        let labels = matrix.labels.map {
            DisplayWidth.fit(Sanitizer.line($0), to: isInPage ? 16 : 24)
        }
        let labelWidth = (labels.map { SVGCanvas.width(of: $0) }.max() ?? 0) + 8
        let left = margin + 18 + labelWidth
        let cell = max(6, min(44, (canvas.width - left - margin) / count))
        let isTurned = labelWidth > cell
        canvas.text(
            fit(panel.x.title),
            x: left + cell * count / 2,
            y: top + 12,
            .middle,
            .faint
        )
        top += 18 + (isTurned ? labelWidth : 16)
        let letters = max(6, min(12, cell - 1))
        for (index, label) in labels.enumerated()
        where isTurned ? letters >= 8 || index % 2 == 0 : true {
            let x = left + (Double(index) + 0.5) * cell
            canvas.text(
                label,
                x: isTurned ? x + 4 : x,
                y: top - 6,
                isTurned ? .start : .middle,
                .plain,
                turned: isTurned ? -90 : nil
            )
        }
        for (row, label) in labels.enumerated() {
            let y = top + Double(row) * cell
            if cell >= 9 || row % 2 == 0 {
                canvas.text(label, x: left - 6, y: y + cell / 2 + 4, .end)
            }
            for column in labels.indices {
                let share = matrix.share(row, column)
                draw(matrix, row, column, share, x: left + Double(column) * cell, y: y, cell)
            }
        }
        let bottom = top + cell * count
        canvas.text(
            fit(panel.y.title),
            x: margin + 10,
            y: (top + bottom) / 2,
            .middle,
            .faint,
            turned: -90
        )
        canvas.rule(left, bottom, left + cell * count, bottom, isEdge: true)
        canvas.rule(left, top, left, bottom, isEdge: true)
        top = bottom + 14
        key(left)
    }

    private mutating func draw(
        _ matrix: Plot.Matrix,
        _ row: Int,
        _ column: Int,
        _ share: Double,
        x: Double,
        y: Double,
        _ cell: Double
    ) {
        let number = matrix.counts[row][column]
        let isRight = row == column
        if number > 0 {
            let pair = "\(matrix.labels[row]) → \(matrix.labels[column])"
            canvas.box(
                x: x + 0.5,
                y: y + 0.5,
                width: cell - 1,
                height: cell - 1,
                series: isRight ? 0 : 1,
                opacity: 0.12 + 0.88 * share,
                title: "\(pair): \(NumberText.count(number))"
            )
        }
        let text = NumberText.count(number)
        guard cell >= 20, SVGCanvas.width(of: text) < cell, number > 0 || cell >= 28 else { return }
        canvas.text(
            text,
            x: x + cell / 2,
            y: y + cell / 2 + 4,
            .middle,
            share > 0.6 ? .inverse : number == 0 ? .faint : .plain
        )
    }

    /// Draws what the density of a cell means.
    private mutating func key(_ left: Double) {
        canvas.text("of the row", x: left, y: top + 11, .start, .faint)
        var x = left + 70
        for share in [0.05, 0.25, 0.5, 0.75, 1] {
            for series in [0, 1] {
                canvas.box(
                    x: x + Double(series) * 12,
                    y: top,
                    width: 11,
                    height: 12,
                    series: series,
                    opacity: 0.12 + 0.88 * share
                )
            }
            canvas.text(
                NumberText.percent(share, digits: 0),
                x: x + 28,
                y: top + 11,
                .start,
                .faint
            )
            x += isInPage ? 54 : 78
            if x + 60 > canvas.width { break }
        }
        top += 22
        let words = ["right", "taken for another class"]
        x = left
        for series in [0, 1] {
            canvas.box(x: x, y: top, width: 11, height: 12, series: series)
            canvas.text(words[series], x: x + 16, y: top + 11)
            x += 70
        }
        top += 20
    }

    /// Draws axes as uprights with their ends' texts, and a line for each run.
    mutating func draw(_ parallel: Plot.Parallel) {
        guard parallel.axes.count > 1, !parallel.lines.isEmpty else { return drawNothing() }
        let (left, right) = (margin + 50, canvas.width - margin - 50)
        let gap = (right - left) / Double(parallel.axes.count - 1)
        let (high, low) = (top + 38, top + 38 + panelHeight)
        let room = max(3, Int(gap / SVGCanvas.columnWidth))
        for (index, axis) in parallel.axes.enumerated() {
            let x = left + Double(index) * gap
            canvas.rule(x, high, x, low, isEdge: true)
            for (text, y, look) in [
                (axis.title, top + 12, SVGCanvas.Look.plain), (axis.highText, high - 6, .faint),
                (axis.lowText, low + 16, .faint),
            ] {
                let fitted = DisplayWidth.fit(Sanitizer.line(text), to: room)
                canvas.text(fitted, x: x, y: y, .middle, look)
            }
        }
        for line in parallel.lines.filter({ !$0.isMarked }) + parallel.lines.filter(\.isMarked) {
            let places = line.heights.enumerated().prefix(parallel.axes.count)
                .filter { $0.element.isFinite }
                .map {
                    (
                        x: left + Double($0.offset) * gap,
                        y: low - min(1, max(0, $0.element)) * (low - high)
                    )
                }
            let number = line.isMarked ? 1 : 0
            canvas.path(places, series: number, opacity: line.isMarked ? 1 : 0.45)
            for place in places { canvas.mark(x: place.x, y: place.y, series: number) }
        }
        top = low + 26
        for line in parallel.lines.filter(\.isMarked).prefix(6) {
            canvas.mark(x: margin + 8, y: top + 8, series: 1)
            canvas.text(fit(line.label), x: margin + 20, y: top + 12)
            top += 18
        }
    }
}
