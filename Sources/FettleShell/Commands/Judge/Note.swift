import FettleCore
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct NoteCommand: Command {
    static let text = Option<ArgumentWord>.words(
        "text",
        required: false,
        kind: .text,
        help: "what is to be remembered of the row"
    )
    static let row = Option<Int>.setting("row", help: "the row's number, from 1")
    static let dataset = Option<ArgumentWord>.clause(
        "on",
        kind: .dataset,
        default: "the current one",
        help: "whose rows"
    )
    static let remove = Option<Bool>.flag("remove", help: "take the row's note away")

    static let declaration = CommandDeclaration(
        "note",
        group: .judge,
        summary: "write something down about a row, or list what was written",
        details: """
            A note is kept in the workspace with the row of the source, so that it is there in every version and part
            of the dataset, and after loading the same file again; 'errors … row=' and 'row' show it. A row has one
            note, and another text takes its place.
            """,
        parameters: [text.parameter, row.parameter, dataset.parameter, remove.parameter],
        effect: .files,
        takesRows: true,
        examples: [
            .init("note \"sounds like two stars\" row=17 on reviews.test", "remember it"),
            .init("note \"ask the shop\" row=3; note", "list the notes of the current dataset"),
            .init("note \"typo\" row=3; note row=3 --remove", "and forget it again"),
        ]
    )

    let text: [ArgumentWord]
    let row: Int?
    let rowWord: ArgumentWord?
    let dataset: ArgumentWord?
    let removes: Bool

    init(_ arguments: Arguments) throws(Diagnostic) {
        text = try arguments.values(Self.text)
        row = try arguments.value(Self.row)
        rowWord = arguments.word(Self.row)
        dataset = try arguments.value(Self.dataset)
        removes = arguments.has(Self.remove)
        if row == nil, removes || !text.isEmpty {
            throw Diagnostic(
                "missing-argument",
                "'note' needs row=, the number of the row",
                span: text.first?.span ?? arguments.span,
                hint: "note \"…\" row=17 on reviews.test"
            )
        }
        guard row == nil || text.isEmpty == removes else {
            throw Diagnostic(
                removes ? "unexpected-word" : "missing-argument",
                removes
                    ? "'--remove' takes a note away, and '\(text[0].text)' is a new one"
                    : "'note row=' needs a text, or --remove",
                span: text.first?.span ?? arguments.span,
                hint: "synopsis: \(Self.declaration.synopsis)"
            )
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(dataset, session)
        let notes = RowNotes(
            of: source,
            in: context.services.workspace,
            clock: context.services.clock
        )
        guard let row else { return Self.list(try notes.all(), of: source) }
        let position = try source.position(ofRow: row, rowWord)
        let name = "row \(row) of \(source.name)"
        guard removes else {
            let words = text.map(\.text).joined(separator: " ")
            let earlier: String?
            do {
                earlier = try notes.keep(words, at: position)
            } catch {
                throw error.located(at: text.first?.span)
            }
            let before = earlier.map { "; it was \($0.visible)" } ?? ""
            return CommandOutput(blocks: [.note("noted of \(name)\(before)")])
        }
        guard let earlier = try notes.remove(at: position) else {
            throw Diagnostic(
                "no-row",
                "\(name) has no note",
                span: rowWord?.span,
                hint: "'note' lists the notes"
            )
        }
        return CommandOutput(blocks: [
            .note("the note of \(name) is taken away: \(earlier.visible)")
        ])
    }

    private static func list(_ notes: [RowNotes.Note], of source: Dataset) -> CommandOutput {
        let value = JSONValue.array(
            notes.map { note in
                .object([
                    .init("row", .integer(Int64(note.position + 1))),
                    .init("note", .string(note.text)),
                ])
            }
        )
        guard !notes.isEmpty else {
            return CommandOutput(
                blocks: [.note("no row of \(source.name) has a note: note \"…\" row=17")],
                value: value
            )
        }
        let table = TextTable(
            columns: [.init("#", .right), .init("note")],
            rows: notes.map { [.text(String($0.position + 1)), .text($0.text)] }
        )
        return CommandOutput(blocks: [.table(table)], value: value)
    }
}

extension Context {
    /// What is shown of a row's note: nothing where it has none.
    func note(at position: Int, of source: Dataset) throws(Diagnostic) -> OutputBlock? {
        try RowNotes(of: source, in: services.workspace, clock: services.clock)
            .text(at: position).map { .note("note: \($0)") }
    }
}
