/// What a run remembers of the measurements on validation examples: which was the best, and how many were not better
/// since.
public struct Measurements: Hashable, Sendable {
    /// The step of the best measurement; 0 before the first.
    public internal(set) var bestStep = 0
    /// Its cost, such as the validation loss: the smaller the better.
    public internal(set) var bestCost = Double.infinity
    /// Measurements since.
    public internal(set) var countSinceBest = 0

    /// Takes a measurement, and returns whether it is the best so far; of equal ones the first is.
    mutating func add(_ cost: Double, step: Int) -> Bool {
        guard cost < bestCost else {
            countSinceBest += 1
            return false
        }
        (bestStep, bestCost, countSinceBest) = (step, cost, 0)
        return true
    }
}

extension Tuner {
    /// Takes what the validation examples cost after the step that is being reported, such as their loss.
    ///
    /// Where the best is kept, a smaller cost than all before makes these weights the best.
    public func measured(cost: Double) {
        guard measurements.add(cost, step: step), let bestValues else { return }
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
