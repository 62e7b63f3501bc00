import FettleCore
import FettleLanguage
import FettleNotebook

struct Help: Command {
    static let command = Option<ArgumentWord>.word(
        "command",
        required: false,
        kind: .command,
        help: "the command to explain, or 'error'"
    )
    static let code = Option<ArgumentWord>.word(
        "code",
        required: false,
        kind: .errorCode,
        help: "after 'error': the code in the brackets of an error or finding; default all codes"
    )
    static let reference = Option<Bool>.flag("markdown", help: "the whole reference, in Markdown")

    static let declaration = CommandDeclaration(
        "help",
        group: .session,
        summary: "list the commands, or explain a command or an error with examples",
        parameters: [command.parameter, code.parameter, reference.parameter],
        effect: .none,
        examples: [
            .init("help", "the commands in groups"),
            .init("help tune", "one command with its parameters; so do 'tune --help' and 'tune ?'"),
            .init("help error unknown-column", "what an error means, an example and what to do"),
        ]
    )

    let command: ArgumentWord?
    let code: ArgumentWord?
    let isReference: Bool

    init(_ arguments: Arguments) throws(Diagnostic) {
        command = try arguments.value(Self.command)
        code = try arguments.value(Self.code)
        if let code, command?.text != "error" {
            throw Diagnostic(
                "unexpected-word",
                "'\(code.text)' is not expected here",
                span: code.span,
                hint: "'help error \(code.text)' explains an error"
            )
        }
        isReference = arguments.has(Self.reference)
    }

    /// Makes the help for a command that was typed with `--help` or `?`.
    init(explaining verb: String, at span: SourceSpan) {
        command = ArgumentWord(text: verb, span: span, origins: [])
        code = nil
        isReference = false
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let isError = command?.text == "error"
        if isReference {
            let text = isError ? ErrorGuide.markdown : Reference.markdown
            return CommandOutput(blocks: [.text(text)])
        }
        guard let command else { return CommandOutput(blocks: Self.overview) }
        if isError {
            let text = try code.map { word throws(Diagnostic) in
                try ErrorGuide.entry(named: word).text
            }
            return CommandOutput(blocks: [.guide(text ?? ErrorGuide.overview)])
        }
        if let entry = ErrorGuide.entry(command.text) {
            return CommandOutput(blocks: [.guide(entry.text)])
        }
        let type = try CommandCatalogue.command(command.text, at: command.span)
        var text = type.declaration.helpText
        if type.declaration.syntax == .expression { text += "\n\n" + Reference.expressionHelp }
        if type is Check.Type { text += "\n\n" + Reference.checksHelp }
        return CommandOutput(blocks: [.guide(text)])
    }

    private static var overview: [OutputBlock] {
        var lines: [String] = []
        let width = CommandCatalogue.declarations.map(\.name.count).max() ?? 0
        for group in CommandDeclaration.Group.allCases {
            lines.append(group.rawValue)
            for declaration in CommandCatalogue.declarations where declaration.group == group {
                let blanks = String(repeating: " ", count: width - declaration.name.count + 2)
                lines.append("  \(declaration.name)\(blanks)\(declaration.summary)")
            }
        }
        lines.append(
            "'help COMMAND' explains one, 'help error CODE' an error, 'apropos WORD' finds either"
        )
        return [.guide(lines.joined(separator: "\n"))]
    }
}
