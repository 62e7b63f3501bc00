import FettleData
import FettleLanguage

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
