import FettleCore
import FettleModelFiles
import FettleTokenizers
import FettleTransformer

/// Writes a language model, tuned or as it is, for other programs, and asks what was written.
///
/// Model and file both compute in single precision, so that only what the file keeps of the numbers tells
/// them apart.
struct TransformerExport: Sendable {
    private let files: LanguageFiles
    private let tuned: TunedAdapter
    private let isTuned: Bool

    /// Tokens that a model which writes freely is asked for.
    private static let writtenTokens = 4

    /// Opens a base model, with the adapter at `weights` or as it is.
    init(_ files: LanguageFiles, weights: String?) throws(Diagnostic) {
        self.files = files
        isTuned = weights != nil
        tuned =
            if let weights {
                try TunedAdapter(weights, of: files)
            } else {
                TunedAdapter(labels: [], of: files)
            }
    }

    /// How this model is exported.
    var exporter: ModelExporter {
        ModelExporter(
            forms: (tuned.part?.adapter == nil ? [] : [.adapter]) + [.folder, .gguf, .modelfile],
            export: { try export($0) },
            modelfile: { name throws(Diagnostic) in try modelfile(name) }
        )
    }

    private func export(
        _ order: ExportOrder
    ) throws -> (expected: ExportAnswers, found: ExportAnswers) {
        let expected = try writeAndAsk(order)
        guard !order.prompts.isEmpty else { return (expected, expected) }
        return (expected, try askWritten(order, expected))
    }

    /// Writes, and returns the model's own answers.
    ///
    /// The memory of its network is free when this returns.
    private func writeAndAsk(_ order: ExportOrder) throws -> ExportAnswers {
        let weights = try tuned.weights(of: files)
        let network = try Self.network(files, weights)
        let adapter = try tuned.adapter(for: network)
        try write(order, weights, adapter)
        guard !order.prompts.isEmpty else { return ExportAnswers([]) }
        let model = LanguageModel(network, adapter: adapter, threads: LanguageModels.threads)
        return try answers(model, tuned.text, order, given: nil)
    }

    private static func network(
        _ files: LanguageFiles,
        _ weights: ModelWeights
    ) throws -> TransformerNetwork {
        try TransformerNetwork(
            configuration: files.configuration,
            weights: weights,
            precision: .float32,
            threads: LanguageModels.threads
        )
    }

    // MARK: - Writing

    private func write(
        _ order: ExportOrder,
        _ weights: ModelWeights,
        _ adapter: LowRankAdapter?
    ) throws {
        let source = TensorSource(files.model) { name in
            let numbers = try weights.readFloats(name)
            return adapter?.merged(name, numbers) ?? numbers
        }
        let bytes: (Int) -> Int = { count in
            switch order.numbers {
            case .f32: count * 4
            case .f16: count * 2
            case .q8_0: count / 32 * 34
            }
        }
        let progress: (Int, Int) -> Void = { done, total in
            order.progress(bytes(done) / 1_000_000, bytes(total) / 1_000_000, "MB")
        }
        switch order.form {
        case .adapter:
            guard let adapter else { preconditionFailure("a base model has no adapter") }
            try AdapterFolder(
                baseModel: files.model.path,
                base: files.configuration,
                rank: adapter.shape.rank,
                alpha: adapter.shape.alpha,
                dropout: adapter.shape.dropout,
                projections: adapter.modules.map { .init(module: $0.module, a: $0.a, b: $0.b) }
            ).write(to: order.path)
        case .folder: try source.writeFolder(to: order.path, as: type(order), progress: progress)
        case .gguf, .modelfile:
            try source.writeGGUF(to: order.path, as: type(order), progress: progress)
        case .model: preconditionFailure("a language model has no file of the built-in model")
        }
    }

    private func type(_ order: ExportOrder) -> TensorType {
        switch order.numbers {
        case .f16: .float16
        case .q8_0: .q80
        case .f32: .float32
        }
    }

    private func modelfile(_ name: String) throws(Diagnostic) -> String {
        // Completions that no other begins with end where they are complete.
        let longest = tuned.labels.map { tuned.text.label($0).count }.max()
        return try OllamaModelfile(
            model: "./" + name,
            isRaw: isTuned || files.model.chatTemplate == nil,
            temperature: isTuned ? 0 : nil,
            maximumTokens: longest,
            contextLength: files.configuration.contextLength,
            stops: []
        ).text()
    }

    // MARK: - Asking

