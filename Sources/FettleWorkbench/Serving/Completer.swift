import FettleCore
import FettleStore
import Synchronization

/// Answers the questions of clients, and keeps the models open that were asked last.
///
/// A model that only knows labels answers on the thread that asks. A language model takes long for an answer, and
/// answers one question after the other on a thread of its own.
public final class Completer: Sendable {
    /// A question that fits its model, ready to be answered.
    public struct Prepared: Sendable {
        /// The id of the model that answers, whatever name it was asked by.
        public let model: String
        /// How many answers each prompt gets.
        public let answersPerPrompt: Int
        fileprivate let place: AnswerLane.Place?
        fileprivate let answer:
            @Sendable ((CompletionPiece) throws -> Void) throws -> CompletionCost

        /// Whether the answer takes so long that its client may go away meanwhile.
        public var takesLong: Bool { place != nil }

        /// Answers, and calls `next` with the pieces, those of one answer in their order; what that throws
        /// ends it, and so does cancelling the task.
        public func run(
            _ next: @escaping @Sendable (CompletionPiece) throws -> Void
        ) async throws -> CompletionCost {
            guard let place else { return try answer(next) }
            let answer = answer
            return try await place.run { try answer(next) }
        }
    }

    private struct Opened: Sendable {
        /// What its weights are called.
        var key: String
        var model: TunedModel
        /// Where a language model answers.
        var lane: AnswerLane?
    }

    /// How many models stay open, and how many of those are language models, which keep much memory.
    private static let mostOpen = 8
    private static let mostWriters = 2

    private let workspace: Workspace
    private let aliases: AliasLibrary
    private let isCalibrated: Bool
    /// The models that are open, the one asked last at the end.
    private let opened = Mutex<[Opened]>([])
    /// What names meant when the workspace was last written to.
    private let meanings = Mutex(Meanings())

    /// The models that names stand for, as long as nothing is written to the workspace.
    private struct Meanings {
        private static let most = 100

        private var version: Int64?
        private var records: [String: ModelRecord] = [:]

        func record(_ name: String, at version: Int64?) -> ModelRecord? {
            version != nil && version == self.version ? records[name] : nil
        }

        mutating func keep(_ record: ModelRecord, as name: String, at version: Int64?) {
            if version != self.version || records.count == Self.most { records = [:] }
            self.version = version
            records[name] = record
        }
    }

    /// Makes a completer over a workspace.
    ///
    /// A calibrated one tells labels' probabilities at the temperature that was fitted for their model.
    public init(_ workspace: Workspace, _ aliases: AliasLibrary, isCalibrated: Bool = false) {
        self.workspace = workspace
        self.aliases = aliases
        self.isCalibrated = isCalibrated
    }

    /// Looks at a question and opens its model.
    ///
    /// - Throws: `unknown-model`; `base-model` for one that must be tuned first; `not-calibrated` for one that chooses
    ///   among labels and has no temperature, where such are asked for; `bad-value` that names the
    ///   option which is wrong or which the model cannot serve; `prompt-too-long`; `no-chat-template`; `model-busy`;
    ///   what is wrong with the model's files.
    public func prepare(_ question: CompletionQuestion) throws -> Prepared {
        try question.check()
        let record = try record(question.model)
        let opened = try open(record)
        let model = opened.model
        let prompts = try prompts(question, record, model)
        let answer: @Sendable ((CompletionPiece) throws -> Void) throws -> CompletionCost
        if let writer = model.writer, model.labels.isEmpty {
            let written = try WrittenCompletion(question, writer, prompts)
            answer = { try written.run($0) }
        } else {
            let temperature = isCalibrated ? try temperature(of: record) : nil
            let choice = try LabelCompletion(question, model, prompts, temperature: temperature)
            answer = { try choice.run($0) }
        }
        return Prepared(
            model: record.id,
            answersPerPrompt: question.count,
            place: try opened.lane?.enter(question.model),
            answer: answer
        )
    }

    // MARK: - Models

    private func temperature(of record: ModelRecord) throws(Diagnostic) -> Double {
        let kept = try workspace.existingStore()?.calibration(ofModel: record.id)
        if let kept { return kept.temperature }
        var diagnostic = Diagnostic(
            "not-calibrated",
            "no temperature was fitted for '\(record.displayName)', and this server answers with calibrated "
                + "probabilities only",
            hint:
                "fit one: calibrate \(record.displayName) on DATASET; or serve without --calibrated"
        )
        diagnostic.parameter = "model"
        throw diagnostic
    }

