import FettleCore
import FettleLanguage

struct Quit: Command {
    static let declaration = CommandDeclaration(
        "quit",
        group: .session,
        summary: "leave the shell, or end a script",
        effect: .state,
        examples: [
            .init("quit", "the same as Ctrl-D on an empty line"),
            .init("models; quit", "look and leave"),
        ]
    )

    init(_ arguments: Arguments) throws(Diagnostic) {}

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        session.wantsToQuit = true
        return CommandOutput()
    }
}
