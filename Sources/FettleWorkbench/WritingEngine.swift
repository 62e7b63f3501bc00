import FettleCore
import FettleModelFiles
import FettleTokenizers
import FettleTransformer
import Synchronization

/// The language model behind a ``Writer``; its weights are read when it is first asked.
///
/// Only what the lock covers changes: the generator, with the keys and values of the last prompt.
final class WritingEngine: @unchecked Sendable {
    private let files: LanguageFiles
    private let text: TokenText
    /// Whether prompts are cut as those of the examples were.
    private let cutsPrompts: Bool
    private let model: @Sendable () throws -> LanguageModel
    private let lock = Mutex(())
    private var generator: Generator?

    init(
        _ files: LanguageFiles,
        _ text: TokenText,
        cutsPrompts: Bool,
        model: @escaping @Sendable () throws -> LanguageModel
    ) {
        self.files = files
        self.text = text
        self.cutsPrompts = cutsPrompts
        self.model = model
    }

    /// What everything else sees of it.
    func writer() -> Writer {
        let tokenizer = text.tokenizer
        var render: (@Sendable ([Message]) throws(Diagnostic) -> String)?
        if text.chat != nil || files.model.chatTemplate != nil {
            render = { messages throws(Diagnostic) in try self.chat().prompt(messages) }
        }
        return Writer(
            contextLength: files.configuration.contextLength,
            tokenCount: files.configuration.vocabularySize,
            tokenize: { prompt throws(Diagnostic) in try self.tokens(of: prompt) },
            text: { tokenizer.decode($0, withSpecials: false) },
            bytes: { tokenizer.bytes(of: $0) },
            isSpecial: { tokenizer.isSpecial($0) },
            render: render,
            score: { try self.score($0, top: $1) },
            write: { try self.write($0, $1, number: $2, next: $3) }
        )
    }

    // MARK: - Prompts

    private func tokens(of prompt: Writer.Prompt) throws(Diagnostic) -> [Int32] {
        switch prompt {
        case .tokens(let tokens): return tokens
        case .text(let prompt) where cutsPrompts || text.chat != nil: return text.prompt(prompt)
        case .text(let prompt):
            let tokens = text.tokenizer.prefix + text.tokenizer.encode(prompt)
            return tokens.isEmpty ? [text.ends.first ?? 0] : tokens
        case .chat(let messages):
            return text.tokenizer.encode(try chat().prompt(messages), specials: .asTokens)
        }
    }

    /// How the model reads conversations: as it was tuned to, else by its own chat template.
    ///
    /// - Throws: `no-chat-template`, or an error of ``ChatTemplate``.
    private func chat() throws(Diagnostic) -> ChatText {
        if let chat = text.chat { return chat }
        guard files.model.chatTemplate != nil else {
            throw Diagnostic(
                "no-chat-template",
                "'\(files.name)' has no chat template, which says how it reads a conversation",
                hint: "ask it to go on from a text: ask \(files.name) \"…\""
            )
        }
        return try ChatText(files)
    }

    /// Whether a completion's first space is its own, as in a text which the prompt began.
    ///
    /// A tuned model learnt its completions as texts apart, and answers in conversations are such, too.
    private func goesOn(_ prompt: Writer.Prompt) -> Bool {
        if case .chat = prompt { return false }
        return !cutsPrompts
    }

    // MARK: - Probabilities and completions

    private func score(_ prompt: Writer.Prompt, top: Int) throws -> [Completion.Token] {
        let tokens = try tokens(of: prompt)
        guard let first = tokens.first else { return [] }
        let model = try lock.withLock { _ in generator?.model } ?? model()
        let scored = try model.scoredTokens(of: tokens, top: top)
        return [Completion.Token(id: first, bytes: text.tokenizer.bytes(of: first), logprob: nil)]
            + scored.map(token)
    }

    private func token(_ generated: GeneratedToken) -> Completion.Token {
        Completion.Token(
            id: generated.token,
            bytes: text.tokenizer.bytes(of: generated.token),
            logprob: Double(generated.logprob),
            top: generated.top.map { candidate in
                Completion.Candidate(
                    id: candidate.token,
                    bytes: text.tokenizer.bytes(of: candidate.token),
                    logprob: Double(candidate.logprob)
                )
            }
        )
    }

