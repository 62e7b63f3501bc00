import FettleCore

/// A question to a model that writes freely.
struct WrittenCompletion: Sendable {
    private let question: CompletionQuestion
    private let writer: Writer
    private let prompts: [ReadPrompt]

    /// Looks at what such a model can serve.
    ///
    /// - Throws: `bad-value` that names the option.
    init(
        _ question: CompletionQuestion,
        _ writer: Writer,
        _ prompts: [ReadPrompt]
    ) throws(Diagnostic) {
        if let token = question.bias.keys.filter({ $0 >= writer.tokenCount }).min() {
            throw CompletionQuestion.wrong(
                "logit_bias",
                "has the token \(token), expected one below \(writer.tokenCount)"
            )
        }
        self.question = question
        self.writer = writer
        self.prompts = prompts
    }

    /// Answers, one after the other.
    func run(_ next: (CompletionPiece) throws -> Void) throws -> CompletionCost {
        let seed = question.seed ?? .random(in: .min ... .max)
        let drawn = max(question.count, question.bestOf ?? 0)
        var cost = CompletionCost()
        for (number, prompt) in prompts.enumerated() {
            try Task.checkCancellation()
            cost.promptTokens += prompt.tokens.count
            let options = options(after: prompt, seed: seed)
            let echo =
                question.echoes ? try prompt.echo(writer, logprobs: question.logprobs) : nil
            func begin(_ answer: Int) throws {
                guard var echo else { return }
                echo.answer = answer
                try next(echo)
            }
            guard drawn > question.count else {
                for place in 0..<question.count {
                    let answer = number * question.count + place
                    try begin(answer)
                    // Each answer of a request has draws of its own, those to equal prompts too.
                    cost.completionTokens += try write(prompt, options, answer, answer, next)
                        .completionTokens
                }
                continue
            }
            let best = try best(
                of: drawn,
                after: prompt,
                options,
                from: number * drawn,
                &cost
            )
            for (place, pieces) in best.enumerated() {
                let answer = number * question.count + place
                try begin(answer)
                for var piece in pieces {
                    piece.answer = answer
                    try next(piece)
                }
            }
        }
        return cost
    }

    /// Returns the answers whose tokens are likeliest on average, as many as were asked for.
    private func best(
        of drawn: Int,
        after prompt: ReadPrompt,
        _ options: CompletionOptions,
        from first: Int,
        _ cost: inout CompletionCost
    ) throws -> [[CompletionPiece]] {
        var all: [(mean: Double, pieces: [CompletionPiece])] = []
        for place in 0..<drawn {
            try Task.checkCancellation()
            var pieces: [CompletionPiece] = []
            let completion = try write(prompt, options, first + place, 0) { pieces.append($0) }
            cost.completionTokens += completion.completionTokens
            let sum = completion.tokens.reduce(0) { $0 + ($1.logprob ?? 0) }
            all.append((sum / Double(max(1, completion.tokens.count)), pieces))
        }
        let order = all.indices.sorted { (-all[$0].mean, $0) < (-all[$1].mean, $1) }
        return order.prefix(question.count).map { all[$0].pieces }
    }

    /// Writes an answer; what ended it comes alone at its end.
    private func write(
        _ prompt: ReadPrompt,
        _ options: CompletionOptions,
        _ draw: Int,
        _ answer: Int,
        _ next: (CompletionPiece) throws -> Void
    ) throws -> Completion {
        guard let source = prompt.source else {
            preconditionFailure("a prompt of a writer has no tokens")
        }
        var offset = prompt.text.unicodeScalars.count
        let completion =
            options.maxTokens == 0
            ? Completion(
                text: "",
                tokens: [],
                finishReason: .length,
                promptTokens: prompt.tokens.count,
                completionTokens: 0
            )
            : try writer.write(source, options, draw) { written in
                var piece = CompletionPiece(answer: answer, text: written.text, offset: offset)
                if let count = question.logprobs {
                    piece.tokens = written.tokens.map { CompletionPiece.Token($0, top: count) }
                }
                offset += piece.tokens.reduce(0) { $0 + $1.scalars }
                try next(piece)
            }
        var last = CompletionPiece(answer: answer, offset: offset)
        last.finishReason = CompletionPiece.FinishReason(completion.finishReason)
        if let count = question.logprobs, let end = completion.end, tellsEnds(source) {
            var token = CompletionPiece.Token(end, top: count)
            token.scalars = 0
            last.tokens = [token]
        }
        try next(last)
        return completion
    }

    /// Whether the token that ended an answer is told of.
    ///
    /// Programs that score texts count on one token more than those of the prompt, whichever it is. A conversation
    /// has its text's tokens alone.
    private func tellsEnds(_ prompt: Writer.Prompt) -> Bool {
        if case .chat = prompt { false } else { true }
    }

    private func options(after prompt: ReadPrompt, seed: UInt64) -> CompletionOptions {
        var options = CompletionOptions()
        let room = max(0, writer.contextLength - prompt.tokens.count)
        options.maxTokens = min(question.maxTokens ?? room, room)
        // No token at all is as likely as 0, so that the likeliest one is meant.
        options.temperature = question.topP > 0 ? question.temperature : 0
        options.topP = question.topP > 0 ? question.topP : 1
        options.presencePenalty = question.presencePenalty
        options.frequencyPenalty = question.frequencyPenalty
        options.bias = Dictionary(
            uniqueKeysWithValues: question.bias.map { (Int32($0.key), $0.value) }
        )
        options.seed = seed
        options.stop = question.stop
        options.logprobs = question.logprobs ?? 0
        return options
    }
}

extension CompletionPiece.FinishReason {
    fileprivate init(_ reason: Completion.FinishReason) {
        switch reason {
        case .stop: self = .stop
        case .length: self = .length
        }
    }
}
