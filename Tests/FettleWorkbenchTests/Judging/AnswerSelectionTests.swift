import FettleCore
import FettleEvaluation
import FettleStore
import Foundation
import Testing

@testable import FettleWorkbench

struct AnswerSelectionTests {
    /// Answers of a model of three labels to five rows, of which the third of the dataset has no completion.
    private static func scored() throws -> Judge.Scored {
        let rows = [
            [0.7, 0.2, 0.1], [0.45, 0.4, 0.15], [0.1, 0.8, 0.1], [0.3, 0.3, 0.4],
            [0.98, 0.01, 0.01],
        ]
        return Judge.Scored(
            model: ModelRecord(
                id: "ngram:ft-personal-2026-01-01-00-00-00",
                name: "mine",
                base: "ngram",
                parent: nil,
                file: "mine.model",
                format: try Samples.format,
                settings: [],
                dataset: "reviews.train",
                datasetFingerprint: "",
                labelCount: 3,
                examplesSeen: 0,
                trainingMilliseconds: 0,
                createdAt: 0
            ),
            scores: try Scores(
                labels: [" 1", " 2", " 3"],
                truth: [" 1", " 2", " 1", " 3", " 4"],
                logprobs: rows.flatMap { $0.map { log($0) } }
            ),
            rows: [0, 1, 3, 4, 5],
            skippedRows: 1,
            seconds: nil
        )
    }

    private func positions(_ selection: AnswerSelection) throws -> [Int] {
        try selection.rows(of: Self.scored()).map(\.position)
    }

    @Test func rowsHaveAnswerTruthAndTheirProbabilities() throws {
        let rows = try Self.scored().answeredRows
        #expect(rows.map(\.position) == [0, 1, 3, 4, 5])
        #expect(rows.map(\.truth) == [" 1", " 2", " 1", " 3", " 4"])
        #expect(rows.map(\.prediction) == [" 1", " 1", " 2", " 3", " 1"])
        #expect(rows.map { ($0.probability * 100).rounded() } == [70, 45, 80, 40, 98])
        #expect(rows.map { ($0.truthProbability * 100).rounded() } == [70, 40, 10, 40, 0])
        #expect(rows.map { ($0.margin * 100).rounded() } == [50, 5, 70, 10, 97])
        #expect(rows.map(\.isCorrect) == [true, false, false, true, false])
    }

    @Test func wrongRowsComeTheSurestFirst() throws {
        #expect(try positions(AnswerSelection()) == [5, 3, 1])
        #expect(try positions(AnswerSelection(order: .row)) == [1, 3, 5])
        #expect(try positions(AnswerSelection(order: .surprise)) == [5, 3, 1])
    }

    @Test func unsureAndSurprisingRowsComeTheMostSoFirst() throws {
        #expect(try positions(AnswerSelection(.unsure)) == [1])
        #expect(try positions(AnswerSelection(.surprising)) == [5, 3])
        #expect(try positions(AnswerSelection(.all, order: .surprise)) == [5, 3, 1, 4, 0])
    }

    @Test func completionsAreChosenWithoutTheirBlanks() throws {
        #expect(try positions(AnswerSelection(truth: "2", prediction: "1")) == [1])
        #expect(try positions(AnswerSelection(.all, prediction: " 1")) == [5, 0, 1])
        #expect(try positions(AnswerSelection(truth: "4")) == [5])
        #expect(try positions(AnswerSelection(truth: "3")) == [])
    }

    @Test func unknownCompletionIsAnError() throws {
        let scored = try Self.scored()
        let error = #expect(throws: Diagnostic.self) {
            try AnswerSelection(prediction: "9").rows(of: scored)
        }
        #expect(error?.code == "unknown-value")
        #expect(error?.message == "'pred' is '9', which is no completion of 'mine' or the rows")
        #expect(error?.hints == ["completions: 1, 2, 3, 4"])
        #expect(error?.parameter == "pred")
    }
}
