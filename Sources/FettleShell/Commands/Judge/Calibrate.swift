import FettleCore
import FettleData
import FettleEvaluation
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Calibrate: Command {
    static let model = Option<ArgumentWord>.word(
        "model",
        kind: .model,
        help: "the model's name or id"
    )
    static let dataset = Option<ArgumentWord>.clause(
        "on",
        kind: .dataset,
        default: "the current one",
        help: "the rows to fit it to; none that it was tuned on, nor those it is judged on"
    )

    static let declaration = CommandDeclaration(
        "calibrate",
        group: .judge,
        summary: "fit the temperature that makes a model as sure as it is right",
        details: """
            The temperature T is the one with the least log loss on the rows: each probability p becomes
            p^(1/T), divided by the sum over the labels. No prediction changes. It is kept with the model, and
            'ask', 'predict' and 'evaluate' take probabilities at it when they are given --calibrated. A model
            that is served or exported gives its own.
            """,
        parameters: [model.parameter, dataset.parameter],
        effect: .files,
        examples: [
            .init("calibrate stars on reviews.validation", "is it too sure, and how much?"),
            .init(
                "calibrate stars on reviews.validation; evaluate stars on reviews.test --calibrated",
                "what it does to other rows"
            ),
        ]
    )

    let model: ArgumentWord
    let dataset: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        model = try arguments.required(Self.model)
        dataset = try arguments.value(Self.dataset)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try session.dataset(dataset)
        let record = try context.services.model(model)
        let progress = context.services.progress
        let calibrator = Calibrator(context.services.workspace, clock: context.services.clock)
        let outcome = try calibrator.calibrate(record, on: source) { done in
            progress.update(done: done, total: source.frame.count, unit: "rows")
        }
        return CommandOutput(
            blocks: Self.blocks(outcome, record, source.name)
                + session.learntRows(of: [record], on: source),
            value: Self.value(outcome, record, source.name)
        )
    }

    private static func blocks(
        _ outcome: Calibrator.Outcome,
        _ record: ModelRecord,
        _ dataset: String
    ) -> [OutputBlock] {
        let scaling = outcome.scaling
        let (before, after) = (outcome.before, outcome.after)
        let isSurer = scaling.temperature < 1
        let isSame = (scaling.temperature - 1).magnitude < 0.0005
        func percent(_ value: Double) -> String { NumberText.percent(value) }
        func decimal(_ value: Double) -> String { NumberText.decimal(value, digits: 3) }
        var blocks: [OutputBlock] = [
            .text("\(record.displayName) on \(dataset): \(NumberText.count(scaling.rows, "row"))"),
            .fields([
                .init(
                    "temperature",
                    "\(decimal(scaling.temperature)) "
                        + (isSame
                            ? "(as sure as it was)"
                            : "(\(isSurer ? "surer" : "less sure") than it was)")
                ),
                .init("log loss", "\(decimal(before.logLoss)) → \(decimal(after.logLoss))"),
                .init(
                    "calibration error",
                    "\(percent(before.calibrationError)) → \(percent(after.calibrationError))"
                ),
            ]),
        ]
        if scaling.isAtLimit {
            blocks.append(
                .warning(
                    "the log loss would be less beyond the limit of \(decimal(scaling.temperature)): "
                        + (isSurer
                            ? "the model is right at almost every row" : "it knows little of them")
                )
            )
        }
        let left = [
            (outcome.unknownRows, "the model does not know the completion"),
            (outcome.skippedRows, "the completion is null or missing"),
        ]
        return blocks
            + left.filter { $0.0 > 0 }.map { count, reason in
                OutputBlock.warning("\(NumberText.count(count, "row")) left out: \(reason)")
            }
    }

    private static func value(
        _ outcome: Calibrator.Outcome,
        _ record: ModelRecord,
        _ dataset: String
    ) -> JSONValue {
        .object([
            .init("model", .string(record.displayName)),
            .init("dataset", .string(dataset)),
            .init("rows", .integer(Int64(outcome.scaling.rows))),
            .init("temperature", .number(outcome.scaling.temperature)),
            .init("log_loss_before", .number(outcome.before.logLoss)),
            .init("log_loss_after", .number(outcome.after.logLoss)),
            .init("calibration_error_before", .number(outcome.before.calibrationError)),
            .init("calibration_error_after", .number(outcome.after.calibrationError)),
        ])
    }
}
