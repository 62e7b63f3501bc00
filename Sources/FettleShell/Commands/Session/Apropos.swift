import FettleCore
import FettleLanguage
import FettleNotebook

struct Apropos: Command {
    static let words = Option<ArgumentWord>.words("word", help: "what to look for; all of them")

    static let declaration = CommandDeclaration(
        "apropos",
        group: .session,
        summary: "find commands, parameters, functions and errors by a word of their help",
        parameters: [words.parameter],
        effect: .none,
        examples: [
            .init("apropos duplicates", "everything about rows that occur twice"),
            .init("apropos learning rate", "both words, in any order"),
            .init("apropos anonymise", "by what others call it"),
        ]
    )

    let words: [String]

    init(_ arguments: Arguments) throws(Diagnostic) {
        words = try arguments.values(Self.words).flatMap {
            $0.text.lowercased().split(separator: " ").map(String.init)
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let found = [
            ("commands", HelpIndex.commands(words)), ("functions", HelpIndex.functions(words)),
            ("errors", HelpIndex.errors(words)),
        ].filter { !$0.1.isEmpty }
        guard !found.isEmpty else {
            let text = words.joined(separator: " ")
            return CommandOutput(
                blocks: [.note("the help does not speak of '\(text)'; try one word, or 'help'")]
            )
        }
        let width = found.flatMap(\.1).map(\.name.count).max() ?? 0
        var lines: [String] = []
        for (title, hits) in found {
            lines.append(title)
            lines += hits.map { hit in
                let blanks = String(repeating: " ", count: width - hit.name.count + 2)
                return "  \(hit.name)\(blanks)\(hit.text)"
            }
        }
        let hasFunctions = found.contains { $0.0 == "functions" }
        lines.append(
            "'help COMMAND' and 'help error CODE' explain one"
                + (hasFunctions ? ", 'help where' the functions" : "")
        )
        return CommandOutput(blocks: [.guide(lines.joined(separator: "\n"))])
    }
}
