import FettleModelFiles
import Testing

@testable import FettleTransformer

/// Ten steps beside PyTorch's.
struct TunerReferenceTests {
    private func examples(_ fixture: Fixture) -> [TuningExample] {
        fixture.reference.sequences.map { sequence in
            TuningExample(
                tokens: sequence.tokens,
                trained: [sequence.promptLength..<sequence.tokens.count]
            )
        }
    }

    private func options() -> TuningOptions {
        var options = TuningOptions()
        options.epochs = 10
        options.batchSize = 2
        options.clipNorm = nil
        return options
    }

    private func expectNear(_ found: [Double], _ expected: [Double], _ bound: Double) {
        #expect(found.count == expected.count)
        for (one, other) in zip(found, expected) {
            #expect(abs(one - other) <= bound * abs(other), "\(found), \(expected)")
        }
    }

    @Test(arguments: Fixture.names)
    func tenStepsOnAllWeightsHavePyTorchsLosses(_ name: String) throws {
        let fixture = try Fixture(name)
        let network = try TransformerNetwork(
            configuration: fixture.configuration,
            weights: fixture.weights,
            purpose: .allWeights
        )
        var options = options()
        options.learningRate = fixture.reference.full.learningRate
        options.weightDecay = fixture.reference.full.weightDecay
        options.schedule = .constant
        let tuner = try Tuner(
            network,
            adapter: nil,
            examples: examples(fixture),
            options: options
        )
        var reports: [Tuner.Report] = []
        try tuner.run { reports.append($0) }
        expectNear(reports.map(\.loss), fixture.reference.full.losses, 1e-4)
        expectNear(reports.map(\.gradientNorm), fixture.reference.full.gradientNorms, 1e-4)
    }

    @Test func weightedStepIsThatOfRepeatedExamples() throws {
        let fixture = try Fixture("llama-tied")
        let weights = [3, 1, 2]
        let plain = Array(examples(fixture).prefix(3))
        func firstStep(_ examples: [TuningExample]) throws -> Tuner.Report {
            let network = try TransformerNetwork(
                configuration: fixture.configuration,
                weights: fixture.weights,
                precision: .float32,
                purpose: .allWeights
            )
            var options = options()
            options.epochs = 1
            options.batchSize = examples.count
            options.shuffles = false
            var reports: [Tuner.Report] = []
            try Tuner(network, adapter: nil, examples: examples, options: options)
                .run { reports.append($0) }
            return try #require(reports.first)
        }
        let weighted = try firstStep(
            zip(plain, weights).map { example, weight in
                var example = example
                example.weight = Float(weight)
                return example
            }
        )
        let repeated = try firstStep(
            zip(plain, weights).flatMap { Array(repeating: $0, count: $1) }
        )
        // Both are means over tokens, of which the repeated examples have more.
        let ratio = Double(repeated.trainedTokens) / Double(weighted.trainedTokens)
        #expect(ratio > 1.5)
        expectNear([weighted.loss], [repeated.loss * ratio], 1e-5)
        expectNear([weighted.gradientNorm], [repeated.gradientNorm * ratio], 1e-4)
    }

    @Test(arguments: Fixture.names, [1, 2])
    func tenStepsOnAnAdapterHavePEFTsLosses(_ name: String, threads: Int) throws {
        let fixture = try Fixture(name)
        let lora = fixture.reference.lora
        let network = try TransformerNetwork(
            configuration: fixture.configuration,
            weights: fixture.weights,
            precision: .float32,
            purpose: .adapters
        )
        let shape = AdapterShape(
            rank: lora.rank,
            alpha: lora.alpha,
            projections: Set(lora.projections)
        )
        let adapter = try LowRankAdapter(shape, for: network, seed: 1)
        try adapter.load { name in
            try #require(fixture.adapter["base_model.model." + name], "\(name)").numbers
        }
        var options = options()
        options.learningRate = lora.learningRate
        options.weightDecay = lora.weightDecay
        options.warmupSteps = lora.warmupSteps
        options.clipNorm = lora.clipNorm
        options.threads = threads
        let tuner = try Tuner(
            network,
            adapter: adapter,
            examples: examples(fixture),
            options: options
        )
        var reports: [Tuner.Report] = []
        try tuner.run { reports.append($0) }
        expectNear(reports.map(\.loss), lora.losses, 1e-4)
        expectNear(reports.map(\.gradientNorm), lora.gradientNorms, 1e-4)
        expectNear(reports.map { Double($0.learningRate) }, lora.learningRates, 1e-6)
        for (name, shape, numbers) in adapter.tensors() {
            let key = "lora.final.base_model.model." + name
            let expected = try #require(fixture.tensors[key], "\(key)")
            #expect(shape == expected.shape)
            #expect(relativeDifference(numbers, expected.numbers) < 1e-3, "\(name)")
        }
    }
}
