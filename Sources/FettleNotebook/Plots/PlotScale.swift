import FettleCore

/// A stretch of numbers with round ticks.
struct PlotScale: Hashable {
    private(set) var low: Double
    private(set) var high: Double
    private(set) var ticks: [Double] = []
    private let isShare: Bool
    private var step = 1.0

    /// Beyond this a difference of two numbers is not finite.
    private static let limit = 1e300

    /// Makes a scale that holds the finite ones of some values; about `steps` ticks, the outer ones at its ends
    /// when `isRounded` and the axis does not say them.
    init(_ values: [Double], _ axis: Plot.Axis, steps: Int, isRounded: Bool) {
        isShare = axis.isShare
        let finite = values.filter(\.isFinite)
        low = max(-Self.limit, axis.low ?? finite.min() ?? 0)
        high = min(Self.limit, axis.high ?? finite.max() ?? 1)
        if axis.holdsZero { (low, high) = (min(0, low), max(0, high)) }
        if high <= low {
            let spread = max(abs(low) * 1e-6, isShare ? 0.1 : 1)
            high = low + spread
        }
        let rough = (high - low) / Double(max(1, steps))
        let power = Self.power(ofTenBelow: rough)
        // Quarters of a whole are round, too.
        let isQuarter = isShare && abs(power - 0.1) < 1e-9
        step =
            (isQuarter ? [1, 2, 2.5, 5, 10] : [1, 2, 5, 10]).map { $0 * power }.first {
                $0 >= rough * 0.999
            } ?? rough
        if isRounded {
            if axis.low == nil { low = (low / step + 1e-9).rounded(.down) * step }
            if axis.high == nil { high = (high / step - 1e-9).rounded(.up) * step }
        }
        var tick = (low / step - 1e-9).rounded(.up) * step
        while tick <= high + step * 1e-9, ticks.count <= 2 * steps + 2 {
            // What is left of a sum that should be 0 would show as such.
            ticks.append(abs(tick) < step * 1e-9 ? 0 : tick)
            tick += step
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
        value.isFinite ? min(1, max(0, (value - low) / (high - low))) : 0
    }

    /// Returns how many rows of characters, about `count`, put every tick on a row of its own and equally far
    /// from its neighbours; `count` where the ticks do not reach both ends.
    func rows(about count: Int) -> Int {
        guard ticks.count > 1, let first = ticks.first, let last = ticks.last,
            share(first) < 1e-6, share(last) > 1 - 1e-6
        else { return count }
        let steps = Double(ticks.count - 1)
        return Int(steps * max(1, (Double(count - 1) / steps).rounded())) + 1
    }

    /// Returns a tick's number with the decimals that its neighbours need.
    func text(_ value: Double) -> String {
        let (shown, size) = isShare ? (value * 100, step * 100) : (value, step)
        guard abs(shown) < 1e9 else { return "\(shown)" }
        var digits = 0
        var scaled = size
        while digits < 6, abs(scaled - scaled.rounded()) > 1e-6 || scaled < 0.999_999 {
            scaled *= 10
            digits += 1
        }
        return NumberText.decimal(shown, digits: digits) + (isShare ? " %" : "")
    }
}

/// The scales of a frame of series.
struct PlotFrame: Hashable {
    let across: PlotScale
    let up: PlotScale

    /// Makes the scales; nil when no point can be drawn.
    init?(_ panel: Plot.Panel, _ series: [Plot.Series], steps: (across: Int, up: Int)) {
        var places: [Double] = []
        var heights: [Double] = []
        for one in series {
            for point in one.points where point.isDrawable {
                let half = one.style == .columns ? one.width / 2 : 0
                places += [point.x - half, point.x + half]
                heights.append(point.y)
                heights += [point.low, point.high].compactMap(\.self).filter(\.isFinite)
            }
        }
        guard !places.isEmpty else { return nil }
        across = PlotScale(places, panel.x, steps: steps.across, isRounded: false)
        up = PlotScale(heights, panel.y, steps: steps.up, isRounded: true)
    }
}

extension Plot.Series.Point {
    /// Whether it has a place.
    var isDrawable: Bool { x.isFinite && y.isFinite }

    /// The ends of its interval, the lower first; nil without one.
    var ends: (low: Double, high: Double)? {
        guard let low, let high, low.isFinite, high.isFinite else { return nil }
        return (min(low, high), max(low, high))
    }
}

extension Plot.Series {
    /// The points that have a place.
    var drawable: [Point] { points.filter(\.isDrawable) }
}
