import FettleCore
import FettleData
import FettleEvaluation
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

/// How combinations of values are chosen.
enum SweepSearch: String, CaseIterable, ArgumentValue {
    case grid, random, halving
}

struct Sweep: Command {
    private static let section = "settings of 'tune': values with commas, or LOW..HIGH"

    static let validation = Option<ArgumentWord>.setting(
        "validate",
        aliases: ["validation"],
        kind: .dataset,
        default: "none",
        help: "the rows that trials are measured on; without it, folds= is wanted"
    )
    static let folds = Option<Int>.setting(
        "folds",
        default: "none",
        help: "measure by cross-validation: so many parts, each answered by a model of the others"
    )
    static let metric = Option<ArgumentWord>.setting(
        "metric",
        kind: .choice(Metrics.all.map { $0.name }),
        default: "accuracy",
        help: "what makes a trial the best, by its name in 'evaluate metrics='"
    )
    static let search = Option<SweepSearch>.setting(
        "search",
        default: "grid",
        help:
            "every combination, some drawn at random, or halving: many on few rows, the best on more"
    )
    static let trials = Option<Int>.setting(
        "trials",
        default: "all of the grid; 10 of ranges",
        help: "how many combinations are drawn, for random and halving"
    )
    static let points = Option<Int>.setting(
        "points",
        default: "5",
        help: "how many values of a range LOW..HIGH the grid has"
    )
    static let rows = Option<ArgumentWord>.setting(
        "rows",
        kind: .text,
        default: "all",
        help: "how many training rows: with several numbers, a learning curve"
    )
    static let data = Option<ArgumentWord>.setting(
        "data",
        kind: .text,
        default: "the dataset",
        help: "training datasets with commas, each made by other steps"
    )
    static let format = Option<ArgumentWord>.setting(
        "format",
        kind: .text,
        default: "the dataset's",
        help: "datasets or models with commas, whose formats are tried"
    )
    static let searchSeed = Option<UInt64>.setting(
        "search_seed",
        default: "0",
        help: "seed of what is drawn: combinations, rows and folds"
    )
    static let workers = Option<Int>.setting(
        "workers",
        default: "2 for the built-in model, else 1",
        help: "how many trials train at a time; it changes no result"
    )
    static let test = Option<ArgumentWord>.setting(
        "test",
        kind: .dataset,
        default: "none",
        help:
            "rows without a part in the choice, on which the best model is measured once at the end"
    )

    /// The settings of `tune` that can have several values.
    private static let swept: [Parameter] = Tune.declaration.parameters.compactMap { parameter in
        guard case .setting = parameter.form, !["validate", "suffix"].contains(parameter.name)
        else { return nil }
        var copy = parameter
        copy.kind = .text
        copy.section = section
        return copy
    }

    static let declaration = CommandDeclaration(
        "sweep",
        group: .train,
        summary: "try settings, rank them on rows that were not learnt, and keep the best model",
        details: """
            Values stand with commas (n_epochs=1,2,4), with semicolons where a value has commas itself, or as a range
            (learning_rate_multiplier="0.1..1 log"). Every trial is a job; its model goes when a better one is known.
            Stopped by Ctrl-C or killed, the same command goes on where it was. 'sweeps' lists the searches.

            search=halving gives all trials a part of the rows, and the best third of them three times as many, until
            few have all rows. rows=500,1000,2000 alone draws the learning curve and says what twice the rows would
            bring. The best of many trials has been lucky, too: its figure is optimistic, and test= measures it once
            on rows that had no part in the choice.
            """,
        parameters: [
            Tune.base.parameter, Tune.dataset.parameter, validation.parameter, folds.parameter,
            metric.parameter, search.parameter, trials.parameter, points.parameter, rows.parameter,
            data.parameter, format.parameter, searchSeed.parameter, workers.parameter,
            test.parameter, Tune.name.parameter, Tune.unchecked.parameter,
        ] + swept,
        effect: .job,
        examples: [
            .init(
                "sweep ngram on reviews.train validate=reviews.validation n_epochs=1,2,4 as best",
                "three numbers of epochs; the best model is called 'best'"
            ),
            .init(
                "sweep ngram on reviews.train folds=3 n_epochs=1,2 metric=macro_f1",
                "by cross-validation, ranked by macro F1"
            ),
            .init(
                "sweep ngram on reviews.train validate=reviews.validation rows=100,200,400",
                "a learning curve: would more rows help?"
            ),
            .init(
                "sweep ngram on reviews.train validate=reviews.validation search=random trials=4 "
                    + "learning_rate_multiplier=\"0.2..2 log\" n_epochs=1,2 test=reviews.test",
                "four combinations drawn at random, and the best on the test rows"
            ),
        ]
    )

