import FettleCore
import FettleEvaluation
import FettleLanguage
import FettleNotebook

struct Compare: Command {
    static let models = Option<ArgumentWord>.words(
        "models",
        kind: .model,
        help: "the models; each is held against the first; 'majority' is the commonest completion"
    )
    static let dataset = Option<ArgumentWord>.clause(
        "on",
        kind: .dataset,
        default: "the current one",
        help: "the rows to judge them on"
    )
    static let seed = Option<UInt64>.setting("seed", default: "0", help: "seed of the bootstrap")

    static let declaration = CommandDeclaration(
        "compare",
        group: .judge,
        summary: "hold models against each other on the same rows, with tests and a verdict",
        details: """
            The verdict is McNemar's exact test on the rows that one model has right and the other wrong, with
            Holm's correction for more than two models. The interval of the difference in points is a bootstrap
            of 2,000 draws of the rows; 'could show' is the smallest difference that so many rows show with a
            chance of 80 %. Examples seen and seconds count from the base model, repeats and earlier tunings
            included; × is the multiple of the first model. 'majority' stands for answering every row with the
            commonest completion of the rows.
            """,
        parameters: [
            models.parameter, dataset.parameter, seed.parameter, TrainingCosts.price.parameter,
        ],
        effect: .none,
        examples: [
            .init("compare stars again on reviews.test", "is the second better than the first?"),
            .init("compare majority stars again on reviews.test", "are both better than no model?"),
            .init("compare stars again on reviews.test price=0.4", "and what is the gain worth?"),
            .init(
                "compare stars again on reviews.test > compare.json",
                "the same as one object"
            ),
        ]
    )

    let models: [ArgumentWord]
    let dataset: ArgumentWord?
    let seed: UInt64
    let price: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        models = try arguments.values(Self.models)
        dataset = try arguments.value(Self.dataset)
        seed = try arguments.value(Self.seed, or: 0)
        price = try arguments.value(TrainingCosts.price)
        guard models.count >= 2 else {
            throw Diagnostic(
                "nothing-to-compare",
                "'compare' needs at least two models, got \(models.count)",
                span: models.first?.span ?? arguments.span,
                hint: "name two, such as: compare first second on reviews.test"
            )
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try session.dataset(dataset)
        let compared = ModelsToCompare(words: models, seed: seed)
        let (comparison, tuned) = try compared.judge(on: source, context.services)
        let costs = try price.map {
            try TrainingCosts($0, of: tuned, in: session, context.services)
        }
        let blocks =
            ComparisonView.blocks(comparison, costs) + EvaluationView.trainingRows(tuned, source)
        var value = comparison.json
        if let costs, case .object(let members) = value {
            value = .object(members + [.init("training_costs", costs.json)])
        }
        return CommandOutput(blocks: blocks, value: value)
    }
}
