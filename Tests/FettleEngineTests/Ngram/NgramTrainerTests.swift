import FettleCore
import Foundation
import Testing

@testable import FettleEngine

struct NgramTrainerTests {
    private let training = reviews(400, seed: 1)
    private let test = reviews(300, seed: 2)

    @Test func learnsWhatTheWordsTell() throws {
        let model = try trained(on: training)
        #expect(model.labels == [" 1", " 2", " 3"])
        #expect(accuracy(model, on: test) > 0.8)
        for example in test.prefix(20) {
            let sum = model.logprobs(of: example.prompt).reduce(0) { $0 + exp($1) }
            #expect(abs(sum - 1) < 1e-12)
        }
    }

    @Test func learnsChineseAndJapaneseWithoutSpaces() throws {
        let good = ["質量很好", "非常喜歡", "值得購買", "とても良い", "大満足です", "また買います"]
        let bad = ["質量太差", "非常失望", "不值這價", "とても悪い", "すぐ壊れた", "もう買わない"]
        let fillers = ["這件衣服", "昨天收到", "この商品は", "先週届いて"]
        var generator = SeededGenerator(seed: 5)
        func example() -> Example {
            let isGood = generator.below(2) == 1
            let words = isGood ? good : bad
            return Example(
                prompt: fillers[generator.below(4)] + words[generator.below(6)] + "。\n\n###\n\n",
                completion: isGood ? " 5" : " 1"
            )
        }
        let model = try trained(on: (0..<150).map { _ in example() })
        #expect(accuracy(model, on: (0..<100).map { _ in example() }) > 0.97)
    }

    @Test func sameSeedSameBitsWhateverTheThreads() throws {
        let settings = Hyperparameters(epochs: 2, seed: 9)
        let one = try trained(on: training, settings, threads: 1)
        #expect(bits(one) == bits(try trained(on: training, settings, threads: 1)))
        #expect(bits(one) == bits(try trained(on: training, settings, threads: 2)))
        #expect(bits(one) == bits(try trained(on: training, settings, threads: 5)))
        let other = try trained(on: training, Hyperparameters(epochs: 2, seed: 10))
        #expect(bits(one) != bits(other))
    }

