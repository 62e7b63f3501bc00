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
            render: { RemoteConversation.line(of: $0) },
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
        switch prompt {
        case .text(let line) where remote.isChat:
            let messages = try RemoteConversation.messages(of: line)
            return try converse(messages, options, number, next)
        case .text(let text): return try complete(text, options, number, next)
        case .chat(let messages):
            let line = RemoteConversation.line(of: messages)
            return try converse(
                try RemoteConversation.messages(of: line),
                options,
                number,
                next
            )
        case .tokens:
            throw Diagnostic(
                "no-tokenizer",
                "the tokens of '\(remote.name)' are known to its provider alone",
                hint: "ask it by a text"
            )
        }
    }

    private func complete(
        _ text: String,
        _ options: CompletionOptions,
        _ number: Int,
        _ next: (Writer.Piece) throws -> Void
    ) throws -> Completion {
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
            seed: Self.seed(options, number)
        )
        var completion = Self.empty
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

    /// Has it answer in a conversation.
    private func converse(
        _ messages: [ChatMessage],
        _ options: CompletionOptions,
        _ number: Int,
        _ next: (Writer.Piece) throws -> Void
    ) throws -> Completion {
        let request = ChatCompletionRequest(
            model: remote.model,
            messages: messages,
            logprobs: options.logprobs > 0,
            topLogprobs: options.logprobs > 0 ? min(20, options.logprobs) : nil,
            stop: options.stop.isEmpty ? nil : StopSequences(options.stop),
            maxTokens: options.maxTokens,
            temperature: options.temperature,
            topP: options.topP == 1 ? nil : options.topP,
            presencePenalty: options.presencePenalty == 0 ? nil : options.presencePenalty,
            frequencyPenalty: options.frequencyPenalty == 0 ? nil : options.frequencyPenalty,
            seed: Self.seed(options, number)
        )
        var completion = Self.empty
        try withoutActuallyEscaping(next) { next in
            try remote.client().converse(request) { chunk in
                if let usage = chunk.usage { completion.promptTokens = usage.promptTokens }
                guard let choice = chunk.choices.first else { return }
                let text = choice.delta.content ?? ""
                let tokens = (choice.logprobs?.content ?? []).map(Self.token)
                completion.text += text
                completion.tokens += tokens
                completion.completionTokens += max(tokens.count, text.isEmpty ? 0 : 1)
                if let reason = choice.finishReason {
                    completion.finishReason = reason == "length" ? .length : .stop
                }
                if !text.isEmpty { try next(Writer.Piece(text: text, tokens: tokens)) }
            }
        }
        return completion
    }

    private static let empty = Completion(
        text: "",
        tokens: [],
        finishReason: .length,
        promptTokens: 0,
        completionTokens: 0
    )

    private static func seed(_ options: CompletionOptions, _ number: Int) -> Int? {
        options.temperature == 0
            ? nil : Int(truncatingIfNeeded: (options.seed &+ UInt64(number)) & 0x7FFF_FFFF)
    }

    private static func token(_ token: ChatTokenLogprob) -> Completion.Token {
        Completion.Token(
            id: -1,
            bytes: token.bytes?.bytes ?? Array(token.token.utf8),
            logprob: token.logprob,
            top: token.topLogprobs.map {
                Completion.Candidate(
                    id: -1,
                    bytes: $0.bytes?.bytes ?? Array($0.token.utf8),
                    logprob: $0.logprob
                )
            }
        )
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
