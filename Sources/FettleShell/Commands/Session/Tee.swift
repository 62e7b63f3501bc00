import FettleCore
import FettleLanguage
import FettleNotebook

struct Tee: Command {
    static let file = Option<ArgumentWord>.word(
        "file",
        kind: .file([]),
        help: "the file; its extension says the form"
    )
    static let appends = Option<Bool>.flag("append", help: "add at the file's end")

    static let declaration = CommandDeclaration(
        "tee",
        group: .session,
        summary: "write what comes through a pipe to a file, and pass it on",
        details: "It writes what '>' would: all rows, in the form of the file's extension.",
        parameters: [file.parameter, appends.parameter],
        effect: .files,
        givesRows: true,
        takesOutput: true,
        examples: [
            .init("rows 20 | tee some.csv | where stars == 5", "keep the rows before a step"),
            .init("stats by=stars | tee stars.md", "show a table and write it"),
        ]
    )

    let file: ArgumentWord
    let appends: Bool
    private let span: SourceSpan

    init(_ arguments: Arguments) throws(Diagnostic) {
        file = try arguments.required(Self.file)
        appends = arguments.has(Self.appends)
        span = arguments.span
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        guard let before = context.before else {
            throw Diagnostic(
                "missing-argument",
                "nothing comes through a pipe to 'tee'",
                span: span,
                hint: "write 'rows | tee \(file.text.commandWord)'"
            )
        }
        let note = try await Destination(
            file: file,
            appends: appends,
            convert: context.services.surroundings.convert
        ).write(before)
        var output = before
        if context.isPiped { context.show(note) } else { output.blocks.append(note) }
        return output
    }
}
