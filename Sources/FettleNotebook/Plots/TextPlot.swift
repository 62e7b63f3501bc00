import FettleCore

/// Draws a plot in characters.
struct TextPlot {
    /// Columns that a picture takes at most.
    static let widest = 100
    /// Columns under which nothing can be drawn.
    static let narrowest = 36

    let plot: Plot
    let width: Int
    let signs: TextSigns
    private let numbers: [String: Int]

    init(_ plot: Plot, width: Int, isASCII: Bool) {
        self.plot = plot
        self.width = min(Self.widest, width)
        signs = TextSigns(isASCII: isASCII)
        numbers = Dictionary(
            uniqueKeysWithValues: plot.seriesNames.enumerated().map { ($1, $0) }
        )
    }

    func lines() -> [StyledLine] {
        var lines = wrap(Sanitizer.line(plot.title), to: width).map { StyledLine($0, .head) }
        for panel in plot.panels {
            if let title = panel.title {
                lines += wrap(Sanitizer.line(title), to: width).map { StyledLine($0, .head) }
            }
            switch panel.content {
            case .series(let series): lines += self.lines(of: series, panel)
            case .bars(let bars): lines += self.lines(of: bars, panel)
            case .intervals(let intervals): lines += self.lines(of: intervals, panel)
            case .matrix(let matrix): lines += self.lines(of: matrix, panel)
            case .parallel(let parallel): lines += self.lines(of: parallel)
            }
        }
        return lines + legend()
    }

    /// What stands where no figure has a place.
    var nothing: [StyledLine] { [StyledLine("no figures to draw", .dim)] }

    private func heading(_ text: String) -> [StyledLine] {
        let text = Sanitizer.line(text)
        return text.isEmpty ? [] : wrap(text, to: width).map { StyledLine($0, .dim) }
    }

    // MARK: - Series

    private func lines(of series: [Plot.Series], _ panel: Plot.Panel) -> [StyledLine] {
        guard
            let frame = PlotFrame(
                panel,
                series,
                steps: (across: max(2, min(8, width / 14)), up: 4)
            )
        else { return heading(panel.y.title) + nothing }
        let rows = frame.up.rows(about: plot.panels.count > 1 ? 9 : 13)
        let labels = frame.up.ticks.map(frame.up.text)
        let labelWidth = labels.reduce(0) { max($0, DisplayWidth.of($1)) }
        var canvas = TextCanvas(
            columns: width - labelWidth - 3,
            rows: rows,
            isASCII: signs.isASCII
        )
        for one in series { draw(one, frame, &canvas) }
        var ticks: [Int: String] = [:]
        for (tick, label) in zip(frame.up.ticks, labels) {
            ticks[canvas.row(of: frame.up.share(tick))] = label
        }
        var lines = heading(panel.y.title)
        for row in 0..<rows {
            let label = DisplayWidth.pad(ticks[row] ?? "", to: labelWidth, right: true)
            let edge = ticks[row] == nil ? signs.upright : signs.tickLeft
            var line = StyledLine("\(label) \(edge)", .dim)
            line.pieces += canvas.line(row).pieces
            lines.append(line.trimmed)
        }
        let places = frame.across.ticks.map {
            (canvas.column(of: frame.across.share($0)), frame.across.text($0))
        }
        let indent = labelWidth + 1
        lines += axis(places, columns: canvas.columns, indent: indent, corner: signs.corner)
        return lines + below(panel.x.title, indent: indent)
    }

