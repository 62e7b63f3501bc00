public import FettleCore
import FettleEngine
public import FettleEvaluation
import FettleWorker

/// Looks for labels that are likely wrong, with the built-in model.
///
/// The rows are cut into folds, and each fold is answered by a model that learnt the others: what a model has not
/// seen, it cannot have learnt by heart. Rows with equal prompts are in one fold, and each completion is spread
/// evenly over the folds.
public struct NoiseSearch: Sendable {
    /// What was found.
    public struct Result: Sendable {
        /// Each row's position in the dataset, in the order of the scores.
        public var rows: [Int]
        /// Rows without a completion.
        public var skippedRows: Int
        /// Log probabilities by models that did not learn from the row.
        public var scores: Scores
        /// The likely errors.
        public var learning: ConfidentLearning
    }

    private let folds: Int
    private let hyperparameters: Hyperparameters
    private let cluster: (place: ClusterPlace, workspace: Workspace)?
    private let onWarning: @Sendable (String) -> Void

    /// Makes a search.
    ///
    /// - Parameters:
    ///   - folds: how many parts are left out in turn, at least 2.
    ///   - hyperparameters: of the trainings; the seed is that of the folds too.
    ///   - place: the place of a cluster where the models train; nil for this machine.
    ///   - workspace: what knows the cluster.
    ///   - onWarning: called with what the user should know of on the way.
    public init(
        folds: Int = 5,
        _ hyperparameters: Hyperparameters = Hyperparameters(),
        at place: ClusterPlace? = nil,
        of workspace: Workspace? = nil,
        onWarning: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.onWarning = onWarning
        self.folds = max(2, folds)
        self.hyperparameters = hyperparameters
        cluster = place.flatMap { place in workspace.map { (place, $0) } }
    }

    /// Searches a dataset through its format.
    ///
    /// - Parameters:
    ///   - dataset: the rows.
    ///   - onProgress: called with the share of the work that is done.
    /// - Returns: what was found.
    /// - Throws: `no-format`, `no-rows`, `one-class` when less than two completions stand in several prompts,
    ///   `open-ended-completions`, and `CancellationError`.
    public func result(of dataset: Dataset, onProgress: (Double) -> Void) throws -> Result {
        let set = try ExampleSet(dataset, format: dataset.requiredFormat())
        guard !set.examples.isEmpty else {
            throw Diagnostic(
                "no-rows",
                "'\(dataset.name)' has no row with a completion to look at",
                hint: "look at the dataset with 'rows': a filter may have left nothing"
            )
        }
        let fold = try Self.fold(of: set.examples, among: folds, seed: hyperparameters.seed)
        let labels = Set(set.examples.map(\.completion))
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var logprobs = [Double](
            repeating: -.infinity,
            count: set.examples.count * labels.count
        )
        let held = (0..<folds).map { number in
            set.examples.indices.filter { fold[$0] == number }
        }
        let answers = try answers(held.filter { !$0.isEmpty }, set.examples, onProgress)
        for answer in answers {
            let columns = answer.labels.map { label in labels.firstIndex(of: label) ?? 0 }
            for (row, place) in answer.rows.enumerated() {
                for (column, target) in columns.enumerated() {
                    logprobs[place * labels.count + target] =
                        answer.logprobs[row * columns.count + column]
                }
            }
        }
        let scores = try Scores(
            labels: labels,
            truth: set.examples.map(\.completion),
            logprobs: logprobs
        )
        return Result(
            rows: set.rows,
            skippedRows: set.skippedRows,
            scores: scores,
            learning: try ConfidentLearning(scores)
        )
    }

    /// What a model says of the rows of a fold.
    private struct Answer {
        var rows: [Int]
        var labels: [String]
        /// `[rows, labels]` row-major.
        var logprobs: [Double]
    }

