import FettleCore
import FettleData
import FettleEvaluation
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench
import Foundation

struct Predict: Command {
    static let model = Option<ArgumentWord>.word(
        "model",
        kind: .model,
        help: "the model's name or id"
    )
    static let dataset = Option<ArgumentWord>.clause(
        "on",
        kind: .dataset,
        default: "the current one",
        help: "the rows to answer"
    )

    static let declaration = CommandDeclaration(
        "predict",
        group: .ask,
        summary: "add a model's answers to rows: prediction, probability and whether it is correct",
        details:
            "The prediction has no leading space. 'correct' is null where the row has no completion.",
        parameters: [
            model.parameter, dataset.parameter, CalibratedOption.flag.parameter,
            StepOptions.name.parameter,
        ] + ClusterOptions.ofAnswering,
        effect: .state,
        takesRows: true,
        givesRows: true,
        examples: [
            .init("predict stars on reviews.test as answered", "keep the answers as a dataset"),
            .init(
                "predict stars on reviews.test | where not correct | select stars prediction | rows 3",
                "look at wrong ones"
            ),
        ]
    )

    let model: ArgumentWord
    let dataset: ArgumentWord?
    let name: ArgumentWord?
    let isCalibrated: Bool
    let cluster: ClusterChoice

    init(_ arguments: Arguments) throws(Diagnostic) {
        model = try arguments.required(Self.model)
        dataset = try arguments.value(Self.dataset)
        name = try arguments.value(StepOptions.name)
        isCalibrated = arguments.has(CalibratedOption.flag)
        cluster = try ClusterChoice(arguments, ClusterOptions.ofAnswering)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(dataset, session)
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
        let answers = try judge.predict(record, on: source, temperature: temperature) { done in
            progress.update(done: done, total: source.frame.count, unit: "rows")
        }
        var frame = source.frame
        frame = frame.setting("prediction", to: answers.prediction)
        frame = frame.setting("probability", to: answers.probability)
        frame = frame.setting("correct", to: answers.correct)
        return try context.keep(
            source.replacing(frame: frame, adding: "predict \(record.id)"),
            was: source.frame.count,
            as: name,
            in: &session
        )
    }
}