    private func write(
        _ prompt: Writer.Prompt,
        _ options: CompletionOptions,
        number: Int,
        next: (Writer.Piece) throws -> Void
    ) throws -> Completion {
        try options.checkStops()
        let tokens = try tokens(of: prompt)
        var sampling = SamplingOptions(options)
        sampling.stopTokens = Set(text.ends)
        if case .chat = prompt { sampling.stopTokens.insert(try chat().end) }
        return try lock.withLock { _ in
            let generator = try self.generator ?? Generator(model())
            self.generator = generator
            var writing = Writing(
                TokenDecoder(text.tokenizer, goesOn: goesOn(prompt)),
                stops: options.stop
            )
            let reason = try generator.complete(tokens, sampling, number: number) { generated in
                if let piece = writing.append(token(generated)) { try next(piece) }
                return !writing.isStopped
            }
            if let piece = writing.finish() { try next(piece) }
            return writing.completion(
                reason == .length ? .length : .stop,
                stop: writing.stop.map { options.stop[$0] },
                end: generator.endToken.map(token),
                promptTokens: tokens.count,
                cachedTokens: generator.reusedTokens
            )
        }
    }
}

/// A completion while it is written.
private struct Writing {
    private var decoder: TokenDecoder
    private var stops: StopTexts
    private var text = ""
    private var tokens: [Completion.Token] = []
    /// For each token, the bytes of the text before it.
    private var starts: [Int] = []
    private var decoded = 0
    private var given = 0

    init(_ decoder: TokenDecoder, stops: [String]) {
        self.decoder = decoder
        self.stops = StopTexts(stops)
    }

    var stop: Int? { stops.found }
    var isStopped: Bool { stop != nil }

    /// Takes a token, and returns a piece where a text is certain.
    mutating func append(_ token: Completion.Token) -> Writer.Piece? {
        tokens.append(token)
        starts.append(decoded)
        let more = decoder.append(token.id)
        decoded += more.utf8.count
        let certain = stops.append(more)
        return certain.isEmpty ? nil : piece(certain)
    }

    /// Returns what was held back.
    mutating func finish() -> Writer.Piece? {
        var rest = ""
        if !isStopped {
            rest = stops.append(decoder.finish())
            if !isStopped { rest += stops.finish() }
        }
        let kept =
            isStopped ? starts.count { $0 < text.utf8.count + rest.utf8.count } : starts.count
        return rest.isEmpty && kept <= given ? nil : piece(rest, kept)
    }

    private mutating func piece(_ certain: String, _ end: Int? = nil) -> Writer.Piece {
        text += certain
        let end = max(
            given,
            end ?? (isStopped ? starts.count { $0 < text.utf8.count } : starts.count)
        )
        defer { given = end }
        return Writer.Piece(text: certain, tokens: Array(tokens[given..<end]))
    }

    func completion(
        _ reason: Completion.FinishReason,
        stop: String?,
        end: Completion.Token?,
        promptTokens: Int,
        cachedTokens: Int
    ) -> Completion {
        Completion(
            text: text,
            tokens: Array(tokens[..<given]),
            finishReason: isStopped ? .stop : reason,
            stop: stop,
            end: isStopped ? nil : end,
            promptTokens: promptTokens,
            cachedTokens: cachedTokens,
            completionTokens: tokens.count
        )
    }
}

extension SamplingOptions {
    fileprivate init(_ options: CompletionOptions) {
        self.init()
        maxTokens = options.maxTokens
        temperature = Float(options.temperature)
        topP = Float(options.topP)
        topK = options.topK
        minP = Float(options.minP)
        repetitionPenalty = Float(options.repetitionPenalty)
        presencePenalty = Float(options.presencePenalty)
        frequencyPenalty = Float(options.frequencyPenalty)
        bias = options.bias.mapValues { Float($0) }
        seed = options.seed
        topLogprobs = options.logprobs
    }
}
