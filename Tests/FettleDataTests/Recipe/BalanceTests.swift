import FettleCore
import Testing

@testable import FettleData

struct BalanceTests {
    private func counts(_ frame: Frame) -> [String: Int] {
        (0..<frame.count).reduce(into: [:]) {
            $0[frame.cell(0, at: $1).displayText, default: 0] += 1
        }
    }

    private func frame(_ sizes: [Int]) -> Frame {
        let labels = sizes.enumerated().flatMap {
            Array(repeating: Int64($0.offset), count: $0.element)
        }
        let frame = Frame(columns: [.init("label", Column(integers: labels))])
        var rows = frame.rows
        var generator = SeededGenerator(seed: 9)
        generator.shuffle(&rows)
        return frame.showing(rows)
    }

    @Test func everyClassGetsTheSameNumberOfRows() throws {
        var generator = SeededGenerator(seed: 4)
        for seed in 0..<30 as Range<UInt64> {
            let sizes = (0..<(1 + generator.below(6))).map { _ in 1 + generator.below(40) }
            let frame = frame(sizes)
            let target = 1 + generator.below(60)
            let modes: [(Balance.Mode, Int)] = [
                (.under, sizes.min() ?? 0), (.over, sizes.max() ?? 0), (.target(target), target),
            ]
            for (mode, wanted) in modes {
                let balanced = try Balance(by: "label", mode, seed: seed).apply(to: frame)
                #expect(counts(balanced).values.allSatisfy { $0 == wanted })
                #expect(counts(balanced).count == sizes.count)
                let again = try Balance(by: "label", mode, seed: seed).apply(to: frame)
                #expect(again.rows == balanced.rows)
                if mode == .over { #expect(Set(balanced.rows) == Set(frame.rows)) }
                if mode == .under { #expect(Set(balanced.rows).count == balanced.count) }
            }
        }
    }

    @Test func repeatsGoEvenlyRoundAClass() throws {
        let balanced = try Balance(by: "label", .over, seed: 1).apply(to: frame([3, 11]))
        let repeats = balanced.rows.filter { $0 < 3 }.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        #expect(repeats.values.sorted() == [3, 4, 4])
    }

    @Test func rowsWithoutALabelAreAnError() {
        let error = #expect(throws: Diagnostic.self) {
            try Balance(by: "score", .under, seed: 1).apply(to: TestFrames.reviews)
        }
        #expect(error?.message == "column 'score' is null or missing in 2 rows")
        #expect(
            error?.hints == ["take them out first: where not (is_null(score) or is_missing(score))"]
        )
    }
}
