import FettleModelFiles
import Foundation
import Testing

@testable import FettleTransformer

/// Where SmolLM2 is, or nil.
enum SmolLM2 {
    static let path: String? = {
        let home = FileManager.default.homeDirectoryForCurrentUser
        let usual = home.appending(path: ".cache/fettle/SmolLM2-135M-Instruct.Q4_1.gguf").path
        let path = ProcessInfo.processInfo.environment["FETTLE_SMOLLM2"] ?? usual
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()
}

/// What PyTorch answers with SmolLM2 on 20 prompts, see Fixtures/README.md.
///
/// Skipped where the model is not there.
@Suite(.enabled(if: SmolLM2.path != nil, "FETTLE_SMOLLM2 names no file"))
struct SmolLM2Tests {
    struct Entry: Decodable {
        let tokens: [Int32]
        let tokenLogprobs: [Float]
        let top: [[Double]]
        let logits: [Float]
        let completion: [Int32]
        let completionLogprobs: [Float]
        let labelScores: [Double]?
    }

    private func entries() throws -> [Entry] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/smollm2.json")
        return try JSONDecoder().decode([Entry].self, from: Data(contentsOf: file))
    }

    /// The network in single precision, made once for all tests.
    private static let single = Result { try network(.float32) }

    private static func network(_ precision: Precision) throws -> TransformerNetwork {
        let files = try ModelFiles.open(try #require(SmolLM2.path))
        return try TransformerNetwork(
            configuration: files.configuration,
            weights: files.weights,
            precision: precision
        )
    }

    @Test func probabilitiesOfTwentyPromptsAreThoseOfPyTorch() throws {
        let model = LanguageModel(try Self.single.get())
        let entries = try entries()
        let prompts = entries.map(\.tokens)
        let top = try model.nextTokens(5, after: prompts)
        let logprobs = try model.tokenLogprobs(of: prompts.filter { $0.count > 1 })
        let references = entries.filter { $0.tokens.count > 1 }.map(\.tokenLogprobs)
        #expect(entries.count == 20)
        for (found, entry) in zip(top, entries) {
            #expect(found.map { Double($0.token) } == entry.top.map { $0[0] })
            for (one, other) in zip(found, entry.top) {
                #expect(abs(Double(one.logprob) - other[1]) < 1e-3)
                // Four digits of the probability.
                #expect(abs(Double(one.logprob).exponential - other[1].exponential) < 5e-5)
            }
        }
        for (found, expected) in zip(logprobs, references) {
            #expect(found.count == expected.count)
            let difference = zip(found, expected).map { abs($0 - $1) }.max() ?? 1
            #expect(difference < 1e-3)
        }
        for entry in entries {
            var batch = PackedBatch()
            batch.append(entry.tokens)
            try InferencePass(model.network, adapter: nil)
                .run(batch, wanted: [batch.count - 1], check: {}) { _, logits in
                    for (place, expected) in entry.logits.enumerated() {
                        #expect(abs(logits[place * 768] - expected) < 1e-3)
                    }
                }
        }
    }

    @Test func labelsOfTwoTokensAreScoredAsByPyTorch() throws {
        let model = LanguageModel(try Self.single.get())
        let reviews = try entries().filter { $0.labelScores != nil }
        let labels = (33...37).map { [Int32(216), Int32($0)] }
        let scores = try model.scores(of: labels, after: reviews.map(\.tokens))
        for (found, entry) in zip(scores, reviews) {
            for (one, other) in zip(found, entry.labelScores ?? []) {
                #expect(abs(one - other) < 1e-3)
            }
        }
        #expect(reviews.count == 4)
    }

    @Test func completionsAreThoseOfPyTorch() throws {
        let generator = try Generator(LanguageModel(try Self.single.get()))
        for entry in try entries() {
            var options = SamplingOptions()
            options.temperature = 0
            options.maxTokens = entry.completion.count
            var found: [GeneratedToken] = []
            try generator.complete(entry.tokens, options) {
                found.append($0)
                return true
            }
            #expect(found.map(\.token) == entry.completion)
            for (one, other) in zip(found, entry.completionLogprobs) {
                #expect(abs(one.logprob - other) < 1e-3)
            }
        }
    }

    @Test func halvesChangeLabelScoresByLittle() throws {
        let model = LanguageModel(try Self.network(.bfloat16))
        let reviews = try entries().filter { $0.labelScores != nil }
        let labels = (33...37).map { [Int32(216), Int32($0)] }
        let scores = try model.scores(of: labels, after: reviews.map(\.tokens))
        for (found, entry) in zip(scores, reviews) {
            for (one, other) in zip(found, entry.labelScores ?? []) {
                #expect(abs(one - other) < 0.15)
            }
        }
    }
}
