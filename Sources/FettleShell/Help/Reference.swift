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
        lines += ["## Checks", "", "```"] + [checksHelp, "```", ""]
        lines += ["## Expressions", "", "```"] + [expressionHelp, "```"]
        return lines.joined(separator: "\n")
    }

    /// The operators and functions of `where` and `derive`.
    static var expressionHelp: String {
        var rows = Expression.operators.map { ($0.signs, $0.summary) }
        rows += Expression.functions.map { ($0.signature, $0.summary) }
        return list("operators, loosest first, and functions:", rows)
    }

    /// What `check` looks for.
    static var checksHelp: String {
        list(
            "what is looked for, by the codes of the findings; all is well when:",
            DatasetChecker.checks.map { ($0.code, $0.summary) }
        )
    }

    private static func list(_ title: String, _ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        let lines = rows.map { name, summary in
            "  " + name + String(repeating: " ", count: width - name.count + 2) + summary
        }
        return ([title] + lines).joined(separator: "\n")
    }
}
