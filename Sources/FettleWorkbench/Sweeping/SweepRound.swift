import FettleCore
import FettleData
import FettleEvaluation
import FettleStore
import Synchronization

/// One round of a search: its trials are trained and measured, several at a time.
struct SweepRound: Sendable {
    let plan: SweepPlan
    let workspace: Workspace
    let clock: WorkClock
    let jobs: JobCenter
    /// Whether the model of the best trial is kept.
    let keepsBest: Bool
    let meter: SweepMeter

    /// Returns the trials with their figures, in their order; those that have one already are as they were.
    func measured(_ trials: [TrialRecord]) async throws -> [TrialRecord] {
        do {
            return try await measuring(trials)
        } catch let error as Diagnostic where Self.ends.contains(error.code) {
            // No trial can have a figure, so that none needs its model.
            if let sweep = trials.first?.sweep {
                try clean(workspace.store().trials(ofSweep: sweep), all: true)
            }
            throw error
        }
    }

    /// What ends the whole search.
    private static let ends: Set = ["metric-not-applicable", "too-many-folds"]
    /// What is wrong with a cluster for all trials, where none was measured before.
    private static let clusterEnds: Set = ["cluster-too-small", "cluster-token"]

    private func measuring(_ trials: [TrialRecord]) async throws -> [TrialRecord] {
        var measured = trials
        var next = 0
        try await withThrowingTaskGroup(of: (Int, TrialRecord).self) { group in
            func add() throws {
                while next < trials.count, trials[next].isDone { next += 1 }
                guard next < trials.count else { return }
                let place = next
                next += 1
                // One after the other, so that jobs have the order of the trials.
                var trial = trials[place]
                let first = try prepared(&trial)
                group.addTask { [trial] in (place, try await measure(trial, first)) }
            }
            for _ in 0..<max(1, plan.workers) { try add() }
            while let (place, trial) = try await group.next() {
                measured[place] = trial
                try clean(measured)
                try add()
            }
        }
        try clean(measured)
        return measured
    }

    /// Deletes the models of the trials that are measured, or of all, but for the best one's where it is kept.
    private func clean(_ trials: [TrialRecord], all: Bool = false) throws {
        let library = ModelLibrary(workspace)
        var done = plan.ranked(trials)
        let failed = trials.filter { $0.error != nil }
        if keepsBest, plan.measurement == .validation, !done.isEmpty { done.removeFirst() }
        let ended = all ? trials : done + failed
        for job in ended.flatMap({ $0.jobs.prefix(plan.measurement.jobCount) }) {
            guard let id = try workspace.job(job)?.model,
                let model = try workspace.existingStore()?.model(id), model.name == nil
            else { continue }
            _ = try library.delete(id)
        }
    }

    /// What a part of a trial is trained by: a job to run, or a model that an earlier run made.
    enum Part: Sendable {
        case job(JobRunner.Prepared)
        case model(ModelRecord)
    }

    /// Readies the first part of a trial; an error is that of the trial.
    private func prepared(_ trial: inout TrialRecord) throws -> Result<Part, Diagnostic>? {
        guard plan.measurement == .validation else { return nil }
        do {
            return .success(try part(0, of: &trial, plan.request(trial)))
        } catch let error as Diagnostic {
            return .failure(error)
        }
    }

    /// Trains and measures one trial; what fails is its own affair, but for a cancellation.
    private func measure(
        _ trial: TrialRecord,
        _ first: Result<Part, Diagnostic>?
    ) async throws -> TrialRecord {
        var trial = trial
        do {
            let request = try plan.request(trial)
            switch (plan.measurement, first) {
            case (.validation, let first?): try await measure(&trial, request, try first.get())
            case (.folds(let count), _): try await measure(&trial, request, folds: count)
            case (.validation, nil): preconditionFailure("its first part was readied")
            }
        } catch let error as Diagnostic {
            trial.error = error.message
            let isOfAll = meter.done == 0 && Self.clusterEnds.contains(error.code)
            guard !isOfAll, !Self.ends.contains(error.code) else { throw error }
        }
        try workspace.store().keep(trial)
        meter.end(trial, plan)
        return trial
    }

    private func measure(
        _ trial: inout TrialRecord,
        _ request: JobRunner.Request,
        _ part: Part
    ) async throws {
        guard let validation = request.validation else {
            preconditionFailure("a trial without folds has validation rows")
        }
        let model = try await train(&trial, part, 0, of: 1)
        let scored = try Judge(workspace, clock: clock).score(model, on: validation) { _ in }
        trial.figure = try SweepPlan.figure(of: plan.metric, scored.scores, validation.name)
    }

