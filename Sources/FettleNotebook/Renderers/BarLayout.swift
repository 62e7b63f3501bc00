/// Draws bars scaled to the widest value, in eighths of a column.
struct BarLayout {
    private static let longest = 60
    private static let shortest = 4
    private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    private let chart: BarChart
    private let width: Int
    private let isASCII: Bool
    private let leastLabel: Int

    init(_ chart: BarChart, width: Int, isASCII: Bool = false, labelsAtLeast least: Int = 0) {
        self.chart = chart
        self.width = width
        self.isASCII = isASCII
        leastLabel = least
    }

    /// Columns of the labels.
    var labelWidth: Int {
        min(
            chart.bars.reduce(leastLabel) { max($0, DisplayWidth.of(Sanitizer.line($1.label))) },
            max(4, width * 2 / 5)
        )
    }

    func lines() -> [StyledLine] {
        var lines: [StyledLine] = []
        if let title = chart.title {
            lines += wrap(Sanitizer.line(title), to: width).map { StyledLine($0, .head) }
        }
        let bars = chart.bars.map {
            (label: Sanitizer.line($0.label), value: length($0), text: Sanitizer.line($0.text))
        }
        let labelWidth = self.labelWidth
        let textWidth = bars.reduce(0) { max($0, DisplayWidth.of($1.text)) }
        let room = width - labelWidth - 2 - (textWidth > 0 ? textWidth + 1 : 0)
        let columns = min(Self.longest, max(min(Self.shortest, width - labelWidth - 2), room))
        let top = bars.reduce(0) { max($0, $1.value) }
        for bar in bars {
            let label = DisplayWidth.fit(bar.label, to: labelWidth)
            var line = StyledLine(DisplayWidth.pad(label, to: labelWidth) + "  ")
            let drawn = draw(bar.value, of: top, columns: columns)
            line.append(drawn, .bar)
            let left = width - labelWidth - 2 - DisplayWidth.of(drawn) - (drawn.isEmpty ? 0 : 1)
            line.append((drawn.isEmpty ? "" : " ") + DisplayWidth.fit(bar.text, to: left))
            lines.append(line.trimmed)
        }
        return lines
    }

    /// Returns the length, with 0 for what cannot be drawn.
    private func length(_ bar: BarChart.Bar) -> Double {
        bar.value.isFinite ? max(0, bar.value) : 0
    }

    /// Returns a bar of at most `columns` columns; a value above 0 always shows.
    private func draw(_ value: Double, of top: Double, columns: Int) -> String {
        guard value > 0, top > 0, columns > 0 else { return "" }
        guard !isASCII else {
            let count = max(1, Int((value / top * Double(columns)).rounded()))
            return String(repeating: "#", count: count)
        }
        let steps = max(1, Int((value / top * Double(columns * 8)).rounded()))
        return String(repeating: "█", count: steps / 8) + Self.eighths[steps % 8]
    }
}
