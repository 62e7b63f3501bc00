import FettleCore
import FettleData
import FettleLanguage
import FettleWorkbench

struct Where: Command {
    static let expression = Option<ArgumentWord>.expression(
        "expression",
        help: "a condition over columns; rows for which it is true stay"
    )

    static let declaration = CommandDeclaration(
        "where",
        group: .data,
        summary: "keep the rows for which a condition is true",
        details: """
            Conditions compare columns with == != < <= > >=, match PCRE2 patterns with ~ and !~, test
            membership with 'in', and join with and, or, not. Everything up to '|', ';' or the end of the
            line is condition, so '>' compares; put the whole in (…) to redirect. A comparison with null or
            a missing value is neither true nor false, and the row is dropped: is_null(x), is_missing(x).
            """,
        parameters: [expression.parameter, StepOptions.name.parameter],
        effect: .state,
        takesRows: true,
        givesRows: true,
        examples: [
            .init("where language == \"en\"", "keep the English rows, as a new version"),
            .init(
                "where stars <= 3 and len(review_body) > 80 as long_bad",
                "keep them as a dataset"
            ),
            .init("where review_body ~ '(?i)\\brefund\\b' | rows 3", "look without keeping"),
        ]
    )

    let expression: ArgumentWord
    let name: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        expression = try arguments.required(Self.expression)
        name = try arguments.value(StepOptions.name)
        _ = try Self.parse(expression)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(nil, session)
        let parsed = try Self.parse(expression)
        let kept: Dataset
        do {
            kept = try source.applying(FettleData.Where(parsed))
        } catch let diagnostic as Diagnostic {
            throw expression.placing(diagnostic)
        }
        return try context.keep(kept, was: source.frame.count, as: name, in: &session)
    }

    private static func parse(_ word: ArgumentWord) throws(Diagnostic) -> Expression {
        do {
            return try Expression(parsing: word.text)
        } catch {
            throw word.placing(error)
        }
    }
}
