import FettleCore
import Foundation
import Testing

@testable import FettleEngine

struct SoftmaxLearnerTests {
    /// Numbers of a model with 4 features and 6 classes, filled at random.
    private func parameters(classes: Int) -> NgramParameters {
        let parameters = NgramParameters(featureCount: 4, classCount: classes, bucketBits: 8)
        var generator = SeededGenerator(seed: 3)
        for row in 0...4 {
            let values = parameters.rows + row * parameters.stride
            values[0] = row == 4 ? 1 : Float(0.5 + generator.unit())
            for k in 0..<classes { values[2 + k] = Float(generator.unit() * 2 - 1) }
        }
        return parameters
    }

    private let prompts: [(features: [UInt32], label: Int)] = [
        ([0, 1, 3], 2), ([1, 2], 0), ([], 1),
    ]

    private func loss(_ parameters: NgramParameters) -> Double {
        let learner = SoftmaxLearner(parameters, settings, seed: 0, batchSize: 3)
        defer { learner.free() }
        return prompts.reduce(0) { sum, prompt in
            sum + Double(learner.measure(row(prompt.features), label: prompt.label).loss)
        }
    }

    private func row(_ features: [UInt32]) -> ExampleMatrix.Row {
        let copy = UnsafeMutablePointer<UInt32>.allocate(capacity: max(features.count, 1))
        for (number, feature) in features.enumerated() { copy[number] = feature }
        return ExampleMatrix.Row(features: copy, count: features.count, tokens: features.count)
    }

    /// Squares so large that a step is the gradient times rate / 1000.
    private let settings = LearningSettings(
        rate: 1,
        initialSquares: 1e6,
        dropout: 0,
        neighbourShare: 0,
        neighbourTrust: 0,
        grades: []
    )

    @Test(arguments: [6, 9])
    func stepIsTheGradientOfTheLoss(classes: Int) {
        let parameters = parameters(classes: classes)
        let before = Array(
            UnsafeBufferPointer(start: parameters.rows, count: 5 * parameters.stride)
        )
        var learner = SoftmaxLearner(parameters, settings, seed: 0, batchSize: 3)
        defer { learner.free() }
        for prompt in prompts {
            _ = learner.learn(row(prompt.features), label: prompt.label, rate: 1)
        }
        learner.endBatch(rate: 1)
        let after = Array(
            UnsafeBufferPointer(start: parameters.rows, count: 5 * parameters.stride)
        )
        for place in before.indices { parameters.rows[place] = before[place] }
        let width: Float = 1e-2
        for feature in 0...4 {
            for k in 0..<classes {
                let place = feature * parameters.stride + 2 + k
                parameters.rows[place] = before[place] + width
                let above = loss(parameters)
                parameters.rows[place] = before[place] - width
                let below = loss(parameters)
                parameters.rows[place] = before[place]
                let numeric = (above - below) / Double(2 * width)
                let gradient = Double(before[place] - after[place]) * 1_000
                #expect(abs(numeric - gradient) < 2e-3, "feature \(feature), class \(k)")
            }
        }
    }

    @Test func weightedStepIsThatOfRepeatedExamples() {
        let adaptive = LearningSettings(
            rate: 1,
            initialSquares: 0.5,
            dropout: 0,
            neighbourShare: 0.1,
            neighbourTrust: 0.5,
            grades: [2, 0, 1]
        )
        let weighted = parameters(classes: 6)
        let repeated = parameters(classes: 6)
        var first = SoftmaxLearner(weighted, adaptive, seed: 0, batchSize: 3)
        var second = SoftmaxLearner(repeated, adaptive, seed: 0, batchSize: 9)
        defer {
            first.free()
            second.free()
        }
        let weights: [Int: Int] = [2: 3, 0: 1, 1: 5]
        for _ in 0..<4 {
            var losses: (Float, Float) = (0, 0)
            for prompt in prompts {
                let weight = weights[prompt.label] ?? 1
                let row = row(prompt.features)
                losses.0 +=
                    first.learn(row, label: prompt.label, weight: Float(weight), rate: 0.7).loss
                for _ in 0..<weight {
                    losses.1 += second.learn(row, label: prompt.label, rate: 0.7).loss
                }
            }
            #expect(abs(losses.0 - losses.1) < 1e-4)
            first.endBatch(rate: 0.7)
            second.endBatch(rate: 0.7)
        }
        let unchanged = parameters(classes: 6)
        var largest: Float = 0
        for place in 0..<(5 * weighted.stride) {
            #expect(abs(weighted.rows[place] - repeated.rows[place]) < 1e-5)
            largest = max(largest, abs(weighted.rows[place] - unchanged.rows[place]))
        }
        #expect(largest > 0.5)
    }

