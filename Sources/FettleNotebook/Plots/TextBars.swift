import FettleCore

extension TextPlot {
    /// Bars drawn at most, so that one line more says how many are left out.
    static let mostBars = 200

    func lines(of bars: [BarChart.Bar], _ panel: Plot.Panel) -> [StyledLine] {
        guard !bars.isEmpty else { return nothing }
        let shown = Array(bars.prefix(Self.mostBars))
        var lines: [StyledLine] = []
        let names = [panel.y.title, panel.x.title].map { Sanitizer.line($0) }
        let layout = BarLayout(
            BarChart(bars: shown),
            width: width,
            isASCII: signs.isASCII,
            labelsAtLeast: DisplayWidth.of(names[0])
        )
        if names != ["", ""] {
            let label = DisplayWidth.fit(names[0], to: layout.labelWidth)
            let head = DisplayWidth.pad(label, to: layout.labelWidth) + "  " + names[1]
            lines.append(StyledLine(DisplayWidth.fit(head, to: width), .dim).trimmed)
        }
        lines += layout.lines()
        if shown.count < bars.count {
            let rest = NumberText.count(bars.count - shown.count, "bar")
            lines.append(StyledLine("\(rest) more", .dim))
        }
        return lines
    }

    /// Returns a line for each figure: its label, its interval on a common scale, and its text.
    func lines(of intervals: [Plot.Interval], _ panel: Plot.Panel) -> [StyledLine] {
        let drawable = intervals.filter { $0.value.isFinite }
        guard !drawable.isEmpty else { return nothing }
        let ends = drawable.flatMap { [$0.value, $0.low, $0.high] }
        let scale = PlotScale(ends, panel.x, steps: max(2, min(6, width / 16)), isRounded: true)
        let shown = Array(intervals.prefix(Self.mostBars))
        let labels = shown.map { Sanitizer.line($0.label) }
        let texts = shown.map { Sanitizer.line($0.text) }
        let labelWidth = min(labels.reduce(0) { max($0, DisplayWidth.of($1)) }, width * 2 / 5)
        let textWidth = min(texts.reduce(0) { max($0, DisplayWidth.of($1)) }, width / 3)
        let columns = max(10, width - labelWidth - textWidth - 4)
        var lines: [StyledLine] = []
        for (index, interval) in shown.enumerated() {
            let label = DisplayWidth.fit(labels[index], to: labelWidth)
            var line = StyledLine(DisplayWidth.pad(label, to: labelWidth) + "  ")
            line.append(bar(interval, scale, columns), .series(0))
            line.append("  " + DisplayWidth.fit(texts[index], to: textWidth))
            lines.append(line.trimmed)
        }
        if shown.count < intervals.count {
            lines.append(
                StyledLine("\(NumberText.count(intervals.count - shown.count)) more", .dim)
            )
        }
        let ticks = scale.ticks.map { tick in
            (
                column: Int((scale.share(tick) * Double(columns - 1)).rounded()),
                text: scale.text(tick)
            )
        }
        lines += axis(ticks, columns: columns, indent: labelWidth + 1, corner: " ")
        return lines + below(panel.x.title, indent: labelWidth + 1)
    }

    private func bar(_ interval: Plot.Interval, _ scale: PlotScale, _ columns: Int) -> String {
        guard interval.value.isFinite else { return String(repeating: " ", count: columns) }
        func column(_ value: Double) -> Int {
            Int((scale.share(value) * Double(columns - 1)).rounded())
        }
        var signs = [Character](repeating: " ", count: columns)
        if scale.low < 0, scale.high > 0 { signs[column(0)] = self.signs.zero }
        if interval.low.isFinite, interval.high.isFinite {
            let (low, high) = (
                column(min(interval.low, interval.high)), column(max(interval.low, interval.high))
            )
            let hasZero = signs.indices.contains { (low...high).contains($0) && signs[$0] != " " }
            for place in low...high { signs[place] = self.signs.level }
            if hasZero { signs[column(0)] = self.signs.crossing }
            signs[low] = self.signs.leftEnd
            signs[high] = self.signs.rightEnd
        }
        signs[column(interval.value)] = self.signs.mark(0)
        return String(signs)
    }
}
