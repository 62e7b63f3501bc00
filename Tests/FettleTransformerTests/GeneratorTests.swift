import FettleCore
import FettleModelFiles
import Testing

@testable import FettleTransformer

struct GeneratorTests {
    private func generator(_ fixture: Fixture, adapted: Bool = false) throws -> Generator {
        let network = try TransformerNetwork(
            configuration: fixture.configuration,
            weights: fixture.weights,
            precision: .float32
        )
        let lora = fixture.reference.lora
        let shape = AdapterShape(
            rank: lora.rank,
            alpha: lora.alpha,
            projections: Set(lora.projections)
        )
        let adapter = adapted ? try LowRankAdapter(shape, for: network, seed: 1) : nil
        try adapter?.load { name in
            let key = "lora.final.base_model.model." + name
            return try #require(fixture.tensors[key], "\(key)").numbers
        }
        return try Generator(LanguageModel(network, adapter: adapter))
    }

    private func completion(
        _ generator: Generator,
        _ prompt: [Int32],
        _ change: (inout SamplingOptions) -> Void
    ) throws -> [GeneratedToken] {
        var options = SamplingOptions()
        options.temperature = 0
        options.maxTokens = 12
        change(&options)
        var found: [GeneratedToken] = []
        try generator.complete(prompt, options) {
            found.append($0)
            return true
        }
        return found
    }

    @Test(arguments: Fixture.names)
    func likeliestTokensAreThoseOfPyTorch(_ name: String) throws {
        let fixture = try Fixture(name)
        let generator = try generator(fixture)
        let greedy = fixture.reference.greedy
        #expect(try completion(generator, greedy.prompt) { _ in }.map(\.token) == greedy.tokens)
        // Again, from the keys and values that are there.
        #expect(try completion(generator, greedy.prompt) { _ in }.map(\.token) == greedy.tokens)
    }

    @Test(arguments: Fixture.names)
    func stepsOfOneTokenGiveTheProbabilitiesOfABatch(_ name: String) throws {
        let fixture = try Fixture(name)
        let generator = try generator(fixture, adapted: true)
        let prompt = fixture.reference.greedy.prompt
        let found = try completion(generator, prompt) { $0.topLogprobs = 2 }
        #expect(found.count == 12)
        let texts = [prompt + found.map(\.token)]
        let batch = try generator.model.tokenLogprobs(of: texts)[0].suffix(12)
        for (one, other) in zip(found, batch) {
            #expect(abs(one.logprob - other) < 1e-4)
            #expect(one.top.count == 2)
            #expect(one.top[0] == TokenLogprob(token: one.token, logprob: one.logprob))
        }
    }

    @Test func completionEndsAtAStopToken() throws {
        let fixture = try Fixture("llama-tied")
        let generator = try generator(fixture)
        let greedy = fixture.reference.greedy
        let stop = greedy.tokens[1]
        var options = SamplingOptions()
        options.temperature = 0
        options.stopTokens = [stop]
        var found: [Int32] = []
        let reason = try generator.complete(greedy.prompt, options) {
            found.append($0.token)
            return true
        }
        #expect(found == [greedy.tokens[0]])
        #expect(reason == .stop)
        options.stopTokens = []
        options.maxTokens = 1
        #expect(try generator.complete(greedy.prompt, options) { _ in true } == .length)
    }

    @Test func samplesAreThoseOfTheirSeed() throws {
        let fixture = try Fixture("gpt2")
        let generator = try generator(fixture)
        let prompt = fixture.reference.greedy.prompt
        func draw(_ seed: UInt64) throws -> [Int32] {
            try completion(generator, prompt) {
                $0.temperature = 2
                $0.seed = seed
            }.map(\.token)
        }
        #expect(try draw(3) == draw(3))
        #expect(try draw(3) != draw(4))
        let top = try completion(generator, prompt) {
            $0.temperature = 2
            $0.topK = 1
        }
        #expect(top.map(\.token) == fixture.reference.greedy.tokens)
    }

