import FettleCore

/// Draws a plot as SVG.
struct SVGPlot {
    /// Units from left to right in a file.
    static let width = 720.0
    /// The same in a page, where text can then be read on a phone.
    static let widthInPage = 420.0
    /// Classes of a matrix from which on it has the width of a file in a page, too.
    static let manyClasses = 15

    let plot: Plot
    let isInPage: Bool
    /// Whether it has the width of a phone.
    let isNarrow: Bool
    let numbers: [String: Int]
    var canvas: SVGCanvas
    /// Units down to what is drawn next.
    var top = 8.0

    init(_ plot: Plot, isInPage: Bool) {
        self.plot = plot
        self.isInPage = isInPage
        isNarrow = isInPage && !plot.isWide
        canvas = SVGCanvas(width: isNarrow ? Self.widthInPage : Self.width)
        numbers = Dictionary(
            uniqueKeysWithValues: plot.seriesNames.enumerated().map { ($1, $0) }
        )
    }

    /// Units left free at both sides.
    let margin = 8.0
    /// Units of the frame of a series from top to bottom.
    var panelHeight: Double { isNarrow ? 150 : plot.panels.count > 1 ? 190 : 280 }

    /// Returns the drawing; `theme` goes before the plot's own.
    func svg(theme: Plot.Theme? = nil) -> String {
        var copy = self
        copy.draw()
        copy.canvas.height = copy.top + 4
        return copy.canvas.svg(
            label: plot.title,
            description: plot.summary,
            theme: theme ?? plot.theme,
            isInPage: isInPage,
            isWide: plot.isWide
        )
    }

    private mutating func draw() {
        head(plot.title)
        for (place, panel) in plot.panels.enumerated() {
            if let title = panel.title { head(title) }
            switch panel.content {
            case .series(let series):
                draw(series, panel)
                // One key for frames of the same series.
                let next = plot.panels.dropFirst(place + 1).first.map { Self.names($0) }
                if next != Self.names(panel) { legend(series) }
            case .bars(let bars): draw(bars, panel)
            case .intervals(let intervals): draw(intervals, panel)
            case .matrix(let matrix): draw(matrix, panel)
            case .parallel(let parallel): draw(parallel)
            }
            top += 10
        }
    }

    private static func names(_ panel: Plot.Panel) -> [String] {
        guard case .series(let series) = panel.content else { return [] }
        return series.map(\.label)
    }

    private mutating func head(_ text: String) {
        for line in wrap(Sanitizer.line(text), to: Int(canvas.width / SVGCanvas.columnWidth) - 2) {
            canvas.text(line, x: margin, y: top + 12, .start, .head)
            top += 17
        }
        top += 3
    }

    /// Says that there is nothing to draw.
    mutating func drawNothing() {
        canvas.text("no figures to draw", x: margin, y: top + 12, .start, .faint)
        top += 20
    }

    // MARK: - Series

    private mutating func draw(_ series: [Plot.Series], _ panel: Plot.Panel) {
        guard
            let frame = PlotFrame(panel, series, steps: (across: isNarrow ? 4 : 8, up: 4))
        else { return drawNothing() }
        canvas.text(fit(panel.y.title), x: margin, y: top + 12, .start, .faint)
        top += 26
        let labels = frame.up.ticks.map(frame.up.text)
        let left = margin + (labels.map { SVGCanvas.width(of: $0) }.max() ?? 0) + 6
        let area = SVGArea(
            left: left,
            right: canvas.width - margin - 16,
            top: top,
            bottom: top + panelHeight,
            frame: frame
        )
        for (tick, label) in zip(frame.up.ticks, labels) {
            let y = area.y(tick)
            canvas.rule(area.left, y, area.right, y)
            canvas.text(label, x: area.left - 6, y: y + 4, .end, .faint)
        }
        top = area.bottom
        rules(at: frame.across.ticks.map { (area.x($0), frame.across.text($0)) }, area)
        canvas.text(
            fit(panel.x.title),
            x: (area.left + area.right) / 2,
            y: top + 30,
            .middle,
            .faint
        )
        top += panel.x.title.isEmpty ? 22 : 38
        for one in series { draw(one, area) }
    }

