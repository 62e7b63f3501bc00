import FettleCore
import FettleData
public import FettleEvaluation
public import FettleStore
import Foundation

/// Chooses the rows that are worth labelling next.
public struct RowSuggester: Sendable {
    /// A row that is suggested.
    public struct Suggestion: Hashable, Sendable {
        /// The position in the dataset, from 0.
        public var position: Int
        /// How much is to be learnt from it, by the measure that was chosen.
        public var score: Double
    }

    /// What is suggested.
    public struct Result: Sendable {
        /// The rows, the most telling first; of equals the first row first.
        public var suggestions: [Suggestion]
        /// Rows that were left out because they have a completion already, while others have none.
        public var labelledRows: Int
    }

    private let workspace: Workspace

    /// Makes a suggester over a workspace.
    public init(_ workspace: Workspace) {
        self.workspace = workspace
    }

    /// Suggests rows of a dataset.
    ///
    /// Rows that have a completion are left out when there are others that have none.
    ///
    /// - Parameters:
    ///   - count: how many, at least 1.
    ///   - dataset: the rows; the completion's columns may be missing.
    ///   - measure: what makes a row telling.
    ///   - models: the models that look at the rows, at least one.
    ///   - onProgress: called with the model's number and how many rows it has done.
    /// - Returns: the rows.
    /// - Throws: `no-rows`, `bad-count`, `nothing-to-compare` for a disagreement of less than two models,
    ///   `tasks-differ`, and `unusable-scores`.
    public func suggest(
        _ count: Int,
        of dataset: Dataset,
        by measure: Acquisition,
        with models: [ModelRecord],
        onProgress: (_ model: Int, _ rows: Int) -> Void
    ) throws -> Result {
        try check(models, measure, dataset)
        var labels: [String] = []
        var answers: [(labels: [Int], logprobs: [Double])] = []
        var hasCompletion: [Bool] = []
        let library = ModelLibrary(workspace)
        for (number, record) in models.enumerated() {
            let model = try library.openToChoose(record, of: dataset)
            let chat = try library.rendering(of: record)
            let set = try PromptSet(dataset, format: record.format, chat: chat)
            hasCompletion = set.completions.map { $0 != nil }
            let logprobs = try model.logprobs(of: set.prompts) { onProgress(number, $0) }
            try Self.checkNumbers(logprobs, width: model.labels.count, record)
            for label in model.labels where !labels.contains(label) { labels.append(label) }
            answers.append((model.labels.compactMap { labels.firstIndex(of: $0) }, logprobs))
        }
        let isMixed = hasCompletion.contains(true) && hasCompletion.contains(false)
        let rows = hasCompletion.indices.filter { !isMixed || !hasCompletion[$0] }
        guard (1...rows.count).contains(count) else {
            throw Diagnostic(
                "bad-count",
                "cannot suggest \(NumberText.count(count)) of \(NumberText.count(rows.count, "row"))"
                    + (isMixed ? " without a completion" : ""),
                hint: "suggest from 1 to \(NumberText.count(rows.count))"
            )
        }
        var suggestions = rows.map { row in
            let distributions = answers.map { answer in
                var probabilities = [Double](repeating: 0, count: labels.count)
                let start = row * answer.labels.count
                for (place, label) in answer.labels.enumerated() {
                    probabilities[label] = exp(answer.logprobs[start + place])
                }
                return probabilities
            }
            return Suggestion(position: row, score: measure.score(distributions))
        }
        suggestions.sort { (-$0.score, $0.position) < (-$1.score, $1.position) }
        return Result(
            suggestions: Array(suggestions.prefix(count)),
            labelledRows: hasCompletion.count - rows.count
        )
    }

    private func check(
        _ models: [ModelRecord],
        _ measure: Acquisition,
        _ dataset: Dataset
    ) throws(Diagnostic) {
        guard dataset.frame.count > 0 else {
            throw Diagnostic(
                "no-rows",
                "'\(dataset.name)' has no rows to suggest any of",
                hint: "choose a dataset with at least one row"
            )
        }
        guard measure != .disagreement || models.count > 1 else {
            throw Diagnostic(
                "nothing-to-compare",
                "'by=disagreement' needs at least two models, got \(models.count)",
                hint: "name another one after 'with', or choose by=margin"
            )
        }
        let targets = models.map(\.format.target.source)
        if let place = targets.firstIndex(where: { $0 != targets[0] }) {
            throw Diagnostic(
                "tasks-differ",
                "'\(models[0].displayName)' answers with '\(targets[0])' and "
                    + "'\(models[place].displayName)' with '\(targets[place])'",
                hint: "name models that were tuned for the same completion"
            )
        }
    }

    /// Sees to it that a model gave numbers.
    ///
    /// - Throws: `unusable-scores`, which names the row.
    static func checkNumbers(
        _ logprobs: [Double],
        width: Int,
        _ record: ModelRecord
    ) throws(Diagnostic) {
        guard let place = logprobs.firstIndex(where: \.isNaN) else { return }
        throw Diagnostic(
            "unusable-scores",
            "'\(record.displayName)' gave row \(NumberText.count(place / max(1, width) + 1)) a "
                + "log-probability that is not a number",
            hint: "the model's weights are damaged; tune it again with a lower learning rate"
        )
    }
}
