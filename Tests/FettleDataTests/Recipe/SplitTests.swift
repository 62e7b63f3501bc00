import FettleCore
import Testing

@testable import FettleData

struct SplitTests {
    private let parts = [
        Split.Part("train", 0.8), Split.Part("validation", 0.1), Split.Part("test", 0.1),
    ]

    private func frame(rows: Int, distinct: Int, seed: UInt64) -> Frame {
        var generator = SeededGenerator(seed: seed)
        let texts = (0..<rows).map { _ in "review \(generator.below(distinct))" }
        let stars = (0..<rows).map { _ in Int64(1 + generator.below(5)) }
        return Frame(columns: [
            .init("text", TestFrames.text(texts)), .init("stars", Column(integers: stars)),
        ])
    }

    @Test(arguments: [
        (10, [8, 1, 1]), (12_910, [10_328, 1291, 1291]), (15, [12, 2, 1]), (11, [9, 1, 1]),
    ])
    func sizesAreTheLargestRemainders(rows: Int, sizes: [Int]) {
        #expect(Apportionment.sizes(of: rows, shares: [0.8, 0.1, 0.1]) == sizes)
    }

    @Test func partsAreAPartitionInTheOrderOfTheRowsWithExactSizes() throws {
        for seed in 0..<20 as Range<UInt64> {
            let frame = frame(rows: 50 + Int(seed) * 37, distinct: 1_000_000, seed: seed)
            for column in [nil, "stars"] {
                let split = try Split(parts, stratifyBy: column, keepsTogether: false, seed: seed)
                let (made, report) = try split.apply(to: frame)
                #expect(made.flatMap(\.rows).sorted() == frame.rows)
                #expect(made.allSatisfy { $0.rows == $0.rows.sorted() })
                let sizes = Apportionment.sizes(of: frame.count, shares: parts.map(\.fraction))
                #expect(made.map(\.count) == sizes)
                #expect(report.parts.map(\.rows) == sizes)
                #expect(try split.apply(to: frame).parts.map(\.rows) == made.map(\.rows))
            }
        }
    }

