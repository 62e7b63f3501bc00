import FettleCore
import FettleData
import FettleEvaluation
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Feedback: Command {
    static let model = Option<ArgumentWord>.word(
        "model",
        required: false,
        kind: .model,
        default: "the one that predictions are kept of",
        help: "the model that answered"
    )
    static let name = Option<ArgumentWord>.clause(
        "as",
        kind: .text,
        help: "keep the judged predictions as this dataset"
    )
    static let against = Option<ArgumentWord>.clause(
        "against",
        kind: .dataset,
        default: "the older half of the answers",
        help: "what the answers are compared with, such as the training dataset"
    )
    static let every = Option<Int>.setting(
        "every",
        default: "by day",
        unit: "judged answers",
        help: "show the accuracy of so many at a time"
    )

    static let declaration = CommandDeclaration(
        "feedback",
        group: .judge,
        summary: "show how right served answers were, and whether the answers change",
        details: """
            'serve --record' keeps what it answers, and POST /v1/fettle/feedback says what would have been right.
            Accuracy has a 95 % interval after Wilson. The drift of the classes is the total variation distance, half
            the sum of the differences of their shares, with the p-value of a chi-square test. With 'as' the judged
            answers become rows with prompt and right completion, to be tuned on.
            """,
        parameters: [model.parameter, name.parameter, against.parameter, every.parameter],
        effect: .state,
        examples: [
            .init("feedback", "accuracy by day, and drift since the first half"),
            .init("feedback stars against reviews.train", "drift since the training"),
            .init("feedback stars every=50", "accuracy of 50 judged answers at a time"),
            .init(
                "feedback as judged; concat reviews.train judged as more",
                "rows to tune on, beside those of the training"
            ),
        ]
    )

    let model: ArgumentWord?
    let name: ArgumentWord?
    let against: ArgumentWord?
    let every: Int?

    init(_ arguments: Arguments) throws(Diagnostic) {
        model = try arguments.value(Self.model)
        name = try arguments.value(Self.name)
        against = try arguments.value(Self.against)
        every = try arguments.value(Self.every)
        if let every, every < 1 {
            throw Diagnostic(
                "bad-value",
                "'every' is \(every), expected 1 or more",
                span: arguments.word(Self.every)?.span
            )
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let workspace = context.services.workspace
        let record =
            try model.map { word throws(Diagnostic) in
                try context.services.model(word, on: nil)
            } ?? ModelLibrary(workspace).model(FeedbackReport.onlyModel(workspace))
        let report: FeedbackReport
        do {
            report = try FeedbackReport(workspace, model: record)
        } catch {
            throw error.located(at: model?.span)
        }
        if name != nil { return try rows(report, in: &session, context) }
        let stretches = report.stretches(every.map { .count($0) } ?? .day)
        var shift = report.halves
        var sides = ("older", "newer")
        if let against {
            let dataset = try session.dataset(against)
            shift = try report.shift(from: dataset, format: record.format)
            sides = (dataset.name, "answers")
        }
        return CommandOutput(
            blocks: FeedbackView.blocks(report, record.displayName, stretches, shift, sides),
            value: FeedbackView.json(report, stretches, shift, sides)
        )
    }

    private func rows(
        _ report: FeedbackReport,
        in session: inout Session,
        _ context: Context
    ) throws -> CommandOutput {
        guard !report.judged.isEmpty else {
            throw Diagnostic(
                "no-feedback",
                "nobody has said yet which of the \(NumberText.count(report.recorded, "prediction")) "
                    + "are right",
                span: name?.span,
                hint:
                    "programs say it with POST /v1/fettle/feedback {\"id\": \"cmpl-…\", \"label\": \"…\"}"
            )
        }
        return try context.keep(
            try report.dataset(),
            was: report.judged.count,
            as: name,
            in: &session
        )
    }
}
