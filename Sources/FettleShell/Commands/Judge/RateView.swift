import FettleCore
import FettleEvaluation
import FettleNotebook
import FettleWorkbench

/// Shows how often each of two models was preferred, and whether that is more than chance.
struct RateView {
    private let names: [String]
    private let tally: RatingRound.Tally
    private let test: SignTest
    private let round: RatingRound

    /// Makes a view of what was said so far; `names` are those of the two models.
    init(names: [String], _ round: RatingRound) {
        self.names = names
        self.round = round
        tally = round.tally
        test = SignTest(first: tally.first, second: tally.second)
    }

    var blocks: [OutputBlock] {
        var blocks: [OutputBlock] = [
            .fields([
                .init("\(names[0]) was better", NumberText.count(tally.first, "row")),
                .init("\(names[1]) was better", NumberText.count(tally.second, "row")),
                .init("neither was", NumberText.count(tally.ties, "row")),
                .init("skipped", NumberText.count(tally.skipped, "row")),
                .init("same answer, not asked", NumberText.count(tally.same, "row")),
            ]),
            .text(verdict),
        ]
        if !round.isOver { blocks.append(.note(Self.way(round))) }
        return blocks
    }

    /// What may be concluded, in one sentence.
    private var verdict: String {
        guard test.decided > 0 else {
            return "no row was decided for either, which says nothing about which is better"
        }
        let isFirst = test.first >= test.second
        let most = max(test.first, test.second)
        let share = NumberText.percent(Double(most) / Double(test.decided))
        let decided = NumberText.count(test.decided, "decided row")
        let numbers =
            "\(NumberText.count(most)) of \(decided) (\(share)), \(NumberText.pValue(test.p)), exact sign test"
        let name = isFirst ? names[0] : names[1]
        if test.isClear { return "\(name) is better: preferred in \(numbers)" }
        if test.first == test.second { return "no difference: each was preferred in \(numbers)" }
        return "no clear difference: \(name) was preferred in \(numbers)"
    }

    /// What an unfinished round has, and how it goes on.
    static func way(_ round: RatingRound) -> String {
        "\(NumberText.count(round.tally.asked)) of up to \(NumberText.count(round.count)) rows are rated and stored; "
            + "the same command goes on"
    }

    /// The same as one object.
    var value: JSONValue {
        .object([
            .init("first", .string(names[0])), .init("second", .string(names[1])),
            .init("first_better", .integer(Int64(tally.first))),
            .init("second_better", .integer(Int64(tally.second))),
            .init("neither", .integer(Int64(tally.ties))),
            .init("skipped", .integer(Int64(tally.skipped))),
            .init("same", .integer(Int64(tally.same))),
            .init("p", .number(test.p)),
        ])
    }
}
