/// What a run remembers of the measurements on validation examples: which was the best, and how many were not better
/// since.
public struct Measurements: Hashable, Sendable {
    /// The step of the best measurement; 0 before the first.
    public internal(set) var bestStep = 0
    /// Its loss.
    public internal(set) var bestLoss = Double.infinity
    /// Measurements since.
    public internal(set) var countSinceBest = 0

    /// Takes a measurement, and returns whether it is the best so far; of equal ones the first is.
    mutating func add(_ loss: Double, step: Int) -> Bool {
        guard loss < bestLoss else {
            countSinceBest += 1
            return false
        }
        (bestStep, bestLoss, countSinceBest) = (step, loss, 0)
        return true
    }
}

extension Tuner {
    /// Takes the loss of the validation examples after the step that is being reported.
    ///
    /// Where the best is kept, a better loss than all before makes these weights the best.
    public func measured(loss: Double) {
        guard measurements.add(loss, step: step), let bestValues else { return }
        bestValues.pointer.update(from: parameters.values.pointer, count: parameters.count)
    }

    /// Whether the run ends before its last step, since no measurement has been better for long enough.
    public var hasStoppedEarly: Bool {
        options.patience.map { measurements.countSinceBest >= $0 } ?? false
    }

    /// Makes the weights of the best measurement those of the network or adapter, where they are kept and there was
    /// one; the run cannot go on then.
    public func takeBest() {
        guard let bestValues, measurements.bestStep > 0 else { return }
        parameters.values.pointer.update(from: bestValues.pointer, count: parameters.count)
        adapter?.refresh()
    }
}