    private static let mostTrials = 1000
    private static let reduction = 3

    let base: ArgumentWord
    let dataset: ArgumentWord?
    let validation: ArgumentWord?
    let folds: Int?
    let metric: any Metric.Type
    let search: SweepSearch
    let seed: UInt64
    let workers: Int?
    let test: ArgumentWord?
    let name: String?
    let isUnchecked: Bool
    /// The combinations, each with what was said of it.
    let combinations: [[(name: String, word: ArgumentWord)]]
    private let tunings: [Tune]
    /// The names of the settings that have more than one value.
    let sweptNames: [String]

    init(_ arguments: Arguments) throws(Diagnostic) {
        base = try arguments.required(Tune.base)
        dataset = try arguments.value(Tune.dataset)
        validation = try arguments.value(Self.validation)
        folds = try Self.whole(Self.folds, arguments, 2...100)
        metric = try Self.metric(arguments)
        search = try arguments.value(Self.search, or: .grid)
        seed = try arguments.value(Self.searchSeed, or: 0)
        workers = try Self.whole(Self.workers, arguments, 1...64)
        test = try arguments.value(Self.test)
        isUnchecked = arguments.has(Tune.unchecked)
        name = try arguments.value(Tune.name).map { word throws(Diagnostic) in
            try ModelName.checked(word)
        }
        guard (validation == nil) != (folds == nil) else {
            throw Diagnostic(
                validation == nil ? "missing-argument" : "bad-value",
                validation == nil
                    ? "'sweep' needs rows to measure on: validate=DATASET, or folds=N"
                    : "validate= and folds= are two ways of measuring",
                span: arguments.word(Self.folds)?.span ?? arguments.span,
                hint: validation == nil
                    ? "such as: sweep ngram on reviews.train validate=reviews.validation n_epochs=1,2,4"
                    : "leave one of them out"
            )
        }
        let values = try Self.values(arguments)
        sweptNames = values.filter(\.isSwept).map(\.name)
        guard !sweptNames.isEmpty else {
            throw Diagnostic(
                "nothing-to-sweep",
                "no setting has more than one value",
                span: arguments.span,
                hint: "give one several, such as n_epochs=1,2,4; 'tune' trains with one value each"
            )
        }
        if search == .halving, let word = arguments.word(Self.rows) {
            throw Diagnostic(
                "bad-value",
                "halving chooses the rows of each round itself",
                span: word.span,
                hint: "leave out rows= or search=halving"
            )
        }
        combinations = try Self.combinations(
            values,
            search,
            arguments,
            seed: seed
        )
        // Whatever is wrong with a value is said before anything runs.
        let base = base
        tunings = try combinations.map { combination throws(Diagnostic) in
            try Self.tuning(combination, base, arguments)
        }
    }

    // MARK: - Reading

    private static func whole(
        _ option: Option<Int>,
        _ arguments: Arguments,
        _ range: ClosedRange<Int>
    ) throws(Diagnostic) -> Int? {
        guard let value = try arguments.value(option), let word = arguments.word(option) else {
            return nil
        }
        guard range.contains(value) else {
            throw expected(
                "a whole number from \(range.lowerBound) to \(NumberText.count(range.upperBound))",
                word,
                for: option.parameter.name
            )
        }
        return value
    }

    private static func metric(_ arguments: Arguments) throws(Diagnostic) -> any Metric.Type {
        guard let word = try arguments.value(metric) else { return Accuracy.self }
        if let metric = Metrics.named(word.text) { return metric }
        let names = Metrics.all.map { $0.name }
        throw Diagnostic(
            "unknown-metric",
            "no metric '\(word.text)'",
            span: word.span,
            hints: [
                didYouMean(word.text, among: names), "metrics: " + names.joined(separator: ", "),
            ].compactMap(\.self)
        )
    }

