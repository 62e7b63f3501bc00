import FettleCore
import Testing

@testable import FettleEngine

struct NgramRefusalTests {
    private func refusal(
        of examples: [Example],
        _ hyperparameters: Hyperparameters = Hyperparameters()
    ) -> Diagnostic? {
        diagnostic {
            _ = try trained(on: examples, hyperparameters)
        }
    }

    private func diagnostic(_ body: () throws -> Void) -> Diagnostic? {
        FettleEngineTests.diagnostic(of: body)
    }

    @Test func noExamples() {
        #expect(
            refusal(of: [])
                == Diagnostic(
                    "no-examples",
                    "there are no examples to train on",
                    hint: "look at the dataset with 'rows': a filter may have left nothing"
                )
        )
    }

    @Test func oneClass() {
        let examples = (0..<5).map { Example(prompt: "\($0)", completion: " 5") }
        #expect(
            refusal(of: examples)
                == Diagnostic(
                    "one-class",
                    "all 5 examples have the same completion ' 5', and a model needs at least two "
                        + "to choose from",
                    hint: "check the completion template, and the filters of the dataset"
                )
        )
    }

    private let openEndedHints = [
        "use a column with few values as the completion, such as stars or a category",
        "text that is written freely needs a language model as the base",
    ]

    @Test func mostlyDistinctCompletions() {
        let examples = (0..<30).map { Example(prompt: "\($0)", completion: " \($0 % 16)") }
        #expect(
            refusal(of: examples)
                == Diagnostic(
                    "open-ended-completions",
                    "16 different completions in 30 examples, and an 'ngram' model chooses among a "
                        + "closed set of at most 1,000",
                    hints: openEndedHints
                )
        )
    }

    @Test func tooManyCompletions() {
        let examples = (0..<4_000).map { Example(prompt: "\($0)", completion: " \($0 % 1_001)") }
        #expect(
            refusal(of: examples)
                == Diagnostic(
                    "open-ended-completions",
                    "1001 different completions in 4000 examples, and an 'ngram' model chooses "
                        + "among a closed set of at most 1,000",
                    hints: openEndedHints
                )
        )
    }

    @Test func fewExamplesMayAllDiffer() throws {
        let examples = (0..<19).map { Example(prompt: "word\($0)", completion: " \($0)") }
        #expect(try trained(on: examples).labels.count == 19)
    }

    @Test(arguments: [
        (
            Hyperparameters(epochs: 0), "n_epochs is 0, and must be at least 1"
        ),
        (
            Hyperparameters(batchSize: -2), "batch_size is -2, and must be at least 1"
        ),
        (
            Hyperparameters(learningRateMultiplier: 0),
            "learning_rate_multiplier is 0.0, and must be more than 0"
        ),
        (
            Hyperparameters(learningRateMultiplier: .nan),
            "learning_rate_multiplier is nan, and must be more than 0"
        ),
    ])
    func badHyperparameters(hyperparameters: Hyperparameters, message: String) {
        #expect(
            refusal(of: reviews(30, seed: 1), hyperparameters)
                == Diagnostic("bad-hyperparameter", message)
        )
    }
}
