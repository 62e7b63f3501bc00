import FettleCore
import FettleData
import FettleLanguage
import FettleWorkbench

struct Derive: Command {
    static let expression = Option<ArgumentWord>.expression(
        "name = expression",
        help: "the new column's name and how its value is made of other columns"
    )

    static let declaration = CommandDeclaration(
        "derive",
        group: .data,
        summary: "add a column made of other columns, or replace one",
        details: """
            The expression language is that of 'where'; 'help where' lists it. A name with blanks or signs is
            quoted: 'a b', or `a b` as in an expression.
            """,
        parameters: [expression.parameter, StepOptions.name.parameter],
        effect: .state,
        takesRows: true,
        givesRows: true,
        examples: [
            .init("derive length = len(review_body)", "characters of the body"),
            .init("derive good = if(stars > 3, \"good\", \"bad\")", "two classes out of five"),
        ]
    )

    let columnName: String
    let expression: ArgumentWord
    let name: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        let whole = try arguments.required(Self.expression)
        name = try arguments.value(StepOptions.name)
        let bytes = Array(whole.text.utf8)
        let quoted: (name: String, length: Int)?
        do {
            quoted = try Expression.quotedName(at: whole.text)
        } catch {
            throw whole.placing(error)
        }
        let nameEnd = quoted?.length ?? 0
        guard let equals = bytes[nameEnd...].firstIndex(of: UInt8(ascii: "=")), equals > 0,
            equals + 1 < bytes.count, bytes[equals + 1] != UInt8(ascii: "=")
        else {
            throw Diagnostic(
                "missing-argument",
                "'derive' needs a name, '=' and an expression",
                span: whole.span,
                hint: "derive length = len(review_body)"
            )
        }
        let column = whole.part(0, equals).trimmed
        expression = whole.part(equals + 1, bytes.count).trimmed
        columnName = quoted?.name ?? column.text
        let isName =
            quoted.map { $0.length == column.text.utf8.count && !$0.name.isEmpty }
            ?? (!column.text.isEmpty && !column.text.contains { "'\"`(){}|".contains($0) })
        guard isName else {
            throw Diagnostic(
                "bad-name",
                "'\(column.text)' cannot be a column's name",
                span: column.span,
                hint: "derive length = len(review_body)"
            )
        }
        _ = try Self.parse(expression)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(nil, session)
        let parsed = try Self.parse(expression)
        let derived: Dataset
        do {
            derived = try source.applying(FettleData.Derive(columnName, parsed))
        } catch let diagnostic as Diagnostic {
            throw expression.placing(diagnostic)
        }
        return try context.keep(derived, was: source.frame.count, as: name, in: &session)
    }

    private static func parse(_ word: ArgumentWord) throws(Diagnostic) -> Expression {
        do {
            return try Expression(parsing: word.text)
        } catch {
            throw word.placing(error)
        }
    }
}

extension ArgumentWord {
    /// The word without blanks at its ends.
    var trimmed: ArgumentWord {
        let bytes = Array(text.utf8)
        func isBlank(_ byte: UInt8) -> Bool {
            byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
        }
        guard let first = bytes.firstIndex(where: { !isBlank($0) }),
            let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return part(0, 0) }
        return part(first, last + 1)
    }
}
