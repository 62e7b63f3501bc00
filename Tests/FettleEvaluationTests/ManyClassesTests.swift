import FettleCore
import FettleEvaluation
import Testing

struct ManyClassesTests {
    @Test func twoThousandClassesAreJudged() throws {
        let labels = (1...2000).map { "class \($0)" }
        let truth = [labels[0], labels[0], labels[1999], labels[7]]
        var logprobs = [Double](repeating: -8, count: 4 * 2000)
        for (row, label) in [0, 1, 1999, 8].enumerated() { logprobs[row * 2000 + label] = -0.5 }
        let scores = try Scores(labels: labels, truth: truth, logprobs: logprobs)
        var options = EvaluationReport.Options()
        options.metrics = Metrics.all
        let report = try EvaluationReport(
            model: "m",
            dataset: "d",
            scores: scores,
            seconds: 0,
            options: options
        )
        #expect(report["accuracy"]?.value == 0.5)
        #expect(report["balanced_accuracy"]?.value == 0.5)
        #expect(report.labels.count == 5)
    }

    @Test func aWideMatrixHasOnlyItsCells() throws {
        let labels = (0..<300).map { "\($0)" }
        var truth = labels
        truth[7] = "8"
        var logprobs = [Double](repeating: -8, count: 300 * 300)
        for row in 0..<300 { logprobs[row * 300 + row] = -0.5 }
        let scores = try Scores(labels: labels, truth: truth, logprobs: logprobs)
        let report = try EvaluationReport(model: "m", dataset: "d", scores: scores, seconds: 0)
        #expect(report.confusion.json["matrix"] == nil)
        guard case .array(let cells)? = report.confusion.json["cells"] else {
            Issue.record("no cells")
            return
        }
        #expect(cells.count == 300)
        #expect(
            cells.prefix(9).map { $0.text() }.suffix(3) == ["[6, 6, 1]", "[8, 7, 1]", "[8, 8, 1]"]
        )
        #expect(report.perClass[8].support == 2)
        #expect(report.perClass[7].precision == 0)
    }
}
