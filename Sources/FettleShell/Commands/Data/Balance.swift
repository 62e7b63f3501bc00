import FettleCore
import FettleData
import FettleLanguage
import FettleWorkbench

struct Balance: Command {
    static let column = Option<ArgumentWord>.setting(
        "by",
        required: true,
        kind: .column,
        help: "the column whose classes are made equal in size"
    )
    static let mode = Option<ArgumentWord>.word(
        "mode",
        required: false,
        kind: .choice(["under", "over"]),
        default: "under",
        help: "under: draw from the larger classes; over: repeat rows of the smaller"
    )
    static let target = Option<Int>.setting(
        "target",
        unit: "rows",
        help: "bring every class to this many rows instead"
    )
    static let seed = Option<UInt64>.setting("seed", default: "0", help: "seed of the draw")

    static let declaration = CommandDeclaration(
        "balance",
        group: .data,
        summary:
            "make classes equal in size, by drawing from large ones or repeating rows of small ones",
        details:
            "Balance the training part only, after the split: a repeated row must not be tested on.",
        parameters: [
            mode.parameter, column.parameter, target.parameter, seed.parameter,
            StepOptions.name.parameter,
        ],
        effect: .state,
        takesRows: true,
        givesRows: true,
        examples: [
            .init("balance by=stars seed=7 as even", "as many rows of each as the rarest has"),
            .init("balance over by=stars as even", "as many as the commonest has"),
            .init("balance by=product_category target=50 as even", "50 rows of each category"),
        ]
    )

    let column: ArgumentWord
    let mode: FettleData.Balance.Mode
    let seed: UInt64
    let name: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        column = try arguments.required(Self.column)
        let word = try arguments.value(Self.mode)
        if let target = try arguments.value(Self.target) {
            if let word {
                throw Diagnostic(
                    "bad-value",
                    "'\(word.text)' does not go with target=, which both draws and repeats rows",
                    span: word.span,
                    hint: "leave one of them out"
                )
            }
            guard target > 0 else {
                throw Diagnostic(
                    "bad-value",
                    "'target' is '\(target)', expected a number of rows of at least 1",
                    span: arguments.word(Self.target)?.span
                )
            }
            mode = .target(target)
        } else if let word {
            guard word.text == "under" || word.text == "over" else {
                throw expected("one of under, over", word, for: "mode")
            }
            mode = word.text == "over" ? .over : .under
        } else {
            mode = .under
        }
        seed = try arguments.value(Self.seed, or: 0)
        name = try arguments.value(StepOptions.name)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(nil, session)
        let column = try source.frame.columnNames([column])[0]
        do {
            return try context.apply(
                FettleData.Balance(by: column, mode, seed: seed),
                to: source,
                as: name,
                in: &session,
                seed: seed
            )
        } catch let diagnostic as Diagnostic {
            throw diagnostic.located(at: self.column.span)
        }
    }
}