    @Test func everyEpochTellsWhatTheModelThenSaysOfAllValidationExamples() throws {
        let trainer = NgramTrainer(Hyperparameters(epochs: 3, batchSize: 7, seed: 4), threads: 1)
        var order: [String] = []
        var scores: [[Double]] = []
        let result = try trainer.train(
            training,
            validation: test,
            from: nil,
            onEpoch: { epoch in
                order.append("epoch \(epoch.number)/\(epoch.count) at \(epoch.step)")
                #expect(epoch.labels == [" 1", " 2", " 3"])
                scores.append(try epoch.validationLogprobs())
            },
            onMetrics: { row in
                if row.step % 58 == 0 { order.append("row \(row.step)") }
            }
        )
        #expect(
            order == [
                "row 58", "epoch 1/3 at 58", "row 116", "epoch 2/3 at 116", "row 174",
                "epoch 3/3 at 174",
            ]
        )
        #expect(scores.map(\.count) == [900, 900, 900])
        #expect(scores[0] != scores[1])
        let expected = test.flatMap { result.model.logprobs(of: $0.prompt) }
        let distance = zip(scores[2], expected).map { ($0 - $1).magnitude }.max() ?? 1
        #expect(distance < 1e-5)
        let plain = try trainer.train(training, validation: test, from: nil) { _ in }
        #expect(bits(plain.model) == bits(result.model))
    }

    @Test func metricsCountStepsExamplesAndTokens() throws {
        var rows: [TrainingMetrics] = []
        let trainer = NgramTrainer(Hyperparameters(epochs: 3, batchSize: 7), threads: 1)
        let result = try trainer.train(training, validation: test, from: nil) { rows.append($0) }
        let perEpoch = (400 + 6) / 7
        let tokens = training.reduce(0) { $0 + result.model.tokenCount(of: $1.prompt) }
        let last = try #require(rows.last)
        #expect(last.step == 3 * perEpoch)
        #expect(last.totalSteps == 3 * perEpoch)
        #expect(last.elapsedExamples == 1_200)
        #expect(last.elapsedTokens == 3 * tokens)
        #expect(result.elapsedExamples == 1_200)
        #expect(result.elapsedTokens == 3 * tokens)
        #expect(result.model.examplesSeen == 1_200)
        #expect(result.model.tokensSeen == 3 * tokens)
        #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.step < $1.step })
        #expect(rows.allSatisfy { $0.totalSteps == 3 * perEpoch })
        let measured = rows.filter { $0.validationLoss != nil }
        for epoch in 1...3 { #expect(measured.contains { $0.step == epoch * perEpoch }) }
        let first = try #require(rows.first)
        #expect(first.trainingLoss > last.trainingLoss)
        let final = try #require(last.validationAccuracy)
        #expect(abs(final - accuracy(result.model, on: test)) < 1e-12)
    }

    @Test func settingsSayWhatWasChosenAndWhy() throws {
        let auto = try NgramTrainer(Hyperparameters(), threads: 1)
            .train(training, validation: [], from: nil) { _ in }
        #expect(
            auto.settings.prefix(3) == [
                ChosenSetting(
                    name: "n_epochs",
                    value: "10",
                    reason: "400 examples; fewer need more passes"
                ),
                ChosenSetting(
                    name: "batch_size",
                    value: "1",
                    reason: "an example changes the weights of its own n-grams only"
                ),
                ChosenSetting(
                    name: "learning_rate_multiplier",
                    value: "1.0",
                    reason: "the engine's own rate"
                ),
            ]
        )
        #expect(auto.settings.dropFirst(3).allSatisfy { $0.reason != nil })
        let set = try NgramTrainer(
            Hyperparameters(epochs: 1, batchSize: 4, learningRateMultiplier: 0.5),
            threads: 1
        ).train(training, validation: [], from: nil) { _ in }
        #expect(
            set.settings.prefix(3) == [
                ChosenSetting(name: "n_epochs", value: "1"),
                ChosenSetting(name: "batch_size", value: "4"),
                ChosenSetting(name: "learning_rate_multiplier", value: "0.5"),
            ]
        )
    }

    @Test func continuedTrainingKeepsWhatWasLearnt() throws {
        let first = try trained(on: training, Hyperparameters(epochs: 1))
        let second = try trained(on: training, Hyperparameters(epochs: 3), from: first)
        #expect(second.examplesSeen == 1_600)
        #expect(accuracy(second, on: test) > accuracy(first, on: test) - 0.03)
        // Other words and a label that the base does not know.
        let more = (0..<60).map {
            Example(prompt: "zebra number \($0 % 7)\n\n###\n\n", completion: " 9")
        }
        let third = try trained(on: more + training.prefix(60), from: second)
        #expect(third.labels == [" 1", " 2", " 3", " 9"])
        #expect(third.featureCount > second.featureCount)
        #expect(accuracy(third, on: Array(more.prefix(10))) == 1)
        #expect(accuracy(third, on: test) > 0.75)
    }

    @Test func unshuffledSortedExamplesHurt() throws {
        let sorted = training.sorted { $0.completion < $1.completion }
        let none = try trained(on: sorted, Hyperparameters(epochs: 1, shuffle: .none))
        let once = try trained(on: sorted, Hyperparameters(epochs: 1, shuffle: .once))
        #expect(accuracy(none, on: test) < accuracy(once, on: test) - 0.1)
    }

    @Test func constantEndingChangesNothing() throws {
        let bare = training.map {
            Example(
                prompt: String($0.prompt.dropLast(7)),
                completion: $0.completion
            )
        }
        let one = try trained(on: bare)
        let two = try trained(on: training)
        #expect(one.featureCount == two.featureCount)
        #expect(bits(one) == bits(two))
    }

    @Test func validationWithUnknownLabelsCountsThemAsWrong() throws {
        var last: TrainingMetrics?
        let validation = test.prefix(50) + [Example(prompt: "great", completion: " 77")]
        _ = try NgramTrainer(Hyperparameters(epochs: 1), threads: 1)
            .train(training, validation: Array(validation), from: nil) { last = $0 }
        let row = try #require(last)
        #expect(try #require(row.validationAccuracy) <= 50.0 / 51)
        #expect(try #require(row.validationLoss).isFinite)
    }

    @Test func absurdPromptsAreTrainedOnAndScored() throws {
        let absurd = [
            "", " ", String(repeating: "x", count: 1 << 16),
            String(repeating: "a b ", count: 5_000),
            String(String.UnicodeScalarView((0..<32).compactMap { Unicode.Scalar($0) })),
            "\u{301}", "\u{10FFFF}", "👩‍👩‍👧‍👦",
        ]
        let examples = absurd.enumerated().map {
            Example(prompt: $1, completion: $0 % 2 == 0 ? " a" : " b")
        }
        let model = try trained(on: examples, Hyperparameters(epochs: 2))
        for prompt in absurd {
            #expect(model.logprobs(of: prompt).allSatisfy { $0.isFinite && $0 <= 0 })
        }
    }

    @Test func hugeRateStaysFinite() throws {
        let model = try trained(
            on: training,
            Hyperparameters(epochs: 2, learningRateMultiplier: 1e30)
        )
        #expect(model.logprobs(of: training[0].prompt).allSatisfy { !$0.isNaN })
    }

    @Test func cancelledTaskStopsTraining() async {
        let examples = training
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try NgramTrainer(Hyperparameters(epochs: 1_000_000), threads: 2)
                .train(examples, validation: [], from: nil) { _ in }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func cancellingDuringTrainingStopsIt() async {
        let examples = training
        let task = Task {
            _ = try NgramTrainer(Hyperparameters(epochs: 1_000_000), threads: 2)
                .train(examples, validation: [], from: nil) { _ in
                    withUnsafeCurrentTask { $0?.cancel() }
                }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func errorFromTheMetricsStopsTraining() {
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try NgramTrainer(Hyperparameters(), threads: 1)
                .train(training, validation: [], from: nil) { _ in throw Stop() }
        }
    }
}