    @Test func weightedStepWithoutABatchIsTheGradientOfTheWeightedLoss() {
        let parameters = parameters(classes: 6)
        let before = Array(
            UnsafeBufferPointer(start: parameters.rows, count: 5 * parameters.stride)
        )
        var learner = SoftmaxLearner(parameters, settings, seed: 0, batchSize: 1)
        defer { learner.free() }
        let prompt = prompts[0]
        let row = row(prompt.features)
        _ = learner.learn(row, label: prompt.label, weight: 2.5, rate: 1)
        let after = Array(
            UnsafeBufferPointer(start: parameters.rows, count: 5 * parameters.stride)
        )
        for place in before.indices { parameters.rows[place] = before[place] }
        let width: Float = 1e-2
        for feature in 0...4 {
            for k in 0..<6 {
                let place = feature * parameters.stride + 2 + k
                var losses: [Double] = []
                for side: Float in [-1, 1] {
                    parameters.rows[place] = before[place] + side * width
                    losses.append(2.5 * Double(learner.measure(row, label: prompt.label).loss))
                }
                parameters.rows[place] = before[place]
                let numeric = (losses[1] - losses[0]) / Double(2 * width)
                let gradient = Double(before[place] - after[place]) * 1_000
                #expect(abs(numeric - gradient) < 4e-3, "feature \(feature), class \(k)")
            }
        }
    }

    @Test func batchOfOneStepsLikeNoBatch() {
        let single = parameters(classes: 6)
        let batched = parameters(classes: 6)
        let adaptive = LearningSettings(
            rate: 1,
            initialSquares: 0.5,
            dropout: 0,
            neighbourShare: 0.1,
            neighbourTrust: 0.5,
            grades: [2, 0, 1]
        )
        var first = SoftmaxLearner(single, adaptive, seed: 0, batchSize: 1)
        var second = SoftmaxLearner(batched, adaptive, seed: 0, batchSize: 2)
        defer {
            first.free()
            second.free()
        }
        for prompt in prompts {
            _ = first.learn(row(prompt.features), label: prompt.label, rate: 0.7)
            _ = second.learn(row(prompt.features), label: prompt.label, rate: 0.7)
            second.endBatch(rate: 0.7)
        }
        for place in 0..<(5 * single.stride) {
            #expect(abs(single.rows[place] - batched.rows[place]) < 1e-5)
        }
    }

    @Test(arguments: [
        // All four probabilities are 0.25 before the step; a neighbour's target is the lesser of the
        // share and the trusted part of that.
        (share: 0.1, trust: 0.8, target: 0.1), (share: 0.1, trust: 0.2, target: 0.05),
    ])
    func gradesBesideTheRightOneGetTheirShare(share: Float, trust: Float, target: Double) {
        let parameters = NgramParameters(featureCount: 1, classCount: 4, bucketBits: 8)
        let graded = LearningSettings(
            rate: 1,
            initialSquares: 1e6,
            dropout: 0,
            neighbourShare: share,
            neighbourTrust: trust,
            grades: [2, 0, 1, 3]
        )
        var learner = SoftmaxLearner(parameters, graded, seed: 0, batchSize: 1)
        defer { learner.free() }
        // Class 0 stands between 2 and 1; class 3 is the highest, beside 1.
        for (label, targets) in [
            (0, [1 - 2 * target, target, target, 0]), (3, [0, target, 0, 1 - target]),
        ] {
            parameters.rows.update(repeating: 0, count: 2 * parameters.stride)
            parameters.rows[0] = 1
            _ = learner.learn(row([0]), label: label, rate: 1)
            for k in 0..<4 {
                #expect(abs(Double(parameters.rows[2 + k]) * 1_000 - (targets[k] - 0.25)) < 1e-4)
            }
        }
    }

    private struct Reference: Decodable {
        struct Labelled: Decodable {
            var prompt: String
            var label: Int
        }
        var examples: [Labelled]
        var prompts: [String]
        var probabilities: [[Double]]
    }

    @Test func probabilitiesAgreeWithScikitLearn() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/softmax_reference.json")
        let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
        let examples = reference.examples.map {
            Example(prompt: $0.prompt, completion: " \($0.label)")
        }
        let labels = try LabelSet(examples, base: nil)
        var hyperparameters = Hyperparameters(epochs: 1_500, batchSize: examples.count)
        hyperparameters.learningRateMultiplier = 1
        var plan = TrainingPlan(
            hyperparameters,
            examples: examples.count,
            labels: labels,
            base: nil
        )
        plan.features = FeatureSettings(
            wordOrder: 1,
            characterMinimum: 0,
            characterMaximum: 0,
            titles: false
        )
        plan.rarityExponent = 0
        plan.informationExponent = 0
        plan.learning = LearningSettings(
            rate: 2,
            initialSquares: 1,
            dropout: 0,
            neighbourShare: 0,
            neighbourTrust: 0,
            grades: []
        )
        let model = try NgramTrainer(hyperparameters, threads: 1).train(
            examples,
            validation: [],
            from: nil,
            labels: labels,
            plan: plan
        ) { _ in }.model
        #expect(model.labels == [" 0", " 1", " 2"])
        for (prompt, expected) in zip(reference.prompts, reference.probabilities) {
            for (logprob, probability) in zip(model.logprobs(of: prompt), expected) {
                #expect(abs(exp(logprob) - probability) < 2e-3, "'\(prompt)'")
            }
        }
    }
}
