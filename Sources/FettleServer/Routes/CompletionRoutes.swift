import FettleCore
import FettleWorkbench
import HummingbirdCore
import OpenAIWire

/// Texts that a model goes on from.
enum CompletionRoutes {
    static let all: [Route] = [
        .post("/v1/completions") { exchange in
            try await complete(exchange, exchange.body(CompletionRequest.self))
        },
        .post("/v1/engines/{id}/completions") { exchange in
            let object = try await exchange.bodyObject()
            let named = object.setting("model", .string(exchange["id"]))
            return try await complete(exchange, CompletionRequest(reading: named))
        },
    ]

    private static func complete(
        _ exchange: Exchange,
        _ request: CompletionRequest
    ) async throws -> Response {
        let prepared = try exchange.prepare(CompletionQuestion(request))
        let frame = CompletionResponse(
            id: AnswerID.new("cmpl"),
            created: exchange.now,
            model: prepared.model
        )
        let telling = request.logprobs
        guard request.stream else {
            let (answers, cost) = try await exchange.pieces(of: prepared, as: frame.id)
            var response = frame
            response.choices = answers.map { choice($0, telling) }
            response.usage = Usage(cost)
            return exchange.answer(response)
        }
        let tellsUsage = request.streamOptions?.includeUsage == true
        return exchange.stream(prepared, as: frame.id, usage: usage(frame, request)) { piece in
            chunks(piece, telling).map { choice in
                var response = frame
                response.choices = [choice]
                return event(response, tellsUsage)
            }
        }
    }

    /// Returns what makes the chunk that has the usage, nil where none is asked for.
    private static func usage(
        _ frame: CompletionResponse,
        _ request: CompletionRequest
    ) -> (@Sendable (Usage) -> ServerSentEvent)? {
        guard request.streamOptions?.includeUsage == true else { return nil }
        return { usage in
            var response = frame
            response.usage = usage
            return ServerSentEvent(response)
        }
    }

    // MARK: - Forms

    private static func choice(_ pieces: [CompletionPiece], _ telling: Int?) -> CompletionChoice {
        var choice = CompletionChoice(index: pieces[0].answer)
        for piece in pieces {
            choice.text += piece.text
            choice.finishReason = piece.finishReason?.rawValue ?? choice.finishReason
            guard let more = logprobs(piece, telling) else { continue }
            guard var all = choice.logprobs else {
                choice.logprobs = more
                continue
            }
            all.tokens += more.tokens
            all.tokenLogprobs += more.tokenLogprobs
            all.textOffset += more.textOffset
            if let top = more.topLogprobs { all.topLogprobs?.append(contentsOf: top) }
            choice.logprobs = all
        }
        return choice
    }

    /// Returns a piece as chunks: the reason why an answer ended comes alone.
    private static func chunks(_ piece: CompletionPiece, _ telling: Int?) -> [CompletionChoice] {
        var chunks: [CompletionChoice] = []
        if !piece.text.isEmpty || !piece.tokens.isEmpty {
            chunks.append(
                CompletionChoice(
                    text: piece.text,
                    index: piece.answer,
                    logprobs: logprobs(piece, telling)
                )
            )
        }
        if let reason = piece.finishReason {
            chunks.append(CompletionChoice(index: piece.answer, finishReason: reason.rawValue))
        }
        return chunks
    }

    private static func logprobs(_ piece: CompletionPiece, _ telling: Int?) -> CompletionLogprobs? {
        guard let telling else { return nil }
        var logprobs = CompletionLogprobs(topLogprobs: telling > 0 ? [] : nil)
        var offset = piece.offset
        for token in piece.tokens {
            logprobs.tokens.append(TokenForm.text(token.bytes))
            logprobs.tokenLogprobs.append(token.logprob.map(TokenForm.logprob))
            logprobs.textOffset.append(offset)
            logprobs.topLogprobs?.append(
                token.top?.map {
                    TokenLogprob(
                        token: TokenForm.text($0.bytes),
                        logprob: TokenForm.logprob($0.logprob)
                    )
                }
            )
            offset += token.scalars
        }
        return logprobs
    }

    /// Returns a chunk; where the last one has the usage, the others say that they have none.
    private static func event(_ response: CompletionResponse, _ tellsUsage: Bool) -> ServerSentEvent
    {
        guard tellsUsage, case .object(let members) = response.json else {
            return ServerSentEvent(response)
        }
        return ServerSentEvent(data: JSONValue.object(members + [.init("usage", .null)]).text())
    }
}
