import FettleCore
import FettleData
import FettleProviders
import FettleStore
import FettleWorker

/// Answers prompts on a cluster by a model of the built-in engine: parts of them, each a job of its own.
struct ClusterScoring {
    private let cluster: String
    private let engine: any ClusterEngine
    private let place: ClusterPlace
    private let shared: String?
    private let onWarning: (String) -> Void

    /// Prompts of a part at least, which take about a hundredth of a second.
    private static let leastPrompts = 2048

    /// Takes the place, and who is told what the user should know of on the way.
    ///
    /// - Throws: `unknown-cluster`; what is wrong with its token.
    init(
        _ library: ClusterLibrary,
        at place: ClusterPlace,
        onWarning: @escaping (String) -> Void
    ) throws(Diagnostic) {
        (self.place, self.onWarning) = (place, onWarning)
        cluster = place.cluster
        engine = try library.engine(place.cluster)
        shared = ClusterLibrary.resultFolder(of: try library.cluster(place.cluster))
    }

    /// Answers prompts, bit for bit as this machine does.
    ///
    /// - Parameters:
    ///   - prompts: the prompts.
    ///   - labels: the completions of the model, in its order.
    ///   - weights: the model's file.
    ///   - onProgress: called with the prompts that are done.
    /// - Returns: the log probabilities of all labels after all prompts, `[prompts, labels]` row-major.
    /// - Throws: `result-damaged`; as ``ClusterBatch/outcomes(_:_:onEnd:)``.
    func logprobs(
        of prompts: [String],
        labels: [String],
        weights: String,
        onProgress: (Int) -> Void
    ) throws -> [Double] {
        let parts = Self.parts(prompts.count, atMost: place.workers)
        let run = JobRunner.newID()
        let works = try parts.enumerated().map { number, part -> ClusterOrder in
            let examples = prompts[part].map { Example(prompt: $0, completion: "") }
            return ClusterOrder(
                WorkOrder(run: "\(run)-part-\(number + 1)", kind: .score),
                [(.weights, .file(weights)), (.score, .bytes(try Self.lines(examples)))],
                cpus: place.cpus,
                shared: shared
            )
        }
        var done = 0
        let outcomes = try batch.outcomes(works) { place in
            done += parts[place].count
            onProgress(done)
        }
        return try zip(outcomes, parts).flatMap { outcome, part in
            try scores(outcome, rows: part.count, labels: labels).logprobs
        }
    }

    /// Returns the answers of a job.
    ///
    /// - Throws: `result-damaged` where they are not those of so many rows, or of a model with these labels.
    func scores(
        _ outcome: ClusterFollowing.Outcome,
        rows: Int,
        labels: [String]? = nil
    ) throws(Diagnostic) -> ScoreFile {
        let name = WorkEvent.scoresName
        let scores = try ScoreFile(outcome.content(name), name: name)
        guard scores.rowCount == rows, labels.map({ $0 == scores.labels }) ?? true else {
            throw Diagnostic(
                "result-damaged",
                "the answers of the job \(outcome.id) are not those of its \(NumberText.count(rows, "row"))",
                hint: "start it again"
            )
        }
        return scores
    }

    /// What does pieces of work at the place.
    var batch: ClusterBatch {
        ClusterBatch(at: cluster, engine, width: place.workers, onWarning: onWarning)
    }

    /// Returns the order to train on some examples and to answer the prompts of others.
    func fold(
        _ run: String,
        _ hyperparameters: Hyperparameters,
        learning learnt: [Example],
        answering held: [Example]
    ) throws -> ClusterOrder {
        ClusterOrder(
            WorkOrder(run: run, kind: .tune, hyperparameters: hyperparameters),
            [(.train, .bytes(try Self.lines(learnt))), (.score, .bytes(try Self.lines(held)))],
            cpus: place.cpus,
            shared: shared
        )
    }

    /// Divides prompts evenly among jobs, no more of them than are worth it.
    private static func parts(_ count: Int, atMost most: Int) -> [Range<Int>] {
        let parts = max(1, min(most, count / leastPrompts))
        return (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
    }

    private static func lines(_ examples: some Sequence<Example>) throws -> [UInt8] {
        let writer = ExampleWriter()
        for example in examples {
            if writer.count % 4096 == 0 { try Task.checkCancellation() }
            try writer.write(example)
        }
        return Array(writer.text.utf8)
    }
}
