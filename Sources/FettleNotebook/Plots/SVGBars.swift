import FettleCore

extension SVGPlot {
    private static let rowHeight = 19.0
    /// Units that the longest bar has at least.
    private static let shortest = 54.0

    /// Draws a bar for each label, its text after it.
    mutating func draw(_ all: [BarChart.Bar], _ panel: Plot.Panel) {
        guard !all.isEmpty else { return drawNothing() }
        let bars = all.prefix(TextPlot.mostBars)
        let labels = bars.map { DisplayWidth.fit(Sanitizer.line($0.label), to: isNarrow ? 22 : 40) }
        let head = DisplayWidth.fit(Sanitizer.line(panel.y.title), to: isNarrow ? 22 : 40)
        let labelWidth = (labels + [head]).map { SVGCanvas.width(of: $0) }.max() ?? 0
        let start = margin + labelWidth + 8
        let most = Int(
            (canvas.width - start - 2 * margin - Self.shortest) / SVGCanvas.columnWidth
        )
        let texts = bars.map {
            DisplayWidth.fit(Sanitizer.line($0.text), to: min(48, max(8, most)))
        }
        let textWidth = texts.map { SVGCanvas.width(of: $0) }.max() ?? 0
        let room = max(Self.shortest, canvas.width - start - textWidth - margin - 6)
        if !panel.y.title.isEmpty || !panel.x.title.isEmpty {
            canvas.text(head, x: start - 8, y: top + 12, .end, .faint)
            canvas.text(fit(panel.x.title), x: start, y: top + 12, .start, .faint)
            top += 18
        }
        let lengths = bars.map { $0.value.isFinite ? max(0, $0.value) : 0 }
        let longest = lengths.max() ?? 0
        for (index, length) in lengths.enumerated() {
            let width = length > 0 ? max(1, length / longest * room) : 0
            canvas.text(labels[index], x: start - 8, y: top + 13, .end)
            if width > 0 {
                canvas.box(x: start, y: top + 3, width: width, height: 13, series: 0)
            }
            canvas.text(texts[index], x: start + width + 6, y: top + 13, .start, .faint)
            top += Self.rowHeight
        }
        left(all.count - bars.count)
    }

    private mutating func left(_ count: Int) {
        guard count > 0 else { return }
        canvas.text("\(NumberText.count(count)) more", x: margin, y: top + 13, .start, .faint)
        top += Self.rowHeight
    }

    /// Draws a figure with its interval for each label, over one scale.
    mutating func draw(_ all: [Plot.Interval], _ panel: Plot.Panel) {
        let drawable = all.filter { $0.value.isFinite }
        guard !drawable.isEmpty else { return drawNothing() }
        let shown = all.prefix(TextPlot.mostBars)
        let scale = PlotScale(
            drawable.flatMap { [$0.value, $0.low, $0.high] },
            panel.x,
            steps: isNarrow ? 4 : 8,
            isRounded: true
        )
        let labels = shown.map {
            DisplayWidth.fit(Sanitizer.line($0.label), to: isNarrow ? 18 : 36)
        }
        let texts = shown.map { DisplayWidth.fit(Sanitizer.line($0.text), to: isNarrow ? 22 : 40) }
        let left = margin + (labels.map { SVGCanvas.width(of: $0) }.max() ?? 0) + 8
        let right =
            canvas.width - margin - (texts.map { SVGCanvas.width(of: $0) }.max() ?? 0) - 10
        let (start, end) = (left, max(left + 80, right))
        let bottom = top + Double(shown.count) * 24 + 4
        func x(_ value: Double) -> Double { start + scale.share(value) * (end - start) }
        for tick in scale.ticks { canvas.rule(x(tick), top, x(tick), bottom) }
        if scale.low < 0, scale.high > 0 {
            canvas.path([(x(0), top), (x(0), bottom)], series: 0, isReference: true)
        }
        for (index, one) in shown.enumerated() {
            let y = top + Double(index) * 24 + 14
            canvas.text(labels[index], x: start - 8, y: y + 4, .end)
            canvas.text(texts[index], x: end + 10, y: y + 4, .start, .faint)
            guard one.value.isFinite else { continue }
            if one.low.isFinite, one.high.isFinite {
                canvas.whisker(
                    (x(min(one.low, one.high)), y),
                    (x(max(one.low, one.high)), y),
                    series: 0
                )
            }
            canvas.mark(x: x(one.value), y: y, series: 0)
        }
        canvas.rule(start, bottom, end, bottom, isEdge: true)
        for tick in scale.ticks {
            canvas.text(scale.text(tick), x: x(tick), y: bottom + 15, .middle, .faint)
        }
        canvas.text(fit(panel.x.title), x: (start + end) / 2, y: bottom + 31, .middle, .faint)
        top = bottom + (panel.x.title.isEmpty ? 22 : 38)
        self.left(all.count - shown.count)
    }
}
