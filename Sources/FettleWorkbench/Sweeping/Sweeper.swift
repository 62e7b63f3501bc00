public import FettleCore
import FettleData
public import FettleEvaluation
public import FettleStore
import Synchronization

/// Tries settings and keeps the best model.
///
/// Each training is a job of the workspace, and each figure is stored when it is known, so that a search that was
/// stopped goes on where it was: the same plan finds what is there. The models of all trials but the best are
/// deleted as soon as they are measured.
public struct Sweeper: Sendable {
    /// What a search has come to.
    public struct Outcome: Sendable {
        /// The search.
        public var sweep: SweepRecord
        /// Its trials by round and number.
        public var trials: [TrialRecord]
        /// The best model.
        public var model: ModelRecord
        /// How many trials were known from before this run.
        public var known: Int
        /// The model that had the name before.
        public var renamed: ModelRecord?
    }

    /// How far a search is.
    public struct Progress: Sendable {
        /// Trials that are measured, in all rounds.
        public var done: Int
        /// All trials of all rounds.
        public var total: Int
        /// The share of the work that is done.
        public var share: Double
        /// The best figure so far.
        public var best: Double?
    }

    private let workspace: Workspace
    private let clock: WorkClock
    private let jobs: JobCenter
    private let library: ModelLibrary

    /// Makes a sweeper whose jobs train in `jobs`.
    public init(_ workspace: Workspace, clock: WorkClock, jobs: JobCenter) {
        (self.workspace, self.clock, self.jobs) = (workspace, clock, jobs)
        library = ModelLibrary(workspace)
    }

    /// Returns how many trials of a base train at a time unless it is said: those of the built-in model learn on
    /// one thread each.
    public func usualWorkers(of base: String) throws(Diagnostic) -> Int {
        let name = try library.parent(base)?.base ?? base
        return BaseModel.named(name) == nil ? 1 : 2
    }

    /// Returns the provider where a base is tuned; nil for this machine.
    public func provider(of base: String) throws(Diagnostic) -> String? {
        try library.elsewhere(named: base)?.provider
    }

    /// Runs a search to its end, from where an earlier run of the same plan stopped.
    ///
    /// A trial that fails is kept with its reason, and the others go on.
    ///
    /// - Throws: `sweep-running` when another process works on it, `metric-not-applicable` when the metric has no
    ///   figure for these labels, `cluster-too-small` and `cluster-token` where the first trial meets them, the error
    ///   of the first trial when all fail, and `CancellationError`.
    public func run(
        _ plan: SweepPlan,
        onProgress: @escaping @Sendable (Progress) -> Void
    ) async throws -> Outcome {
        var plan = plan
        // Whatever becomes of a name meanwhile, all trials go on from one model.
        if let parent = try library.parent(plan.base)?.id {
            for place in plan.trials.indices { plan.trials[place].request.base = parent }
        }
        let sweep = try begin(plan)
        do {
            return try await run(plan, sweep, onProgress)
        } catch {
            var stopped = sweep
            stopped.process = nil
            try? workspace.store().update(stopped)
            throw error
        }
    }

    private func run(
        _ plan: SweepPlan,
        _ begun: SweepRecord,
        _ onProgress: @escaping @Sendable (Progress) -> Void
    ) async throws -> Outcome {
        var sweep = begun
        let store = try workspace.store()
        var known: [String: TrialRecord] = [:]
        for trial in try store.trials(ofSweep: sweep.number) {
            // What failed is tried again.
            var trial = trial
            trial.error = nil
            known[Self.place(trial)] = trial
        }
        let meter = SweepMeter(plan, known: known.values.filter(\.isDone), onProgress)
        let before = meter.done
        var left = Array(plan.trials.indices)
        for (number, round) in plan.rounds.enumerated() {
            let isLast = number == plan.rounds.count - 1
            let records = left.map { place in
                let new = TrialRecord(
                    sweep: sweep.number,
                    number: place + 1,
                    round: number,
                    settings: plan.trials[place].settings,
                    rows: plan.rows(plan.trials[place], in: round)
                )
                return known[Self.place(new)] ?? new
            }
            let run = SweepRound(
                plan: plan,
                workspace: workspace,
                clock: clock,
                jobs: jobs,
                keepsBest: isLast,
                meter: meter
            )
            let measured = try await run.measured(records)
            let ranked = plan.ranked(measured)
            guard let best = ranked.first else {
                throw try failure(of: measured, plan)
            }
            if !isLast {
                left = ranked.prefix(plan.rounds[number + 1].trials).map { $0.number - 1 }.sorted()
                continue
            }
            let model = try await model(of: best, run)
            (sweep.best, sweep.model) = (best.number, model.id)
        }
        let (model, renamed) = try named(sweep.model, plan.name)
        sweep.finishedAt = clock.now()
        sweep.process = nil
        try store.update(sweep)
        return Outcome(
            sweep: sweep,
            trials: try store.trials(ofSweep: sweep.number),
            model: model,
            known: before,
            renamed: renamed
        )
    }

