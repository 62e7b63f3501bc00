import FettleCore
import FettleModelFiles
import Testing

@testable import FettleTransformer

struct AdapterTests {
    private func network(
        _ fixture: Fixture,
        _ purpose: TransformerNetwork.Purpose = .inference,
        weights: ModelWeights? = nil
    ) throws -> TransformerNetwork {
        try TransformerNetwork(
            configuration: fixture.configuration,
            weights: weights ?? fixture.weights,
            precision: .float32,
            purpose: purpose
        )
    }

    private func adapter(
        _ fixture: Fixture,
        for network: TransformerNetwork
    ) throws -> LowRankAdapter {
        let lora = fixture.reference.lora
        let shape = AdapterShape(
            rank: lora.rank,
            alpha: lora.alpha,
            projections: Set(lora.projections)
        )
        let adapter = try LowRankAdapter(shape, for: network, seed: 1)
        try adapter.load { name in
            let key = "lora.final.base_model.model." + name
            return try #require(fixture.tensors[key], "\(key)").numbers
        }
        return adapter
    }

    private func logits(
        _ fixture: Fixture,
        _ network: TransformerNetwork,
        _ adapter: LowRankAdapter?
    ) throws -> [Float] {
        var batch = PackedBatch()
        for sequence in fixture.reference.sequences { batch.append(sequence.tokens) }
        var found: [Float] = []
        try InferencePass(network, adapter: adapter)
            .run(batch, wanted: Array(0..<batch.count), check: {}) { found += $1 }
        return found
    }

    @Test(arguments: Fixture.names)
    func mergedWeightsAnswerAsTheAdapterDoes(_ name: String) throws {
        let fixture = try Fixture(name)
        let base = try network(fixture)
        let adapter = try adapter(fixture, for: base)
        let merged = ModelWeights(
            try fixture.weights.names.map { name in
                let numbers = try fixture.weights.readFloats(name)
                return (name, try fixture.weights.shape(of: name), adapter.merged(name, numbers))
            }
        )
        let apart = try logits(fixture, base, adapter)
        let together = try logits(fixture, try network(fixture, weights: merged), nil)
        #expect(relativeDifference(together, apart) < 1e-5)
        #expect(relativeDifference(together, try fixture.numbers("merged.logits")) < 1e-4)
    }

    @Test func tensorsOfAnAdapterComeBackAsTheyWere() throws {
        let fixture = try Fixture("qwen2")
        let base = try network(fixture)
        let adapter = try adapter(fixture, for: base)
        let other = try LowRankAdapter(adapter.shape, for: base, seed: 2)
        let modules = adapter.modules
        #expect(modules.count == 14)
        let tensors = Dictionary(
            uniqueKeysWithValues: modules.flatMap {
                [("\($0.module).lora_A.weight", $0.a), ("\($0.module).lora_B.weight", $0.b)]
            }
        )
        try other.load { try #require(tensors[$0]) }
        #expect(other.parameters.values.array == adapter.parameters.values.array)
        #expect {
            try other.load { _ in [1, 2] }
        } throws: { error in
            (error as? Diagnostic)?.message
                == "the adapter's tensor 'model.layers.0.self_attn.q_proj.lora_A.weight' has 2 "
                + "numbers, 128 were expected"
        }
    }

    @Test func adapterOfSomeLayersAndProjectionsChangesOnlyThose() throws {
        let fixture = try Fixture("llama-tied")
        let base = try network(fixture, .adapters)
        let shape = AdapterShape(rank: 2, projections: ["q_proj", "v_proj"], layers: 1..<3)
        let adapter = try LowRankAdapter(shape, for: base, seed: 1)
        #expect(
            adapter.modules.map(\.module) == [
                "model.layers.1.self_attn.q_proj", "model.layers.1.self_attn.v_proj",
                "model.layers.2.self_attn.q_proj", "model.layers.2.self_attn.v_proj",
            ]
        )
        // B is zero at first: nothing is changed yet.
        #expect(try logits(fixture, base, adapter) == logits(fixture, base, nil))
    }

    @Test(arguments: [
        (AdapterShape(projections: ["q"]), "the model has no projection 'q'"),
        (AdapterShape(projections: []), "an adapter needs a projection, none was given"),
        (AdapterShape(rank: 0, projections: ["q_proj"]), "the rank is 0, 1 to 32 was expected"),
        (
            AdapterShape(dropout: 1, projections: ["q_proj"]),
            "the dropout is 1.0, 0 or more and under 1 was expected"
        ),
        (
            AdapterShape(projections: ["q_proj"], layers: 1..<4),
            "layers 1 to 3 were asked for, 0 to 2 are there"
        ),
    ])
    func shapesThatDoNotFitAreRefused(shape: AdapterShape, message: String) throws {
        let base = try network(try Fixture("llama-tied"))
        #expect {
            try LowRankAdapter(shape, for: base, seed: 1)
        } throws: { error in
            (error as? Diagnostic)?.message == message
        }
    }

    /// Dropout is seen in the loss, and its gradient is that of the same choice of elements.
    @Test func gradientWithDropoutIsItsDifference() throws {
        let fixture = try Fixture("llama-untied")
        let base = try network(fixture, .adapters)
        let shape = AdapterShape(rank: 4, dropout: 0.5, projections: Set(base.projections))
        let adapter = try LowRankAdapter(shape, for: base, seed: 1)
        var generator = SplitMix64(5)
        for place in 0..<adapter.parameterCount {
            adapter.parameters.values.pointer[place] = (generator.unit() - 0.5) * 0.3
        }
        adapter.refresh()
        let pass = TrainingPass(base, adapter: adapter, recomputes: false)
        var batch = PackedBatch()
        batch.append(fixture.reference.sequences[0].tokens)
        let targets = [TrainedToken(row: 17, token: 44, weight: 1)]
        func loss(_ gradient: FloatBuffer) throws -> Double {
            try pass.run(batch, targets, dropoutSeed: 9, gradient: gradient) {}
        }
        let gradient = FloatBuffer(adapter.parameterCount)
        _ = try loss(gradient)
        let numbers = gradient.array
        let largest = numbers.map(abs).max() ?? 0
        #expect(largest > 0)
        for place in stride(from: 0, to: adapter.parameterCount, by: 211) {
            let pointer = adapter.parameters.values.pointer + place
            let value = pointer.pointee
            func at(_ change: Float) throws -> Double {
                pointer.pointee = value + change
                adapter.refresh()
                return try loss(gradient)
            }
            let slope = try (at(0.01) - at(-0.01)) / 0.02
            pointer.pointee = value
            #expect(abs(slope - Double(numbers[place])) < 0.02 * Double(largest), "\(place)")
        }
    }

    @Test func memoryIsEstimatedFromSizes() throws {
        let fixture = try Fixture("llama-tied")
        var options = TuningOptions()
        options.threads = 1
        let shape = AdapterShape(rank: 2, projections: ["q_proj"])
        let tuning = MemoryEstimate(
            tuning: fixture.configuration,
            precision: .float32,
            shape: shape,
            options: options,
            longest: 20
        )
        // Per layer 2 × 32², 2 × 8 × 32 and 3 × 32 × 40 numbers, and the embedding; both directions.
        #expect(tuning.weights == 2 * 4 * (3 * (2048 + 512 + 3840) + 97 * 32))
        // Rank 2 of 32 to 32 in three layers: numbers, two moments, one gradient, and the operand.
        #expect(tuning.trained == 3 * 128 * 20)
        options.recomputes = true
        let less = MemoryEstimate(
            tuning: fixture.configuration,
            precision: .float32,
            shape: shape,
            options: options,
            longest: 20
        )
        #expect(less.passes < tuning.passes)
        #expect(less.weights == tuning.weights)
    }
}

