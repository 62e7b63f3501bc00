import FettleCore
import FettleData
import FettleEvaluation
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

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
    static let seed = Option<UInt64>.setting(
        "seed",
        default: "0",
        help: "seed of the bootstrap, and of the draw of examples"
    )
    static let fewShot = Option<Int>.setting(
        "few_shot",
        default: "none",
        unit: "examples",
        help: "show so many examples before each prompt to the models that were not tuned"
    )
    static let from = Option<ArgumentWord>.setting(
        "from",
        kind: .dataset,
        help: "the dataset that these examples are drawn from, such as the training part"
    )

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
            commonest completion of the rows. A language model that was not tuned chooses among the completions of
            the rows; few_shot= shows it examples first, the same ones before each prompt. 'tokens' are those that a
            language model reads for a row on average, which is what providers charge for.
            """,
        parameters: [
            models.parameter, dataset.parameter, seed.parameter, fewShot.parameter, from.parameter,
            TrainingCosts.price.parameter,
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
            .init(
                "rows reviews.train | where len(review_body) < 60 as short; "
                    + "rows reviews.test | where len(review_body) < 60 as few; "
                    + "model add samples/tiny-llama as tiny; compare stars tiny on few few_shot=2 from=short",
                "a language model that is only shown two examples, beside a tuned one"
            ),
        ]
    )

    let models: [ArgumentWord]
    let dataset: ArgumentWord?
    let seed: UInt64
    let shots: Int?
    let shotsWord: ArgumentWord?
    let examples: ArgumentWord?
    let price: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        models = try arguments.values(Self.models)
        dataset = try arguments.value(Self.dataset)
        seed = try arguments.value(Self.seed, or: 0)
        shots = try arguments.value(Self.fewShot)
        shotsWord = arguments.word(Self.fewShot)
        examples = try arguments.value(Self.from)
        if let shots, let shotsWord, !(1...FewShot.limit).contains(shots) {
            throw expected("1 to \(NumberText.count(FewShot.limit))", shotsWord, for: "few_shot")
        }
        guard (shots == nil) == (examples == nil) else {
            throw Diagnostic(
                "missing-argument",
                shots == nil
                    ? "'from=' says where examples come from, and 'few_shot=' how many"
                    : "'few_shot=' needs 'from=', the dataset that the examples come from",
                span: (shotsWord ?? examples)?.span,
                hint: "compare stars tiny on reviews.test few_shot=8 from=reviews.train"
            )
        }
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
        let drawing = try shots.flatMap { count throws(Diagnostic) -> ModelsToCompare.Shots? in
            guard let shotsWord, let examples else { return nil }
            return .init(
                count: count,
                word: shotsWord,
                from: try session.dataset(examples),
                span: examples.span
            )
        }
        let compared = ModelsToCompare(words: models, seed: seed, shots: drawing)
        let (comparison, tuned, remarks) = try compared.judge(on: source, context.services)
        let costs = try price.map {
            try TrainingCosts($0, of: tuned, in: session, context.services)
        }
        let blocks =
            ComparisonView.blocks(comparison, costs) + session.learntRows(of: tuned, on: source)
        var value = comparison.json
        if let costs, case .object(let members) = value {
            value = .object(members + [.init("training_costs", costs.json)])
        }
        return CommandOutput(blocks: blocks + remarks, value: value)
    }
}