    /// Measures the best model of a search on rows that had no part in choosing it, once.
    ///
    /// - Returns: the search with the figure, and how many other searches those rows have judged.
    /// - Throws: `test-used` when the search has such a figure, `unknown-model` when its model was deleted.
    public func test(
        _ sweep: SweepRecord,
        on dataset: Dataset,
        onProgress: (Int) -> Void
    ) throws -> (sweep: SweepRecord, others: Int) {
        if let test = sweep.test {
            throw Diagnostic(
                "test-used",
                "sweep \(sweep.number) was judged on '\(test.dataset)' before",
                hint:
                    "'sweeps \(sweep.number)' shows the figure; a second look at test rows makes them part of the choice"
            )
        }
        guard let id = sweep.model, let metric = Metrics.named(sweep.metric) else {
            throw Diagnostic(
                "sweep-unfinished",
                "sweep \(sweep.number) has no best model yet",
                hint: "give the command that began it again: it goes on where it stopped"
            )
        }
        try Self.requireApart(dataset, try jobs(of: sweep).map(\.record))
        let others = try workspace.store().sweeps().count {
            $0.number != sweep.number && $0.test?.fingerprint == dataset.fingerprint
        }
        let scored = try Judge(workspace, clock: clock).score(
            try library.model(id),
            on: dataset,
            onProgress: onProgress
        )
        var tested = sweep
        tested.test = .init(
            dataset: dataset.name,
            fingerprint: dataset.fingerprint,
            figure: try SweepPlan.figure(of: metric, scored.scores, dataset.name)
        )
        try workspace.store().update(tested)
        return (tested, others)
    }

    /// Sees to it that test rows had no part in a choice that these trainings were made for.
    ///
    /// - Throws: `test-not-apart`.
    private static func requireApart(
        _ test: Dataset,
        _ jobs: [JobRecord]
    ) throws(Diagnostic) {
        let isLearnt = jobs.contains { $0.datasetFingerprint == test.fingerprint }
        guard isLearnt || jobs.contains(where: { $0.validation == test.name }) else { return }
        throw notApart(test.name, isLearnt: isLearnt)
    }

    /// Sees to it that the test rows of a plan have no part in its choice.
    ///
    /// - Throws: `test-not-apart`.
    public static func requireApart(_ test: Dataset, _ plan: SweepPlan) throws(Diagnostic) {
        let requests = plan.trials.map(\.request)
        let isLearnt = requests.contains { $0.dataset.fingerprint == test.fingerprint }
        let isMeasured = requests.contains { $0.validation?.fingerprint == test.fingerprint }
        if isLearnt || isMeasured { throw notApart(test.name, isLearnt: isLearnt) }
    }

    private static func notApart(_ name: String, isLearnt: Bool) -> Diagnostic {
        Diagnostic(
            "test-not-apart",
            "the trials \(isLearnt ? "learn" : "are ranked on") '\(name)', which then says nothing of new rows",
            hint: "name rows that have no part in the choice, such as a third part: split 80/10/10"
        )
    }

    private func jobs(of sweep: SweepRecord) throws(Diagnostic) -> [StoredJob] {
        let ids = Set(
            try workspace.store().trials(ofSweep: sweep.number).flatMap(\.jobs)
        )
        return try workspace.jobs().filter { ids.contains($0.record.id) }
    }

    // MARK: - Parts of a run

    private static func place(_ trial: TrialRecord) -> String { "\(trial.round) \(trial.number)" }