    private func record(_ name: String) throws(Diagnostic) -> ModelRecord {
        // Looked at first, so that what is written meanwhile makes it stale.
        let version = try workspace.existingStore()?.version()
        if let known = meanings.withLock({ $0.record(name, at: version) }) { return known }
        let record = try storedRecord(name)
        meanings.withLock { $0.keep(record, as: name, at: version) }
        return record
    }

    private func storedRecord(_ name: String) throws(Diagnostic) -> ModelRecord {
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

    private func open(_ record: ModelRecord) throws(Diagnostic) -> Opened {
        let key = try key(of: record)
        if let known = opened.withLock({ Self.take(key, of: &$0) }) { return known }
        let model = try ModelLibrary(workspace).open(record)
        let lane = model.writer == nil ? nil : AnswerLane()
        let fresh = Opened(key: key, model: model, lane: lane)
        return opened.withLock { opened in
            // Another question was faster.
            if let known = Self.take(key, of: &opened) { return known }
            let writers = opened.indices.filter { opened[$0].lane != nil }
            if fresh.lane != nil, writers.count == Self.mostWriters {
                opened.remove(at: writers[0])
            } else if opened.count == Self.mostOpen {
                opened.removeFirst()
            }
            opened.append(fresh)
            return fresh
        }
    }

    /// Returns an open model, and puts it at the end.
    private static func take(_ key: String, of opened: inout [Opened]) -> Opened? {
        guard let place = opened.firstIndex(where: { $0.key == key }) else { return nil }
        let known = opened.remove(at: place)
        opened.append(known)
        return known
    }

    /// What the weights of a model are called: those of a tuned one are never written again, and a base model may
    /// be forgotten and another one added under its name.
    private func key(of record: ModelRecord) throws(Diagnostic) -> String {
        guard record.isBase else { return "\(record.id)\n\(record.file)" }
        let base = try workspace.existingStore()?.addedBase(record.base)
        return "\(record.id)\n\(base?.path ?? "")\n\(base?.fingerprint ?? "")"
    }

    // MARK: - Prompts

    /// Returns the prompts as the model reads them.
    private func prompts(
        _ question: CompletionQuestion,
        _ record: ModelRecord,
        _ model: TunedModel
    ) throws(Diagnostic) -> [ReadPrompt] {
        var read: [ReadPrompt] = []
        for prompt in question.prompts {
            guard let writer = model.writer else {
                read.append(ReadPrompt(try text(of: prompt, question, record)))
                continue
            }
            switch prompt {
            case .tokens(let numbers):
                let tokens = try ReadPrompt.tokens(numbers, writer)
                read.append(try ReadPrompt(.tokens(tokens), "prompt", writer))
            case .chat(let messages) where model.labels.isEmpty && readsTemplate(record):
                if writer.render == nil { throw Self.noChatModel(question.model) }
                read.append(try ReadPrompt(.chat(messages), "messages", writer))
            case .chat:
                let text = try text(of: prompt, question, record)
                read.append(try ReadPrompt(.text(text), "messages", writer))
            case .text(let text): read.append(try ReadPrompt(.text(text), "prompt", writer))
            }
        }
        return read
    }

    /// Whether a model that writes freely reads conversations as such: a base model, and one that was tuned on them.
    private func readsTemplate(_ record: ModelRecord) -> Bool {
        record.isBase || record.format.isChat
    }

    private static func noChatModel(_ name: String) -> Diagnostic {
        var diagnostic = Diagnostic(
            "no-chat-template",
            "This is not a chat model and thus not supported in the v1/chat/completions endpoint: '\(name)' has "
                + "no chat template, which says how it reads a conversation",
            hint: "did you mean to use v1/completions?"
        )
        diagnostic.parameter = "model"
        return diagnostic
    }

    /// Returns a prompt as a text.
    private func text(
        of prompt: CompletionQuestion.Prompt,
        _ question: CompletionQuestion,
        _ record: ModelRecord
    ) throws(Diagnostic) -> String {
        switch prompt {
        case .text(let text): return text
        case .chat(let messages): return try text(of: messages, record)
        case .tokens:
            throw CompletionQuestion.wrong(
                "prompt",
                "has numbers of tokens, expected text: '\(question.model)' has no tokens but its labels"
            )
        }
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
