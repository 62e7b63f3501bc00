import FettleCore
import FettleModelFiles
import Testing

@testable import FettleTransformer

struct ScoringTests {
    private func model(_ fixture: Fixture, threads: Int = 2) throws -> LanguageModel {
        let network = try TransformerNetwork(
            configuration: fixture.configuration,
            weights: fixture.weights,
            precision: .float32
        )
        return LanguageModel(network, threads: threads)
    }

    @Test(arguments: Fixture.names)
    func logitsOfAPackedBatchAreThoseOfPyTorch(_ name: String) throws {
        let fixture = try Fixture(name)
        let network = try model(fixture).network
        var batch = PackedBatch()
        for sequence in fixture.reference.sequences { batch.append(sequence.tokens) }
        var found: [Float] = []
        try InferencePass(network, adapter: nil)
            .run(batch, wanted: Array(0..<batch.count), check: {}) { _, logits in
                found += logits
            }
        #expect(relativeDifference(found, try fixture.numbers("logits")) < 1e-5)
    }

    @Test(arguments: Fixture.names, [1, 2])
    func labelsOfSeveralTokensAreScoredAsByPyTorch(_ name: String, threads: Int) throws {
        let fixture = try Fixture(name)
        let labels = fixture.reference.labels
        // The second prompt shares a beginning with the first, which is then computed once.
        let prompts = [labels.prompt, Array(labels.prompt.dropLast()) + [7]]
        let model = try model(fixture, threads: threads)
        let scores = try model.scores(of: labels.labels, after: prompts)
        #expect(scores.count == 2)
        for (found, expected) in zip(scores[0], labels.scores) {
            #expect(abs(found - expected) < 1e-4 * abs(expected))
        }
        let alone = try model.scores(of: labels.labels, after: [prompts[1]])
        for (found, expected) in zip(scores[1], alone[0]) {
            #expect(abs(found - expected) < 1e-4 * abs(expected))
        }
    }

    @Test func labelsThatDifferInTheLastTokenAreScoredInOnePass() throws {
        let fixture = try Fixture("llama-tied")
        let model = try model(fixture)
        let prompt = fixture.reference.labels.prompt
        let scores = try model.scores(of: [[5, 9], [5, 10]], after: [prompt])[0]
        #expect(abs(scores[0] - fixture.reference.labels.scores[1]) < 1e-3)
        let texts = [prompt + [5, 10]]
        let logprobs = try model.tokenLogprobs(of: texts)[0].suffix(2)
        #expect(abs(scores[1] - Double(logprobs.reduce(0, +))) < 1e-4)
    }

    @Test func likeliestTokensAreInOrderAndSumToLessThanOne() throws {
        let fixture = try Fixture("qwen2")
        let model = try model(fixture)
        let top = try model.nextTokens(5, after: [fixture.reference.greedy.prompt])[0]
        #expect(top[0].token == fixture.reference.greedy.tokens[0])
        #expect(top.count == 5)
        #expect(top.map(\.logprob) == top.map(\.logprob).sorted(by: >))
        let all = try model.nextTokens(97, after: [fixture.reference.greedy.prompt])[0]
        #expect(abs(all.reduce(0) { $0 + Double($1.logprob).exponential } - 1) < 1e-5)
    }

    @Test func tokensThatTheModelHasNotAreRefused() throws {
        let model = try model(try Fixture("gpt2"))
        #expect {
            try model.nextTokens(1, after: [[3, 97]])
        } throws: { error in
            (error as? Diagnostic)?.message == "there is no token 97, the model knows 0 to 96"
        }
        #expect {
            try model.nextTokens(1, after: [[Int32](repeating: 1, count: 65)])
        } throws: { error in
            (error as? Diagnostic)?.message == "the text has 65 tokens, the model takes 64 at most"
        }
        #expect {
            try model.nextTokens(1, after: [[]])
        } throws: { error in
            (error as? Diagnostic)?.message == "there is no token to go on from, one was expected"
        }
    }
}
