import FettleModelFiles
import Testing

@testable import FettleTransformer

struct GradientReferenceTests {
    /// The batch of a fixture and its trained tokens, the loss being their weighted mean.
    private func batch(
        _ fixture: Fixture,
        promptWeight: Float = 0
    ) -> (PackedBatch, [TrainedToken]) {
        var batch = PackedBatch()
        var targets: [TrainedToken] = []
        for sequence in fixture.reference.sequences {
            let start = batch.count
            batch.append(sequence.tokens)
            for place in 1..<sequence.tokens.count {
                let weight = place < sequence.promptLength ? promptWeight : 1
                guard weight > 0 else { continue }
                let row = start + place - 1
                targets.append(
                    TrainedToken(row: row, token: sequence.tokens[place], weight: weight)
                )
            }
        }
        let total = targets.reduce(0) { $0 + $1.weight }
        let scaled = targets.map {
            TrainedToken(row: $0.row, token: $0.token, weight: $0.weight / total)
        }
        return (batch, scaled)
    }

    @Test(arguments: Fixture.names, [false, true])
    func lossAndEveryGradientAreThoseOfPyTorch(_ name: String, recomputes: Bool) throws {
        let fixture = try Fixture(name)
        let network = try TransformerNetwork(
            configuration: fixture.configuration,
            weights: fixture.weights,
            purpose: .allWeights
        )
        let pass = TrainingPass(network, adapter: nil, recomputes: recomputes)
        let gradient = FloatBuffer(network.parameters.count)
        let (packed, targets) = batch(fixture)
        let loss = try pass.run(packed, targets, dropoutSeed: nil, gradient: gradient) {}
        #expect(abs(loss - fixture.reference.loss) < 1e-5 * fixture.reference.loss)

        let (_, weighted) = batch(fixture, promptWeight: fixture.reference.promptLossWeight.weight)
        let unused = FloatBuffer(network.parameters.count)
        let other = try pass.run(packed, weighted, dropoutSeed: nil, gradient: unused) {}
        let expectedLoss = fixture.reference.promptLossWeight.loss
        #expect(abs(other - expectedLoss) < 1e-5 * expectedLoss)

        let names = fixture.tensors.keys.filter { $0.hasPrefix("gradient.") }
        #expect(names.count == network.parameters.slots.count)
        for slot in network.parameters.slots {
            var expected = try #require(fixture.tensors["gradient." + slot.name])
            let isTable = slot.name.contains("wte") || slot.name.contains("wpe")
            if name == "gpt2", slot.shape.count == 2, !isTable { expected = expected.turned }
            let found = Array(
                UnsafeBufferPointer(start: gradient.pointer + slot.offset, count: slot.count)
            )
            #expect(relativeDifference(found, expected.numbers) < 1e-4, "\(slot.name)")
        }
    }

    @Test(arguments: Fixture.names)
    func everyGradientOfAnAdapterIsThatOfPEFT(_ name: String) throws {
        let fixture = try Fixture(name)
        let network = try TransformerNetwork(
            configuration: fixture.configuration,
            weights: fixture.weights,
            precision: .float32,
            purpose: .adapters
        )
        let lora = fixture.reference.lora
        let adapter = try LowRankAdapter(
            AdapterShape(
                rank: lora.rank,
                alpha: lora.alpha,
                projections: Set(lora.projections)
            ),
            for: network,
            seed: 1
        )
        try adapter.load { name in
            try #require(fixture.adapter["base_model.model." + name], "\(name)").numbers
        }
        let pass = TrainingPass(network, adapter: adapter, recomputes: false)
        let gradient = FloatBuffer(adapter.parameterCount)
        let (packed, targets) = batch(fixture)
        let loss = try pass.run(packed, targets, dropoutSeed: nil, gradient: gradient) {}
        #expect(abs(loss - lora.losses[0]) < 1e-5 * lora.losses[0])
        for slot in adapter.parameters.slots {
            let key = "lora.gradient.base_model.model." + slot.name
            var expected = try #require(fixture.tensors[key], "\(key)")
            if slot.name.hasSuffix("lora_B.weight") { expected = expected.turned }
            let found = Array(
                UnsafeBufferPointer(start: gradient.pointer + slot.offset, count: slot.count)
            )
            #expect(relativeDifference(found, expected.numbers) < 1e-4, "\(slot.name)")
        }
    }

    @Test func passAsksBeforeEachLayerWhetherToStop() throws {
        let fixture = try Fixture("llama-tied")
        let network = try TransformerNetwork(
            configuration: fixture.configuration,
            weights: fixture.weights,
            purpose: .allWeights
        )
        let pass = TrainingPass(network, adapter: nil, recomputes: false)
        let gradient = FloatBuffer(network.parameters.count)
        let (packed, targets) = batch(fixture)
        var asked = 0
        _ = try pass.run(packed, targets, dropoutSeed: nil, gradient: gradient) { asked += 1 }
        #expect(asked == 6)
        for stop in 1...6 {
            var asked = 0
            #expect(throws: CancellationError.self) {
                try pass.run(packed, targets, dropoutSeed: nil, gradient: gradient) {
                    asked += 1
                    if asked == stop { throw CancellationError() }
                }
            }
            #expect(asked == stop)
        }
    }

    @Test(arguments: ["llama-untied", "llama-tied"])
    func headsGradientsAreThoseOfAllWeights(_ name: String) throws {
        let fixture = try Fixture(name)
        let network = try TransformerNetwork(
            configuration: fixture.configuration,
            weights: fixture.weights,
            purpose: .head
        )
        let matrix = name == "llama-tied" ? "model.embed_tokens.weight" : "lm_head.weight"
        #expect(Set(network.parameters.slots.map(\.name)) == [matrix, "model.norm.weight"])
        let pass = TrainingPass(network, adapter: nil, recomputes: false)
        let gradient = FloatBuffer(network.parameters.count)
        let (packed, targets) = batch(fixture)
        _ = try pass.run(packed, targets, dropoutSeed: nil, gradient: gradient) {}
        for slot in network.parameters.slots {
            let found = Array(
                UnsafeBufferPointer(start: gradient.pointer + slot.offset, count: slot.count)
            )
            let expected = try fixture.numbers("gradient." + slot.name)
            #expect(relativeDifference(found, expected) < 1e-4, "\(slot.name)")
        }
    }
}
