import FettleCore
import Foundation

/// How a figure grows with the number of training rows, and what more rows would bring.
///
/// What is left to the metric's best figure is taken to fall as a power of the rows, e(n) = a · n^(−b), and a and
/// b are fitted by least squares to the logarithms, each weighted by how sure it is. Source: C. Cortes and
/// others, "Learning curves: asymptotic values and rate of convergence", NIPS 1993, without its constant term,
/// which so few points do not tell from noise.
public struct LearningCurve: Sendable {
    /// A model tuned on so many rows.
    public struct Point: Hashable, Sendable {
        /// The training rows, at least 1.
        public var rows: Int
        /// The figure reached.
        public var estimate: Estimate

        /// Makes a point.
        public init(rows: Int, _ estimate: Estimate) {
            self.rows = rows
            self.estimate = estimate
        }
    }

    /// The points by their rows.
    public let points: [Point]
    /// The power b by which what is left falls; 0 or less where it does not fall.
    public let exponent: Double

    private let range: ClosedRange<Double>
    private let best: Double
    private let isRising: Bool
    private let factor: Double
    /// How much more the points scatter about the curve than their intervals say, at least 1.
    private let scatter: Double

    private static let draws = 1000
    private static let floor = 1e-6

    /// Fits the curve of a metric; nil where the points or the metric allow none.
    ///
    /// - Parameters:
    ///   - metric: whose figures they are; its best figure must be finite.
    ///   - points: at least 3, of different numbers of rows, their figures finite.
    public init?(of metric: any Metric.Type, _ points: [Point]) {
        let best = metric.higherIsBetter ? metric.range.upperBound : metric.range.lowerBound
        guard best.isFinite, Set(points.map(\.rows)).count >= 3,
            points.allSatisfy({ $0.rows >= 1 && $0.estimate.value.isFinite })
        else { return nil }
        self.points = points.sorted { $0.rows < $1.rows }
        self.best = best
        range = metric.range
        isRising = metric.higherIsBetter
        let line = Self.line(
            self.points,
            self.points.map { abs(best - $0.estimate.value) }
        )
        (factor, exponent) = (line.intercept, -line.slope)
        var squares = 0.0
        for point in self.points where Self.error(of: point) > 0 {
            let left = max(abs(best - point.estimate.value), Self.floor)
            let fitted = line.intercept + line.slope * log(Double(point.rows))
            let distance = (log(left) - fitted) / (Self.error(of: point) / left)
            squares += distance * distance
        }
        scatter = max(1, squares / Double(self.points.count - 2)).squareRoot()
    }

    /// Whether more rows made the figure better.
    public var isRisingWithRows: Bool { exponent > 0 }

    /// Returns the figure to expect of so many rows, with what 95 % of the curves reach that are fitted to
    /// points moved within their intervals.
    ///
    /// The points are moved apart from each other, though they are measured on the same rows, and further where
    /// they scatter more about the curve than their intervals say. No figure leaves the metric's range.
    public func forecast(rows: Int, seed: UInt64 = 1) -> Estimate {
        let value = figure(factor, -exponent, rows)
        var generator = SeededGenerator(seed: seed)
        let figures = (0..<Self.draws).map { _ in
            let moved = points.map { point in
                abs(best - point.estimate.value)
                    + Self.error(of: point) * scatter * Self.normal(&generator)
            }
            let line = Self.line(points, moved)
            return figure(line.intercept, line.slope, rows)
        }.sorted()
        let low = min(value, figures[Int(0.025 * Double(Self.draws))])
        let high = max(value, figures[Int(0.975 * Double(Self.draws)) - 1])
        return Estimate(value, interval: low...high)
    }

    private func figure(_ intercept: Double, _ slope: Double, _ rows: Int) -> Double {
        let left = exp(intercept + slope * log(Double(rows)))
        let value = isRising ? best - left : best + left
        return min(range.upperBound, max(range.lowerBound, value))
    }

    /// The standard error of a point: a quarter of its 95 % interval, or nothing.
    private static func error(of point: Point) -> Double {
        point.estimate.interval.map { ($0.upperBound - $0.lowerBound) / (2 * 1.959963984540054) }
            ?? 0
    }

    /// The line through the logarithms of what is left, each weighted by the inverse of its variance.
    private static func line(
        _ points: [Point],
        _ left: [Double]
    ) -> (intercept: Double, slope: Double) {
        var (sum, x, y, xx, xy) = (0.0, 0.0, 0.0, 0.0, 0.0)
        let isWeighted = points.allSatisfy { error(of: $0) > 0 }
        for (point, left) in zip(points, left) {
            let left = max(left, floor)
            let share = error(of: point) / left
            let weight = isWeighted ? 1 / (share * share) : 1
            let (logRows, logLeft) = (log(Double(point.rows)), log(left))
            sum += weight
            x += weight * logRows
            y += weight * logLeft
            xx += weight * logRows * logRows
            xy += weight * logRows * logLeft
        }
        let slope = (sum * xy - x * y) / (sum * xx - x * x)
        return ((y - slope * x) / sum, slope)
    }

    /// A draw from the standard normal distribution.
    ///
    /// Source: G. Box, M. Muller, "A note on the generation of
    /// random normal deviates" (1958).
    private static func normal(_ generator: inout SeededGenerator) -> Double {
        let (u, v) = (generator.unit(), generator.unit())
        return (-2 * log(1 - u)).squareRoot() * cos(2 * .pi * v)
    }
}
