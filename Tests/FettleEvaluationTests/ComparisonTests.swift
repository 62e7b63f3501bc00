import FettleCore
import FettleEvaluation
import Testing

struct ComparisonTests {
    /// Rows: `both` right, then only the first, only the second, then neither.
    private func models(both: Int, first: Int, second: Int, neither: Int) -> [ComparedModel] {
        func rows(_ counts: [(Bool, Int)]) -> [Bool] {
            counts.flatMap { Array(repeating: $0.0, count: $0.1) }
        }
        let a = rows([(true, both), (true, first), (false, second), (false, neither)])
        let b = rows([(true, both), (false, first), (true, second), (false, neither)])
        return [
            ComparedModel(name: "a", correct: a, trainingExamples: 1000, seconds: 0.5),
            ComparedModel(name: "b", correct: b, trainingExamples: 4000, seconds: 2),
        ]
    }

    @Test func pValuesEqualSciPys() throws {
        for item in try ReferenceFile.read().mcnemar {
            let test = McNemar(onlyFirstRight: item.first, onlySecondRight: item.second)
            #expect(isClose(test.p, item.p), "\(item.first), \(item.second)")
            if item.p > 1e-300 {
                #expect((test.p / item.p - 1).magnitude < 1e-9, "\(item.first), \(item.second)")
            }
        }
    }

    @Test func rowsAreCountedFromRightsAndWrongs() {
        let test = McNemar([true, true, false, false, true], [true, false, true, false, false])
        #expect(test.onlyFirstRight == 2)
        #expect(test.onlySecondRight == 1)
        #expect(test.p == 1)
    }

    @Test(arguments: [
        (
            930, 90, 107, 489,
            "63.1 % → 64.2 % exact (+1.1 points) for 4.0× the training time: not shown to be better, "
                + "p = 0.25, exact McNemar on 1,616 rows; about 7,100 more test rows would be needed"
        ),
        (
            60, 2, 20, 18,
            "62.0 % → 80.0 % exact (+18.0 points) for 4.0× the training time: better, p < 0.001, "
                + "exact McNemar on 100 rows"
        ),
        (
            60, 20, 6, 14,
            "80.0 % → 66.0 % exact (-14.0 points) for 4.0× the training time: worse, p = 0.009, "
                + "exact McNemar on 100 rows"
        ),
        (
            60, 5, 4, 31,
            "65.0 % → 64.0 % exact (-1.0 points) for 4.0× the training time: not shown to be worse, "
                + "p = 1.00, exact McNemar on 100 rows; about 7,000 more test rows would be needed"
        ),
        (
            1, 0, 0, 0,
            "100.0 % → 100.0 % exact (+0.0 points) for 4.0× the training time: no difference shown, "
                + "p = 1.00, exact McNemar on 1 row"
        ),
    ])
    func verdictIsOneSentence(
        both: Int,
        first: Int,
        second: Int,
        neither: Int,
        verdict: String
    ) throws {
        let comparison = try Comparison(
            dataset: "d",
            models: models(both: both, first: first, second: second, neither: neither)
        )
        #expect(comparison.pairs.map(\.verdict) == [verdict])
    }

    @Test func jsonHasEveryFigure() throws {
        let comparison = try Comparison(
            dataset: "d",
            models: models(both: 1, first: 0, second: 1, neither: 2)
        )
        let pair = """
            "mcnemar_p": 1, "only_first_right": 0, "only_second_right": 1, "verdict": \
            "25.0 % → 50.0 % exact (+25.0 points) for 4.0× the training time: not shown to be better, \
            p = 1.00, exact McNemar on 4 rows; about 25 more test rows would be needed"
            """
        let more = """
            "holm_p": 1, "difference": 0.25, "difference_low": 0, "difference_high": 0.75, \
            "smallest_difference": 0.9979617435138434, "more_rows": 25
            """
        #expect(
            comparison.json.text() == """
                {"dataset": "d", "rows": 4, "models": [\
                {"model": "a", "accuracy": 0.25, "accuracy_low": 0.045587260809700575, \
                "accuracy_high": 0.6993581574175981, "accuracy_multiple": 1, "training_examples": 1000, \
                "training_examples_multiple": 1, "seconds": 0.5, "seconds_multiple": 1}, \
                {"model": "b", "accuracy": 0.5, "accuracy_low": 0.15003898915214947, \
                "accuracy_high": 0.8499610108478506, "accuracy_multiple": 2, "training_examples": 4000, \
                "training_examples_multiple": 4, "seconds": 2, "seconds_multiple": 4}], \
                \(pair), "pairs": [{"first": "a", "second": "b", \(pair), \(more)}]}
                """
        )
    }

    @Test func everyModelIsTestedAgainstTheFirst() throws {
        let two = models(both: 5, first: 1, second: 2, neither: 0)
        let third = ComparedModel(
            name: "c",
            correct: two[0].correct,
            trainingExamples: nil,
            seconds: nil
        )
        let comparison = try Comparison(dataset: "d", models: two + [third])
        #expect(comparison.pairs.map(\.second) == ["b", "c"])
        #expect(comparison.pairs.map(\.first) == ["a", "a"])
        #expect(comparison.models[2].trainingExamplesMultiple == nil)
        #expect(comparison.pairs[1].test.p == 1)
    }

    @Test func oneModelIsRefused() {
        let one = Array(models(both: 1, first: 0, second: 0, neither: 0).prefix(1))
        let error = #expect(throws: Diagnostic.self) {
            try Comparison(dataset: "d", models: one)
        }
        #expect(error?.code == "nothing-to-compare")
        #expect(error?.message == "1 model given, expected at least 2")
    }

    @Test func differentRowsAreRefused() {
        var two = models(both: 3, first: 0, second: 0, neither: 0)
        two[1] = ComparedModel(name: "b", correct: [true], trainingExamples: nil, seconds: nil)
        let error = #expect(throws: Diagnostic.self) {
            try Comparison(dataset: "d", models: two)
        }
        #expect(error?.code == "rows-differ")
        #expect(error?.message == "'b' was judged on 1 row, 'a' on 3")
    }

    @Test func noRowsAreRefused() {
        let error = #expect(throws: Diagnostic.self) {
            try Comparison(
                dataset: "d",
                models: models(both: 0, first: 0, second: 0, neither: 0)
            )
        }
        #expect(error?.code == "no-rows")
    }
}
