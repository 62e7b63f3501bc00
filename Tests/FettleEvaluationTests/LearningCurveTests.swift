import FettleCore
import Foundation
import Testing

@testable import FettleEvaluation

struct LearningCurveTests {
    private static func points(
        _ rows: [Int],
        interval: Double?,
        _ figure: (Double) -> Double
    ) -> [LearningCurve.Point] {
        rows.map { rows in
            let value = figure(Double(rows))
            return .init(
                rows: rows,
                Estimate(value, interval: interval.map { value - $0...value + $0 })
            )
        }
    }

    /// An error that falls exactly as a power of the rows is found again, rising or falling.
    @Test(arguments: [nil, 0.02])
    func anExactPowerIsFound(interval: Double?) throws {
        let rising = try #require(
            LearningCurve(
                of: Accuracy.self,
                Self.points([100, 400, 1600], interval: interval) { 1 - 2 * pow($0, -0.3) }
            )
        )
        #expect(abs(rising.exponent - 0.3) < 1e-12)
        #expect(abs(rising.forecast(rows: 3200).value - (1 - 2 * pow(3200, -0.3))) < 1e-12)
        let falling = try #require(
            LearningCurve(
                of: LogLoss.self,
                Self.points([100, 400, 1600], interval: interval) { 3 * pow($0, -0.1) }
            )
        )
        #expect(abs(falling.exponent - 0.1) < 1e-12)
        #expect(abs(falling.forecast(rows: 50).value - 3 * pow(50, -0.1)) < 1e-12)
    }

    /// Two points fixed and one moved: the line's weights are those of the logarithms' variances.
    @Test func pointsCountByHowSureTheyAre() throws {
        var points = Self.points([100, 1000, 10_000], interval: 0.0001) { 1 - pow($0, -0.5) }
        points[0] = .init(rows: 100, Estimate(0.5, interval: 0.1...0.9))
        let curve = try #require(LearningCurve(of: Accuracy.self, points))
        #expect(abs(curve.exponent - 0.5) < 0.01)
    }

    @Test func anIntervalGrowsWithThatOfThePoints() throws {
        var widths: [Double] = []
        for interval in [0.005, 0.02, 0.08] {
            let curve = try #require(
                LearningCurve(
                    of: Accuracy.self,
                    Self.points([100, 400, 1600], interval: interval) { 1 - 2 * pow($0, -0.3) }
                )
            )
            let forecast = curve.forecast(rows: 3200)
            let ends = try #require(forecast.interval)
            #expect(ends.contains(forecast.value))
            #expect(forecast == curve.forecast(rows: 3200))
            widths.append(ends.upperBound - ends.lowerBound)
        }
        #expect(widths[0] < widths[1])
        #expect(widths[1] < widths[2])
    }

    @Test func tooLittleGivesNone() {
        let two = Self.points([100, 200, 200], interval: nil) { _ in 0.5 }
        #expect(LearningCurve(of: Accuracy.self, two) == nil)
        let broken = Self.points([100, 200, 300], interval: nil) { $0 == 200 ? .nan : 0.5 }
        #expect(LearningCurve(of: Accuracy.self, broken) == nil)
    }
}
