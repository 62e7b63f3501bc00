import FettleCore
import FettleProviders
import OpenAIWire
import Synchronization

/// A model of a provider.
struct RemoteModel: Sendable {
    let provider: String
    var model: String
    /// Whether it is asked by conversations, whose prompts are lines of ``RemoteConversation``.
    var isChat = false
    /// Whether a request may have several prompts.
    let manners = Manners()
    /// Returns what asks the provider.
    let client: @Sendable () throws(Diagnostic) -> OpenAIClient

    /// What was learnt of a server: some take one prompt a request, and answer several with an error of their own.
    final class Manners: Sendable {
        private let takesLists = Mutex<Bool?>(nil)

        /// Whether several prompts are taken; nil as long as that is not known.
        var takesSeveral: Bool? {
            get { takesLists.withLock { $0 } }
            set { takesLists.withLock { $0 = newValue } }
        }
    }

    /// What the workspace calls it.
    var name: String { "\(provider)/\(model)" }

    /// Returns the model that was made from it.
    func made(_ pointer: RemotePointer) -> RemoteModel {
        var made = self
        (made.model, made.isChat) = (pointer.model, pointer.isChat)
        return made
    }
}

extension BaseModel {
    /// A model of a provider, which chooses and writes there.
    static func remote(_ remote: RemoteModel) -> BaseModel {
        BaseModel(
            name: remote.name,
            summary: "'\(remote.model)' of the provider '\(remote.provider)'",
            tune: { run, onMetrics in
                var tuning = try RemoteTuning(remote, run)
                return try tuning.train(onMetrics)
            },
            open: { path throws(Diagnostic) in
                let pointer = try RemotePointer(contentsOf: path)
                return TunedModel(remote.made(pointer), pointer)
            },
            untuned: { completions, isChat throws(Diagnostic) in
                var remote = remote
                remote.isChat = isChat
                return TunedModel(remote, labels: completions)
            },
            chat: { _ in { RemoteConversation.line(of: $0) } },
            elsewhere: Elsewhere(
                provider: remote.provider,
                isMade: { RemoteTuning.isMade(notes: $0) },
                end: { try RemoteTuning.end(remote, notes: $0) }
            )
        )
    }
}

extension TunedModel {
    /// Prompts that a request asks about.
    private static let promptsARequest = 20

    /// A model that a provider made.
    init(_ remote: RemoteModel, _ pointer: RemotePointer) {
        self.init(remote, labels: pointer.labels)
        save = { path throws(Diagnostic) in try pointer.write(to: path) }
    }

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
