import FettleCore
import FettleData
import FettleEvaluation
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Noise: Command {
    static let dataset = Option<ArgumentWord>.word(
        "dataset",
        required: false,
        kind: .dataset,
        default: "the current one",
        help: "whose labels are looked at"
    )
    static let limit = Option<Int>.setting(
        "limit",
        default: "20 on the screen, all in a pipe or file",
        unit: "rows",
        help: "how many rows are shown, the likeliest first"
    )
    static let folds = Option<Int>.setting(
        "folds",
        default: "5",
        help: "how many parts are left out of training and answered in turn"
    )
    static let epochs = Option<Int>.setting(
        "n_epochs",
        aliases: ["epochs"],
        default: "as for 'tune ngram'",
        help: "passes over the rows in each training"
    )
    static let seed = Option<UInt64>.setting(
        "seed",
        default: "0",
        help: "seed of the parts and of the trainings"
    )

    static let declaration = CommandDeclaration(
        "noise",
        group: .judge,
        summary: "find rows whose label is likely wrong, by models that did not learn from them",
        details: """
            The built-in model answers each part of the rows after learning the others, and confident learning
            (Northcutt and others, 2021) compares its answers with the labels: a row is listed when a completion is
            as probable as it is on average in rows labelled so, and the row has another label. The margin, by
            which rows are ranked, is how much more probable it is than the label. Where labels are a matter of
            opinion and the models seldom right, many are listed and the first are what counts. A pipe and 'as' get the rows
            with the columns row, suggested, probability and probability_true.
            """,
        parameters: [
            dataset.parameter, limit.parameter, folds.parameter, epochs.parameter, seed.parameter,
            StepOptions.nameToKeep.parameter,
        ] + ClusterOptions.ofAnswering,
        effect: .state,
        takesRows: true,
        givesRows: true,
        examples: [
            .init("noise reviews.validation", "the likeliest wrong labels first"),
            .init(
                "noise reviews.validation as odd; use reviews.validation; relabel stars rows=odd",
                "give the rows the labels that are suggested"
            ),
            .init(
                "noise reviews.validation folds=3 | where probability > 0.9 | rows 5",
                "only the surest"
            ),
        ]
    )

    let dataset: ArgumentWord?
    let limit: Int?
    let folds: Int
    let hyperparameters: Hyperparameters
    let name: ArgumentWord?
    let cluster: ClusterChoice

    init(_ arguments: Arguments) throws(Diagnostic) {
        dataset = try arguments.value(Self.dataset)
        limit = try arguments.value(Self.limit)
        folds = try arguments.value(Self.folds, or: 5)
        let epochs = try arguments.value(Self.epochs)
        hyperparameters = Hyperparameters(
            epochs: epochs,
            seed: try arguments.value(Self.seed, or: 0)
        )
        name = try arguments.value(StepOptions.nameToKeep)
        cluster = try ClusterChoice(arguments, ClusterOptions.ofAnswering)
        let least: [(Int?, Option<Int>, Int)] = [
            (limit, Self.limit, 1), (folds, Self.folds, 2), (epochs, Self.epochs, 1),
        ]
        for (value, option, least) in least {
            guard let value, value < least, let word = arguments.word(option) else { continue }
            throw expected(
                "a whole number of at least \(least)",
                word,
                for: option.parameter.name
            )
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(dataset, session)
        let progress = context.services.progress
        let total = source.frame.count
        let search = NoiseSearch(
            folds: folds,
            hyperparameters,
            at: try cluster.place(context, counting: "rows", of: total),
            of: context.services.workspace,
            onWarning: context.services.warn
        )
        let result: NoiseSearch.Result
        do {
            result = try search.result(of: source) { share in
                progress.update(done: Int(share * Double(total)), total: total, unit: "rows")
            }
        } catch let diagnostic as Diagnostic {
            throw diagnostic.located(at: dataset?.span)
        }
        let view = NoiseView(result, source)
        let rows = try view.rows(limit: limit)
        if name != nil {
            return try context.keep(rows, was: total, as: name, in: &session)
        }
        return CommandOutput(blocks: view.blocks(limit: limit), rows: rows, value: view.value)
    }
}
