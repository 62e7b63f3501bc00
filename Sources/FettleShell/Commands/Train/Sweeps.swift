import FettleCore
import FettleData
import FettleEvaluation
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Sweeps: Command {
    static let number = Option<Int>.word(
        "sweep",
        required: false,
        default: "list",
        help: "the number of a search, which is shown with its trials"
    )
    static let test = Option<ArgumentWord>.setting(
        "test",
        kind: .dataset,
        default: "none",
        help: "measure the best model, once, on rows that had no part in choosing it"
    )

    static let declaration = CommandDeclaration(
        "sweeps",
        group: .train,
        summary: "list the searches over settings, or show one with its trials",
        parameters: [number.parameter, test.parameter],
        effect: .none,
        examples: [
            .init(
                "sweep ngram on reviews.train validate=reviews.validation n_epochs=1,2; sweeps",
                "a small search, and the list"
            ),
            .init(
                "sweep ngram on reviews.train validate=reviews.validation n_epochs=1,2; sweeps 1 test=reviews.test",
                "the best model on rows that did not choose it"
            ),
        ]
    )

    let number: Int?
    let test: ArgumentWord?
    private let span: SourceSpan?

    init(_ arguments: Arguments) throws(Diagnostic) {
        number = try arguments.value(Self.number)
        test = try arguments.value(Self.test)
        span = arguments.word(Self.number)?.span
        if number == nil, let word = arguments.word(Self.test) {
            throw Diagnostic(
                "missing-argument",
                "'test=' needs the number of a sweep",
                span: word.span,
                hint: "'sweeps' lists them; such as: sweeps 1 test=reviews.test"
            )
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let services = context.services
        guard let number else {
            let sweeps = try services.workspace.existingStore()?.sweeps() ?? []
            return CommandOutput(blocks: [Self.list(sweeps, try services.models.models())])
        }
        let (found, metric) = try services.sweep(number, at: span)
        var sweep = found
        var others = 0
        if let test {
            let dataset = try session.dataset(test)
            let progress = services.progress
            (sweep, others) = try Sweeper(
                services.workspace,
                clock: services.clock,
                jobs: services.jobs
            ).test(sweep, on: dataset) { done in
                progress.update(done: done, total: dataset.frame.count, unit: "rows")
            }
        }
        let trials = try services.workspace.store().trials(ofSweep: number)
        let view = try services.view(of: sweep, trials, metric)
        var blocks = view.blocks(limit: context.isPiped ? nil : 20)
        if let id = sweep.model {
            do throws(Diagnostic) {
                blocks.append(.text(view.best(try services.models.model(id))))
            } catch {
                blocks.append(.note("its best model was deleted"))
            }
        } else {
            blocks.append(
                .note("it has not ended: the command that began it goes on where it stopped")
            )
        }
        blocks += view.curve()
        if sweep.finishedAt != nil { blocks += view.caution(otherTests: others) }
        return CommandOutput(blocks: blocks, value: view.json)
    }

    private static func list(_ sweeps: [SweepRecord], _ models: [ModelRecord]) -> OutputBlock {
        let names = Dictionary(uniqueKeysWithValues: models.map { ($0.id, $0.displayName) })
        guard !sweeps.isEmpty else {
            return .note("no sweep was begun: 'help sweep' says how")
        }
        return .table(
            TextTable(
                columns: [
                    .init("#", .right), .init("status"), .init("base"), .init("tuned on"),
                    .init("trials", .right), .init("metric"), .init("model"),
                ],
                rows: sweeps.map { sweep in
                    let isAlive = sweep.process.map { ProcessIdentity(text: $0).isAlive } == true
                    let status = isAlive ? "running" : "interrupted"
                    return [
                        .text(String(sweep.number)),
                        .text(sweep.finishedAt == nil ? status : "finished"),
                        .text(sweep.base), .text(sweep.dataset),
                        .number(Double(sweep.trialCount), NumberText.count(sweep.trialCount)),
                        .text(sweep.metric),
                        .text(sweep.model.map { names[$0] ?? "(deleted)" } ?? ""),
                    ]
                }
            )
        )
    }
}

extension Services {
    /// Returns the search of this number, and the metric that ranks its trials.
    ///
    /// - Throws: `unknown-sweep`.
    func sweep(
        _ number: Int,
        at span: SourceSpan?
    ) throws(Diagnostic) -> (SweepRecord, any Metric.Type) {
        let sweeps = try workspace.existingStore()?.sweeps() ?? []
        guard let sweep = sweeps.first(where: { $0.number == number }) else {
            throw Diagnostic(
                "unknown-sweep",
                "no sweep \(number)",
                span: span,
                hint: sweeps.isEmpty
                    ? "'help sweep' says how to begin one" : "'sweeps' lists them"
            )
        }
        guard let metric = Metrics.named(sweep.metric) else {
            throw Diagnostic("unknown-metric", "no metric '\(sweep.metric)'")
        }
        return (sweep, metric)
    }

    /// Returns how a search is shown.
    func view(
        of sweep: SweepRecord,
        _ trials: [TrialRecord],
        _ metric: any Metric.Type
    ) throws(Diagnostic) -> SweepView {
        var view = SweepView(sweep, trials, metric, clock: clock)
        let numbers = Dictionary(
            uniqueKeysWithValues: try workspace.jobs().map { ($0.record.id, $0.number) }
        )
        for trial in trials {
            guard trial.jobs.count == 1, let number = numbers[trial.jobs[0]] else { continue }
            view.numbers[[trial.round, trial.number]] = String(number)
        }
        return view
    }
}
