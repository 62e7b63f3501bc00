import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook

struct Help: Command {
    static let command = Option<ArgumentWord>.word(
        "command",
        required: false,
        kind: .command,
        help: "the command to explain"
    )
    static let reference = Option<Bool>.flag("markdown", help: "the whole reference, in Markdown")

    static let declaration = CommandDeclaration(
        "help",
        group: .session,
        summary: "list the commands, or explain one with examples",
        parameters: [command.parameter, reference.parameter],
        effect: .none,
        examples: [
            .init("help", "the commands in groups"),
            .init("help tune", "one command with its parameters; so do 'tune --help' and 'tune ?'"),
        ]
    )

    let command: ArgumentWord?
    let isReference: Bool

    init(_ arguments: Arguments) throws(Diagnostic) {
        command = try arguments.value(Self.command)
        isReference = arguments.has(Self.reference)
    }

    /// Makes the help for a command that was typed with `--help` or `?`.
    init(explaining verb: String, at span: SourceSpan) {
        command = ArgumentWord(text: verb, span: span, origins: [])
        isReference = false
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        if isReference { return CommandOutput(blocks: [.text(Reference.markdown)]) }
        guard let command else { return CommandOutput(blocks: Self.overview) }
        let type = try CommandCatalogue.command(command.text, at: command.span)
        var text = type.declaration.helpText
        if type.declaration.syntax == .expression { text += "\n\n" + Reference.expressionHelp }
        return CommandOutput(blocks: [.text(text)])
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
        lines.append("'help COMMAND' explains one, with examples")
        return [.text(lines.joined(separator: "\n"))]
    }
}

/// The reference that `docs/commands.md` holds, made from the declarations.
enum Reference {
    /// The whole reference in Markdown.
    static var markdown: String {
        var lines = [
            "# Commands", "",
            "Made from the declarations of the commands by `fettle -c 'help --markdown'`; a test compares"
                + " the two.", "",
        ]
        for group in CommandDeclaration.Group.allCases {
            lines += ["## \(group.rawValue)", ""]
            for declaration in CommandCatalogue.declarations where declaration.group == group {
                lines.append(declaration.markdown)
            }
        }
        lines += ["## Expressions", "", "```"] + [expressionHelp, "```"]
        return lines.joined(separator: "\n")
    }

    /// The operators and functions of `where` and `derive`.
    static var expressionHelp: String {
        var rows = Expression.operators.map { ($0.signs, $0.summary) }
        rows += Expression.functions.map { ($0.signature, $0.summary) }
        let width = rows.map(\.0.count).max() ?? 0
        let lines = rows.map { signs, summary in
            "  " + signs + String(repeating: " ", count: width - signs.count + 2) + summary
        }
        return (["operators, loosest first, and functions:"] + lines).joined(separator: "\n")
    }
}
