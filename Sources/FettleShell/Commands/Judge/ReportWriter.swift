import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

/// Gathers a report by running the commands of its parts on a copy of the session.
struct ReportWriter {
    private let model: ModelRecord
    private let source: Dataset
    private let context: Context
    private var session: Session
    private var cells: [Transcript.Cell] = []
    private(set) var blocks: [OutputBlock] = []
    /// What `evaluate` found.
    private(set) var evaluation: JSONValue?

    init(_ model: ModelRecord, _ source: Dataset, _ session: Session, _ context: Context) {
        (self.model, self.source, self.session) = (model, source, session)
        self.context = Context(
            services: context.services,
            input: nil,
            isPiped: false,
            show: context.show
        )
    }

    private var name: String { CommandText.word(model.displayName) }
    private var rows: String { CommandText.word(source.name) }

    /// The report as a document.
    var transcript: Transcript {
        Transcript(title: "Report of \(model.displayName)", cells: cells)
    }

    /// Runs every part.
    mutating func write() async throws {
        let services = context.services
        say("# \(Self.code(model.displayName))\n\n" + introduction)
        try reproduction()
        try await data()
        say("## Format\n\nHow a row becomes a prompt and a completion; the model keeps it.")
        add(
            .fields(
                model.format.parts.map { part in
                    var text = ""
                    JSONValue.quote(part.template.source, into: &text)
                    return .init(part.name, text)
                }
            )
        )
        say("## Training")
        try await run("model show \(name)")
        if try services.workspace.jobs().contains(where: { $0.model == model.id }) {
            try await run("curve \(name)")
        }
        say("## How good it is\n\nOn \(Self.code(source.name)), with 95 % intervals.")
        evaluation = try await run("evaluate \(name) on \(rows) metrics=all")
        try await run("plot confusion \(name) on \(rows)")
        try await run("plot reliability \(name) on \(rows)")
        try await run("plot rejection \(name) on \(rows)")
        try await comparison()
        say("## Its surest mistakes\n\nA wrong answer of which it was sure is often a wrong label.")
        try await run("errors \(name) on \(rows) sort=confidence limit=10")
        say("## What it costs")
        try await run("cost \(name)")
    }

    // MARK: - Parts

    private var introduction: String {
        let parent = model.parent == nil ? "" : ", tuned further from an earlier model"
        return "A model tuned from \(Self.code(model.base))\(parent) on "
            + "\(Self.code(model.dataset)): \(NumberText.count(model.examplesSeen)) examples seen, "
            + "\(NumberText.count(model.labelCount, "completion")). Its id is \(Self.code(model.id))."
    }

    private mutating func data() async throws {
        say("## Data")
        guard let training = session.trainingRows(of: model) else {
            return say(
                "The rows that it was tuned on, \(Self.code(model.dataset)) with the fingerprint "
                    + "\(model.datasetFingerprint.prefix(12)), are not in this session."
            )
        }
        add(
            .fields(
                [
                    .init("dataset", training.name),
                    .init("rows", NumberText.count(training.frame.count)),
                    .init("source", training.source.name),
                    .init("fingerprint of the source", training.source.fingerprint),
                    .init("fingerprint of the rows", training.fingerprint),
                ] + training.recipe.enumerated().map { .init("step \($0 + 1)", $1) }
            )
        )
        let word = CommandText.word(training.name)
        try await run("plot balance \(word)")
        try await run("plot lengths \(word)")
        try await run("check \(word)")
    }

    private mutating func comparison() async throws {
        var names = ["majority"]
        if let id = model.parent, let parent = try? context.services.models.model(id),
            parent.name != nil
        {
            names = [CommandText.word(parent.displayName)] + names
        }
        let parent = names.count > 1 ? "the model it was tuned from, and " : ""
        say("## Held against \(parent)the commonest answer")
        try await run("compare \((names + [name]).joined(separator: " ")) on \(rows)")
    }

    /// The commands that make the model again: the steps of its rows, its format, and its trainings; or why the
    /// session does not know them.
    private mutating func reproduction() throws {
        say("## How to make it again")
        switch try Recipe(of: model, in: session, context.services).result {
        case .success(let lines):
            let source = lines.joined(separator: "\n")
            cells.append(.command(.init(number: Int64(cells.count), source: source)))
            blocks.append(.text(source))
        case .failure(let reason):
            say("This session cannot say it, so that the report does not run again:")
            add(.text(reason.text))
        }
    }

    // MARK: - Cells

    /// Adds prose: headings, paragraphs, and names as code.
    private mutating func say(_ text: String) {
        cells.append(.prose(text))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.drop { $0 == "#" }.drop { $0 == " " }).replacing("`", with: "")
        }
        blocks.append(.text("\n" + lines.joined(separator: "\n")))
    }

    /// Adds what no command shows.
    private mutating func add(_ block: OutputBlock) {
        blocks.append(block)
        let text = PlainRenderer(width: 100).render([block])
        cells.append(.prose(MarkdownExport.fence(Sanitizer.block(text), "text")))
    }

    /// Runs a command and keeps what it shows, or why it shows nothing; returns its result.
    @discardableResult
    private mutating func run(_ line: String) async throws -> JSONValue? {
        do {
            let output = try await Self.output(of: line, in: &session, context)
            let number = Int64(cells.count)
            cells.append(.command(.init(number: number, source: line, blocks: output.blocks)))
            blocks.append(.note(line))
            blocks += output.blocks
            return output.value
        } catch let error as Diagnostic {
            // What cannot be shown is said, and is no command to run again.
            add(.text("\(line): \(error.message)"))
            return nil
        }
    }

    private static func output(
        of line: String,
        in session: inout Session,
        _ context: Context
    ) async throws -> CommandOutput {
        try Task.checkCancellation()
        let script = try CommandCatalogue.parser.parse(line)
        guard case .statement(let statement)? = script.items.first,
            case .command(let invocation)? = statement.stages.first
        else { preconditionFailure("'\(line)' is a command") }
        let type = try CommandCatalogue.command(invocation.verb)
        let arguments = try type.declaration.bind(
            invocation,
            expanding: WordExpander(names: []) { _ in nil }
        )
        return try await type.init(arguments).run(in: &session, context)
    }

    /// A name as code of Markdown, in which no other character has a meaning.
    private static func code(_ text: String) -> String {
        "`\(Sanitizer.line(text).replacing("`", with: "'"))`"
    }
}
