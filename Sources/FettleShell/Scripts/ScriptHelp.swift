public import FettleCore
import FettleLanguage
public import FettleNotebook

/// What a script says of itself: its `##` lines, and what `--set` may set.
public enum ScriptHelp {
    /// Returns what a script is for and what it takes.
    ///
    /// - Throws: an error of syntax anywhere in it.
    public static func blocks(_ source: SourceText) throws(Diagnostic) -> [OutputBlock] {
        let plan = try ScriptPlan(source)
        let name = source.file ?? "script"
        var blocks: [OutputBlock] = [.text("\(name): \(NumberText.count(plan.count, "command"))")]
        var sections = plan.sections[...]
        if let first = sections.first, first.line < plan.steps.first?.line ?? Int.max {
            blocks.append(.text((first.lines).joined(separator: "\n")))
            sections.removeFirst()
        }
        if !sections.isEmpty {
            let headings = sections.map {
                OutputBlock.Field("line \($0.line)", $0.lines.first ?? "")
            }
            blocks += [.text("parts, for --from and --to:"), .fields(headings)]
        }
        let parameters = ScriptParameters.declared(in: source)
        guard !parameters.isEmpty else {
            return blocks + [.note("it declares no 'param', so '--set' sets nothing")]
        }
        let table = TextTable(
            columns: [.init("param"), .init("type"), .init("default"), .init("meaning")],
            rows: parameters.map { parameter in
                [
                    .text(parameter.name), .text(parameter.kind.text), .text(parameter.defaultText),
                    parameter.help.isEmpty ? .blank : .text(parameter.help),
                ]
            }
        )
        let example = parameters[0].name
        return blocks + [
            .table(table), .note("'fettle run --set \(example)=VALUE FILE' sets one"),
        ]
    }
}