    @Test func theSameSeedGivesTheSamePartsForEver() throws {
        let frame = Frame(columns: [
            .init("k", Column(integers: (0..<40).map { $0 * 7 % 23 })),
            .init("c", Column(integers: (0..<40).map { $0 % 3 })),
        ])
        let split = try Split(
            [.init("train", 60), .init("validation", 20), .init("test", 20)],
            stratifyBy: "c",
            key: .columns(["k"]),
            seed: 3
        )
        let (parts, report) = try split.apply(to: frame)
        #expect(
            parts.map(\.rows) == [
                [
                    0, 1, 2, 4, 7, 8, 9, 10, 11, 12, 15, 19, 20, 23, 24, 25, 27, 30, 31, 32, 33,
                    34, 35, 38,
                ],
                [3, 5, 13, 18, 22, 26, 28, 36],
                [6, 14, 16, 17, 21, 29, 37, 39],
            ]
        )
        #expect(report.parts.map(\.classCounts) == [[8, 8, 8], [3, 3, 2], [3, 2, 3]])
    }

    @Test func equalKeysStayInOnePart() throws {
        for seed in 0..<20 as Range<UInt64> {
            let frame = frame(rows: 600, distinct: 200, seed: seed)
            let key = RowKey.columns(["text"])
            let split = try Split(parts, stratifyBy: "stars", key: key, seed: seed)
            let (made, report) = try split.apply(to: frame)
            #expect(made.flatMap(\.rows).sorted() == frame.rows)
            #expect(report.leakedKeys == 0 && report.leakedRows == 0)
            for (first, second) in [(0, 1), (0, 2), (1, 2)] {
                let leaks = try LeakReport(between: made[first], and: made[second], key: key)
                #expect(leaks.sharedKeys == 0)
            }
            #expect(abs(made[0].count - 480) <= 15, "\(made.map(\.count))")
        }
    }

    @Test func aGroupedSplitOfFewRepeatsHasExactSizes() throws {
        let frame = frame(rows: 1000, distinct: 8000, seed: 5)
        let split = try Split(parts, key: .columns(["text"]), seed: 3)
        #expect(try split.apply(to: frame).parts.map(\.count) == [800, 100, 100])
    }

    @Test func leaksAreCountedWhenEqualKeysMayPart() throws {
        let frame = frame(rows: 600, distinct: 200, seed: 1)
        let key = RowKey.columns(["text"])
        let split = try Split(
            [.init("a", 50), .init("b", 50)],
            key: key,
            keepsTogether: false,
            seed: 1
        )
        let (made, report) = try split.apply(to: frame)
        let leaks = try LeakReport(between: made[0], and: made[1], key: key)
        #expect(report.leakedKeys == leaks.sharedKeys && report.leakedRows == leaks.rowsInSecond)
        #expect(report.leakedKeys > 0)
    }

    @Test func stratifiedPartsHaveTheClassesInTheSameShares() throws {
        let labels: [Int64] = (0..<1000).map { row in row % 10 == 0 ? 1 : Int64(row % 3 + 2) }
        let frame = Frame(columns: [
            .init("n", Column(integers: Array(0..<1000))), .init("label", Column(integers: labels)),
        ])
        let report = try Split(parts, stratifyBy: "label", seed: 2).apply(to: frame).report
        #expect(report.classes == ["1", "2", "3", "4"])
        #expect(report.parts.allSatisfy { $0.classCounts.count == 4 })
        let all = (0..<4).map { label in report.parts.reduce(0) { $0 + $1.classCounts[label] } }
        for part in report.parts {
            for (count, whole) in zip(part.classCounts, all) {
                let share = Double(whole) * Double(part.rows) / 1000
                #expect(abs(Double(count) - share) <= 1)
            }
        }
        #expect(report.lostClasses.isEmpty)
    }

    @Test func aClassTooRareForAPartIsReported() throws {
        let labels = (0..<20).map { $0 == 7 ? "rare" : "common" }
        let frame = Frame(columns: [
            .init("n", Column(integers: Array(0..<20))), .init("label", TestFrames.text(labels)),
        ])
        let split = try Split([.init("a", 0.5), .init("b", 0.5)], stratifyBy: "label", seed: 1)
        let report = try split.apply(to: frame).report
        #expect(report.classes == ["common", "rare"])
        #expect(report.lostClasses.count == 1 && report.lostClasses[0].label == "rare")
    }

    @Test func summaryIsACommandLine() throws {
        let split = try Split(
            [.init("train", 80), .init("test", 20)],
            stratifyBy: "stars",
            key: .template(PromptTemplate("{{title}}")),
            seed: 7
        )
        #expect(split.summary == "split train=0.8 test=0.2 by=stars seed=7 prompt='{{title}}'")
    }

    @Test(
        arguments: [
            ([("train", 0.8), ("test", 0.1)], "the parts sum to 0.9, expected 1 or 100"),
            ([("train", 0.5), ("train", 0.5)], "part 'train' is named twice"),
            (
                [("train", 1.0), ("test", 0.0)],
                "part 'test' has the share 0, which is not more than 0"
            ),
            (
                [("train", 1.5), ("test", -0.5)],
                "part 'test' has the share -0.5, which is not more than 0"
            ),
            ([], "the parts sum to 0, expected 1 or 100"),
        ] as [([(String, Double)], String)]
    )
    func sharesMustMakeAWhole(parts: [(String, Double)], message: String) {
        let error = #expect(throws: Diagnostic.self) {
            try Split(parts.map { Split.Part($0.0, $0.1) }, seed: 1)
        }
        #expect(error?.code == "bad-split" && error?.message == message)
    }

    @Test func aPartWithoutRowsIsAnError() throws {
        let split = try Split(parts, seed: 1)
        let error = #expect(throws: Diagnostic.self) {
            try split.apply(to: TestFrames.reviews.showing([0, 1, 2]))
        }
        #expect(error?.message == "part 'validation' would have no row of 3")
    }
}
