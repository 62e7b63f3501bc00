import FettleCore
import FettleProviders
import OpenAIWire

/// A model of a provider.
struct RemoteModel: Sendable {
    let provider: String
    let model: String
    /// Returns what asks the provider.
    let client: @Sendable () throws(Diagnostic) -> OpenAIClient

    /// What the workspace calls it.
    var name: String { "\(provider)/\(model)" }
}

extension BaseModel {
    /// A model of a provider, which chooses and writes there.
    static func remote(_ remote: RemoteModel) -> BaseModel {
        BaseModel(
            name: remote.name,
            summary: "'\(remote.model)' of the provider '\(remote.provider)'",
            tune: { run, onMetrics in
                throw Diagnostic(
                    "provider-only",
                    "'\(remote.name)' cannot be tuned from here",
                    hint: "tune a model of this machine: tune ngram on DATASET"
                )
            },
            open: { path throws(Diagnostic) in
                throw Diagnostic("model-unreadable", "'\(path)' is no model of a provider")
            },
            untuned: { completions, isChat throws(Diagnostic) in
                guard !isChat else {
                    throw Diagnostic(
                        "no-chat-template",
                        "'\(remote.name)' is asked for completions, and the format has conversations",
                        hint:
                            "give the dataset a prompt and a completion: format prompt=… completion=…"
                    )
                }
                return TunedModel(remote, labels: completions)
            }
        )
    }
}

extension TunedModel {
    /// Prompts that a request asks about.
    private static let promptsARequest = 20

    init(_ remote: RemoteModel, labels: [String]) {
        self.init(
            labels: labels,
            score: { prompts in try RemoteLabels(remote, labels).score(prompts) },
            block: Self.promptsARequest,
            // A request has many prompts, and is made again where it fails.
            scoresOnOneThread: false,
            isClosed: false,
            writer: RemoteWriter(remote).writer,
            parameterCount: 0,
            save: { path throws(Diagnostic) in
                throw Diagnostic("provider-only", "'\(remote.name)' has no weights here")
            }
        )
    }
}
