import FettleCore
import FettleData
import FettleEvaluation
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Sweep: Command {
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
    static let workers = Option<Int>.setting(
        "workers",
        default: "2 for the built-in model, 4 on a cluster, else 1",
        help: "how many trials train at a time; it changes no result"
    )
    static let test = Option<ArgumentWord>.setting(
        "test",
        kind: .dataset,
        default: "none",
        help:
            "rows without a part in the choice, on which the best model is measured once at the end"
    )

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
            metric.parameter, SweepSpace.search.parameter, SweepSpace.trials.parameter,
            SweepSpace.points.parameter, SweepSpace.rows.parameter,
            SweepSpace.data.parameter, SweepSpace.format.parameter, SweepSpace.searchSeed.parameter,
            workers.parameter,
            test.parameter, Tune.name.parameter, Tune.unchecked.parameter,
        ] + ClusterOptions.ofSearching + SweepSpace.parameters,
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

    private static let reduction = 3

    let base: ArgumentWord
    let dataset: ArgumentWord?
    let validation: ArgumentWord?
    let folds: Int?
    let metric: any Metric.Type
    let workers: Int?
    let cluster: ClusterChoice
    let test: ArgumentWord?
    let name: String?
    let isUnchecked: Bool
    let space: SweepSpace

    init(_ arguments: Arguments) throws(Diagnostic) {
        base = try arguments.required(Tune.base)
        dataset = try arguments.value(Tune.dataset)
        validation = try arguments.value(Self.validation)
        folds = try SweepSpace.whole(Self.folds, arguments, 2...100)
        metric = try Self.metric(arguments)
        workers = try SweepSpace.whole(Self.workers, arguments, 1...64)
        cluster = try ClusterChoice(arguments, ClusterOptions.ofSearching)
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
        space = try SweepSpace(arguments, base)
    }

    // MARK: - Reading

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

    // MARK: - Running

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let services = context.services
        try space.tunings[0].checkBase(context)
        let sweeper = Sweeper(services.workspace, clock: services.clock, jobs: services.jobs)
        if let provider = try sweeper.provider(of: base.text) {
            throw Diagnostic(
                "tuned-elsewhere",
                "'\(base.text)' is tuned at '\(provider)', and a sweep trains what this machine or a cluster can",
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
                let format = try space.tunings[0].parentFormat(context) ?? trained.requiredFormat()
                _ = try dataset.compiled(format)
            } catch let error as Diagnostic {
                throw error.located(at: word.span)
            }
            return dataset
        }
        let progress = services.progress
        let place = try cluster.place(context, counting: "trials")
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
            let way =
                place.map { place in
                    "what was asked for goes on at '\(place.cluster)'; the same command follows it, and goes on"
                } ?? "the trials so far are kept; the same command goes on"
            throw Interruption(text: "interrupted: \(way) with the others")
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
        let parent = try space.tunings[0].parentFormat(context)
        let place = try cluster.place(context)
        var checked: Set<String> = []
        var remarks: [OutputBlock] = []
        var trials: [SweepPlan.Trial] = []
        for (combination, tuning) in zip(space.combinations, space.tunings) {
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
            let seen = training.fingerprint + (training.format?.json.text() ?? "")
            if !isUnchecked, checked.insert(seen).inserted {
                remarks += try session.checkBeforeUse(
                    training,
                    through: parent,
                    measuredOn: validation,
                    tokens: try services.models.tokenizer(of: base.text)
                )
            }
            var request = JobRunner.Request(
                base: base.text,
                dataset: training,
                validation: validation,
                hyperparameters: tuning.hyperparameters
            )
            request.cluster = place
            trials.append(
                SweepPlan.Trial(
                    settings: combination.filter { space.sweptNames.contains($0.name) }
                        .map { ChosenSetting(name: $0.name, value: $0.word.text) },
                    request: request,
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
            reduction: space.search == .halving ? Self.reduction : nil,
            seed: space.seed,
            name: name,
            workers: try workers ?? (place == nil ? sweeper.usualWorkers(of: base.text) : 4)
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