    private static func values(_ arguments: Arguments) throws(Diagnostic) -> [SweepValues] {
        var values: [SweepValues] = []
        for (option, isWhole) in [(rows, true), (data, false), (format, false)] {
            guard let word = arguments.word(option), word.text != "all" else { continue }
            values.append(try SweepValues(option.parameter.name, word, isWhole: isWhole))
        }
        for parameter in swept {
            guard let word = arguments.word(of: parameter) else { continue }
            let original = Tune.declaration.parameters.first { $0.name == parameter.name }
            values.append(
                try SweepValues(parameter.name, word, isWhole: original?.kind == .integer)
            )
        }
        return values
    }

    private static func combinations(
        _ values: [SweepValues],
        _ search: SweepSearch,
        _ arguments: Arguments,
        seed: UInt64
    ) throws(Diagnostic) -> [[(name: String, word: ArgumentWord)]] {
        let points = try whole(points, arguments, 1...100) ?? 5
        let wanted = try whole(trials, arguments, 1...mostTrials)
        let hasRange = values.contains(where: \.isRange)
        if search == .grid, let word = arguments.word(trials) {
            throw Diagnostic(
                "bad-value",
                "a grid has every combination, and trials= draws some",
                span: word.span,
                hint: "add search=random, or leave out trials="
            )
        }
        guard search == .grid || !hasRange else {
            var generator = SeededGenerator(seed: seed)
            var drawn: [[(name: String, word: ArgumentWord)]] = []
            // A few whole numbers are soon all drawn.
            for _ in 0..<20 * (wanted ?? 10) where drawn.count < wanted ?? 10 {
                let next = values.map { (name: $0.name, word: $0.draw(&generator)) }
                let texts = next.map(\.word.text)
                if !drawn.contains(where: { $0.map(\.word.text) == texts }) { drawn.append(next) }
            }
            return drawn
        }
        let grids = values.map { $0.grid(points: points) }
        let count = grids.reduce(1) { $0.multipliedReportingOverflow(by: $1.count).partialValue }
        let isTooMany = grids.reduce(1.0) { $0 * Double($1.count) } > 1_000_000
        guard !isTooMany, search != .grid || count <= mostTrials else {
            throw Diagnostic(
                "too-many-trials",
                "the grid has \(isTooMany ? "more than 1,000,000" : NumberText.count(count)) combinations, "
                    + "of at most \(NumberText.count(mostTrials))",
                span: arguments.span,
                hint: "draw some with search=random trials=40, or give fewer values"
            )
        }
        var all: [[(name: String, word: ArgumentWord)]] = [[]]
        for (value, grid) in zip(values, grids) {
            all = all.flatMap { first in grid.map { first + [(value.name, $0)] } }
        }
        guard search != .grid else { return all }
        // Drawn without repeats, and tried in the order of the grid.
        var places = Array(all.indices)
        var generator = SeededGenerator(seed: seed)
        generator.shuffle(&places)
        return places.prefix(wanted ?? min(all.count, mostTrials)).sorted().map { all[$0] }
    }

    /// Returns the `tune` that a combination stands for, each value at its place in the source.
    private static func tuning(
        _ combination: [(name: String, word: ArgumentWord)],
        _ base: ArgumentWord,
        _ arguments: Arguments
    ) throws(Diagnostic) -> Tune {
        let settings = combination.filter { !["rows", "data", "format"].contains($0.name) }
        return try Tune(
            Tune.declaration.bind(
                [base],
                settings: settings.map { ($0.name, $0.word) },
                at: arguments.span
            )
        )
    }

