import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Export: Command {
    static let what = Option<ArgumentWord>.word(
        "dataset",
        required: false,
        kind: .dataset,
        default: "the current one",
        help: "whose examples; or 'notebook', followed by its file"
    )
    static let notebook = Option<ArgumentWord>.word(
        "file",
        required: false,
        kind: .file(TranscriptExports.endings),
        help: "the notebook to write: .ipynb, .md or .html"
    )
    static let file = Option<ArgumentWord>.clause(
        "to",
        kind: .file(["jsonl"]),
        help: "the JSONL file to write"
    )
    static let unchecked = Option<Bool>.flag("no-check", help: "do not check the examples first")
    static let session = Option<ArgumentWord>.setting(
        "session",
        default: "this one",
        help: "another session's notebook: its id or the beginning of it, or last"
    )
    static let all = Option<Bool>.flag("all", help: "the notebook of all sessions of the workspace")
    static let failed = Option<Bool>.flag(
        "failed",
        help: "show in the notebook what failed or was interrupted too"
    )

    static let declaration = CommandDeclaration(
        "export",
        group: .data,
        summary: "write training examples as OpenAI's JSONL, or the session as a notebook",
        details: """
            Each row becomes a line through the format: {"prompt": …, "completion": …}, or
            {"messages": […]} for a chat format. 'rows NAME > FILE' writes the rows themselves.

            'export notebook FILE' writes prose ('##' lines), commands and what they showed as a Jupyter
            notebook (.ipynb), a page that opens anywhere (.html), or a walkthrough that 'run FILE.md' runs
            again (.md). What failed, was undone or only lists things is left out, as in 'session save';
            --failed shows failures too. At most 200 rows of a table are in the record.
            """,
        parameters: [
            what.parameter, notebook.parameter, file.parameter, unchecked.parameter,
            session.parameter, all.parameter, failed.parameter,
        ],
        effect: .files,
        takesRows: true,
        examples: [
            .init("export reviews.train to train.jsonl", "the training examples"),
            .init("rows reviews | where stars != 3 | export to clear.jsonl", "those of a pipe"),
            .init("stats by=stars; export notebook walk.html", "this session as a page"),
            .init("rows 3; export notebook walk.ipynb --failed", "for Jupyter, failures shown"),
        ]
    )

    /// What is written.
    private enum Work {
        case examples(ArgumentWord?, to: ArgumentWord)
        case notebook(ArgumentWord, any TranscriptExport.Type, Notebook.Choice)
    }

    private let work: Work
    private let isUnchecked: Bool
    private let showsFailures: Bool

    init(_ arguments: Arguments) throws(Diagnostic) {
        let what = try arguments.value(Self.what)
        let file = try arguments.value(Self.file)
        let notebook = try arguments.value(Self.notebook)
        let session = try arguments.value(Self.session)
        let isAll = arguments.has(Self.all)
        isUnchecked = arguments.has(Self.unchecked)
        showsFailures = arguments.has(Self.failed)
        if let file, notebook == nil, session == nil, !isAll, !showsFailures {
            work = .examples(what, to: file)
            return
        }
        guard let what, what.text == "notebook", let target = notebook ?? file,
            notebook == nil || file == nil
        else {
            throw Diagnostic(
                notebook == nil ? "missing-argument" : "unexpected-word",
                notebook == nil
                    ? "'export' needs a file: 'to FILE.jsonl', or 'notebook FILE'"
                    : "'\(notebook?.text ?? "")' is not expected here",
                span: notebook?.span ?? arguments.span,
                hints: [
                    file == nil ? notebook.map { "did you mean 'to \($0.text)'?" } : nil,
                    "export reviews.train to train.jsonl; export notebook walk.html",
                ].compactMap(\.self)
            )
        }
        guard session == nil || !isAll else {
            throw Diagnostic(
                "unexpected-word",
                "'session=' names one session and '--all' means all",
                span: session?.span,
                hint: "leave one of them out"
            )
        }
        var choice = isAll ? Notebook.Choice.all : .current
        if let session { choice = .other((session.text, session.span)) }
        do {
            work = .notebook(target, try TranscriptExports.forPath(target.text), choice)
        } catch {
            throw error.located(at: target.span)
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        switch work {
        case .examples(let dataset, let file):
            return try writeExamples(of: dataset, to: file, session, context)
        case .notebook(let file, let form, let choice):
            let notebook = try Notebook(choice, showsFailures: showsFailures, in: context.services)
            do {
                try WholeFile.write(Array(form.text(of: notebook.transcript).utf8), to: file.text)
            } catch {
                throw error.located(at: file.span)
            }
            let count = NumberText.count(notebook.count, "command")
            return CommandOutput(blocks: [.note("wrote \(count) to \(file.text)")])
        }
    }

    private func writeExamples(
        of dataset: ArgumentWord?,
        to file: ArgumentWord,
        _ session: Session,
        _ context: Context
    ) throws -> CommandOutput {
        let source = try context.source(dataset, session)
        let format = try source.requiredFormat()
        let compiled = try source.compiled(format)
        let remarks = isUnchecked ? [] : try session.checkBeforeUse(source)
        let skipped: Int
        do {
            let writer = try ExampleWriter(path: file.text)
            skipped = try writer.write(compiled) { done in
                context.services.progress.update(
                    done: done,
                    total: compiled.count,
                    unit: "examples"
                )
            }
            try source.frame.checkSources()
            try writer.finish()
        } catch let diagnostic as Diagnostic {
            throw diagnostic.located(at: file.span)
        }
        let count = NumberText.count(compiled.count - skipped, "example")
        var blocks = remarks + [.note("wrote \(count) to \(file.text)")]
        if skipped > 0 {
            let rows = NumberText.count(skipped, "row")
            blocks.append(.warning("\(rows) left out: the completion is null or missing"))
        }
        return CommandOutput(blocks: blocks)
    }
}
