import FettleCore
import FettleLanguage

/// A session's commands as a script: those that succeeded and mattered.
enum SessionScript {
    /// Returns the commands worth keeping: no help, history, undone or saving ones.
    ///
    /// A change that `undo` took back is left out together with the `undo`.
    static func kept(_ sources: [String]) -> [String] {
        var kept: [String] = []
        var undone: [String] = []
        for source in sources {
            switch verb(of: source) {
            case "undo":
                if let index = kept.lastIndex(where: { changesDatasets($0) }) {
                    undone.append(kept.remove(at: index))
                }
            case "redo":
                if let line = undone.popLast() { kept.append(line) }
            default:
                guard isWorthKeeping(source) else { continue }
                if changesDatasets(source) { undone = [] }
                kept.append(source)
            }
        }
        return kept
    }

    /// Returns the commands that bring datasets, formats and variables back without training, judging or
    /// writing anything.
    static func stateOnly(_ sources: [String]) -> [String] {
        kept(sources).filter { changesDatasets($0) || verb(of: $0) == "let" }
    }

    private static func isWorthKeeping(_ source: String) -> Bool {
        guard let declaration = declaration(of: source) else { return source.hasPrefix("!") }
        return declaration.group != .session || ["let", "run"].contains(declaration.name)
    }

    private static func changesDatasets(_ source: String) -> Bool {
        guard let declaration = declaration(of: source) else { return false }
        return declaration.effect == .state && [.data, .format].contains(declaration.group)
    }

    private static func declaration(of source: String) -> CommandDeclaration? {
        let name = verb(of: source)
        return CommandCatalogue.declarations.first { $0.name == name }
    }

    private static func verb(of source: String) -> String {
        String(source.prefix { $0.isLetter || $0 == "-" || $0 == "_" })
    }
}