    /// Answers the rows of each fold by a model that learnt the others.
    private func answers(
        _ held: [[Int]],
        _ examples: [Example],
        _ onProgress: (Double) -> Void
    ) throws -> [Answer] {
        func learnt(without held: [Int]) -> [Example] {
            let held = Set(held)
            return examples.indices.filter { !held.contains($0) }.map { examples[$0] }
        }
        guard let cluster else {
            return try held.enumerated().map { number, rows in
                try answer(rows, examples, learnt(without: rows)) { share in
                    onProgress((Double(number) + share) / Double(held.count))
                }
            }
        }
        let scoring = try ClusterScoring(
            ClusterLibrary(cluster.workspace),
            at: cluster.place,
            onWarning: onWarning
        )
        let run = JobRunner.newID()
        let works = try held.enumerated().map { number, rows in
            try scoring.fold(
                "\(run)-fold-\(number + 1)",
                hyperparameters,
                learning: learnt(without: rows),
                answering: rows.map { examples[$0] }
            )
        }
        var shares = [Double](repeating: 0, count: held.count)
        func tell(_ place: Int, _ share: Double) {
            shares[place] = share
            onProgress(shares.reduce(0, +) / Double(held.count))
        }
        let outcomes = try scoring.batch.outcomes(works) { place, event in
            guard case .metrics(let row) = event else { return }
            tell(place, Double(row.step) / Double(max(1, row.totalSteps)))
        } onEnd: { place in
            tell(place, 1)
        }
        return try zip(outcomes, held).map { outcome, rows in
            let scores = try scoring.scores(outcome, rows: rows.count)
            return Answer(rows: rows, labels: scores.labels, logprobs: scores.logprobs)
        }
    }

    private func answer(
        _ rows: [Int],
        _ examples: [Example],
        _ learnt: [Example],
        onProgress: (Double) -> Void
    ) throws -> Answer {
        let model = try NgramTrainer(hyperparameters, threads: 2).train(
            learnt,
            validation: [],
            from: nil,
            onMetrics: { onProgress(Double($0.step) / Double(max(1, $0.totalSteps))) }
        ).model
        var scorer = NgramScorer(model)
        var logprobs: [Double] = []
        for (count, row) in rows.enumerated() {
            if count.isMultiple(of: 256) { try Task.checkCancellation() }
            logprobs += scorer.logprobs(of: examples[row].prompt)
        }
        return Answer(rows: rows, labels: model.labels, logprobs: logprobs)
    }

    /// Divides examples among folds.
    ///
    /// - Parameters:
    ///   - examples: what is divided; equal prompts come into the same fold.
    ///   - folds: how many folds there are.
    ///   - seed: of the order in which they are dealt out.
    ///   - purpose: what they are for, as the error says it.
    /// - Returns: the fold of each example, from 0.
    /// - Throws: `one-class`.
    static func fold(
        of examples: [Example],
        among folds: Int,
        seed: UInt64,
        purpose: String = "to find wrong labels takes"
    ) throws(Diagnostic) -> [Int] {
        var numbers: [String: Int] = [:]
        var members: [[Int]] = []
        for (place, example) in examples.enumerated() {
            if let number = numbers[example.prompt] {
                members[number].append(place)
            } else {
                numbers[example.prompt] = members.count
                members.append([place])
            }
        }
        // A prompt that stands there with several completions goes by its first.
        var classes: [String: [Int]] = [:]
        for (number, places) in members.enumerated() {
            classes[examples[places[0]].completion, default: []].append(number)
        }
        let repeated = classes.values.count { $0.count > 1 }
        guard repeated > 1 else {
            throw Diagnostic(
                "one-class",
                "\(repeated == 0 ? "no completion stands" : "only one completion stands") after more "
                    + "than one prompt, and \(purpose) two that do",
                hint: "check the completion template, and the filters of the dataset"
            )
        }
        var generator = SeededGenerator(seed: seed)
        var fold = [Int](repeating: 0, count: examples.count)
        var next = 0
        for (_, prompts) in classes.sorted(by: {
            $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }) {
            var prompts = prompts
            generator.shuffle(&prompts)
            for prompt in prompts {
                for place in members[prompt] { fold[place] = next % folds }
                next += 1
            }
        }
        return fold
    }
}
