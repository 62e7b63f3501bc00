import FettleCore
import FettleEvaluation
import Testing

struct EvaluationReportTests {
    @Test func figuresEqualScikitLearnsOnEveryCase() throws {
        let cases = try ReferenceFile.read().scores
        #expect(cases.count == 208)
        for item in cases {
            let report = try EvaluationReport(
                model: "m",
                dataset: "d",
                scores: Scores(labels: item.labels, truth: item.truth, logprobs: item.logprobs),
                seconds: 0,
                binary: item.binary.map { text in try BinaryCondition(parsing: text) }
            )
            let expected = item.expected
            let name = Comment(rawValue: item.name)
            #expect(isClose(report["accuracy"]?.value, expected.accuracy), name)
            let interval = report["accuracy"]?.interval
            #expect(isClose(interval?.lowerBound, expected.accuracy_low), name)
            #expect(isClose(interval?.upperBound, expected.accuracy_high), name)
            #expect(isClose(report["macro_f1"]?.value, expected.macro_f1), name)
            #expect(isClose(report["log_loss"]?.value, expected.log_loss), name)
            #expect(isClose(report["good_or_bad"]?.value, expected.good_or_bad), name)
            #expect(isClose(report["within_one"]?.value, expected.within_one), name)
            let distance = report["mean_absolute_error"]?.value
            #expect(isClose(distance, expected.mean_absolute_error), name)
            #expect(report.labels == expected.confusion.labels, name)
            #expect(report.confusion.counts == expected.confusion.matrix, name)
            #expect(report.perClass.count == expected.per_class.count, name)
            for (found, wanted) in zip(report.perClass, expected.per_class) {
                #expect(found.label == wanted.label, name)
                #expect(isClose(found.precision, wanted.precision), name)
                #expect(isClose(found.recall, wanted.recall), name)
                #expect(isClose(found.f1, wanted.f1), name)
                #expect(found.support == wanted.support, name)
            }
        }
    }

    @Test func jsonHasTheAgreedKeysInOrder() throws {
        let scores = try Scores(
            labels: [" 2", " 10"],
            truth: [" 10", " 2", " 2", " 10"],
            logprobs: [-2, 0, 0, -2, 0, -2, 0, -2]
        )
        let report = try EvaluationReport(
            model: "stars",
            dataset: "reviews.test",
            scores: scores,
            seconds: 1
        )
        let text = report.json.text()
        #expect(
            text == """
                {"model": "stars", "dataset": "reviews.test", "rows": 4, "accuracy": 0.75, \
                "accuracy_low": 0.3006418425824019, "accuracy_high": 0.9544127391902995, \
                "macro_f1": 0.7333333333333334, "log_loss": 0.5000000000000002, \
                "good_or_bad": 0.75, "within_one": 0.75, "mean_absolute_error": 2, \
                "confusion": {"labels": ["2", "10"], "matrix": [[2, 0], [1, 1]]}, \
                "per_class": [{"label": "2", "precision": 0.6666666666666666, "recall": 1, \
                "f1": 0.8, "support": 2}, {"label": "10", "precision": 1, "recall": 0.5, \
                "f1": 0.6666666666666666, "support": 2}]}
                """
        )
    }

    @Test func figuresForNumbersAreNullForWords() throws {
        let scores = try Scores(labels: ["good", "bad"], truth: ["bad"], logprobs: [-1, -0.5])
        let json = try EvaluationReport(model: "m", dataset: "d", scores: scores, seconds: 0).json
        #expect(json["good_or_bad"] == .null)
        #expect(json["within_one"] == .null)
        #expect(json["mean_absolute_error"] == .null)
    }

    @Test func labelsThatDifferOnlyInBlanksKeepThem() throws {
        let scores = try Scores(
            labels: [" 1", "1"],
            truth: [" 1", "1"],
            logprobs: [0, -9, -9, 0]
        )
        let report = try EvaluationReport(model: "m", dataset: "d", scores: scores, seconds: 0)
        #expect(report.labels == [" 1", "1"])
        #expect(report["accuracy"]?.value == 1)
    }

    @Test func aThresholdForWordsIsRefused() throws {
        let scores = try Scores(labels: ["1", "good"], truth: ["1"], logprobs: [0, -1])
        let error = #expect(throws: Diagnostic.self) {
            try EvaluationReport(
                model: "m",
                dataset: "d",
                scores: scores,
                seconds: 0,
                binary: BinaryCondition(.lessOrEqual, 3)
            )
        }
        #expect(error?.code == "not-ordinal")
        #expect(
            error?.message
                == "binary '<= 3' needs labels that are numbers, found the label 'good'"
        )
        #expect(error?.hints == ["leave out binary="])
    }

    @Test func aHundredThousandRowsOfThirtyOneLabelsAreJudged() throws {
        var generator = SeededGenerator(seed: 1)
        let labels = (1...31).map { "category \($0)" }
        let truth = (0..<100_000).map { _ in labels[generator.below(31)] }
        var logprobs = [Double](repeating: -5, count: truth.count * 31)
        for row in truth.indices { logprobs[row * 31 + generator.below(31)] = -0.1 }
        let scores = try Scores(labels: labels, truth: truth, logprobs: logprobs)
        let report = try EvaluationReport(model: "m", dataset: "d", scores: scores, seconds: 0)
        #expect(report.rows == 100_000)
        #expect(report.confusion.counts.reduce(0) { $0 + $1.reduce(0, +) } == 100_000)
    }
}
