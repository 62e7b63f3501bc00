import FettleCore
import FettleData
import FettleLanguage
import FettleWorkbench

struct Sample: Command {
    static let size = Option<ArgumentWord>.word(
        "size",
        kind: .text,
        unit: "rows",
        help: "how many rows, or a share such as 10%"
    )
    static let stratify = Option<ArgumentWord>.setting(
        "by",
        kind: .column,
        default: "none",
        help: "take each value of this column in its share"
    )
    static let seed = Option<UInt64>.setting("seed", default: "0", help: "seed of the draw")

    static let declaration = CommandDeclaration(
        "sample",
        group: .data,
        summary: "draw rows at random, without putting them back",
        parameters: [
            size.parameter, stratify.parameter, seed.parameter, StepOptions.name.parameter,
        ],
        effect: .state,
        takesRows: true,
        givesRows: true,
        examples: [
            .init("sample 500 seed=7 as few", "500 rows as the dataset 'few'"),
            .init("sample 10% by=stars | stats by=stars", "a tenth of each class"),
        ]
    )

    let size: FettleData.Sample.Size
    let span: SourceSpan
    let stratify: ArgumentWord?
    let seed: UInt64
    let name: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        let word = try arguments.required(Self.size)
        span = word.span
        if word.text.hasSuffix("%") {
            guard let percent = Double(word.text.dropLast()), percent > 0, percent <= 100 else {
                throw expected("more than 0% and at most 100%", word, for: "size")
            }
            size = .percent(percent)
        } else {
            guard let count = Int(word.text), count > 0 else {
                throw expected(
                    "a number of rows such as 500, or a share such as 10%",
                    word,
                    for: "size"
                )
            }
            size = .count(count)
        }
        stratify = try arguments.value(Self.stratify)
        seed = try arguments.value(Self.seed, or: 0)
        name = try arguments.value(StepOptions.name)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(nil, session)
        let column = try stratify.map { word throws(Diagnostic) in
            try source.frame.columnNames([word])[0]
        }
        do {
            return try context.apply(
                FettleData.Sample(size, by: column, seed: seed),
                to: source,
                as: name,
                in: &session,
                seed: seed
            )
        } catch let diagnostic as Diagnostic {
            throw diagnostic.located(at: span)
        }
    }
}