    private func draw(_ series: Plot.Series, _ frame: PlotFrame, _ canvas: inout TextCanvas) {
        let number = numbers[series.label] ?? 0
        let sign = series.style == .reference ? "." : signs.mark(number)
        func place(_ x: Double, _ y: Double) -> TextCanvas.Place {
            .init(frame.across.share(x), frame.up.share(y))
        }
        let points = series.drawable
        if series.style == .columns {
            for point in points {
                canvas.column(
                    place(point.x - series.width / 2, 0),
                    place(point.x + series.width / 2, point.y),
                    series: number
                )
            }
            return
        }
        if series.style != .points {
            // Of one series alone the line is fainter than its points; of several, each has its mark.
            let isAlone = signs.isASCII && numbers.count == 1
            for (from, to) in zip(points, points.dropFirst()) {
                canvas.line(
                    place(from.x, from.y),
                    place(to.x, to.y),
                    series: number,
                    sign: isAlone ? "." : sign,
                    isBroken: series.style == .reference
                )
            }
        }
        guard series.style != .reference else { return }
        let marked = series.style == .points ? points : Self.apart(points, frame, canvas)
        for point in marked {
            guard let ends = point.ends else { continue }
            canvas.line(
                place(point.x, ends.low),
                place(point.x, ends.high),
                series: number,
                sign: signs.isASCII ? "|" : sign
            )
        }
        for point in marked { canvas.mark(place(point.x, point.y), sign, series: number) }
    }

    /// Returns the points of a line that are so far from each other that their marks do not hide it; the last one
    /// always.
    private static func apart(
        _ points: [Plot.Series.Point],
        _ frame: PlotFrame,
        _ canvas: TextCanvas
    ) -> [Plot.Series.Point] {
        var kept: [Plot.Series.Point] = []
        var free = 0
        for point in points.dropLast() {
            let column = canvas.column(of: frame.across.share(point.x))
            guard column >= free else { continue }
            kept.append(point)
            free = column + 5
        }
        return kept + points.suffix(1)
    }

    // MARK: - Axes

    /// Returns the line under a frame and the numbers under that, those left out that would touch.
    func axis(
        _ ticks: [(column: Int, text: String)],
        columns: Int,
        indent: Int,
        corner: Character
    ) -> [StyledLine] {
        var edge = [Character](repeating: signs.level, count: columns)
        var texts = ""
        var used = 0
        for tick in ticks {
            let size = DisplayWidth.of(tick.text)
            let start = max(
                0,
                min(indent + 1 + columns - size, indent + 1 + tick.column - size / 2)
            )
            guard texts.isEmpty || start > used else { continue }
            edge[min(columns - 1, tick.column)] = signs.tickBelow
            texts += String(repeating: " ", count: start - used) + tick.text
            used = start + size
        }
        let blanks = String(repeating: " ", count: indent)
        return [
            StyledLine(blanks + String(corner) + String(edge), .dim),
            StyledLine(texts, .dim),
        ]
    }

    /// Returns the name of what goes from left to right, in the middle under the frame.
    func below(_ title: String, indent: Int) -> [StyledLine] {
        let title = DisplayWidth.fit(Sanitizer.line(title), to: width)
        guard !title.isEmpty else { return [] }
        let room = width - indent - DisplayWidth.of(title)
        let blanks = max(0, min(width - DisplayWidth.of(title), indent + max(0, room) / 2))
        return [StyledLine(String(repeating: " ", count: blanks) + title, .dim)]
    }

    /// Returns what the marks mean, as many on a line as fit; nothing for one series.
    private func legend() -> [StyledLine] {
        var lines: [StyledLine] = []
        var line = StyledLine()
        var used = 0
        let all = plot.panels.flatMap { panel -> [Plot.Series] in
            if case .series(let series) = panel.content { series } else { [] }
        }
        let names = plot.keyNames
        guard names.count > 1 else { return [] }
        for name in names {
            let number = numbers[name] ?? 0
            let style = all.first { $0.label == name }?.style ?? .line
            let text = DisplayWidth.fit(Sanitizer.line(name), to: width - 4)
            let sign =
                switch style {
                case .reference: signs.isASCII ? "..." : "╌╌"
                case .columns: signs.isASCII ? "#" : "█"
                case .line, .points: String(signs.mark(number))
                }
            let size = DisplayWidth.of(text) + DisplayWidth.of(sign) + 1
            if used > 0, used + 3 + size > width {
                lines.append(line)
                line = StyledLine()
                used = 0
            }
            line.append((used > 0 ? "   " : "") + sign, .series(number))
            line.append(" " + text)
            used += size + (used > 0 ? 3 : 0)
        }
        return lines + [line]
    }
}
