public import FettleCore
import FettleData
public import FettleEvaluation

/// A search over settings: what is tried, and how trials are told apart from each other.
public struct SweepPlan: Sendable {
    /// One thing to try.
    public struct Trial: Sendable {
        /// Its settings as the user writes them, without those that all trials share.
        public var settings: [ChosenSetting]
        /// What to train, on all the rows that it may have.
        public var request: JobRunner.Request
        /// How many training rows it is given; all when nil.
        public var rows: Int?

        /// Makes a trial.
        public init(settings: [ChosenSetting], request: JobRunner.Request, rows: Int? = nil) {
            self.settings = settings
            self.request = request
            self.rows = rows
        }
    }

    /// How the figure of a trial is found.
    public enum Measurement: Hashable, Sendable {
        /// On the validation dataset of its request.
        case validation
        /// On each of so many parts of the training rows in turn, by a model tuned on the others.
        case folds(Int)

        /// How many jobs measure a trial; where there are others, they tune its model on all rows.
        var jobCount: Int {
            switch self {
            case .validation: 1
            case .folds(let count): count
            }
        }
    }

    /// The base model's name, or the tuned model's name or id.
    public var base: String
    /// The training dataset's name.
    public var dataset: String
    /// The trials, at least one.
    public var trials: [Trial]
    /// The metric that ranks them.
    public var metric: any Metric.Type
    /// How a trial's figure is found.
    public var measurement: Measurement
    /// By what the trials are divided from round to round, with more rows each time; nil for one round.
    public var reduction: Int?
    /// The seed of the folds and of the rows of a trial.
    public var seed: UInt64
    /// The short name that the best model gets.
    public var name: String?
    /// How many trials train at a time.
    public var workers: Int

    /// Makes a plan.
    public init(
        base: String,
        dataset: String,
        trials: [Trial],
        metric: any Metric.Type,
        measurement: Measurement,
        reduction: Int? = nil,
        seed: UInt64 = 0,
        name: String? = nil,
        workers: Int = 1
    ) {
        self.base = base
        self.dataset = dataset
        self.trials = trials
        self.metric = metric
        self.measurement = measurement
        self.reduction = reduction
        self.seed = seed
        self.name = name
        self.workers = workers
    }

    /// One round of a search: how many trials are left, and how many rows each is given.
    public struct Round: Hashable, Sendable {
        /// How many trials take part.
        public var trials: Int
        /// The share of a trial's rows that it is given: 1 for all.
        public var share: Double
    }

    /// The rounds, the last one with all rows.
    ///
    /// Successive halving by η: a round keeps the best ⌈n/η⌉ trials of the one before and gives each η times the
    /// rows. Source: K. Jamieson, A. Talwalkar, "Non-stochastic best arm identification and hyperparameter
    /// optimization", AISTATS 2016.
    public var rounds: [Round] {
        guard let reduction, reduction > 1 else { return [Round(trials: trials.count, share: 1)] }
        var counts = [trials.count]
        while let last = counts.last, last > 1 { counts.append((last + reduction - 1) / reduction) }
        return counts.enumerated().map { place, count in
            var share = 1.0
            for _ in place..<counts.count - 1 { share /= Double(reduction) }
            return Round(trials: count, share: share)
        }
    }

    /// Returns how many rows a trial is given in a round, at least 1.
    func rows(_ trial: Trial, in round: Round) -> Int {
        let all = trial.rows ?? trial.request.dataset.frame.count
        return round.share == 1 ? all : max(1, Int((Double(all) * round.share).rounded()))
    }

    /// What tells the search from others: equal where the same would come of it.
    var key: String {
        var stream = FingerprintStream()
        func add(_ text: String) { stream.update("\(text.utf8.count):\(text)") }
        add("\(base) \(metric.name) \(measurement) \(reduction ?? 0) \(seed)")
        for trial in trials {
            add(trial.request.base)
            add(trial.request.dataset.fingerprint)
            add(trial.request.dataset.format?.json.text() ?? "")
            add(trial.request.validation?.fingerprint ?? "")
            add(trial.rows.map(String.init) ?? "all")
            for setting in trial.request.hyperparameters.asSettings {
                add(setting.name + "=" + setting.value)
            }
        }
        return stream.digest.hex
    }
}
