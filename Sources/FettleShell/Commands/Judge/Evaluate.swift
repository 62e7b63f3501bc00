import FettleCore
import FettleData
import FettleEvaluation
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Evaluate: Command {
    static let model = Option<ArgumentWord>.word(
        "model",
        kind: .model,
        help: "the model's name or id"
    )
    static let dataset = Option<ArgumentWord>.clause(
        "on",
        kind: .dataset,
        default: "the current one",
        help: "the rows to judge it on"
    )
    static let binary = Option<ArgumentWord>.setting(
        "binary",
        kind: .text,
        default: "the middle of the labels",
        help: "where 'good or bad' draws its line, such as \"<=3\""
    )

    static let beta = Option<ArgumentWord>.setting(
        "beta",
        kind: .number,
        default: "1",
        help: "how many times as much as precision recall counts in macro_f_beta, micro_f_beta and "
            + "weighted_f_beta"
    )
    static let top = Option<Int>.setting(
        "top",
        default: "3",
        unit: "labels",
        help: "among how many of the most probable labels the right one must be for top_k"
    )
    static let rejection = Option<Bool>.flag(
        "rejection",
        help: "show how much is answered, and how much of it is right, when only sure answers count"
    )

    static let declaration = CommandDeclaration(
        "evaluate",
        group: .judge,
        summary: "measure a model on a dataset, with a 95 % interval",
        details: """
            Exact accuracy, macro F1, log loss, precision, recall and F1 of each class and the confusion
            matrix; for labels that are numbers also good-or-bad, within one and mean absolute error. The
            label with the highest probability counts, not a comparison of texts. '> FILE.json' writes one
            object with fractions at full precision and every metric there is.

            metrics=all shows them all: balanced accuracy, top-k, precision, recall and F as macro, micro and
            weighted means, Cohen's and the quadratic kappa, Matthews' and the rank correlation, the areas
            under the curves of each class against the rest, perplexity, Brier score, and the calibration
            error with its bars. An interval is Wilson's for a share of the rows, and else that of 1,000
            resamples of the rows.
            """,
        parameters: [
            model.parameter, dataset.parameter, binary.parameter,
            WantedMetrics.setting.parameter, beta.parameter, top.parameter,
            CalibratedOption.flag.parameter, rejection.parameter,
        ] + ClusterOptions.ofAnswering,
        effect: .none,
        examples: [
            .init("evaluate stars on reviews.test binary=\"<=3\"", "the chapter's three measures"),
            .init(
                "evaluate stars on reviews.validation > report.json",
                "the same as one object"
            ),
            .init(
                "evaluate stars on reviews.test metrics=quadratic_kappa,spearman,calibration_error",
                "some of the others, with their intervals"
            ),
            .init(
                "evaluate stars on reviews.test --rejection",
                "how often is it right where it is sure?"
            ),
        ]
    )

    let model: ArgumentWord
    let dataset: ArgumentWord?
    let binary: BinaryCondition?
    let binarySpan: SourceSpan?
    let wanted: WantedMetrics
    let beta: Double
    let top: Int
    let isCalibrated: Bool
    let hasRejection: Bool
    let cluster: ClusterChoice

    init(_ arguments: Arguments) throws(Diagnostic) {
        model = try arguments.required(Self.model)
        dataset = try arguments.value(Self.dataset)
        binarySpan = arguments.word(Self.binary)?.span
        binary = try arguments.value(Self.binary).map { word throws(Diagnostic) in
            do throws(Diagnostic) {
                return try BinaryCondition(parsing: word.text)
            } catch {
                throw word.placing(error)
            }
        }
        wanted = try WantedMetrics(arguments.value(WantedMetrics.setting))
        beta =
            try arguments.value(Self.beta).map { word throws(Diagnostic) -> Double in
                guard let beta = Double(word.text), beta > 0, beta <= 1000 else {
                    throw expected("a number above 0, at most 1,000", word, for: "beta")
                }
                return beta
            } ?? 1
        top = try arguments.value(Self.top) ?? 3
        if top < 1, let word = arguments.word(Self.top) {
            throw expected("a whole number of at least 1", word, for: "top")
        }
        isCalibrated = arguments.has(CalibratedOption.flag)
        hasRejection = arguments.has(Self.rejection)
        cluster = try ClusterChoice(arguments, ClusterOptions.ofAnswering)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try session.dataset(dataset)
        let record = try context.services.model(model, on: source)
        let temperature = try context.services.temperature(
            of: record,
            model,
            isWanted: isCalibrated
        )
        let progress = context.services.progress
        let judge = Judge(
            context.services.workspace,
            clock: context.services.clock,
            at: try cluster.place(context, counting: "rows", of: source.frame.count),
            onWarning: context.services.warn
        )
        var scored = try judge.score(record, on: source) { done in
            progress.update(done: done, total: source.frame.count, unit: "rows")
        }
        if let temperature { scored.scores = scored.scores.atTemperature(temperature) }
        let report = try self.report(scored, record, source, temperature)
        try judge.keep(report.json, model: record, dataset: source)
        var blocks = EvaluationView.blocks(report, wanted)
        blocks += session.learntRows(of: [record], on: source)
        blocks += Self.warnings(scored)
        return CommandOutput(blocks: blocks, value: report.json)
    }

    private func report(
        _ scored: Judge.Scored,
        _ record: ModelRecord,
        _ source: Dataset,
        _ temperature: Double?
    ) throws(Diagnostic) -> EvaluationReport {
        var options = EvaluationReport.Options()
        (options.beta, options.top, options.temperature) = (beta, top, temperature)
        options.metrics = Metrics.all
        options.bootstrap = Bootstrap(metrics: Set(wanted.shown))
        options.hasRejection = hasRejection
        do {
            return try EvaluationReport(
                model: record.displayName,
                dataset: source.name,
                scores: scored.scores,
                seconds: scored.seconds ?? 0,
                binary: binary,
                options: options
            )
        } catch {
            throw error.located(at: binarySpan)
        }
    }

    private static func warnings(_ scored: Judge.Scored) -> [OutputBlock] {
        var blocks: [OutputBlock] = []
        let unknown = scored.scores.truth.count { Int($0) >= scored.scores.labels.count }
        if unknown > 0 {
            blocks.append(
                .warning(
                    "\(NumberText.count(unknown)) of \(NumberText.count(scored.scores.rows, "row")) "
                        + "have a completion that the model does not know, and count as wrong"
                )
            )
        }
        if scored.skippedRows > 0 {
            let rows = NumberText.count(scored.skippedRows, "row")
            blocks.append(.warning("\(rows) left out: the completion is null or missing"))
        }
        return blocks
    }
}