struct ExampleOrderTests {
    private func order(_ lengths: [Int], _ change: (inout TuningOptions) -> Void) -> ExampleOrder {
        var options = TuningOptions()
        options.batchSize = 4
        change(&options)
        return ExampleOrder(lengths: lengths, options: options)
    }

    @Test func everyEpochHasEachExampleOnceInAnOrderOfItsOwn() {
        let order = order(Array(repeating: 5, count: 10)) { _ in }
        #expect(order.stepsPerEpoch == 3)
        let first = order.batches(epoch: 0)
        #expect(first.map(\.count) == [4, 4, 2])
        #expect(first.joined().sorted() == Array(0..<10))
        #expect(first == order.batches(epoch: 0))
        #expect(first != order.batches(epoch: 1))
    }

    @Test func unshuffledExamplesKeepTheirOrder() {
        let order = order([3, 1, 2, 9, 4]) { $0.shuffles = false }
        #expect(order.batches(epoch: 3) == [[0, 1, 2, 3], [4]])
    }

    @Test func groupsByLengthHoldExamplesOfLikeLength() {
        let lengths = (0..<34).map { ($0 * 7) % 34 }
        let order = order(lengths) { $0.groupsByLength = true }
        let batches = order.batches(epoch: 0)
        #expect(batches.joined().sorted() == Array(0..<34))
        for batch in batches {
            let some = batch.map { lengths[$0] }
            #expect((some.max() ?? 0) - (some.min() ?? 0) <= 3)
        }
        #expect(batches.last?.count == 2)
    }

    @Test func lanesGetEvenSharesAndPassesAreBounded() {
        let passes = ExampleOrder.passes([90, 10, 50, 60, 30, 40], lanes: 2, tokens: 100)
        let loads = passes.map { $0.joined().reduce(0) { $0 + [90, 10, 50, 60, 30, 40][$1] } }
        #expect(loads.sorted() == [140, 140])
        #expect(passes.joined().joined().sorted() == Array(0..<6))
        // One that is longer than a pass goes alone.
        #expect(ExampleOrder.passes([150, 20], lanes: 1, tokens: 100) == [[[0], [1]]])
    }

    @Test func schedulesAreThoseOfTransformers() {
        func factors(_ schedule: LearningRateSchedule) -> [Double] {
            [0, 1, 2, 3, 6, 9].map { schedule.factor(step: $0, total: 10, warmup: 2) }
        }
        #expect(factors(.constant) == [0, 0.5, 1, 1, 1, 1])
        #expect(factors(.linear) == [0, 0.5, 1, 0.875, 0.5, 0.125])
        let cosine = factors(.cosine)
        #expect(cosine[...2] == [0, 0.5, 1])
        #expect(abs(cosine[4] - 0.5) < 1e-12)
        #expect(abs(cosine[5] - 0.0380602337) < 1e-9)
    }

    @Test func optionsOutOfRangeAreRefused() {
        func message(_ change: (inout TuningOptions) -> Void) -> String? {
            var options = TuningOptions()
            change(&options)
            do {
                try options.check()
                return nil
            } catch {
                return error.message
            }
        }
        #expect(
            message { $0.batchSize = 0 }
                == "the batch size is 0, a number from 1 to 1,000,000,000 was expected"
        )
        #expect(
            message { $0.learningRate = .nan }
                == "the learning rate is nan, 0.0 to 10.0 was expected"
        )
        #expect(
            message { $0.promptLossWeight = 2 }
                == "the weight of the prompt's loss is 2.0, 0.0 to 1.0 was expected"
        )
        #expect(message { $0.clipNorm = nil } == nil)
    }
}
