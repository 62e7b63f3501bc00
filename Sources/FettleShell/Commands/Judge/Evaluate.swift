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

    static let declaration = CommandDeclaration(
        "evaluate",
        group: .judge,
        summary: "measure a model on a dataset, with a 95 % interval",
        details: """
            Exact accuracy, macro F1, log loss, precision, recall and F1 of each class and the confusion
            matrix; for labels that are numbers also good-or-bad, within one and mean absolute error. The
            label with the highest probability counts, not a comparison of texts. '> FILE.json' writes one
            object with fractions at full precision.
            """,
        parameters: [model.parameter, dataset.parameter, binary.parameter],
        effect: .none,
        examples: [
            .init("evaluate stars on reviews.test binary=\"<=3\"", "the chapter's three measures"),
            .init(
                "evaluate stars on reviews.validation > report.json",
                "the same as one object"
            ),
        ]
    )

    let model: ArgumentWord
    let dataset: ArgumentWord?
    let binary: BinaryCondition?
    let binarySpan: SourceSpan?

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
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try session.dataset(dataset)
        let record = try context.services.model(model, on: source)
        let progress = context.services.progress
        let judge = Judge(context.services.workspace, clock: context.services.clock)
        let scored = try judge.score(record, on: source) { done in
            progress.update(done: done, total: source.frame.count, unit: "rows")
        }
        let report: EvaluationReport
        do {
            report = try EvaluationReport(
                model: record.displayName,
                dataset: source.name,
                scores: scored.scores,
                seconds: scored.seconds ?? 0,
                binary: binary
            )
        } catch {
            throw error.located(at: binarySpan)
        }
        try judge.keep(report.json, model: record, dataset: source)
        var blocks = EvaluationView.blocks(report)
        let unknown = scored.scores.truth.count { Int($0) >= scored.scores.labels.count }
        blocks += EvaluationView.trainingRows([record], source)
        if unknown > 0 {
            blocks.append(
                .warning(
                    "\(NumberText.count(unknown)) of \(NumberText.count(report.rows, "row")) have a "
                        + "completion that the model does not know, and count as wrong"
                )
            )
        }
        if scored.skippedRows > 0 {
            let rows = NumberText.count(scored.skippedRows, "row")
            blocks.append(.warning("\(rows) left out: the completion is null or missing"))
        }
        return CommandOutput(blocks: blocks, value: report.json)
    }
}
