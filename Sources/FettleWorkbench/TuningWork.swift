/// How the time of a tuning is divided between its steps and its measurements, so that what is left can be told
/// before the first measurement.
struct TuningWork {
    /// Scoring a token takes a third of learning it: one way through the network rather than there, and back for both
    /// the values and the weights.
    static let scoring = 1.0 / 3

    private let step: Double
    private let measurement: Double
    private let steps: Int
    private let measured: [Int]

    /// - Parameters:
    ///   - steps: steps of the run.
    ///   - tokens: tokens that all of them learn.
    ///   - measured: the steps after which is measured.
    ///   - scored: tokens of a measurement.
    init(steps: Int, tokens: Int, measured: Set<Int>, scored: Int) {
        self.steps = steps
        self.measured = measured.sorted()
        step = Double(tokens) / Double(max(1, steps))
        measurement = Double(scored) * Self.scoring
    }

    /// Returns the share of the run's time that is over after a step and its measurement.
    func share(after step: Int) -> Double {
        let total = Double(steps) * self.step + Double(measured.count) * measurement
        guard total > 0 else { return 0 }
        let measurements = measured.prefix { $0 <= step }.count
        return (Double(step) * self.step + Double(measurements) * measurement) / total
    }
}
