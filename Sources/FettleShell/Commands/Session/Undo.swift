import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Undo: Command {
    static let declaration = CommandDeclaration(
        "undo",
        group: .session,
        summary: "take back the last change of datasets, formats, variables or settings",
        details: """
            Files, models and jobs are not undone: what was written or trained stays, and 'undo' says so. 'redo'
            brings the change back, until another change is made.
            """,
        effect: .state,
        examples: [
            .init("where stars == 5; undo", "the rows are back"),
            .init("drop product_id; undo; redo", "and gone again"),
        ]
    )

    init(_ arguments: Arguments) throws(Diagnostic) {}

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let lasting = session.time.lasting
        let before = session
        guard let line = session.undo() else {
            throw Diagnostic(
                "nothing-to-undo",
                "there is no change of a dataset, format, variable or setting to take back",
                hints: lasting.suffix(Self.mostNamed)
                    + ["files, models and jobs are not undone"]
            )
        }
        let stays: [OutputBlock] = lasting.suffix(Self.mostNamed).map { .note($0) }
        return CommandOutput(
            blocks: stays + [.note("undone: \(line)")] + session.changes(since: before)
        )
    }

    /// How many things that stay are named.
    private static let mostNamed = 3
}

struct Redo: Command {
    static let declaration = CommandDeclaration(
        "redo",
        group: .session,
        summary: "make the change again that 'undo' took back",
        effect: .state,
        examples: [
            .init("where stars == 5; undo; redo", "only five stars again"),
            .init("shuffle seed=1; undo; redo", "the same order again"),
        ]
    )

    init(_ arguments: Arguments) throws(Diagnostic) {}

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let before = session
        guard let line = session.redo() else {
            throw Diagnostic(
                "nothing-to-redo",
                "there is no change to make again",
                hint: "'redo' follows 'undo', until another change is made"
            )
        }
        return CommandOutput(blocks: [.note("redone: \(line)")] + session.changes(since: before))
    }
}

extension Session {
    /// What `undo` or `redo` has brought back: variables and settings, and the current dataset unless only
    /// those have changed.
    fileprivate func changes(since before: Session) -> [OutputBlock] {
        let names = Set(variables.keys).union(before.variables.keys).sorted()
        let changed: [OutputBlock] = names.filter { variables[$0] != before.variables[$0] }.map {
            guard let value = variables[$0] else { return .note("\($0) is not set") }
            return .note("\($0) is \(value.shown)")
        }
        let set: [OutputBlock] = Settings.Name.allCases.filter {
            settings.text(of: $0) != before.settings.text(of: $0)
        }.map { .note("\($0.rawValue) is \(settings.text(of: $0))") }
        let isSame = library.revision == before.library.revision
        let others = changed + set
        return others + (isSame && !others.isEmpty ? [] : [currentState])
    }

    /// The current dataset in a line.
    private var currentState: OutputBlock {
        guard let dataset = try? library.dataset(nil) else { return .note("no dataset is loaded") }
        let rows = NumberText.count(dataset.frame.count, "row")
        return .note("\(dataset.name): \(rows), version \(dataset.version)")
    }
}

extension Session.Value {
    /// The value as `vars` and `undo` show it.
    var shown: String {
        switch self {
        case .text(let text, let isBare): isBare ? text : text.visible
        case .secret: Redaction.mark
        case .object(let object): object.text()
        }
    }
}
