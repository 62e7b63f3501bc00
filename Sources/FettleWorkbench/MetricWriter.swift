import FettleCore
import FettleStore

/// Writes metrics to the store in groups, so that training does not wait for the disk.
///
/// Rows that cannot be written wait for the next group, and at the end must be.
final class MetricWriter {
    private static let group = 20
    private static let interval = Duration.milliseconds(500)

    private let store: Store
    private let job: String
    private let clock: WorkClock
    private var waiting: [TrainingMetrics] = []
    private var lastTry = ContinuousClock.now

    init(store: Store, job: String, clock: WorkClock) {
        self.store = store
        self.job = job
        self.clock = clock
    }

    /// Adds a row; those that wait are written when they are many or old, so that other processes can
    /// follow.
    func add(_ metrics: TrainingMetrics) {
        waiting.append(metrics)
        let now = ContinuousClock.now
        guard waiting.count % Self.group == 0 || now - lastTry >= Self.interval else { return }
        lastTry = now
        try? flush()
    }

    /// Writes the rows that wait.
    func flush() throws(Diagnostic) {
        guard !waiting.isEmpty else { return }
        try store.insert(waiting, job: job, at: clock.now())
        waiting = []
    }

    /// The last row with the mean loss and accuracy of training over the last epoch, since a row's own
    /// are over the few examples since the row before.
    func lastEpoch(of settings: [ChosenSetting]) throws(Diagnostic) -> TrainingMetrics? {
        let all = try store.metrics(ofJob: job)
        guard var summary = all.last else { return nil }
        let epochs = settings.first { $0.name == "n_epochs" }.flatMap { Int($0.value) } ?? 1
        let start = summary.elapsedExamples - summary.elapsedExamples / max(epochs, 1)
        var (loss, accuracy, examples) = (0.0, 0.0, 0)
        for (index, row) in all.enumerated() where row.elapsedExamples > start {
            let count = row.elapsedExamples - (index > 0 ? all[index - 1].elapsedExamples : 0)
            loss += row.trainingLoss * Double(count)
            accuracy += row.trainingAccuracy * Double(count)
            examples += count
        }
        guard examples > 0 else { return summary }
        summary.trainingLoss = loss / Double(examples)
        summary.trainingAccuracy = accuracy / Double(examples)
        return summary
    }
}
