import FettleCore

/// A prompt of a question as its model reads it.
struct ReadPrompt: Sendable {
    /// What it stands for, special tokens left out.
    let text: String
    /// What a writer is given; nil for a model without tokens.
    let source: Writer.Prompt?
    /// The tokens that the model reads; none for a model without tokens.
    let tokens: [Int32]
    /// Whether the client gave the tokens.
    let isOfTokens: Bool

    /// A prompt of a model without tokens.
    init(_ text: String) {
        self.text = text
        source = nil
        tokens = []
        isOfTokens = false
    }

    /// A prompt of a model with tokens; `name` is the field that errors are about.
    ///
    /// - Throws: `bad-value`; `prompt-too-long`; what the writer says of the conversation.
    init(_ prompt: Writer.Prompt, _ name: String, _ writer: Writer) throws(Diagnostic) {
        let tokens = try about(name) { () throws(Diagnostic) in try writer.tokenize(prompt) }
        guard !tokens.isEmpty else {
            throw CompletionQuestion.wrong(name, "has no token, expected one to go on from")
        }
        guard tokens.count <= writer.contextLength else {
            var diagnostic = Diagnostic(
                "prompt-too-long",
                "this model's maximum context length is \(writer.contextLength) tokens, and '\(name)' has "
                    + "\(tokens.count)",
                hint: "shorten it"
            )
            diagnostic.parameter = name
            throw diagnostic
        }
        switch prompt {
        case .text(let text): self.text = text
        case .tokens, .chat: text = writer.text(tokens)
        }
        if case .tokens = prompt { isOfTokens = true } else { isOfTokens = false }
        source = prompt
        self.tokens = tokens
    }

    /// Returns the numbers of tokens that a client gave.
    ///
    /// - Throws: `bad-value` for one that the model has not.
    static func tokens(_ numbers: [Int], _ writer: Writer) throws(Diagnostic) -> [Int32] {
        if let wrong = numbers.first(where: { !(0..<writer.tokenCount).contains($0) }) {
            throw CompletionQuestion.wrong(
                "prompt",
                "has the token \(wrong), expected one below \(writer.tokenCount)"
            )
        }
        return numbers.map { Int32($0) }
    }

    // MARK: - Echo

    /// Returns the prompt as it stands before its answers, with its tokens where they are asked for: each with
    /// its probability after those before it and `top` of the likeliest at its place.
    ///
    /// - Throws: as ``Writer/score``.
    func echo(_ writer: Writer, logprobs top: Int?) throws -> CompletionPiece {
        var piece = CompletionPiece(answer: 0, text: text)
        guard let top else { return piece }
        // The space that is put before a text is its first token's, and no part of it.
        let bytes = tokens.filter { !writer.isSpecial($0) }.flatMap(writer.bytes)
        var hasExtraSpace = bytes.first == 0x20 && bytes.count == text.utf8.count + 1
        piece.tokens = try writer.score(.tokens(tokens), top).map { scored in
            var token = CompletionPiece.Token(scored, top: top)
            if writer.isSpecial(scored.id) {
                token.scalars = 0
            } else if hasExtraSpace {
                token.scalars -= 1
                hasExtraSpace = false
            }
            return token
        }
        return piece
    }
}

extension CompletionPiece.Token {
    /// A token that a language model gave or was given, with the `top` likeliest of its place and itself.
    init(_ token: Completion.Token, top count: Int) {
        self.init(bytes: token.bytes, logprob: token.logprob)
        guard count > 0, let logprob = token.logprob else { return }
        var candidates = token.top.prefix(count).map {
            CompletionPiece.Candidate(bytes: $0.bytes, logprob: $0.logprob)
        }
        if !token.top.prefix(count).contains(where: { $0.id == token.id }) {
            candidates.append(CompletionPiece.Candidate(bytes: token.bytes, logprob: logprob))
        }
        top = candidates
    }
}
