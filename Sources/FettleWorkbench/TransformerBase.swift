import FettleCore
import FettleStore
import FettleTokenizers
import FettleTransformer

extension BaseModel {
    /// A language model that the user added: tuning learns a low-rank adapter (LoRA, arXiv:2106.09685), or changes
    /// the weights themselves.
    static func transformer(_ record: AddedBaseRecord) -> BaseModel {
        BaseModel(
            name: record.name,
            summary: record.summary,
            tune: { run, onMetrics in
                try TransformerTuning(run, LanguageFiles(record)).outcome(onMetrics)
            },
            open: { path throws(Diagnostic) in
                let files = try LanguageFiles(record)
                let adapter = try TunedAdapter(path, of: files)
                return TunedModel(files, adapter)
            },
            untuned: { completions, isChat throws(Diagnostic) in
                let files = try LanguageFiles(record)
                let chat = isChat ? try ChatText(files) : nil
                return TunedModel(files, TunedAdapter(labels: completions, of: files, chat: chat))
            },
            chat: { weights throws(Diagnostic) in
                let kept = try weights.map { path throws(Diagnostic) in
                    try TunedAdapter.chatTemplate(of: path)
                }
                // A model that kept none was tuned on plain text.
                if case .some(nil) = kept { return nil }
                let text = try ChatText(LanguageFiles(record), keeping: kept ?? nil)
                return { messages throws(Diagnostic) in try text.prompt(messages) }
            },
            checkLanguage: { settings, hasValidation throws(Diagnostic) in
                try settings.check(hasValidation: hasValidation)
                // What asks nothing of the model's sizes needs not open its files.
                let isAsked = settings.rank != nil || settings.layers != nil
                guard isAsked || settings.projections != nil else { return }
                _ = try settings.part(LanguageFiles(record).configuration, from: nil)
            },
            exporter: { weights throws(Diagnostic) in
                try TransformerExport(LanguageFiles(record), weights: weights).exporter
            }
        )
    }
}

extension TunedModel {
    /// Prompts that are scored at a time; each keeps its keys and values meanwhile.
    private static let promptsAtATime = 32

    /// A model that reads its weights when it is first asked.
    init(_ files: LanguageFiles, _ tuned: TunedAdapter) {
        @Sendable func model() throws -> LanguageModel {
            let network = try LanguageModels.network(files, for: .inference, of: tuned)
            return LanguageModel(
                network,
                adapter: try tuned.adapter(for: network),
                threads: LanguageModels.threads
            )
        }
        let text = tuned.text
        let labels = tuned.labels.map { text.label($0) }
        self.init(
            labels: tuned.labels,
            score: { prompts in
                try model().scores(of: labels, after: prompts.map(text.prompt)).flatMap(\.self)
            },
            block: Self.promptsAtATime,
            scoresOnOneThread: false,
            isClosed: false,
            writer: WritingEngine(files, text, cutsPrompts: !tuned.isBase, model: model).writer(),
            parameterCount: tuned.parameterCount,
            save: { path throws(Diagnostic) in try tuned.write(to: path) }
        )
    }
}
