import FettleCore
import FettleTransformer

/// Examples that a language model is measured on while it is tuned, as tokens.
struct ValidationRows {
    /// Rows that are measured at most, evenly chosen: scoring one takes a third of learning it.
    private static let mostRows = 256
    /// The share of the run's time that measuring may take.
    private static let share = 0.1

    let prompts: [[Int32]]
    let truths: [[Int32]]
    /// The completions that the model chooses among; empty for one that writes freely.
    let names: [String]
    /// Their tokens.
    let labels: [[Int32]]
    /// The completion of each row.
    let completions: [String]
    /// The place of each row's completion among the labels, nil for one that the model lacks.
    let answers: [Int?]
    private let rows: Int

    init(_ examples: [Example], labels names: [String], _ text: TokenText) {
        rows = examples.count
        let count = min(examples.count, Self.mostRows)
        let chosen = (0..<count).map { examples[$0 * examples.count / count] }
        prompts = chosen.map { text.prompt($0.prompt) }
        truths = chosen.map { text.label($0.completion) }
        self.names = names
        completions = chosen.map(\.completion)
        labels = names.map { text.label($0) }
        let places = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
        answers = chosen.map { places[$0.completion] }
    }

    var isEmpty: Bool { prompts.isEmpty }

    /// The tokens that a measurement takes through the network.
    var tokenCount: Int { prompts.reduce(0) { $0 + $1.count } }

    /// What is said of it beside the settings.
    var settings: [ChosenSetting] {
        guard rows > prompts.count else { return [] }
        return [
            ChosenSetting(
                name: "validation_rows",
                value: "\(prompts.count)",
                reason: "evenly chosen of \(NumberText.count(rows)), to spend the time on training"
            )
        ]
    }

    /// Returns the steps after which the examples are measured: the last of every epoch, and others where that
    /// takes little of the run's time.
    ///
    /// - Parameters:
    ///   - epochs: passes over the training examples.
    ///   - perEpoch: steps of each.
    ///   - tokens: tokens that each learns.
    /// - Returns: the steps, counted from 1.
    func steps(epochs: Int, perEpoch: Int, learnt tokens: Int) -> Set<Int> {
        guard !prompts.isEmpty else { return [] }
        let scored = TuningWork.scoring * Double(max(1, tokenCount))
        let pieces = Int(Self.share * Double(tokens) / scored)
        let parts = max(1, min(pieces, 10, perEpoch))
        return Set(
            (0..<epochs).flatMap { epoch in
                (1...parts).map { epoch * perEpoch + perEpoch * $0 / parts }
            }
        )
    }
}
