import FettleCore
import FettleLanguage
import FettleNotebook

struct Secret: Command {
    /// What can be done with secrets.
    enum Action: String, CaseIterable, ArgumentValue {
        case set, list, delete
    }

    static let action = Option<Action>.word("action", help: "what to do")
    static let name = Option<ArgumentWord>.word(
        "name",
        required: false,
        kind: .secret,
        help: "the secret's name: letters of ASCII, digits and '_'"
    )

    static let declaration = CommandDeclaration(
        "secret",
        group: .session,
        summary: "keep keys and passwords outside of history, workspace and scripts",
        details: """
            'set' asks for the value without showing it; with -c and files it is the next line of standard
            input. ${secret:NAME} stands for the value in what is asked of a model, and 'let key = secret:NAME'
            gives a variable that does. The environment's FETTLE_SECRET_NAME goes before what is stored. The
            values are in $XDG_CONFIG_HOME/fettle/secrets, which only you may read; wherever one is shown or
            recorded, ‹secret› stands for it.
            """,
        parameters: [action.parameter, name.parameter],
        effect: .files,
        examples: [
            .init("secret list", "the names of those that are stored"),
            .init("secret set openai; secret delete openai", "ask for one, and forget it"),
        ]
    )

    let action: Action
    let name: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        action = try arguments.required(Self.action)
        name = try arguments.value(Self.name)
        if let name {
            guard action != .list else {
                throw Diagnostic(
                    "unexpected-word",
                    "'\(name.text)' is not expected here",
                    span: name.span,
                    hint: "'secret list' lists the names; values are never shown"
                )
            }
            try VariableName.check(name, of: "secret")
        } else if action != .list {
            throw Diagnostic(
                "missing-argument",
                "'secret \(action.rawValue)' needs the secret's name",
                span: arguments.span,
                hint: "secret \(action.rawValue) openai"
            )
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let vault = context.services.secrets
        guard let name = name?.text else {
            let names = try vault.names()
            guard !names.isEmpty else {
                return CommandOutput(blocks: [.note("no secret is stored: secret set NAME")])
            }
            return CommandOutput(blocks: [.text(names.joined(separator: "\n"))])
        }
        guard action == .set else {
            let wasThere = try vault.delete(name)
            let text = wasThere ? "secret '\(name)' is forgotten" : "there was no secret '\(name)'"
            return CommandOutput(blocks: [.note(text)])
        }
        let value = try await context.services.surroundings.readSecret("value of '\(name)': ")
        guard let value, !value.isEmpty else {
            throw Diagnostic(
                "no-input",
                value == nil
                    ? "standard input has no line for the secret '\(name)'"
                    : "the value of the secret '\(name)' is empty",
                span: self.name?.span,
                hint: "type it when asked; with -c it is a line of standard input"
            )
        }
        try vault.set(name, to: value)
        return CommandOutput(blocks: [.note("secret '\(name)' is stored")])
    }
}