    // MARK: - Running

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let services = context.services
        try tunings[0].checkBase(context)
        let sweeper = Sweeper(services.workspace, clock: services.clock, jobs: services.jobs)
        if let provider = try sweeper.provider(of: base.text) {
            throw Diagnostic(
                "tuned-elsewhere",
                "'\(base.text)' is tuned at '\(provider)', and a sweep trains on this machine",
                span: base.span,
                hint:
                    "tune it once for each setting, and hold the models against each other with 'compare'"
            )
        }
        let (plan, remarks) = try plan(in: session, context, sweeper)
        let tested = try test.map { word in
            let dataset = try session.dataset(word)
            do {
                try Sweeper.requireApart(dataset, plan)
                // What cannot be measured is said before anything trains.
                let trained = plan.trials[0].request.dataset
                let format = try tunings[0].parentFormat(context) ?? trained.requiredFormat()
                _ = try dataset.compiled(format)
            } catch let error as Diagnostic {
                throw error.located(at: word.span)
            }
            return dataset
        }
        let progress = services.progress
        let isShare = metric.isShare
        var outcome: Sweeper.Outcome
        do {
            outcome = try await sweeper.run(plan) { state in
                progress.update(
                    done: state.done,
                    total: state.total,
                    unit: "trials",
                    extra: state.best.map { "best \(SweepView.figure($0, isShare: isShare))" }
                        ?? "",
                    share: state.share
                )
            }
        } catch is CancellationError {
            throw Interruption(
                text:
                    "interrupted: the trials so far are kept; the same command goes on with the others"
            )
        } catch let diagnostic as Diagnostic {
            throw diagnostic.located(at: base.span)
        }
        var blocks = remarks
        if outcome.known > 0 {
            blocks.append(
                .note("\(NumberText.count(outcome.known, "trial")) of an earlier run were kept")
            )
        }
        var others = 0
        if let tested {
            (outcome.sweep, others) = try sweeper.test(outcome.sweep, on: tested) { _ in }
        }
        let view = try services.view(of: outcome.sweep, outcome.trials, metric)
        blocks += view.blocks(limit: context.isPiped ? nil : 20)
        blocks += [.text(view.best(outcome.model))]
        if let before = outcome.renamed {
            blocks.append(.note("the name '\(name ?? "")' was \(before.id) before"))
        }
        blocks += view.curve() + view.caution(otherTests: others)
        return CommandOutput(blocks: blocks, value: view.json)
    }

    /// Returns the plan of the search, and what the checks of its datasets say.
    func plan(
        in session: Session,
        _ context: Context,
        _ sweeper: Sweeper
    ) throws -> (plan: SweepPlan, remarks: [OutputBlock]) {
        let services = context.services
        let usual = try session.dataset(dataset)
        let measured = try validation.map { word throws(Diagnostic) in try session.dataset(word) }
        let parent = try tunings[0].parentFormat(context)
        var checked: Set<String> = []
        var remarks: [OutputBlock] = []
        var trials: [SweepPlan.Trial] = []
        for (combination, tuning) in zip(combinations, tunings) {
            func word(_ name: String) -> ArgumentWord? {
                combination.first { $0.name == name }?.word
            }
            var training =
                try word("data").map { word throws(Diagnostic) in
                    try session.dataset(word)
                } ?? usual
            var validation = measured
            if let word = word("format") {
                let format = try session.format(like: word, services)
                training = training.formatted(as: format)
                validation = validation?.formatted(as: format)
            }
            let count = try word("rows").map { word throws(Diagnostic) in
                try Self.count(word, of: training)
            }
            if !isUnchecked, checked.insert(training.fingerprint).inserted {
                remarks += try session.checkBeforeUse(
                    training,
                    through: parent,
                    measuredOn: validation,
                    tokens: try services.models.tokenizer(of: base.text)
                )
            }
            trials.append(
                SweepPlan.Trial(
                    settings: combination.filter { sweptNames.contains($0.name) }
                        .map { ChosenSetting(name: $0.name, value: $0.word.text) },
                    request: JobRunner.Request(
                        base: base.text,
                        dataset: training,
                        validation: validation,
                        hyperparameters: tuning.hyperparameters
                    ),
                    rows: count
                )
            )
        }
        let plan = SweepPlan(
            base: base.text,
            dataset: usual.name,
            trials: trials,
            metric: metric,
            measurement: folds.map { .folds($0) } ?? .validation,
            reduction: search == .halving ? Self.reduction : nil,
            seed: seed,
            name: name,
            workers: try workers ?? sweeper.usualWorkers(of: base.text)
        )
        return (plan, remarks)
    }

    private static func count(_ word: ArgumentWord, of dataset: Dataset) throws(Diagnostic) -> Int {
        let all = dataset.frame.count
        guard let count = Int(word.text), count >= 1, count <= all else {
            throw expected(
                "whole numbers from 1 to \(NumberText.count(all)), the rows of '\(dataset.name)'",
                word,
                for: "rows"
            )
        }
        return count
    }
}
