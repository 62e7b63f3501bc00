import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Undo: Command {
    static let declaration = CommandDeclaration(
        "undo",
        group: .session,
        summary: "take back the last change of datasets or formats",
        details: """
            Files, models and jobs are not undone: what was written or trained stays. 'redo' brings the change
            back, until another change is made.
            """,
        effect: .state,
        examples: [
            .init("where stars == 5; undo", "the rows are back"),
            .init("drop product_id; undo; redo", "and gone again"),
        ]
    )

    init(_ arguments: Arguments) throws(Diagnostic) {}

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        guard let line = session.undo() else {
            throw Diagnostic(
                "nothing-to-undo",
                "there is no change of a dataset or format to take back",
                hint: "files, models and jobs are not undone"
            )
        }
        return CommandOutput(blocks: [.note("undone: \(line)"), session.currentState])
    }
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
        guard let line = session.redo() else {
            throw Diagnostic(
                "nothing-to-redo",
                "there is no change to make again",
                hint: "'redo' follows 'undo', until another change is made"
            )
        }
        return CommandOutput(blocks: [.note("redone: \(line)"), session.currentState])
    }
}

extension Session {
    /// The current dataset in a line.
    fileprivate var currentState: OutputBlock {
        guard let dataset = try? library.dataset(nil) else { return .note("no dataset is loaded") }
        let rows = NumberText.count(dataset.frame.count, "row")
        return .note("\(dataset.name): \(rows), version \(dataset.version)")
    }
}
