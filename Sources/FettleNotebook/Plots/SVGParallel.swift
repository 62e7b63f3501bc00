import FettleCore

extension SVGPlot {
    /// Draws axes as uprights with their ends' texts, and a line for each run.
    mutating func draw(_ parallel: Plot.Parallel) {
        guard parallel.axes.count > 1, !parallel.lines.isEmpty else { return drawNothing() }
        let (left, right) = (margin + 50, canvas.width - margin - 50)
        let gap = (right - left) / Double(parallel.axes.count - 1)
        let room = max(3, Int(gap / SVGCanvas.columnWidth) - 1)
        // Long names stand on two lines in turn.
        let longest = parallel.axes.map { DisplayWidth.of(Sanitizer.line($0.title)) }.max() ?? 0
        let steps = longest <= room ? 1 : 2
        let high = top + 22 + 17 * Double(steps)
        let low = high + panelHeight
        for (index, axis) in parallel.axes.enumerated() {
            let x = left + Double(index) * gap
            canvas.rule(x, high, x, low, isEdge: true)
            let line = top + 12 + 17 * Double(index % steps)
            for (text, y, room, look) in [
                (axis.title, line, steps * room, SVGCanvas.Look.plain),
                (axis.highText, high - 6, room, .faint), (axis.lowText, low + 16, room, .faint),
            ] {
                let fitted = DisplayWidth.fit(Sanitizer.line(text), to: room)
                let half = SVGCanvas.width(of: fitted) / 2
                let place = max(margin + half, min(canvas.width - margin - half, x))
                canvas.text(fitted, x: place, y: y, .middle, look)
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
            canvas.path(
                places,
                series: number,
                isMarked: line.isMarked,
                opacity: line.isMarked ? 1 : 0.45
            )
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
