import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Mask: Command {
    static let columns = Option<ArgumentWord>.words(
        "columns",
        required: false,
        kind: .columns,
        help: "columns of texts; all of them unless told"
    )
    static let kinds = Option<ArgumentWord>.setting(
        "kinds",
        kind: .choice(PersonalDataKind.allCases.map(\.rawValue)),
        default: PersonalDataKind.allCases.map(\.rawValue).joined(separator: ","),
        help: "what is masked, with commas"
    )

    static let declaration = CommandDeclaration(
        "mask",
        group: .data,
        summary:
            "put marks in place of mail addresses, phone numbers, keys and other personal data",
        details: """
            The marks are [mail], [phone], [card], [iban], [ip] and [key]. Only what has the form of such data counts,
            and passes its check: the Luhn digit of payment cards, the remainder by 97 of IBANs; keys begin as
            those of known services do, or look random after a name such as 'api_key='. Names of people and
            street addresses are not found.
            """,
        parameters: [columns.parameter, kinds.parameter, StepOptions.name.parameter],
        effect: .state,
        takesRows: true,
        givesRows: true,
        examples: [
            .init("mask", "all kinds in all columns of texts"),
            .init("mask review_body kinds=mail,phone", "two kinds in one column"),
            .init("mask review_body | rows 3", "look without keeping"),
        ]
    )

    let columns: [ArgumentWord]
    let kinds: [PersonalDataKind]
    let name: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        columns = try arguments.values(Self.columns)
        name = try arguments.value(StepOptions.name)
        guard let word = try arguments.value(Self.kinds) else {
            kinds = PersonalDataKind.allCases
            return
        }
        kinds = try word.listParts().map { part throws(Diagnostic) in
            guard let kind = PersonalDataKind(rawValue: part.text) else {
                let names = PersonalDataKind.allCases.map(\.rawValue)
                throw expected("some of " + names.joined(separator: ", "), part, for: "kinds")
                    .hinting(didYouMean(part.text, among: names))
            }
            return kind
        }
        guard !kinds.isEmpty else {
            throw expected("some of \(Self.kinds.parameter.defaultText ?? "")", word, for: "kinds")
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(nil, session)
        let step = FettleData.Mask(try names(in: source), kinds: kinds)
        do {
            let (frame, report) = try step.masking(source.frame)
            let isUnchanged = report.columns.allSatisfy(\.rows.isEmpty)
            if isUnchanged, name == nil, !context.isPiped, context.input == nil {
                // A version that is the one before would only have to be undone.
                return CommandOutput(blocks: [.note(Self.unchanged)])
            }
            return try context.keep(
                source.replacing(frame: frame, adding: step.summary),
                was: source.frame.count,
                as: name,
                in: &session,
                remarks: Self.remarks(report)
            )
        } catch let diagnostic as Diagnostic {
            let column = columns.first { diagnostic.message.contains("'\($0.text)'") }
            throw diagnostic.located(at: column?.span)
        }
    }

    private func names(in source: Dataset) throws(Diagnostic) -> [String] {
        guard columns.isEmpty else { return try source.frame.columnNames(columns) }
        let names = source.frame.columns.filter { $0.column.kind == .text }.map(\.name)
        guard !names.isEmpty else {
            throw Diagnostic(
                "type-mismatch",
                "'\(source.name)' has no column of texts to mask",
                hint: "'columns' shows what its columns are"
            )
        }
        return names
    }

    private static let unchanged = "no personal data was found; nothing is changed"

    private static func remarks(_ report: PersonalDataReport) -> [OutputBlock] {
        let found = report.columns.filter { !$0.rows.isEmpty }
        guard !found.isEmpty else {
            return [.note(unchanged)]
        }
        return found.map {
            .note(
                "masked in \(NumberText.count($0.rows.count, "row")) of '\($0.name)': \($0.counts)"
            )
        }
    }
}
