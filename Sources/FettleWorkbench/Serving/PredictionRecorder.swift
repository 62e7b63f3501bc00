public import FettleCore
public import FettleStore
import Synchronization

/// Keeps what served models answer in the workspace, a quarter of a second later and many at once, so that no
/// answer waits for it.
///
/// What it keeps is bounded: the latest ``limit`` predictions (ten times as many of those that were judged), no
/// prompt longer than ``longestPrompt``, and at most ``mostLabels`` probabilities of each. A process that is killed
/// loses what came in the last quarter of a second.
public final class PredictionRecorder: Sendable {
    /// How many predictions are kept that nobody has judged.
    public static let limit: Int64 = 100_000
    /// Bytes of the longest prompt that is kept.
    public static let longestPrompt = 16 << 10
    /// How many probabilities are kept of each.
    public static let mostLabels = 20

    private struct State {
        var waiting: [PredictionRecord] = []
        var isScheduled = false
        var leftOut = 0
    }

    private static let delay = Duration.milliseconds(250)
    /// Most predictions that wait; those that come when there are so many are left out.
    private static let mostWaiting = 20_000
    /// How many are written before other work gets its turn at the database.
    private static let batch = 100

    private let workspace: Workspace
    private let clock: WorkClock
    private let limit: Int64
    private let onFailure: @Sendable (any Error) -> Void
    private let state = Mutex(State())
    /// Held while predictions are written, so that who waits for it finds them all.
    private let writing = Mutex(())

    /// Makes a recorder; `onFailure` is told when predictions are lost because they cannot be written.
    public init(
        _ workspace: Workspace,
        clock: WorkClock,
        limit: Int64 = PredictionRecorder.limit,
        onFailure: @escaping @Sendable (any Error) -> Void
    ) {
        self.workspace = workspace
        self.clock = clock
        self.limit = limit
        self.onFailure = onFailure
    }

    /// Predictions that were left out: their prompt was too long, too many waited, or the workspace could not
    /// be written.
    public var leftOut: Int { state.withLock { $0.leftOut } }

    /// Keeps the answers of a request, of which there are some for each prompt, in the order of their choices.
    public func record(
        _ completion: String,
        model: String,
        _ choices: [CompletionPiece.Choice],
        perPrompt count: Int
    ) {
        let at = clock.now()
        let records = stride(from: 0, to: choices.count, by: count).map { place in
            let choice = choices[place]
            return PredictionRecord(
                completion: completion,
                firstChoice: place,
                choices: count,
                model: model,
                at: at,
                prompt: choice.prompt,
                answer: choice.label,
                probabilities: choice.likeliest(Self.mostLabels)
            )
        }
        let isFirst = state.withLock { state in
            for record in records {
                if record.prompt.utf8.count <= Self.longestPrompt,
                    state.waiting.count < Self.mostWaiting
                {
                    state.waiting.append(record)
                } else {
                    state.leftOut += 1
                }
            }
            let isFirst = !state.isScheduled && !state.waiting.isEmpty
            if isFirst { state.isScheduled = true }
            return isFirst
        }
        guard isFirst else { return }
        Task.detached { [self] in
            try? await Task.sleep(for: Self.delay)
            state.withLock { $0.isScheduled = false }
            await writeInTurns()
        }
    }

    /// Stores which label would have been right for a choice of an answer.
    ///
    /// - Returns: the prediction as it is after that.
    /// - Throws: `unknown-completion` when no prediction with this id is kept.
    public func judge(
        completion: String,
        choice: Int,
        label: String
    ) throws(Diagnostic) -> PredictionRecord {
        flush()
        let store = try workspace.existingStore()
        if let judged = try store?.judge(
            completion: completion,
            choice: choice,
            label: label,
            at: clock.now()
        ) {
            return judged
        }
        throw Diagnostic(
            "unknown-completion",
            "No such completion: \(completion)" + (choice == 0 ? "" : ", choice \(choice)"),
            hint: "predictions are kept while 'serve --record' runs, the latest "
                + NumberText.count(Int(limit))
        )
    }

    /// Writes what waits, and returns when it is written.
    public func flush() {
        while write() {}
    }

    private func writeInTurns() async {
        while write() { await Task.yield() }
    }

    /// Writes a batch; returns false when nothing waited.
    private func write() -> Bool {
        writing.withLock { _ in
            let batch = state.withLock { state in
                let batch = Array(state.waiting.prefix(Self.batch))
                state.waiting.removeFirst(batch.count)
                return batch
            }
            guard !batch.isEmpty else { return false }
            do {
                try workspace.store().insert(batch, keeping: limit)
            } catch {
                state.withLock { $0.leftOut += batch.count }
                onFailure(error)
            }
            return true
        }
    }
}

extension CompletionPiece.Choice {
    /// The likeliest labels with the logarithms of their probabilities, the likeliest first.
    func likeliest(_ count: Int) -> [TokenLogprob] {
        logprobs.indices.sorted { (-logprobs[$0], $0) < (-logprobs[$1], $1) }.prefix(count).map {
            TokenLogprob(token: labels[$0], logprob: logprobs[$0])
        }
    }
}