    /// Answers each part of the rows by a model that learnt the others, and takes the figure of all answers.
    private func measure(
        _ trial: inout TrialRecord,
        _ request: JobRunner.Request,
        folds: Int
    ) async throws {
        let dataset = request.dataset
        let format = try ModelLibrary(workspace).parent(request.base)?.format
        let set = try ExampleSet(dataset, format: format ?? dataset.requiredFormat())
        let fold = try NoiseSearch.fold(
            of: set.examples,
            among: folds,
            seed: plan.seed,
            purpose: "folds take"
        )
        let filled = Set(fold).count
        guard filled == folds else {
            throw Diagnostic(
                "too-many-folds",
                "'\(dataset.name)' has \(NumberText.count(filled, "different prompt")), too few for "
                    + NumberText.count(folds, "fold"),
                hint: "take folds=\(max(2, filled)) or fewer"
            )
        }
        func part(_ isMeant: (Int) -> Bool) -> Dataset {
            let rows = set.rows.indices.filter { isMeant(fold[$0]) }.map { set.rows[$0] }
            let frame = dataset.frame
            var part = dataset.replacing(
                frame: frame.showing(rows.map { frame.rows[$0] }),
                adding: "fold"
            )
            part.name = dataset.name
            return part
        }
        var labels: [String] = []
        var places: [String: Int] = [:]
        var answers: [(truth: [String], labels: [String], logprobs: [Double])] = []
        for number in 0..<folds {
            var learning = request
            learning.dataset = part { $0 != number }
            learning.validation = nil
            learning.suffix? += "-fold-\(number + 1)"
            let ready = try self.part(number, of: &trial, learning)
            let model = try await train(&trial, ready, number, of: folds)
            let scores = try Judge(workspace, clock: clock)
                .score(model, on: part { $0 == number }) { _ in }
                .scores
            for label in scores.labels where places[label] == nil {
                places[label] = labels.count
                labels.append(label)
            }
            let truth = scores.truth.map { scores.classes[Int($0)] }
            answers.append((truth, scores.labels, scores.logprobs))
        }
        var logprobs: [Double] = []
        for answer in answers {
            let columns = answer.labels.map { places[$0] ?? 0 }
            for row in answer.truth.indices {
                var values = [Double](repeating: -.infinity, count: labels.count)
                for (column, place) in columns.enumerated() {
                    values[place] = answer.logprobs[row * columns.count + column]
                }
                logprobs += values
            }
        }
        let scores = try Scores(
            labels: labels,
            truth: answers.flatMap(\.truth),
            logprobs: logprobs
        )
        trial.figure = try SweepPlan.figure(of: plan.metric, scores, dataset.name)
    }

    /// Readies the job of a trial's part, or the one that was begun; it is stored with the trial.
    func part(
        _ number: Int,
        of trial: inout TrialRecord,
        _ request: JobRunner.Request
    ) throws -> Part {
        let runner = JobRunner(workspace, clock: clock)
        if number < trial.jobs.count, let job = try workspace.job(trial.jobs[number]) {
            if let id = job.model, let model = try workspace.existingStore()?.model(id) {
                return .model(model)
            }
            if job.record.status != .succeeded, workspace.canResume(job) {
                return .job(try runner.prepareToResume(job))
            }
        }
        trial.jobs.removeSubrange(min(number, trial.jobs.count)...)
        let job = try runner.prepare(request)
        trial.jobs.append(job.record.id)
        try workspace.store().keep(trial)
        return .job(job)
    }

    private func train(
        _ trial: inout TrialRecord,
        _ ready: Part,
        _ part: Int,
        of parts: Int
    ) async throws -> ModelRecord {
        switch ready {
        case .model(let model): return model
        case .job(let job):
            let (number, rows) = (trial.number, trial.rows)
            let result = try await jobs.run(job) { [meter] metrics in
                let share = Double(metrics.step) / Double(max(1, metrics.totalSteps))
                meter.update(number, rows, (Double(part) + share) / Double(parts))
            }
            trial.milliseconds += Int64((result.seconds ?? 0) * 1000)
            return result.model
        }
    }
}

/// How far the trials of a search are.
final class SweepMeter: Sendable {
    private struct State {
        var done: Int
        /// The rows of the trials that are done, which stand for their work.
        var work: Double
        var running: [Int: Double] = [:]
        var best: Double?
    }

    private let state: Mutex<State>
    private let total: Int
    private let totalWork: Double
    private let isHigherBetter: Bool
    private let onProgress: @Sendable (Sweeper.Progress) -> Void

    init(
        _ plan: SweepPlan,
        known: [TrialRecord],
        _ onProgress: @escaping @Sendable (Sweeper.Progress) -> Void
    ) {
        let rounds = plan.rounds
        total = rounds.reduce(0) { $0 + $1.trials }
        let whole = plan.trials.map { Double($0.rows ?? $0.request.dataset.frame.count) }
        let mean = whole.reduce(0, +) / Double(max(1, whole.count))
        totalWork = rounds.reduce(0) { $0 + mean * $1.share * Double($1.trials) }
        isHigherBetter = plan.metric.higherIsBetter
        self.onProgress = onProgress
        state = Mutex(
            State(
                done: known.count,
                work: known.reduce(0) { $0 + Double($1.rows) },
                best: plan.ranked(known).first?.figure?.value
            )
        )
    }

    /// How many trials are measured.
    var done: Int { state.withLock { $0.done } }

    /// Takes how far a trial's training on so many rows is.
    func update(_ trial: Int, _ rows: Int, _ share: Double) {
        tell(
            state.withLock { state in
                state.running[trial] = share * Double(rows)
                return state
            }
        )
    }

    /// Takes a trial that is measured.
    func end(_ trial: TrialRecord, _ plan: SweepPlan) {
        tell(
            state.withLock { state in
                state.running[trial.number] = nil
                state.done += 1
                state.work += Double(trial.rows)
                if let value = trial.figure?.value {
                    let best = state.best ?? value
                    state.best = isHigherBetter ? max(best, value) : min(best, value)
                }
                return state
            }
        )
    }

    private func tell(_ state: State) {
        let work = state.work + state.running.values.reduce(0, +)
        onProgress(
            Sweeper.Progress(
                done: state.done,
                total: total,
                share: min(1, work / max(1, totalWork)),
                best: state.best
            )
        )
    }
}
