import FettleCore
import FettleStore
import FettleTokenizers
import FettleTransformer
import Synchronization

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
            onCluster: { run, place, site in
                let files = try LanguageFiles(record)
                return ClusterTraining(TorchOrder(run, files, at: place, site), run, files)
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
        let opened = OpenedModel(files, tuned)
        let text = tuned.text
        let labels = tuned.labels.map { text.label($0) }
        self.init(
            labels: tuned.labels,
            score: { prompts in
                try opened.model.scores(of: labels, after: prompts.map(text.prompt))
                    .flatMap(\.self)
            },
            scoreTokens: { prompts in
                try opened.model.scores(of: labels, after: Array(prompts)).flatMap(\.self)
            },
            block: Self.promptsAtATime,
            scoresOnOneThread: false,
            isClosed: false,
            writer: WritingEngine(files, text, cutsPrompts: !tuned.isBase) {
                try opened.model
            }.writer(),
            parameterCount: tuned.parameterCount,
            save: { path throws(Diagnostic) in try tuned.write(to: path) }
        )
    }
}

/// The language model of a ``TunedModel``; its adapter is read once for a network, which it does not keep in memory.
private final class OpenedModel: Sendable {
    private struct Read {
        weak var network: TransformerNetwork?
        var adapter: LowRankAdapter?
    }

    private let files: LanguageFiles
    private let tuned: TunedAdapter
    private let read = Mutex(Read())

    init(_ files: LanguageFiles, _ tuned: TunedAdapter) {
        self.files = files
        self.tuned = tuned
    }

    /// The model.
    ///
    /// - Throws: what is wrong with its weights, `CancellationError`.
    var model: LanguageModel {
        get throws {
            let network = try LanguageModels.network(files, for: .inference, of: tuned)
            let adapter = try read.withLock { read in
                if read.network !== network {
                    read = Read(network: network, adapter: try tuned.adapter(for: network))
                }
                return read.adapter
            }
            return LanguageModel(network, adapter: adapter, threads: LanguageModels.threads)
        }
    }
}