    @Test func optionsOutOfRangeAreRefused() throws {
        let generator = try generator(try Fixture("gpt2"))
        #expect {
            try completion(generator, [3]) { $0.topP = 0 }
        } throws: { error in
            (error as? Diagnostic)?.message == "top_p is 0.0, over 0 and at most 1 was expected"
        }
        let count = generator.model.network.configuration.vocabularySize
        #expect {
            try completion(generator, [3]) { $0.bias = [Int32(count): 1] }
        } throws: { error in
            (error as? Diagnostic)?.code == "bad-token"
        }
    }
}

struct SamplerTests {
    private func share(_ logits: [Float], _ change: (inout SamplingOptions) -> Void) -> [Double] {
        var options = SamplingOptions()
        change(&options)
        var counts = [Double](repeating: 0, count: logits.count)
        for number in 0..<2000 {
            var sampler = Sampler(options, prompt: [0], number: number)
            logits.withUnsafeBufferPointer { counts[Int(sampler.choose($0))] += 1 / 2000 }
        }
        return counts
    }

    /// Probabilities of 1/2, 1/4, 1/8, 1/8.
    private let logits: [Float] = [0, -0.6931472, -1.3862944, -1.3862944]

    @Test func drawsFollowTheProbabilities() {
        let found = share(logits) { _ in }
        for (share, expected) in zip(found, [0.5, 0.25, 0.125, 0.125]) {
            #expect(abs(share - expected) < 0.04)
        }
    }

    @Test func topPKeepsTheFirstTokensThatReachIt() {
        #expect(share(logits) { $0.topP = 0.75 }[2...] == [0, 0])
        #expect(share(logits) { $0.topP = 0.76 }[2] > 0)
    }

    @Test func minPKeepsTokensByTheirPartOfTheLikeliest() {
        #expect(share(logits) { $0.minP = 0.3 }[2...] == [0, 0])
        #expect(share(logits) { $0.minP = 0.2 }[3] > 0)
    }

    @Test func topKKeepsSoManyTokens() {
        #expect(share(logits) { $0.topK = 2 }[2...] == [0, 0])
    }

    @Test func penaltiesLowerTokensThatAreThere() {
        var options = SamplingOptions()
        options.temperature = 0
        options.presencePenalty = 1
        var sampler = Sampler(options, prompt: [])
        let chosen = (0..<3).map { _ in logits.withUnsafeBufferPointer { sampler.choose($0) } }
        #expect(chosen == [0, 1, 0])
        var repetition = SamplingOptions()
        repetition.temperature = 0
        repetition.repetitionPenalty = 2
        var other = Sampler(repetition, prompt: [0])
        let positive: [Float] = [3, 2, 1]
        #expect(positive.withUnsafeBufferPointer { other.choose($0) } == 1)
    }

    @Test func biasIsAddedBeforeADraw() {
        // Both become as likely as each other, and the others as good as never.
        let found = share(logits) { $0.bias = [2: 20 + 1.3862944, 3: 20 + 1.3862944] }
        #expect(found[0] + found[1] == 0)
        #expect(abs(found[2] - 0.5) < 0.04)
        let banned = share(logits) {
            $0.temperature = 0
            $0.bias = [0: -100]
        }
        #expect(banned[1] > 0.999)
    }

    /// The likely tokens are sorted apart from the rest; where they are not enough the rest is too.
    @Test func flatProbabilitiesAreCutInTheOrderOfTheirTokens() {
        let flat = [Float](repeating: 0, count: 300)
        let peaked = [Float](repeating: -30, count: 300)
        func drawn(_ logits: [Float], _ change: (inout SamplingOptions) -> Void) -> Set<Int32> {
            var options = SamplingOptions()
            change(&options)
            return Set(
                (0..<200).map { number in
                    var sampler = Sampler(options, prompt: [0], number: number)
                    return logits.withUnsafeBufferPointer { sampler.choose($0) }
                }
            )
        }
        #expect(drawn(flat) { $0.topP = 0.01 } == [0, 1, 2])
        #expect(drawn(flat) { $0.topK = 2 } == [0, 1])
        #expect(drawn([0] + peaked) { $0.topK = 3 } == [0])
        #expect(drawn([0] + peaked) { $0.topP = 0.9 } == [0])
    }
}
