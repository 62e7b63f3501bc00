import FettleCore

extension CurveChart {
    private static let panelHeight = 150.0
    private static let left = 46.0

    /// Returns the chart as SVG; `isInPage` when it stands inside a page of HTML.
    func svg(isInPage: Bool) -> String {
        let label = panels.map(\.title).joined(separator: ", ") + " by " + axis
        var drawing = Drawing(label: label, isInPage: isInPage)
        let places = panels.flatMap(\.series).flatMap(\.points).map(\.x).filter(\.isFinite)
        let across = Scale(places, isZeroBased: false, steps: 4)
        var top = 4.0
        // A curve has the same colour in every frame.
        var names: [String] = []
        for series in panels.flatMap(\.series) where !names.contains(series.name) {
            names.append(series.name)
        }
        for panel in panels {
            drawing.text(panel.title, x: 0, y: top + 12, bold: true)
            top += 24
            draw(panel, &drawing, top, across, names)
            top += Self.panelHeight + 20
            // The key stands under the frame, as many names to a line as fit.
            var x = Self.left
            for series in panel.series {
                let name = DisplayWidth.fit(Sanitizer.line(series.name), to: 40)
                let width = 32 + Double(DisplayWidth.of(name)) * Drawing.columnWidth
                if x > Self.left, x + width > Drawing.width {
                    x = Self.left
                    top += 17
                }
                drawing.curve(
                    [(x, top + 8), (x + 18, top + 8)],
                    number: names.firstIndex(of: series.name) ?? 0
                )
                drawing.text(name, x: x + 24, y: top + 12)
                x += width + 10
            }
            top += 26
        }
        drawing.height = top
        return drawing.svg
    }

    private func draw(
        _ panel: Panel,
        _ drawing: inout Drawing,
        _ top: Double,
        _ across: Scale,
        _ names: [String]
    ) {
        let heights = panel.series.flatMap(\.points).map(\.y).filter(\.isFinite)
        let up = Scale(heights, isZeroBased: true, steps: 4)
        let bottom = top + Self.panelHeight
        let right = Drawing.width - 12
        for tick in up.ticks {
            let y = bottom - up.share(tick) * Self.panelHeight
            drawing.rule(Self.left, y, right, y)
            drawing.text(up.text(tick), x: Self.left - 6, y: y + 4, .end, faint: true)
        }
        for tick in across.ticks {
            let x = Self.left + across.share(tick) * (right - Self.left)
            drawing.text(across.text(tick), x: x, y: bottom + 15, .middle, faint: true)
        }
        drawing.text(axis, x: 0, y: bottom + 15, faint: true)
        for series in panel.series {
            let points = series.points.filter { $0.x.isFinite && $0.y.isFinite }.map { point in
                (
                    x: Self.left + across.share(point.x) * (right - Self.left),
                    y: bottom - up.share(point.y) * Self.panelHeight
                )
            }
            drawing.curve(points, number: names.firstIndex(of: series.name) ?? 0)
        }
    }
}

/// A stretch of numbers with round ticks.
private struct Scale {
    private(set) var low: Double
    private(set) var high: Double
    private(set) var ticks: [Double] = []
    private var step = 1.0

    /// Makes a scale that holds the values; one from 0 when `isZeroBased` and none is below.
    init(_ values: [Double], isZeroBased: Bool, steps: Int) {
        low = values.min() ?? 0
        high = values.max() ?? 1
        // Beyond this a difference of two of them is not finite.
        let limit = 1e300
        (low, high) = (max(-limit, low), min(limit, high))
        if isZeroBased { low = min(0, low) }
        if high <= low { high = low + max(1, abs(low) * 1e-6) }
        let rough = (high - low) / Double(steps)
        let power = Self.power(ofTenBelow: rough)
        step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? rough
        var tick = (low / step).rounded(.up) * step
        while tick <= high + step * 1e-9, ticks.count <= 2 * steps {
            ticks.append(tick)
            tick += step
        }
        if isZeroBased, let last = ticks.last, last < high {
            high = last + step
            ticks.append(high)
        }
    }

    private static func power(ofTenBelow value: Double) -> Double {
        var power = 1.0
        while power * 10 <= value { power *= 10 }
        while power > value, power > 1e-300 { power /= 10 }
        return power
    }

    /// Returns how far up the scale a value is, from 0 to 1.
    func share(_ value: Double) -> Double {
        min(1, max(0, (value - low) / (high - low)))
    }

    /// Returns a tick's number with the decimals that its neighbours need.
    func text(_ value: Double) -> String {
        if abs(value) >= 1e9 { return "\(value)" }
        var digits = 0
        var scaled = step
        while digits < 6, scaled < 0.999_999 {
            scaled *= 10
            digits += 1
        }
        return NumberText.decimal(value, digits: digits)
    }
}