    /// Opens what was written and asks it.
    private func askWritten(
        _ order: ExportOrder,
        _ expected: ExportAnswers
    ) throws -> ExportAnswers {
        guard order.form == .adapter else {
            let written = try LanguageFiles(order.path, name: files.name)
            let chat = try tuned.text.chat.map { _ in try ChatText(written) }
            let text = TokenText(
                tokenizer: written.tokenizer,
                ends: (chat.map { [$0.end] } ?? []) + written.ends,
                promptTokens: tuned.text.promptTokens,
                marksEnds: tuned.text.marksEnds,
                chat: chat
            )
            let model = LanguageModel(
                try Self.network(written, written.model.weights),
                threads: LanguageModels.threads
            )
            return try answers(model, text, order, given: expected)
        }
        let network = try Self.network(files, files.model.weights)
        let folder = try AdapterFolderContents(order.path)
        let layers = folder.modules.compactMap { module in
            module.split(separator: ".").lazy.compactMap { Int($0) }.first
        }
        let shape = AdapterShape(
            rank: folder.rank,
            alpha: folder.alpha,
            projections: Set(folder.modules.map { String($0.split(separator: ".").last ?? "") }),
            layers: (layers.min() ?? 0)..<(layers.max() ?? -1) + 1
        )
        let adapter = try LowRankAdapter(shape, for: network, seed: 0)
        try adapter.load { try folder.weights.readFloats($0) }
        let model = LanguageModel(network, adapter: adapter, threads: LanguageModels.threads)
        return try answers(model, tuned.text, order, given: expected)
    }

    private func answers(
        _ model: LanguageModel,
        _ text: TokenText,
        _ order: ExportOrder,
        given: ExportAnswers?
    ) throws -> ExportAnswers {
        let prompts = order.prompts.map(text.prompt)
        let (asked, total) = (given == nil ? 0 : prompts.count, 2 * prompts.count)
        order.progress(asked, total, "answers")
        defer { order.progress(asked + prompts.count, total, "answers") }
        guard tuned.labels.isEmpty else {
            let labels = tuned.labels.map(text.label)
            let scores = try model.scores(of: labels, after: prompts)
            return ExportAnswers(labels: tuned.labels, scores: scores.flatMap(\.self))
        }
        guard let given else { return try Self.write(model, text, prompts) }
        return try Self.follow(model, text, prompts, given)
    }

    /// Writes the likeliest tokens after each prompt.
    private static func write(
        _ model: LanguageModel,
        _ text: TokenText,
        _ prompts: [[Int32]]
    ) throws -> ExportAnswers {
        var answers = prompts.map { _ in ExportAnswers.Answer(completion: "", logprobs: []) }
        for _ in 0..<writtenTokens {
            let open = answers.indices.filter { place in
                answers[place].tokens.last.map { !text.ends.contains($0) } ?? true
            }
            guard !open.isEmpty else { break }
            let next = try model.nextTokens(1, after: open.map { prompts[$0] + answers[$0].tokens })
            for (place, tokens) in zip(open, next) {
                guard let token = tokens.first else { continue }
                answers[place].tokens.append(token.token)
                answers[place].logprobs.append(Double(token.logprob))
            }
        }
        return ExportAnswers(answers.map { named($0, text) })
    }

    /// Goes along the tokens of other answers; what it would have written there is its answer.
    private static func follow(
        _ model: LanguageModel,
        _ text: TokenText,
        _ prompts: [[Int32]],
        _ given: ExportAnswers
    ) throws -> ExportAnswers {
        var answers: [ExportAnswers.Answer] = []
        for (prompt, answer) in zip(prompts, given.answers) {
            let beginnings = answer.tokens.indices.map { prompt + answer.tokens[..<$0] }
            let likeliest = try model.nextTokens(1, after: beginnings).compactMap(\.first)
            let logprobs = try model.tokenLogprobs(of: [prompt + answer.tokens])[0]
                .suffix(answer.tokens.count).map { Double($0) }
            let distances = zip(likeliest, logprobs).map { Double($0.logprob) - $1 }
            answers.append(
                named(
                    .init(
                        completion: "",
                        logprobs: logprobs,
                        tokens: likeliest.map(\.token),
                        distance: distances.max() ?? 0
                    ),
                    text
                )
            )
        }
        return ExportAnswers(answers)
    }

    private static func named(
        _ answer: ExportAnswers.Answer,
        _ text: TokenText
    ) -> ExportAnswers.Answer {
        var answer = answer
        answer.completion = text.tokenizer.decode(answer.tokens)
        return answer
    }
}
