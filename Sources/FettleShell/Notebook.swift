import FettleCore
import FettleNotebook
import FettleStore
import FettleWorkbench

/// A session of the record as a document.
struct Notebook {
    /// Whose cells.
    enum Choice {
        /// The session that runs.
        case current
        /// Another, by its id, the beginning of one, or `last` for the one before.
        case other(ArgumentWordText)
        /// Every session of the workspace.
        case all
    }

    /// A word with its place, for errors that point at it.
    typealias ArgumentWordText = (text: String, span: SourceSpan)

    /// How many commands the document has.
    private(set) var count = 0
    /// The document.
    private(set) var transcript: Transcript

    /// Reads the record.
    ///
    /// A command that was undone, or that `session save` would leave out, is left out, its prose not; those
    /// that failed or were cancelled are there when `showsFailures`.
    ///
    /// - Throws: `unknown-session`, and `nothing-to-export` when no command is left.
    init(_ choice: Choice, showsFailures: Bool, in services: Services) throws(Diagnostic) {
        let store = try services.workspace.store()
        let session = try Self.session(choice, store, current: services.workspace.session)
        let stored = try store.notebookCells(session: session)
        // Undoing does not reach beyond a session.
        var kept: Set<Int64> = []
        for (_, cells) in Dictionary(grouping: stored, by: \.cell.session) {
            kept.formUnion(Self.kept(cells))
        }
        var cells: [Transcript.Cell] = []
        var firstOfAll: Int64?
        for item in stored where item.cell.outcome != .running && !Self.isExport(item.cell) {
            let content = item.content.flatMap(CellContent.init(json:))
            if let prose = content?.prose, !prose.isEmpty { cells.append(.prose(prose)) }
            if kept.contains(item.cell.id) || (showsFailures && item.cell.outcome != .succeeded) {
                cells.append(.command(Self.command(item, content)))
                firstOfAll = firstOfAll ?? item.cell.startedAt
                count += 1
            }
            if let prose = content?.epilogue, !prose.isEmpty { cells.append(.prose(prose)) }
        }
        guard count > 0 else {
            throw Diagnostic(
                "nothing-to-export",
                "there is no command to put into the notebook",
                hint: "commands that failed, were undone or only list things are left out"
            )
        }
        let day = WorkClock.stamp(of: firstOfAll ?? 0).split(separator: "-").prefix(3)
        transcript = Transcript(
            title: "Fettle session",
            subtitle: day.joined(separator: "-") + " (UTC), " + NumberText.count(count, "command"),
            cells: cells
        )
    }

    /// Whether a command wrote a notebook, which is no part of one.
    private static func isExport(_ cell: StoredCell) -> Bool {
        cell.source.hasPrefix("export notebook")
    }

    /// Returns the numbers of the cells that `session save` would keep.
    private static func kept(_ cells: [NotebookCell]) -> Set<Int64> {
        // A comment after each command tells which of several equal ones was kept.
        let mark = "\n# cell "
        let lines = cells.filter { $0.cell.outcome == .succeeded }
            .map { item in
                var line = item.command
                line.source += "\(mark)\(item.cell.id)"
                return line
            }
        let numbers = SessionScript.kept(lines).compactMap { source -> Int64? in
            guard let place = source.ranges(of: mark).last else { return nil }
            return Int64(source[place.upperBound...])
        }
        return Set(numbers)
    }

    private static func command(_ item: NotebookCell, _ content: CellContent?) -> Transcript.Command
    {
        let cell = item.cell
        // A cell of an older record has its text only, which may hold colours.
        let blocks =
            content?.blocks
            ?? (item.output.isEmpty
                ? [] : [.text(item.output.replacing(/\u{1B}\[[0-9;]*m/, with: ""))])
        return Transcript.Command(
            number: cell.id,
            source: cell.source,
            blocks: blocks,
            failure: content?.failure,
            outcome: Transcript.Outcome(rawValue: cell.outcome.rawValue) ?? .failed,
            duration: cell.duration
        )
    }

    /// Returns the id of the session that is meant, or nil for all.
    private static func session(
        _ choice: Choice,
        _ store: Store,
        current: String
    ) throws(Diagnostic) -> String? {
        switch choice {
        case .current: return current
        case .all: return nil
        case .other(let word):
            let others = try store.sessionsWithCells().filter { $0.id != current }
            if word.text == "last", let last = others.first { return last.id }
            if let exact = others.first(where: { $0.id == word.text }) { return exact.id }
            let near = others.filter { $0.id.hasPrefix(word.text) }
            if near.count == 1 { return near[0].id }
            let names = others.prefix(5).map {
                "\($0.id) (\(NumberText.count($0.count, "command")))"
            }
            throw Diagnostic(
                "unknown-session",
                near.isEmpty
                    ? "no session '\(word.text)' has commands in this workspace"
                    : "'\(word.text)' begins the ids of \(near.count) sessions",
                span: word.span,
                hint: names.isEmpty
                    ? "there is only this one" : "sessions: " + names.joined(separator: ", ")
            )
        }
    }
}
