import FettleCore
import FettleProviders
import OpenAIWire

/// Has a provider's model write.
struct RemoteWriter: Sendable {
    private let remote: RemoteModel

    init(_ remote: RemoteModel) {
        self.remote = remote
    }

    /// What everything else sees of it; the tokens of the model are not known here.
    var writer: Writer {
        let unknown = Diagnostic(
            "no-tokenizer",
            "the tokens of '\(remote.name)' are known to its provider alone",
            hint: "logprobs= shows those of an answer"
        )
        return Writer(
            contextLength: Int(Int32.max),
            tokenCount: 0,
            tokenize: { _ throws(Diagnostic) in throw unknown },
            text: { _ in "" },
            bytes: { _ in [] },
            isSpecial: { _ in false },
            render: nil,
            score: { _, _ in throw unknown },
            write: { try self.write($0, $1, number: $2, next: $3) }
        )
    }

    private func write(
        _ prompt: Writer.Prompt,
        _ options: CompletionOptions,
        number: Int,
        next: (Writer.Piece) throws -> Void
    ) throws -> Completion {
        guard case .text(let text) = prompt else {
            throw Diagnostic("only-texts", "'\(remote.name)' is asked for the completion of a text")
        }
        let unknown: [(String, Bool)] = [
            ("top_k", options.topK != 0), ("min_p", options.minP != 0),
            ("repetition_penalty", options.repetitionPenalty != 1),
        ]
        if let (name, _) = unknown.first(where: \.1) {
            throw Diagnostic(
                "bad-sampling",
                "'\(name)' is for models of this machine, and '\(remote.name)' is a provider's",
                hint: "leave it out; temperature= and top_p= are taken"
            )
        }
        let request = CompletionRequest(
            model: remote.model,
            prompt: .texts([text]),
            logprobs: options.logprobs > 0 ? min(5, options.logprobs) : nil,
            stop: options.stop.isEmpty ? nil : StopSequences(options.stop),
            maxTokens: options.maxTokens,
            temperature: options.temperature,
            topP: options.topP == 1 ? nil : options.topP,
            presencePenalty: options.presencePenalty == 0 ? nil : options.presencePenalty,
            frequencyPenalty: options.frequencyPenalty == 0 ? nil : options.frequencyPenalty,
            seed: options.temperature == 0
                ? nil : Int(truncatingIfNeeded: (options.seed &+ UInt64(number)) & 0x7FFF_FFFF)
        )
        var completion = Completion(
            text: "",
            tokens: [],
            finishReason: .length,
            promptTokens: 0,
            completionTokens: 0
        )
        try withoutActuallyEscaping(next) { next in
            try remote.client().complete(request) { response in
                if let usage = response.usage {
                    completion.promptTokens = usage.promptTokens
                }
                guard let choice = response.choices.first else { return }
                let tokens = choice.logprobs.map(Self.tokens) ?? []
                completion.text += choice.text
                completion.tokens += tokens
                completion.completionTokens += max(tokens.count, choice.text.isEmpty ? 0 : 1)
                if let reason = choice.finishReason {
                    completion.finishReason = reason == "length" ? .length : .stop
                }
                if !choice.text.isEmpty {
                    try next(Writer.Piece(text: choice.text, tokens: tokens))
                }
            }
        }
        return completion
    }

    private static func tokens(_ logprobs: CompletionLogprobs) -> [Completion.Token] {
        logprobs.tokens.indices.map { place in
            let top = logprobs.topLogprobs.flatMap { place < $0.count ? $0[place] : nil } ?? []
            return Completion.Token(
                id: -1,
                bytes: Array(logprobs.tokens[place].utf8),
                logprob: place < logprobs.tokenLogprobs.count
                    ? logprobs.tokenLogprobs[place] : nil,
                top: top.sorted { $0.logprob > $1.logprob }.map {
                    Completion.Candidate(id: -1, bytes: Array($0.token.utf8), logprob: $0.logprob)
                }
            )
        }
    }
}
