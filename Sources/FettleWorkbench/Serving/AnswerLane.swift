import FettleCore
import Synchronization

/// The thread on which a language model answers one question after the other, and the questions that wait for it.
final class AnswerLane: Sendable {
    /// Most questions that are answered or wait.
    static let mostQuestions = 64

    private struct State {
        var questions = 0
        var isBusy = false
        var waiting: [Waiting] = []
        var nextNumber = 0
    }

    private struct Waiting {
        let number: Int
        let turn: CheckedContinuation<Void, any Error>
    }

    private let executor = ThreadExecutor(label: "answers")
    private let state = Mutex(State())

    /// A question's place among those that are answered or wait, which it has for as long as this is kept.
    final class Place: Sendable {
        private let lane: AnswerLane

        fileprivate init(_ lane: AnswerLane) {
            self.lane = lane
        }

        deinit {
            lane.state.withLock { $0.questions -= 1 }
        }

        /// Runs `work` on the lane's thread once all that came before has ended.
        ///
        /// - Throws: what `work` does; `CancellationError` at once where the task is cancelled while it waits.
        func run<Value: Sendable>(
            _ work: @escaping @Sendable () throws -> Value
        ) async throws -> Value {
            try await lane.takeTurn()
            defer { lane.endTurn() }
            let task = Task(executorPreference: lane.executor) {
                try Task.checkCancellation()
                return try work()
            }
            return try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                task.cancel()
            }
        }
    }

    /// Takes a place for a question to `model`.
    ///
    /// - Throws: `model-busy` when all are taken.
    func enter(_ model: String) throws(Diagnostic) -> Place {
        let isRoom = state.withLock { state in
            guard state.questions < Self.mostQuestions else { return false }
            state.questions += 1
            return true
        }
        guard isRoom else {
            throw Diagnostic(
                "model-busy",
                "\(Self.mostQuestions) questions to '\(model)' wait for its answers, and no more are taken",
                hint: "ask again in a moment"
            )
        }
        return Place(self)
    }

    private func takeTurn() async throws {
        let number = state.withLock { state in
            defer { state.nextNumber += 1 }
            return state.nextNumber
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { turn in
                let result = state.withLock { state -> Result<Void, any Error>? in
                    // Whoever cancels later finds it among those that wait.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard state.isBusy else {
                        state.isBusy = true
                        return .success(())
                    }
                    state.waiting.append(Waiting(number: number, turn: turn))
                    return nil
                }
                if let result { turn.resume(with: result) }
            }
        } onCancel: {
            let waiting = state.withLock { state -> Waiting? in
                guard let place = state.waiting.firstIndex(where: { $0.number == number }) else {
                    return nil
                }
                return state.waiting.remove(at: place)
            }
            waiting?.turn.resume(throwing: CancellationError())
        }
    }

    private func endTurn() {
        let next = state.withLock { state -> Waiting? in
            guard !state.waiting.isEmpty else {
                state.isBusy = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.turn.resume()
    }
}
