import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Report: Command {
    static let model = Option<ArgumentWord>.word(
        "model",
        kind: .model,
        help: "the model's name or id"
    )
    static let dataset = Option<ArgumentWord>.clause(
        "on",
        kind: .dataset,
        default: "the current one",
        help: "the rows it is judged on"
    )
    static let card = Option<Bool>.flag(
        "card",
        help: "begin a Markdown file with the metadata of a Hugging Face model card"
    )

    static let declaration = CommandDeclaration(
        "report",
        group: .judge,
        summary:
            "write down a model: data, format, training, figures, pictures, errors, how to repeat it",
        details: """
            Every part is a command of Fettle with what it shows, so that each can be looked at again. '> FILE.html'
            writes one page with all pictures, light and dark; '> FILE.md' a walkthrough that 'run FILE.md' repeats
            where the session knows how the model was made, with --card a model card: accuracy and macro F1 stand
            in its metadata. What the session no longer has, such as the training rows, is left out and said.
            """,
        parameters: [model.parameter, dataset.parameter, card.parameter],
        effect: .none,
        examples: [
            .init(
                "report again on reviews.test > report.html",
                "the second model, held against the first"
            ),
            .init("report stars on reviews.test --card > card.md", "a model card"),
        ]
    )

    let model: ArgumentWord
    let dataset: ArgumentWord?
    let isCard: Bool

    init(_ arguments: Arguments) throws(Diagnostic) {
        model = try arguments.required(Self.model)
        dataset = try arguments.value(Self.dataset)
        isCard = arguments.has(Self.card)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try session.dataset(dataset)
        let record = try context.services.model(model, on: source)
        var writer = ReportWriter(record, source, session, context)
        try await writer.write()
        let card = isCard ? [OutputBlock.text(writer.card)] : []
        var output = CommandOutput(blocks: card + writer.blocks, value: writer.evaluation)
        output.document = CommandOutput.Document(
            transcript: writer.transcript,
            metadata: isCard ? writer.card : nil
        )
        return output
    }
}

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
        say("# \(Self.plain(model.displayName))\n\n" + introduction)
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
        await run("model show \(name)")
        if try services.workspace.jobs().contains(where: { $0.model == model.id }) {
            await run("curve \(name)")
        }
        say("## How good it is\n\nOn \(Self.plain(source.name)), with 95 % intervals.")
        evaluation = await run("evaluate \(name) on \(rows) metrics=all")
        await run("plot confusion \(name) on \(rows)")
        await run("plot reliability \(name) on \(rows)")
        await run("plot rejection \(name) on \(rows)")
        try await comparison()
        say("## Its surest mistakes\n\nA wrong answer of which it was sure is often a wrong label.")
        await run("errors \(name) on \(rows) sort=confidence limit=10")
        if CommandCatalogue.declarations.contains(where: { $0.name == "cost" }) {
            say("## What it costs")
            await run("cost \(name)")
        }
        try Task.checkCancellation()
    }

    // MARK: - Parts

    private var introduction: String {
        let parent = model.parent == nil ? "" : ", tuned further from an earlier model"
        return "A model tuned from \(Self.plain(model.base))\(parent) on "
            + "\(Self.plain(model.dataset)): \(NumberText.count(model.examplesSeen)) examples seen, "
            + "\(NumberText.count(model.labelCount, "completion")). Its id is \(Self.plain(model.id))."
    }

    private mutating func data() async throws {
        say("## Data")
        guard let training else {
            return say(
                "The rows that it was tuned on, \(Self.plain(model.dataset)) with the fingerprint "
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
        await run("plot balance \(word)")
        await run("plot lengths \(word)")
        await run("check \(word)")
    }

    private mutating func comparison() async throws {
        var names = ["majority"]
        if let id = model.parent, let parent = try? context.services.models.model(id),
            parent.name != nil
        {
            names = [CommandText.word(parent.displayName)] + names
        }
        say(
            "## Held against \(names.count > 1 ? "the model it was tuned from, and the commonest answer" : "the commonest answer")"
        )
        await run("compare \((names + [name]).joined(separator: " ")) on \(rows)")
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
            say(
                "This session cannot say it, so that the report does not run again: \(Self.plain(reason.text))."
            )
        }
    }

    /// The training rows, where the session has them still.
    private var training: Dataset? {
        session.library.datasets.first {
            $0.name == model.dataset && $0.fingerprint == model.datasetFingerprint
        }
    }

    // MARK: - Cells

    private mutating func say(_ text: String) {
        cells.append(.prose(text))
        blocks.append(.text("\n" + text.replacing("# ", with: "").replacing("#", with: "")))
    }

    /// Adds what no command shows.
    private mutating func add(_ block: OutputBlock) {
        blocks.append(block)
        cells.append(
            .prose("```\n" + PlainRenderer(width: 100).render([block]) + "```")
        )
    }

    /// Runs a command and keeps what it shows, or why it shows nothing; returns its result.
    @discardableResult
    private mutating func run(_ line: String) async -> JSONValue? {
        var command = Transcript.Command(number: Int64(cells.count), source: line)
        var value: JSONValue?
        do {
            let output = try await Self.output(of: line, in: &session, context)
            command.blocks = output.blocks
            value = output.value
        } catch let error as Diagnostic {
            // What cannot be shown is said, and is no command to run again.
            let verb = line.split(separator: " ").prefix(line.hasPrefix("plot ") ? 2 : 1)
            cells.append(.prose("\(verb.joined(separator: " ")): \(Self.plain(error.message))"))
            blocks.append(.note("\(line): \(error.message)"))
            return nil
        } catch {
            // A cancellation ends the report when its parts have been asked.
        }
        cells.append(.command(command))
        blocks.append(.note(line))
        blocks += command.blocks
        return value
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

    /// A text whose characters mean nothing in Markdown.
    private static func plain(_ text: String) -> String {
        let marks = Set("\\`*_[]<>#|")
        return Sanitizer.line(text).reduce(into: "") { out, character in
            if marks.contains(character) { out.append("\\") }
            out.append(character)
        }
    }

    // MARK: - Card

    /// The metadata of a model card: YAML between lines of dashes.
    ///
    /// Source: huggingface.co/docs/hub/model-cards, "Model card metadata" and "Specifying a base model", and the
    /// `model-index` of its repository.
    var card: String {
        func quoted(_ text: String) -> String {
            JSONValue.string(Sanitizer.line(text)).text()
        }
        let isClosed = model.labelCount > 0
        let task = isClosed ? "text-classification" : "text-generation"
        var lines = [
            "---", "base_model: \(quoted(model.base))", "pipeline_tag: \(task)",
            "library_name: fettle", "tags:", "- fine-tuned",
        ]
        var figures: [(type: String, name: String, value: Double)] = []
        for (type, name) in [("accuracy", "accuracy"), ("f1", "macro_f1")] {
            if case .number(let value)? = evaluation?[name] { figures.append((type, name, value)) }
        }
        if !figures.isEmpty {
            lines += ["metrics:"] + figures.map { "- \($0.type)" }
            lines += [
                "model-index:", "- name: \(quoted(model.displayName))", "  results:", "  - task:",
                "      type: \(task)", "    dataset:", "      name: \(quoted(source.name))",
                "      type: \(quoted(source.source.fingerprint))", "    metrics:",
            ]
            for figure in figures {
                lines += [
                    "    - type: \(figure.type)", "      name: \(figure.name)",
                    "      value: \(NumberText.decimal(figure.value, digits: 4))",
                ]
            }
        }
        return (lines + ["---", ""]).joined(separator: "\n")
    }
}
