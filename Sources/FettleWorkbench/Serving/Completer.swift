import FettleCore
import FettleStore
import Synchronization

/// Answers the questions of clients, and keeps the models open that were asked last.
public final class Completer: Sendable {
    /// A question that fits its model, ready to be answered.
    public struct Prepared: Sendable {
        /// The id of the model that answers, whatever name it was asked by.
        public let model: String
        /// How many answers each prompt gets.
        public let answersPerPrompt: Int
        fileprivate let answer:
            @Sendable ((CompletionPiece) throws -> Void) throws -> CompletionCost

        /// Answers, and calls `next` with the pieces, those of one answer in their order; what that throws
        /// ends it.
        public func run(_ next: (CompletionPiece) throws -> Void) throws -> CompletionCost {
            try answer(next)
        }
    }

    /// How many models stay open.
    private static let mostOpen = 8

    private let workspace: Workspace
    private let aliases: AliasLibrary
    /// The models that are open, with what their weights are called, the one asked last at the end.
    private let opened = Mutex<[(file: String, model: TunedModel)]>([])

    /// Makes a completer over a workspace.
    public init(_ workspace: Workspace, _ aliases: AliasLibrary) {
        self.workspace = workspace
        self.aliases = aliases
    }

    /// Looks at a question and opens its model.
    ///
    /// - Throws: `unknown-model`; `base-model` for one that must be tuned first; `bad-value` that names the
    ///   option which is wrong or which the model cannot serve; what is wrong with the model's files.
    public func prepare(_ question: CompletionQuestion) throws -> Prepared {
        try question.check()
        let record = try record(question.model)
        let model = try open(record)
        guard !model.labels.isEmpty else {
            var diagnostic = Diagnostic(
                "no-labels",
                "'\(question.model)' writes freely, and only models that choose among labels answer here"
            )
            diagnostic.parameter = "model"
            throw diagnostic
        }
        let choice = try LabelCompletion(question, model, try prompts(question, record))
        return Prepared(model: record.id, answersPerPrompt: question.count) { try choice.run($0) }
    }

    // MARK: - Models

    private func record(_ name: String) throws(Diagnostic) -> ModelRecord {
        let library = ModelLibrary(workspace)
        let target = try aliases.resolve(name).target
        do {
            return try library.model(target, on: nil)
        } catch  where error.code == "base-model" {
            let meaning =
                name == target ? "is a base model" : "stands for the base model '\(target)'"
            throw Diagnostic(
                "base-model",
                "'\(name)' \(meaning), which knows no completions before it is tuned",
                hint: "start a fine-tuning job of '\(name)', and ask the model that it makes"
            )
        }
    }

    private func open(_ record: ModelRecord) throws(Diagnostic) -> TunedModel {
        // A model's weights are never written again, so that what was opened stays true.
        let file = "\(record.id)\n\(record.file)"
        let known = opened.withLock { opened -> TunedModel? in
            guard let place = opened.firstIndex(where: { $0.file == file }) else { return nil }
            let entry = opened.remove(at: place)
            opened.append(entry)
            return entry.model
        }
        if let known { return known }
        let model = try ModelLibrary(workspace).open(record)
        opened.withLock { opened in
            guard !opened.contains(where: { $0.file == file }) else { return }
            if opened.count == Self.mostOpen { opened.removeFirst() }
            opened.append((file, model))
        }
        return model
    }

    // MARK: - Prompts

    /// Returns the prompts as texts that the model reads.
    private func prompts(
        _ question: CompletionQuestion,
        _ record: ModelRecord
    ) throws(Diagnostic) -> [String] {
        var texts: [String] = []
        for prompt in question.prompts {
            switch prompt {
            case .text(let text): texts.append(text)
            case .chat(let messages): texts.append(try text(of: messages, record))
            case .tokens:
                throw CompletionQuestion.wrong(
                    "prompt",
                    "has numbers of tokens, expected text: '\(question.model)' has no tokens but its labels"
                )
            }
        }
        return texts
    }

    private func text(
        of messages: [Message],
        _ record: ModelRecord
    ) throws(Diagnostic) -> String {
        let library = ModelLibrary(workspace)
        if let rendering = try library.rendering(of: record) { return try rendering(messages) }
        guard !record.format.isChat else {
            return messages.map(\.content).joined(separator: "\n\n")
        }
        guard messages.count == 1, messages[0].role == .user else {
            throw CompletionQuestion.wrong(
                "messages",
                "has \(NumberText.count(messages.count, "message")), expected one of the role 'user': "
                    + "'\(record.id)' was tuned on prompts, not on conversations",
                hint: "send the prompt as one message, or use completions"
            )
        }
        return messages[0].content
    }
}
