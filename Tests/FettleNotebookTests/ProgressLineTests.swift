import FettleNotebook
import Testing

struct ProgressLineTests {
    private let line = ProgressLine(
        done: 12_300,
        total: 29_000,
        unit: "rows",
        elapsed: 0.2,
        extra: "loss 1.02"
    )

    @Test(arguments: [
        (80, "  42 %  12,300/29,000 rows  62,000 rows/s  0:00 left  loss 1.02"),
        (60, "  42 %  12,300/29,000 rows  0:00 left  loss 1.02"),
        (40, "  42 %  0:00 left  loss 1.02"),
        (18, "  42 %  0:00 left"),
        (10, "  42 %"),
        (4, "  4…"),
    ])
    func partsAreLeftOutUntilItFits(width: Int, text: String) {
        #expect(line.text(width: width) == text)
    }

    @Test func withoutATotalTheTimeSinceTheStartIsShown() {
        let line = ProgressLine(done: 1200, total: nil, unit: "rows", elapsed: 65)
        #expect(line.text(width: 80) == "1,200 rows  18 rows/s  1:05")
    }

    @Test func theStartHasNoRate() {
        let line = ProgressLine(done: 0, total: 10, unit: "steps", elapsed: 0)
        #expect(line.text(width: 80) == "   0 %  0/10 steps  0:00")
    }

    @Test func theEndIsAHundredPercentAndNotBefore() {
        var line = ProgressLine(done: 9999, total: 10_000, unit: "rows", elapsed: 10)
        #expect(line.text(width: 80) == "  99 %  9,999/10,000 rows  1,000 rows/s  0:00 left")
        line.done = 10_000
        #expect(line.text(width: 80) == " 100 %  10,000/10,000 rows  1,000 rows/s  0:10")
        line.total = 0
        #expect(line.text(width: 80).hasPrefix(" 100 %"))
    }
}
