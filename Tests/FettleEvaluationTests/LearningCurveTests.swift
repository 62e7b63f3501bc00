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

    @Test func figuresStayInTheMetricsRange() throws {
        let figures = [0.5, 0.5, 1.0, 0.9]
        let points = zip([4, 20, 60, 100], figures).map { rows, value in
            LearningCurve.Point(rows: rows, Estimate(value, interval: max(0, value - 0.3)...1))
        }
        for chosen in [Array(points.prefix(3)), Array(points.suffix(3)), points] {
            let curve = try #require(LearningCurve(of: Accuracy.self, chosen))
            for rows in [10, 200, 100_000] {
                let forecast = curve.forecast(rows: rows)
                let ends = try #require(forecast.interval)
                #expect((0...1).contains(forecast.value))
                #expect(ends.lowerBound >= 0 && ends.upperBound <= 1)
            }
        }
        let falling = try #require(
            LearningCurve(of: Accuracy.self, Self.points([10, 20, 40], interval: 0.1) { 1 / $0 })
        )
        #expect(!falling.isRisingWithRows)
    }

    /// Points off the curve by more than their intervals widen the forecast.
    @Test func scatterWidensTheForecast() throws {
        func width(_ bend: Double) throws -> Double {
            let points = [100, 400, 1600, 6400].enumerated().map { place, rows in
                let value = 1 - pow(Double(rows), -0.3) * (place % 2 == 0 ? 1 + bend : 1 - bend)
                return LearningCurve.Point(
                    rows: rows,
                    Estimate(value, interval: value - 0.002...value + 0.002)
                )
            }
            let curve = try #require(LearningCurve(of: Accuracy.self, points))
            let ends = try #require(curve.forecast(rows: 12_800).interval)
            return ends.upperBound - ends.lowerBound
        }
        #expect(try width(0.2) > 3 * width(0))
    }

    @Test func tooLittleGivesNone() {
        let two = Self.points([100, 200, 200], interval: nil) { _ in 0.5 }
        #expect(LearningCurve(of: Accuracy.self, two) == nil)
        let broken = Self.points([100, 200, 300], interval: nil) { $0 == 200 ? .nan : 0.5 }
        #expect(LearningCurve(of: Accuracy.self, broken) == nil)
    }
}
