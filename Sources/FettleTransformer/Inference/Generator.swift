public import FettleCore
import FettleModelFiles

/// A token of a completion with its probability, as the model has it before sampling changes anything.
public struct GeneratedToken: Hashable, Sendable {
    /// The token.
    public let token: Int32
    /// ln p of the token.
    public let logprob: Float
    /// The likeliest tokens of the place, as many as were asked for.
    public let top: [TokenLogprob]
}

/// Why a completion ended.
public enum FinishReason: String, Sendable {
    /// A token that ends completions came, or the caller stopped it.
    case stop
    /// It has as many tokens as were asked for, or the model takes no more.
    case length
}

/// Writes completions token by token; keeps the model's matrices at hand between prompts.
///
/// A long prompt goes through the network as a batch; then each token is one step that reads the weights as they are
/// in the file, and so is each token of a short prompt, for which no matrix has to be packed. A prompt that begins
/// like the last one goes on from its keys and values.
public final class Generator {
    /// What writes.
    public let model: LanguageModel
    /// Tokens up to which a prompt is read in steps: packing a network takes as long as that many of them.
    private static let shortPrompt = 48

    private let step: StepNetwork
    private let team: Team
    private let prompts: InferencePass
    private let cache: KeyValueCache
    /// The tokens whose keys and values are in the cache.
    private var cached: [Int32] = []
    /// The tokens of the last prompt whose keys and values were there before it.
    public private(set) var reusedTokens = 0
    /// The token that ended the last completion; nil where none of those that do came.
    public private(set) var endToken: GeneratedToken?

    /// Makes a generator.
    ///
    /// - Throws: `model-corrupt`, `model-unreadable`, `out-of-memory`.
    public init(_ model: LanguageModel) throws(Diagnostic) {
        self.model = model
        step = try StepNetwork(model.network)
        team = try Team(model.threads)
        prompts = InferencePass(model.network, adapter: model.adapter)
        cache = KeyValueCache(model.network, capacity: 256)
    }

    /// Writes a completion, calling `next` with each token; false from it ends the completion.
    ///
    /// - Parameters:
    ///   - prompt: the tokens to go on from.
    ///   - options: how tokens are chosen.
    ///   - number: which of several completions of a prompt this is; each has draws of its own.
    ///   - next: called with each token that is part of the completion.
    /// - Returns: why it ended.
    /// - Throws: `bad-token`, `prompt-too-long`, `bad-sampling`, `CancellationError`.
    @discardableResult
    public func complete(
        _ prompt: [Int32],
        _ options: SamplingOptions,
        number: Int = 0,
        next: (GeneratedToken) throws -> Bool
    ) throws -> FinishReason {
        try options.check()
        reusedTokens = 0
        endToken = nil
        guard !prompt.isEmpty else {
            throw Diagnostic("bad-token", "there is no token to go on from, one was expected")
        }
        try model.check(prompt)
        try model.check(Array(options.bias.keys), isText: false)
        let limit = min(
            options.maxTokens,
            model.network.configuration.contextLength - prompt.count
        )
        guard limit > 0 else { return .length }
        var sampler = Sampler(options, prompt: prompt, number: number)
        var chosen = try read(prompt) { Self.choose($0, &sampler, options) }
        for count in 1...limit {
            if options.stopTokens.contains(chosen.token) {
                endToken = chosen
                return .stop
            }
            guard try next(chosen) else { return .stop }
            if count == limit { break }
            try Task.checkCancellation()
            let logits = try step(chosen.token)
            chosen = Self.choose(logits, &sampler, options)
        }
        return .length
    }

    private func step(_ token: Int32) throws -> UnsafeBufferPointer<Float> {
        let logits = try pass.run(token)
        cached.append(token)
        return logits
    }

    private lazy var pass = StepPass(step, adapter: model.adapter, cache: cache, team: team)

    /// Takes a prompt through the network, but for the beginning that is in the cache.
    private func read(
        _ prompt: [Int32],
        _ body: (UnsafeBufferPointer<Float>) -> GeneratedToken
    ) throws -> GeneratedToken {
        let same = zip(prompt.dropLast(), cached).prefix { $0 == $1 }.count
        cached.removeLast(cached.count - same)
        reusedTokens = same
        cache.truncate(to: same)
        cache.reserve(prompt.count)
        let rest = prompt[same...]
        if rest.count <= Self.shortPrompt {
            for token in rest.dropLast() {
                try Task.checkCancellation()
                _ = try step(token)
            }
            return body(try step(prompt[prompt.count - 1]))
        }
        var found: GeneratedToken?
        var batch = PackedBatch()
        batch.append(rest, after: cache, recordingInto: cache)
        try prompts.run(batch, wanted: [rest.count - 1], check: { try Task.checkCancellation() }) {
            found = body($1)
        }
        cached = prompt
        guard let found else { preconditionFailure("a prompt gave no logits") }
        return found
    }

    private static func choose(
        _ logits: UnsafeBufferPointer<Float>,
        _ sampler: inout Sampler,
        _ options: SamplingOptions
    ) -> GeneratedToken {
        let chances = LogProbabilities(logits)
        let token = sampler.choose(logits)
        return GeneratedToken(
            token: token,
            logprob: chances[token],
            top: chances.top(options.topLogprobs)
        )
    }
}