    /// Takes an unfinished search of the same plan on, or begins one.
    private func begin(_ plan: SweepPlan) throws -> SweepRecord {
        let store = try workspace.store()
        let key = plan.key
        let process = ProcessIdentity.current.text
        if var sweep = try store.sweeps().last(where: { $0.key == key && $0.finishedAt == nil }) {
            if let other = sweep.process, other != process, ProcessIdentity(text: other).isAlive {
                throw Diagnostic(
                    "sweep-running",
                    "sweep \(sweep.number) is the same one, and runs in another process",
                    hint: "wait for its end; 'sweeps \(sweep.number)' shows how far it is"
                )
            }
            sweep.process = process
            try store.update(sweep)
            return sweep
        }
        return try store.insert(
            SweepRecord(
                key: key,
                base: plan.base,
                dataset: plan.dataset,
                metric: plan.metric.name,
                trialCount: plan.trials.count,
                process: process,
                createdAt: clock.now()
            )
        )
    }

    /// Returns the model of the best trial: the one that was measured, or with folds, and where somebody deleted
    /// it meanwhile, one tuned on all its rows.
    private func model(of best: TrialRecord, _ round: SweepRound) async throws -> ModelRecord {
        var best = best
        let plan = round.plan
        let place =
            switch plan.measurement {
            case .validation: 0
            // Behind the jobs of the folds.
            case .folds(let count): count
            }
        switch try round.part(place, of: &best, plan.request(best)) {
        case .model(let model): return model
        case .job(let job): return try await jobs.run(job) { _ in }.model
        }
    }

    /// Gives the best model its name, which another may have had.
    private func named(
        _ id: String?,
        _ name: String?
    ) throws -> (ModelRecord, before: ModelRecord?) {
        guard let id else { preconditionFailure("a search that ended has a best model") }
        guard let name, let store = try workspace.existingStore() else {
            return (try library.model(id), nil)
        }
        try library.requireNoBase(name)
        let before = try store.model(name)
        try store.giveName(name, toModel: id)
        return (try library.model(id), before?.id == id ? nil : before)
    }

    private func failure(of trials: [TrialRecord], _ plan: SweepPlan) throws -> Diagnostic {
        let first = trials.first { $0.error != nil }
        return Diagnostic(
            "sweep-failed",
            "all \(NumberText.count(trials.count)) trials failed, the first of them: \(first?.error ?? "without a figure")",
            hint: "try one of them alone with 'tune'"
        )
    }
}

extension TrialRecord {
    /// Whether nothing is to be done for it any more.
    var isDone: Bool { figure != nil || error != nil }
}

extension SweepPlan {
    /// Returns the trials that have a figure, the best first; of equals the one with the smaller number.
    public func ranked(_ trials: [TrialRecord]) -> [TrialRecord] {
        Self.ranked(trials, by: metric)
    }

    /// Returns the trials that have a figure by this metric, the best first.
    public static func ranked(
        _ trials: [TrialRecord],
        by metric: any Metric.Type
    ) -> [TrialRecord] {
        let sign = metric.higherIsBetter ? -1.0 : 1.0
        func key(_ trial: TrialRecord) -> (Double, Int) {
            let value = trial.figure?.value ?? .nan
            return (value.isNaN ? .infinity : sign * value, trial.number)
        }
        return trials.filter { $0.figure != nil }.sorted { key($0) < key($1) }
    }

    /// Returns what a trial trains on its rows.
    ///
    /// Its models have ids of their own, which no later model gets when they are deleted.
    func request(_ record: TrialRecord) throws -> JobRunner.Request {
        let rows = record.rows
        var request = trials[record.number - 1].request
        request.suffix = "sweep-\(record.sweep)-\(record.number)"
        if reduction != nil { request.suffix? += "-round-\(record.round + 1)" }
        guard rows < request.dataset.frame.count else { return request }
        let name = request.dataset.name
        request.dataset = try request.dataset.applying(Sample(.count(rows), seed: seed))
        request.dataset.name = name
        return request
    }

    /// Returns the figure of a metric with its interval.
    ///
    /// - Throws: `metric-not-applicable`.
    static func figure(
        of metric: any Metric.Type,
        _ scores: Scores,
        _ dataset: String
    ) throws(Diagnostic) -> StoredFigure {
        var options = EvaluationReport.Options()
        options.metrics = [metric]
        options.bootstrap = Bootstrap(metrics: [metric.name])
        let report = try EvaluationReport(
            model: "",
            dataset: dataset,
            scores: scores,
            seconds: 0,
            options: options
        )
        guard let estimate = report[metric.name] else {
            throw Diagnostic(
                "metric-not-applicable",
                "'\(metric.name)' has no figure for the labels of '\(dataset)'",
                hint: "choose another with metric=, such as macro_f1"
            )
        }
        return StoredFigure(estimate.value, interval: estimate.interval)
    }
}
