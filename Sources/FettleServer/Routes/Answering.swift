import FettleCore
import FettleWorkbench
import HTTPTypes
import HummingbirdCore
import OpenAIWire
import Synchronization

extension Exchange {
    /// Looks at a question and opens its model, with the API's words for a model that there is not.
    func prepare(_ question: CompletionQuestion) throws -> Completer.Prepared {
        do {
            return try services.completer.prepare(question)
        } catch let diagnostic as Diagnostic where diagnostic.code == "unknown-model" {
            throw OpenAIErrorResponse(
                .notFound,
                "The model `\(question.model)` does not exist or you do not have access to it.",
                param: "model",
                code: "model_not_found"
            )
        }
    }

    /// Answers a question whole: the pieces of each answer, and what they cost; an answer without an id is never kept.
    ///
    /// - Throws: `CancellationError` when the client went away.
    func pieces(
        of prepared: Completer.Prepared,
        as id: String?
    ) async throws -> (answers: [[CompletionPiece]], cost: CompletionCost) {
        let answers = Mutex<[Int: [CompletionPiece]]>([:])
        let next: @Sendable (CompletionPiece) -> Void = { piece in
            answers.withLock { $0[piece.answer, default: []].append(piece) }
        }
        let cost =
            prepared.takesLong
            ? try await whileClientStays { try await prepared.run(next) }
            : try await prepared.run(next)
        count(cost)
        let pieces = answers.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
        keep(prepared, pieces.flatMap { $0.compactMap(\.choice) }, id)
        return (pieces, cost)
    }

    /// Runs `work`, which is cancelled when the client goes away.
    private func whileClientStays<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task.detached { try await work() }
        client?.whenGone { task.cancel() }
        defer { client?.forget() }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// Returns an answer of events: each piece as `event` makes it, what the question cost where it is asked
    /// for, and the end.
    func stream(
        _ prepared: Completer.Prepared,
        as id: String,
        usage: (@Sendable (Usage) -> ServerSentEvent)?,
        _ event: @escaping @Sendable (CompletionPiece) -> [ServerSentEvent]
    ) -> Response {
        stream { sender in
            let (pieces, continuation) = AsyncThrowingStream<CompletionPiece, any Error>
                .makeStream()
            let work = Task.detached {
                do {
                    let cost = try await prepared.run { piece in
                        try Task.checkCancellation()
                        continuation.yield(piece)
                    }
                    continuation.finish()
                    return cost
                } catch {
                    continuation.finish(throwing: error)
                    throw error
                }
            }
            client?.whenGone { work.cancel() }
            defer { client?.forget() }
            let choices = Mutex<[CompletionPiece.Choice]>([])
            try await withTaskCancellationHandler {
                do {
                    for try await piece in pieces {
                        if let choice = piece.choice { choices.withLock { $0.append(choice) } }
                        for event in event(piece) { try await sender.send(event) }
                    }
                } catch {
                    // A client that went away leaves nothing to write for.
                    work.cancel()
                    throw error
                }
            } onCancel: {
                work.cancel()
            }
            let cost = try await work.value
            count(cost)
            keep(prepared, choices.withLock { $0 }, id)
            if let usage { try await sender.send(usage(Usage(cost))) }
            try await sender.send(.done)
        }
    }

    private func count(_ cost: CompletionCost) {
        services.metrics.count(
            promptTokens: cost.promptTokens,
            completionTokens: cost.completionTokens
        )
    }

    /// Keeps what a model chose, where predictions are kept.
    private func keep(
        _ prepared: Completer.Prepared,
        _ choices: [CompletionPiece.Choice],
        _ id: String?
    ) {
        guard let id, !choices.isEmpty else { return }
        services.recorder?.record(
            id,
            model: prepared.model,
            choices,
            perPrompt: prepared.answersPerPrompt
        )
    }

    /// The time now, in seconds since 1970.
    var now: Int { services.clock.now().inSeconds }
}

extension Usage {
    init(_ cost: CompletionCost) {
        self.init(prompt: cost.promptTokens, completion: cost.completionTokens)
    }
}

/// How the API writes tokens.
enum TokenForm {
    /// Returns a token as a string: its text, or its bytes where they are a part of a character.
    static func text(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        let digits = bytes.map { byte in
            let text = String(byte, radix: 16)
            return "\\x" + (text.count == 1 ? "0" + text : text)
        }
        return "bytes:" + digits.joined()
    }

    /// Returns a logarithm as JSON can have it: -9999 for what never happens.
    static func logprob(_ value: Double) -> Double {
        max(-9999, value)
    }
}

/// Ids of answers.
enum AnswerID {
    private static let letters = Array(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    )

    /// Returns a new one, such as `cmpl-…`.
    static func new(_ kind: String) -> String {
        kind + "-" + String((0..<24).compactMap { _ in letters.randomElement() })
    }
}

/// Tells the first piece of each answer of a stream.
final class FirstPieces: Sendable {
    private let seen = Mutex<Set<Int>>([])

    /// Whether no piece of this answer came before.
    func isFirst(_ answer: Int) -> Bool {
        seen.withLock { $0.insert(answer).inserted }
    }
}
