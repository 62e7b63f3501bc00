import FettleCore
import Testing

struct NumberTextTests {
    @Test func countsHaveSeparatorsAndUnits() {
        #expect(
            [0, 999, 1000, 12_910, 1_234_567, -1000].map { NumberText.count($0) }
                == ["0", "999", "1,000", "12,910", "1,234,567", "-1,000"]
        )
        #expect(NumberText.count(Int.min) == "-9,223,372,036,854,775,808")
        #expect(NumberText.count(1, "row") == "1 row")
        #expect(NumberText.count(0, "row") == "0 rows")
        #expect(NumberText.count(2000, "class", plural: "classes") == "2,000 classes")
    }

    @Test func decimalsAreRounded() {
        #expect(NumberText.decimal(0.5, digits: 0) == "1")
        #expect(NumberText.decimal(1234.567, digits: 2) == "1,234.57")
        #expect(NumberText.decimal(-0.04, digits: 1) == "0.0")
        #expect(NumberText.decimal(-0.06, digits: 1) == "-0.1")
        #expect(NumberText.decimal(1e300, digits: 2) == "1e+300")
        #expect(NumberText.decimal(.nan, digits: 2) == "–")
        #expect(NumberText.decimal(.infinity, digits: 2) == "–")
    }

    @Test func fractionsArePercentages() {
        #expect(NumberText.percent(0.63119) == "63.1 %")
        #expect(NumberText.percent(1) == "100.0 %")
        #expect(NumberText.percent(0.5, digits: 0) == "50 %")
        #expect(NumberText.points(0.011) == "+1.1 points")
        #expect(NumberText.points(-0.14) == "-14.0 points")
        #expect(NumberText.multiple(4) == "4.0×")
    }

    @Test(arguments: [
        (1.0, "p = 1.00"), (0.2149, "p = 0.21"), (0.0999, "p = 0.10"), (0.099, "p = 0.099"),
        (0.05, "p = 0.050"), (0.0496, "p = 0.0496"), (0.049999, "p = 0.049999"),
        (0.004, "p = 0.004"), (0.00099, "p < 0.001"), (0, "p < 0.001"), (.nan, "p = –"),
    ])
    func pValuesShowTheirSideOfFivePercent(p: Double, text: String) {
        #expect(NumberText.pValue(p) == text)
    }

    @Test(arguments: [
        (0.0, "0 ms"), (0.0123, "12 ms"), (0.8, "0.8 s"), (9.94, "9.9 s"), (9.96, "10 s"),
        (59.6, "1 min 00 s"), (125, "2 min 05 s"), (3600, "1 h 00 min"), (3720, "1 h 02 min"),
        (-1, "0 ms"), (.infinity, "–"),
    ])
    func durationsHaveTheUnitThatSuitsThem(seconds: Double, text: String) {
        #expect(NumberText.duration(seconds: seconds) == text)
    }

    @Test func clocksHaveHoursWhenThereAreAny() {
        #expect(NumberText.clock(seconds: 4) == "0:04")
        #expect(NumberText.clock(seconds: 750) == "12:30")
        #expect(NumberText.clock(seconds: 3729) == "1:02:09")
        #expect(NumberText.clock(seconds: .nan) == "–")
    }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1_230_000, "1.2 MB"),
        (560_000_000, "560 MB"), (999_600_000, "1.0 GB"), (Int.max, "9.2 EB"),
    ])
    func sizesAreDecimal(bytes: Int, text: String) {
        #expect(NumberText.bytes(bytes) == text)
    }
}