    /// Draws the line under a frame, and the numbers under that which do not touch.
    mutating func rules(at ticks: [(x: Double, text: String)], _ area: SVGArea) {
        canvas.rule(area.left, area.bottom, area.right, area.bottom, isEdge: true)
        var free = -Double.infinity
        for tick in ticks {
            let half = SVGCanvas.width(of: tick.text) / 2
            guard tick.x - half > free else { continue }
            canvas.rule(tick.x, area.bottom, tick.x, area.bottom + 4, isEdge: true)
            canvas.text(tick.text, x: tick.x, y: area.bottom + 15, .middle, .faint)
            free = tick.x + half + 4
        }
    }

    private mutating func draw(_ series: Plot.Series, _ area: SVGArea) {
        let number = numbers[series.label] ?? 0
        let points = series.drawable
        let places = points.map { (x: area.x($0.x), y: area.y($0.y)) }
        switch series.style {
        case .reference: canvas.path(places, series: number, isReference: true)
        case .columns:
            for (point, place) in zip(points, places) {
                let (from, to) = (
                    area.x(point.x - series.width / 2), area.x(point.x + series.width / 2)
                )
                let foot = area.y(0)
                canvas.box(
                    x: from + 0.5,
                    y: min(foot, place.y),
                    width: to - from - 1,
                    height: abs(foot - place.y),
                    series: number
                )
            }
        case .line:
            let known = points.compactMap { point in
                point.ends.map { (x: area.x(point.x), low: area.y($0.low), high: area.y($0.high)) }
            }
            canvas.area(
                known.map { ($0.x, $0.high) } + known.reversed().map { ($0.x, $0.low) },
                series: number
            )
            canvas.path(places, series: number)
            if points.count <= 40 { for place in places { mark(place, number) } }
        case .points:
            for (point, place) in zip(points, places) {
                if let ends = point.ends {
                    canvas.whisker(
                        (place.x, area.y(ends.low)),
                        (place.x, area.y(ends.high)),
                        series: number
                    )
                }
                mark(place, number)
            }
        }
    }

    private mutating func mark(_ place: (x: Double, y: Double), _ number: Int) {
        canvas.mark(x: place.x, y: place.y, series: number)
    }

    /// Draws what the marks mean, as many on a line as fit; nothing for one series.
    private mutating func legend(_ series: [Plot.Series]) {
        let names = plot.keyNames
        let named = series.filter { names.contains($0.label) }
        guard names.count > 1, !named.isEmpty else { return }
        var x = margin
        for one in named {
            let number = numbers[one.label] ?? 0
            let name = DisplayWidth.fit(Sanitizer.line(one.label), to: 44)
            let size = 30 + SVGCanvas.width(of: name)
            if x > margin, x + size > canvas.width {
                x = margin
                top += 18
            }
            switch one.style {
            case .columns: canvas.box(x: x, y: top + 2, width: 20, height: 10, series: number)
            case .points: canvas.mark(x: x + 10, y: top + 8, series: number)
            case .line, .reference:
                canvas.path(
                    [(x, top + 8), (x + 20, top + 8)],
                    series: number,
                    isReference: one.style == .reference
                )
                if one.style == .line { canvas.mark(x: x + 10, y: top + 8, series: number) }
            }
            canvas.text(name, x: x + 26, y: top + 12)
            x += size + 14
        }
        top += 20
    }

    /// Returns the text cut to what fits across.
    func fit(_ text: String) -> String {
        DisplayWidth.fit(Sanitizer.line(text), to: Int(canvas.width / SVGCanvas.columnWidth) - 4)
    }
}

/// Where the frame of a panel stands.
struct SVGArea {
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double
    let frame: PlotFrame

    func x(_ value: Double) -> Double { left + frame.across.share(value) * (right - left) }
    func y(_ value: Double) -> Double { bottom - frame.up.share(value) * (bottom - top) }
}

extension Plot {
    /// The plot as an SVG file.
    ///
    /// Text stays text. Colours are those of ``theme``; `theme` goes before it, for programs that know no
    /// preference.
    public func svg(theme: Theme? = nil) -> String {
        SVGPlot(self, isInPage: false).svg(theme: theme) + "\n"
    }

    /// Whether it needs the width of a file in a page, too: a matrix of many classes.
    var isWide: Bool {
        panels.contains { panel in
            guard case .matrix(let matrix) = panel.content else { return false }
            return matrix.labels.count >= SVGPlot.manyClasses
        }
    }

    /// The plot as an element of a page, in whose colours it is drawn.
    var svgInPage: String { SVGPlot(self, isInPage: true).svg(theme: .auto) }
}
