import FettleCore
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Last: Command {
    static let mode = Option<OutputMode>.clause("as", help: "the form to show it in")

    static let declaration = CommandDeclaration(
        "last",
        group: .session,
        summary: "show the last output whole, in another form, or write it to a file",
        details: """
            All rows and columns, and no cell is cut; a table that does not fit the window has a line for
            each cell. The rows are those of then: later steps do not change them.
            """,
        parameters: [mode.parameter],
        effect: .none,
        examples: [
            .init("rows | where stars == 1 | rows 2; last", "two rows whole"),
            .init("stats by=stars; last as json", "the same as JSON"),
            .init("rows | sample 20 seed=1; last > some.csv", "write what was shown to a file"),
        ]
    )

    let mode: OutputMode?

    init(_ arguments: Arguments) throws(Diagnostic) {
        mode = try arguments.value(Self.mode)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        guard let last = session.last else {
            throw Diagnostic(
                "nothing-to-repeat",
                "no command has shown anything yet",
                hint: "'rows' shows the first rows of a dataset"
            )
        }
        if let mode { return CommandOutput(blocks: try mode.blocks(of: last)) }
        guard !context.isPiped else { return last }
        var whole = last
        whole.blocks = try last.wholeBlocks()
        return whole
    }
}

struct As: Command {
    static let mode = Option<OutputMode>.word("mode", help: "the form")

    static let declaration = CommandDeclaration(
        "as",
        group: .session,
        summary: "show what comes through a pipe in another form",
        details: """
            table fits the window, wide cuts nothing, md is a Markdown table, plain the bare cells with tabs
            between; json, jsonl, csv and tsv are for programs. All rows are shown, not the first few. Null, ""
            and a missing value stay three different things but in csv and tsv, where null and missing are
            both nothing between two commas.
            """,
        parameters: [mode.parameter],
        effect: .none,
        takesOutput: true,
        examples: [
            .init("rows 3 | select stars review_title | as json", "three rows as an array"),
            .init("evaluate stars on reviews.test | as json", "an evaluation as one object"),
            .init("models | as md > models.md", "a list as a Markdown table"),
        ]
    )

    let mode: OutputMode
    let span: FettleCore.SourceSpan

    init(_ arguments: Arguments) throws(Diagnostic) {
        mode = try arguments.required(Self.mode)
        span = arguments.span
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        guard let before = context.before else {
            throw Diagnostic(
                "missing-argument",
                "nothing comes through a pipe to 'as'",
                span: span,
                hint: "write 'rows | as json', or 'last as json' for what was shown last"
            )
        }
        return CommandOutput(blocks: try mode.blocks(of: before))
    }
}
