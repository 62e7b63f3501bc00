import FettleCore
import FettleLanguage

/// A session's commands as a script: those that succeeded and mattered.
enum SessionScript {
    /// What a command does to the datasets and formats.
    private enum Effect {
        case undo, redo
        /// Changes them; `undo` takes it back.
        case change
        /// Makes another dataset the current one.
        case move
        /// Sets a variable.
        case variable
        /// Leaves them, and matters: training, judging, writing.
        case work
        /// Leaves no trace.
        case look
    }

    /// What `undo` did to the script, for `redo`.
    private enum Undone {
        case removed([String])
        case marked(Int)
    }

    /// A command that succeeded.
    struct Line: Sendable {
        var source: String
        /// Whether it changed datasets or formats; nil when only its text is known.
        var changed: Bool?
    }

    /// Returns the commands worth keeping: no help, history or saving ones.
    ///
    /// A change that `undo` took back is left out together with the `undo`, unless something was trained,
    /// judged or written in between: then both are kept, so that it is again done with the same rows.
    static func kept(_ lines: [Line]) -> [String] {
        var kept: [(source: String, effect: Effect)] = []
        var changes: [Int] = []
        var undone: [Undone] = []
        /// Where the script ended when something was last undone or redone.
        var end = 0
        for line in lines {
            let (source, effect) = (line.source, effect(of: line))
            switch effect {
            case .look: continue
            case .undo:
                guard let index = changes.popLast() else { continue }
                let after = kept[(index + 1)...]
                if after.allSatisfy({ $0.effect == .move }) {
                    undone.append(.removed(kept[index...].map(\.source)))
                    kept.removeSubrange(index...)
                } else {
                    undone.append(.marked(index))
                    kept.append((source, effect))
                }
                end = kept.count
            case .redo:
                switch undone.popLast() {
                case .removed(let lines)?:
                    let again = lines.enumerated().map { ($1, $0 == 0 ? Effect.change : .move) }
                    let since = kept[end...].map(\.effect)
                    if since.contains(.move), since.contains(.work) {
                        // Work was done with another current dataset, which 'redo' changes back.
                        changes.append(end)
                        kept.insert(contentsOf: again + [("undo", .undo)], at: end)
                        kept.append((source, effect))
                    } else {
                        kept[end...].removeAll { $0.effect == .move }
                        changes.append(kept.count)
                        kept += again
                    }
                case .marked(let index)?:
                    changes.append(index)
                    kept.append((source, effect))
                case nil: continue
                }
                end = kept.count
            case .change:
                changes.append(kept.count)
                undone = []
                kept.append((source, effect))
            case .move, .variable, .work: kept.append((source, effect))
            }
        }
        return kept.map { foreground($0.source) }
    }

    /// Returns a statement without its `&`: in a script what follows may need the model.
    private static func foreground(_ source: String) -> String {
        guard let script = try? CommandCatalogue.parser.parse(source),
            case .statement(let statement)? = script.items.first, statement.inBackground
        else { return source }
        var text = source[...]
        while let last = text.last, last == "&" || last.isWhitespace { text.removeLast() }
        return String(text)
    }

    /// Returns the commands that bring datasets, formats and variables back without training, judging or
    /// writing anything.
    static func stateOnly(_ sources: [String]) -> [String] {
        // Without the work between them, a change and its 'undo' cancel out.
        let state = kept(sources.map { Line(source: $0) }).map { Line(source: $0) }
        return kept(state.filter { effect(of: $0) != .work })
    }

    private static func effect(of line: Line) -> Effect {
        let effect = effect(of: line.source)
        guard let changed = line.changed, effect == .work || effect == .change else {
            return effect
        }
        return changed ? .change : .work
    }

    private static func effect(of source: String) -> Effect {
        guard let script = try? CommandCatalogue.parser.parse(source),
            case .statement(let statement)? = script.items.first
        else { return .look }
        guard case .command(let first)? = statement.stages.first else { return .work }
        switch first.verb {
        case "undo": return .undo
        case "redo": return .redo
        case "use": return .move
        case "let", "param": return .variable
        case "run": return .work
        // Their outputs are ids and moments of the day; the jobs themselves are in the script.
        case "jobs", "job", "events", "watch", "wait", "cancel", "resume": return .look
        default: break
        }
        guard let declaration = declaration(of: first.verb), declaration.group != .session else {
            return .look
        }
        return changesDatasets(statement, source) ? .change : .work
    }

    /// Whether a statement makes rows that are kept, or a format.
    private static func changesDatasets(_ statement: Statement, _ source: String) -> Bool {
        let makesRows = statement.stages.contains { stage in
            guard case .command(let invocation) = stage else { return false }
            switch invocation.verb {
            case "check": return source.contains("--fix") || source.contains("--all")
            case "format": return !invocation.arguments.isEmpty
            default: return declaration(of: invocation.verb)?.effect == .state
            }
        }
        guard makesRows else { return false }
        let passesOn = statement.stages.count > 1 || statement.redirect != nil
        return !passesOn || source.contains(/\sas\s/)
    }

    private static func declaration(of verb: String) -> CommandDeclaration? {
        CommandCatalogue.declarations.first { $0.name == verb }
    }
}
