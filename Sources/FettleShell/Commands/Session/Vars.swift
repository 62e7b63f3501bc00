import FettleLanguage
import FettleCore
import FettleNotebook

struct Vars: Command {
    static let declaration = CommandDeclaration(
        "vars",
        group: .session,
        summary: "list the variables with their values",
        effect: .none,
        examples: [
            .init("let seed = 7; vars", "what is set"),
            .init("vars > /dev/null", "write the list somewhere"),
        ]
    )

    init(_ arguments: Arguments) throws(Diagnostic) {}

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        guard !session.variables.isEmpty else {
            return CommandOutput(blocks: [.note("no variable is set: let seed = 7")])
        }
        let fields = session.variables.sorted { $0.key < $1.key }.map { name, value in
            OutputBlock.Field(name, value.shown)
        }
        return CommandOutput(blocks: [.fields(fields)])
    }
}
