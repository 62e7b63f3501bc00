import FettleCore
import FettleLanguage
import FettleNotebook

/// `time COMMAND`; the parser takes the word away when a command follows, and the shell does the timing.
struct Time: Command {
    static let command = Option<ArgumentWord>.words(
        "command",
        required: false,
        kind: .command,
        help: "the command to time, with all that belongs to it"
    )

    static let declaration = CommandDeclaration(
        "time",
        group: .session,
        summary: "say how long a command takes, and how many rows a second",
        details:
            "The time goes to standard error. 'set timing on' says it after every command.",
        parameters: [command.parameter],
        effect: .none,
        examples: [
            .init("time rows | where stars > 3 | rows 3", "a pipe as a whole"),
            .init("time stats by=stars", "one command"),
        ]
    )

    init(_ arguments: Arguments) throws(Diagnostic) {
        throw Diagnostic(
            "missing-argument",
            "'time' needs a command to time",
            span: arguments.span,
            hint: "time rows | where stars > 3"
        )
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        CommandOutput()
    }
}
