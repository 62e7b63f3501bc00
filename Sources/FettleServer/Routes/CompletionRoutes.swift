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

    /// What the API takes where a request says nothing.
    private static let usualTokens = 16

    private static func complete(
        _ exchange: Exchange,
        _ request: CompletionRequest
    ) async throws -> Response {
        let prepared = try exchange.prepare(question(request))
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

    private static func question(
        _ request: CompletionRequest
    ) throws(WireProblem) -> CompletionQuestion {
        if request.suffix?.isEmpty == false {
            throw WireProblem(
                "'suffix' is not taken here: models go on from what comes before",
                param: "suffix"
            )
        }
        if request.stream, let bestOf = request.bestOf, bestOf > 1 {
            throw WireProblem(
                "'best_of' is \(bestOf), and answers that come in pieces cannot be compared; leave "
                    + "out 'stream' or 'best_of'",
                param: "best_of"
            )
        }
        var prompts: [CompletionQuestion.Prompt] = [.text("")]
        switch request.prompt {
        case .texts(let texts): prompts = texts.map { .text($0) }
        case .tokens(let lists): prompts = lists.map { .tokens($0) }
        case nil: break
        }
        var question = CompletionQuestion(request.model, prompts)
        question.count = request.n ?? 1
        question.bestOf = request.bestOf == 0 ? nil : request.bestOf
        question.echoes = request.echo
        question.logprobs = request.logprobs
        question.stop = request.stop?.texts ?? []
        question.bias = request.logitBias?.values ?? [:]
        question.maxTokens = request.maxTokens ?? usualTokens
        question.temperature = request.temperature ?? 1
        question.topP = request.topP ?? 1
        question.presencePenalty = request.presencePenalty ?? 0
        question.frequencyPenalty = request.frequencyPenalty ?? 0
        question.setSeed(request.seed)
        return question
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
