public import FettleCore
import FettleLanguage

/// The names that scripts declare with `param`.
public enum ScriptParameters {
    /// Sees to it that each name given with `--set` is declared by one of the scripts, or by a script that
    /// one of them runs.
    ///
    /// - Throws: `unknown-parameter` at the first that is not.
    public static func check(_ names: [String], in scripts: [SourceText]) throws(Diagnostic) {
        guard !names.isEmpty else { return }
        var visited: Set<String> = []
        let declared = Set(scripts.flatMap { self.names(in: $0, &visited) }).sorted()
        guard let unknown = names.sorted().first(where: { !declared.contains($0) }) else { return }
        let hint =
            declared.isEmpty
            ? "declare it in the script: param \(unknown) = VALUE"
            : didYouMean(unknown, among: declared)
                ?? "params: " + declared.joined(separator: ", ")
        throw Diagnostic(
            "unknown-parameter",
            "--set names '\(unknown)', which no 'param' of the scripts declares",
            hint: hint
        )
    }

    private static func names(in source: SourceText, _ visited: inout Set<String>) -> [String] {
        guard visited.insert(source.file ?? "").inserted,
            let script = try? source.script()
        else { return [] }
        var names: [String] = []
        for case .statement(let statement) in script.items {
            let line = statement.text
            if let match = line.firstMatch(of: /^param\s+(\w+)/) {
                names.append(String(match.1))
            } else if let match = line.firstMatch(of: /^run\s+["']?([^\s"';]+)/),
                let inner = try? SourceText(contentsOf: path(String(match.1), from: source.file))
            {
                names += self.names(in: inner, &visited)
            }
        }
        return names
    }

    /// Scripts that a script names are beside it.
    private static func path(_ name: String, from outer: String?) -> String {
        guard !name.hasPrefix("/"), let outer, let slash = outer.lastIndex(of: "/") else {
            return name
        }
        return outer[...slash] + name
    }
}
