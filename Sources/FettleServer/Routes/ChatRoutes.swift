import FettleCore
import FettleWorkbench
import HummingbirdCore
import OpenAIWire

/// Conversations that a model answers.
enum ChatRoutes {
    static let all: [Route] = [.post("/v1/chat/completions", complete)]

    private static func complete(_ exchange: Exchange) async throws -> Response {
        let request = try await exchange.body(ChatCompletionRequest.self)
        let prepared = try exchange.prepare(question(request))
        let id = AnswerID.new("chatcmpl")
        let created = exchange.now
        let telling: Int? = request.logprobs ? request.topLogprobs ?? 0 : nil
        guard request.stream else {
            let (answers, cost) = try await exchange.pieces(of: prepared, as: id)
            return exchange.answer(
                ChatCompletion(
                    id: id,
                    created: created,
                    model: prepared.model,
                    choices: answers.map { choice($0, telling) },
                    usage: Usage(cost)
                )
            )
        }
        let frame = ChatCompletionChunk(id: id, created: created, model: prepared.model)
        let roles = FirstPieces()
        return exchange.stream(prepared, as: id, usage: usage(frame, request)) { piece in
            chunks(piece, telling, isFirst: roles.isFirst(piece.answer)).map { choice in
                var chunk = frame
                chunk.choices = [choice]
                return ServerSentEvent(chunk)
            }
        }
    }

    /// Returns what makes the chunk that has the usage, nil where none is asked for.
    private static func usage(
        _ frame: ChatCompletionChunk,
        _ request: ChatCompletionRequest
    ) -> (@Sendable (Usage) -> ServerSentEvent)? {
        guard request.streamOptions?.includeUsage == true else { return nil }
        return { usage in
            var chunk = frame
            chunk.usage = usage
            return ServerSentEvent(chunk)
        }
    }

    private static func question(
        _ request: ChatCompletionRequest
    ) throws(WireProblem) -> CompletionQuestion {
        guard !request.messages.isEmpty else {
            throw WireProblem("'messages' must have at least one message", param: "messages")
        }
        if request.topLogprobs != nil, !request.logprobs {
            throw WireProblem(
                "'top_logprobs' is only taken where 'logprobs' is true",
                param: "top_logprobs"
            )
        }
        var messages: [Message] = []
        for (place, message) in request.messages.enumerated() {
            let name = message.role == "developer" ? "system" : message.role
            guard let role = Role(rawValue: name) else {
                throw WireProblem(
                    "'messages[\(place)].role' is '\(message.role)', expected 'system', "
                        + "'developer', 'user', 'assistant' or 'tool'",
                    param: "messages[\(place)].role"
                )
            }
            messages.append(Message(role: role, content: message.content ?? ""))
        }
        var question = CompletionQuestion(request.model, [.chat(messages)])
        question.count = request.n ?? 1
        question.logprobs = request.logprobs ? request.topLogprobs ?? 0 : nil
        question.stop = request.stop?.texts ?? []
        question.bias = request.logitBias?.values ?? [:]
        question.maxTokens = request.maxCompletionTokens ?? request.maxTokens
        question.temperature = request.temperature ?? 1
        question.topP = request.topP ?? 1
        question.presencePenalty = request.presencePenalty ?? 0
        question.frequencyPenalty = request.frequencyPenalty ?? 0
        question.setSeed(request.seed)
        return question
    }

    // MARK: - Forms

    private static func choice(_ pieces: [CompletionPiece], _ telling: Int?) -> ChatChoice {
        ChatChoice(
            index: pieces[0].answer,
            message: ChatMessage(role: "assistant", content: pieces.map(\.text).joined()),
            logprobs: telling.map { logprobs(pieces.flatMap(\.tokens), $0) },
            finishReason: pieces.last?.finishReason?.rawValue
        )
    }

    /// Returns a piece as chunks: who speaks comes first, and why an answer ended comes alone.
    private static func chunks(
        _ piece: CompletionPiece,
        _ telling: Int?,
        isFirst: Bool
    ) -> [ChatChunkChoice] {
        var chunks: [ChatChunkChoice] = []
        if isFirst {
            chunks.append(
                ChatChunkChoice(
                    index: piece.answer,
                    delta: ChatDelta(role: "assistant", content: "")
                )
            )
        }
        if !piece.text.isEmpty || !piece.tokens.isEmpty {
            chunks.append(
                ChatChunkChoice(
                    index: piece.answer,
                    delta: ChatDelta(content: piece.text),
                    logprobs: telling.map { logprobs(piece.tokens, $0) }
                )
            )
        }
        if let reason = piece.finishReason {
            chunks.append(ChatChunkChoice(index: piece.answer, finishReason: reason.rawValue))
        }
        return chunks
    }

    private static func logprobs(
        _ tokens: [CompletionPiece.Token],
        _ count: Int
    ) -> ChatLogprobs {
        ChatLogprobs(
            content: tokens.map { token in
                ChatTokenLogprob(
                    token: TokenForm.text(token.bytes),
                    logprob: TokenForm.logprob(token.logprob ?? -9999),
                    bytes: WireBytes(token.bytes),
                    // The token itself is told of above, whether or not it is one of the likeliest.
                    topLogprobs: (token.top ?? []).prefix(count).map {
                        ChatTopLogprob(
                            token: TokenForm.text($0.bytes),
                            logprob: TokenForm.logprob($0.logprob),
                            bytes: WireBytes($0.bytes)
                        )
                    }
                )
            }
        )
    }
}
