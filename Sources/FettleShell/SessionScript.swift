import FettleCore
import FettleLanguage
import FettleStore

/// A session's commands as a script: those that succeeded and mattered.
///
/// What is left out never changes what a command that stays finds: it does the same in the script as it
/// did in the session.
enum SessionScript {
    /// What a command does to the datasets, formats, variables and settings.
    enum Effect: Equatable {
        case undo, redo
        /// Changes them; `undo` takes it back, but not what it does beside that.
        case change(works: Bool)
        /// Makes another dataset the current one.
        case move
        /// Sets a variable or setting to what it was before, or is not known to have changed it.
        case variable
        /// Leaves them, and matters: training, judging, writing.
        case work
        /// Leaves no trace.
        case look
        /// Names a point.
        case mark
    }

    /// A command that succeeded.
    typealias Line = RecordedCommand

    /// Returns the commands worth keeping, with a heading for each mark: no help, history or saving ones, and none that changed nothing.
    ///
    /// A change that `undo` took back is left out together with the `undo`, unless something was trained,
    /// judged or written in between: then both are kept, so that it is again done with the same rows.
    static func kept(_ lines: [Line]) -> [String] {
        var timeline = Timeline(lines.map { .init(line: $0, effect: effect(of: $0)) })
        timeline.reduce()
        return timeline.entries.map { entry in
            Mark.name(in: entry.line.source).map { "## \($0)" }
                ?? fromTheStart(foreground(entry.line.source))
        }
    }

    /// Returns the commands that bring datasets, formats and variables back without training, judging or
    /// writing anything.
    static func stateOnly(_ lines: [Line]) -> [String] {
        var entries: [Timeline.Entry] = []
        for line in lines {
            let effect = effect(of: line)
            switch effect {
            case .work:
                // A script that changed no dataset and no variable, but moved to another dataset.
                let steps = (line.steps ?? []).filter {
                    line.effect == nil || self.effect(of: $0) != .variable
                }
                entries += steps.map(Timeline.Entry.init(step:))
            case .change: entries.append(.init(line: line, effect: .change(works: false)))
            default: entries.append(.init(line: line, effect: effect))
            }
        }
        var timeline = Timeline(entries)
        timeline.reduce()
        return timeline.entries.flatMap { $0.line.steps ?? [$0.line.source] }
            .filter { effect(of: $0) != .work && effect(of: $0) != .mark }
    }

