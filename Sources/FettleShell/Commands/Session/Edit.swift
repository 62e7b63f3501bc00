import FettleCore
import FettleLanguage
import FettleStore
import FettleWorkbench

struct Edit: Command {
    static let number = Option<Int>.word(
        "number",
        required: false,
        default: "the last line typed",
        help: "the number that 'history' shows of a command"
    )

    static let declaration = CommandDeclaration(
        "edit",
        group: .session,
        summary: "change the last line, or a command of the history, in your editor",
        details: """
            $VISUAL or $EDITOR opens on it. What is there when the editor ends stands at the prompt, where
            Enter runs it and Ctrl-C drops it. Ctrl-X Ctrl-E does the same to the line that is being typed.
            """,
        parameters: [number.parameter],
        effect: .none,
        examples: [
            .init("edit", "the line before this one"),
            .init("edit 1", "the first command of the history"),
        ]
    )

    let number: Int?
    private let span: SourceSpan

    init(_ arguments: Arguments) throws(Diagnostic) {
        number = try arguments.value(Self.number)
        span = arguments.word(Self.number)?.span ?? arguments.span
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        guard context.services.surroundings.hasPrompt, session.scripts.isEmpty else {
            throw Diagnostic(
                "no-prompt",
                "'edit' puts a text at the prompt, and there is none",
                span: span,
                hint: "start 'fettle' without arguments, and type 'edit' there"
            )
        }
        session.lineToEdit = .last
        if let number {
            session.lineToEdit = .text(try command(number, context.services.workspace))
        }
        return CommandOutput()
    }

    private func command(_ number: Int, _ workspace: Workspace) throws(Diagnostic) -> String {
        let cells = try workspace.existingStore()?.cells(limit: .max) ?? []
        guard let cell = cells.first(where: { $0.id == Int64(number) }) else {
            throw Diagnostic(
                "no-such-command",
                "the history has no command \(number)",
                span: span,
                hint: "'history' lists the commands with their numbers"
            )
        }
        return cell.source
    }
}
