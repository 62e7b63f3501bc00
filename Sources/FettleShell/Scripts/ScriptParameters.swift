public import FettleCore
import FettleLanguage

/// The variables that scripts declare with `param`.
public enum ScriptParameters {
    /// Sees to it that each name given with `--set` is declared by one of the scripts, or by a script that
    /// one of them runs, and that its value fits.
    ///
    /// - Throws: `unknown-parameter` or `bad-value` at the first that is not so.
    public static func check(
        _ values: [String: String],
        in scripts: [SourceText]
    ) throws(Diagnostic) {
        guard !values.isEmpty else { return }
        var visited: Set<String> = []
        let declared = scripts.flatMap { self.declared(in: $0, &visited) }
        let names = Set(declared.map(\.name)).sorted()
        if let unknown = values.keys.sorted().first(where: { !names.contains($0) }) {
            let hint =
                names.isEmpty
                ? "declare it in the script: param \(unknown) = VALUE"
                : didYouMean(unknown, among: names) ?? "params: " + names.joined(separator: ", ")
            throw Diagnostic(
                "unknown-parameter",
                "--set names '\(unknown)', which no 'param' of the scripts declares",
                hint: hint
            )
        }
        for parameter in declared {
            if let value = values[parameter.name] { try parameter.check(value) }
        }
    }

    /// Returns what a script and the scripts that it runs declare, in the order of the text.
    static func declared(in source: SourceText) -> [ScriptParameter] {
        var visited: Set<String> = []
        return declared(in: source, &visited)
    }

    private static func declared(
        in source: SourceText,
        _ visited: inout Set<String>
    ) -> [ScriptParameter] {
        guard visited.insert(source.file ?? "").inserted,
            let script = try? source.script()
        else { return [] }
        var found: [ScriptParameter] = []
        for case .statement(let statement) in script.items {
            guard case .command(let invocation)? = statement.stages.first else { continue }
            switch invocation.verb {
            case "param":
                if let parameter = parameter(invocation) { found.append(parameter) }
            case "run":
                guard case .word(let word)? = invocation.arguments.first, let name = word.literal,
                    let inner = try? SourceText(contentsOf: source.path(ofScript: name))
                else { continue }
                found += declared(in: inner, &visited)
            default: continue
            }
        }
        return found
    }

    /// Returns what a `param` declares; variables in its default stay as they are written.
    private static func parameter(_ invocation: Invocation) -> ScriptParameter? {
        let expander = WordExpander(names: []) { ("${\($0.name)}", false) }
        guard let arguments = try? Param.declaration.bind(invocation, expanding: expander) else {
            return nil
        }
        return (try? Param(arguments))?.parameter
    }
}

extension SourceText {
    /// Returns the path of a script that this one names: beside it.
    func path(ofScript name: String) -> String {
        guard !name.hasPrefix("/"), let file, let slash = file.lastIndex(of: "/") else {
            return name
        }
        return file[...slash] + name
    }
}