    /// Returns a `run FILE --resume` without its flag: in a script nothing was run before.
    private static func fromTheStart(_ source: String) -> String {
        guard source.contains("--resume"),
            let script = try? CommandCatalogue.parser.parse(source),
            case .statement(let statement)? = script.items.first,
            case .command(let first)? = statement.stages.first,
            first.verb == Run.declaration.name
        else { return source }
        var bytes = Array(source.utf8)
        for case .flag("resume", let span, _) in first.arguments.reversed() {
            bytes.removeSubrange(span.start..<span.end)
            if bytes[..<span.start].last == UInt8(ascii: " ") { bytes.remove(at: span.start - 1) }
        }
        return String(decoding: bytes, as: UTF8.self)
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

    /// Returns what a command did: by its text, and by what was seen when it ran.
    static func effect(of line: Line) -> Effect {
        let effect = effect(of: line.source)
        guard let seen = line.effect else { return effect }
        switch (effect, seen) {
        case (.change(let works), .move), (.change(let works), .none):
            return works ? .work : seen == .move ? .move : .look
        case (.variable, .change): return .change(works: false)
        // It had that value already; a script that takes back what set it would not.
        case (.variable, .none), (.variable, .move): return .look
        case (.work, .change): return .change(works: true)
        // What is undone was typed after a blank, and is in no script.
        case (.undo, .none), (.redo, .none), (.move, .none): return .look
        default: return effect
        }
    }

    /// Returns what a command does as far as its text says.
    static func effect(of source: String) -> Effect {
        guard let script = try? CommandCatalogue.parser.parse(source),
            case .statement(let statement)? = script.items.first
        else { return .look }
        guard case .command(let first)? = statement.stages.first else { return .work }
        switch first.verb {
        case "undo": return .undo
        case "redo": return .redo
        case "use": return .move
        case "mark": return .mark
        case "let", "param": return takesResult(source) ? .work : .variable
        case "set": return .variable
        case "run": return .work
        // Their outputs are ids and moments of the day; the jobs themselves are in the script.
        case "jobs", "job", "events", "watch", "wait", "cancel", "resume": return .look
        default: break
        }
        guard let declaration = declaration(of: first.verb), declaration.group != .session else {
            return .look
        }
        guard changesDatasets(statement, source) else { return .work }
        let goesOut = statement.stages.contains { if case .shell = $0 { true } else { false } }
        return .change(works: goesOut || statement.redirect != nil)
    }

    /// Whether a variable is set to what the command before gave, which a script without that command
    /// does not have.
    private static func takesResult(_ source: String) -> Bool {
        source.contains(/\$\{?[_?]/)
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

/// A session's commands in order, with what each `undo` and `redo` takes back.
private struct Timeline {
    struct Entry {
        var line: SessionScript.Line
        var effect: SessionScript.Effect
        /// The entry that an `undo` or `redo` takes back.
        var target: Int?
        /// The entry that takes this one back.
        var takenBackBy: Int?
        var isGone = false

        init(line: SessionScript.Line, effect: SessionScript.Effect) {
            self.line = line
            self.effect = effect
        }

        init(step: String) {
            self.init(line: .init(source: step), effect: SessionScript.effect(of: step))
        }
    }

    private var all: [Entry]

    /// The entries that are left.
    var entries: [Entry] { all.filter { !$0.isGone } }

    init(_ entries: [Entry]) {
        all = entries.filter { $0.effect != .look }
        link()
    }

    /// Finds what each `undo` and `redo` took back, which is what the session did.
    private mutating func link() {
        var past: [Int] = []
        var future: [Int] = []
        for index in all.indices {
            switch all[index].effect {
            case .change:
                past.append(index)
                future = []
            case .undo:
                all[index].target = past.popLast()
                future.append(index)
            case .redo:
                all[index].target = future.popLast()
                past.append(index)
            default: continue
            }
            guard all[index].effect == .undo || all[index].effect == .redo else { continue }
            if let target = all[index].target {
                all[target].takenBackBy = index
            } else {
                all[index].isGone = true
                _ = all[index].effect == .undo ? future.popLast() : past.popLast()
            }
        }
    }

    /// Leaves out pairs of a change, `undo` or `redo` and what took it back, until none can be left out.
    mutating func reduce() {
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for index in all.indices where !all[index].isGone {
                if let target = all[index].target, canLeaveOut(target, index) {
                    leaveOut(target, index)
                    hasChanged = true
                }
            }
        }
    }

    /// Whether all that follows finds the same without the pair and the moves between.
    ///
    /// The later of the pair restores what was there before the earlier one. What takes the later one back
    /// restores what was there before that: the same as before the earlier one was taken back, unless there
    /// were moves between.
    private func canLeaveOut(_ earlier: Int, _ later: Int) -> Bool {
        if all[earlier].effect == .change(works: true) { return false }
        var hasMoves = false
        for entry in all[earlier + 1..<later] where !entry.isGone {
            switch entry.effect {
            case .move: hasMoves = true
            case .variable, .mark: continue
            default: return false
            }
        }
        guard all[later].takenBackBy != nil else { return true }
        return all[earlier].target != nil && !hasMoves
    }

    private mutating func leaveOut(_ earlier: Int, _ later: Int) {
        let (before, after) = (all[earlier].target, all[later].takenBackBy)
        for index in earlier...later
        where all[index].effect != .variable && all[index].effect != .mark {
            all[index].isGone = true
        }
        if let before { all[before].takenBackBy = after }
        if let after { all[after].target = before }
    }
}
