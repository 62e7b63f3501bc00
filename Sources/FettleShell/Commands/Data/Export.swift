import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Export: Command {
    static let dataset = Option<ArgumentWord>.word(
        "dataset",
        required: false,
        kind: .dataset,
        default: "the current one",
        help: "whose examples"
    )
    static let file = Option<ArgumentWord>.clause(
        "to",
        required: true,
        kind: .file(["jsonl"]),
        help: "the JSONL file to write"
    )

    static let unchecked = Option<Bool>.flag("no-check", help: "do not check the examples first")

    static let declaration = CommandDeclaration(
        "export",
        group: .data,
        summary: "write training examples as JSONL in OpenAI's form",
        details: """
            Each row becomes a line through the format: {"prompt": …, "completion": …}, or
            {"messages": […]} for a chat format. 'rows NAME > FILE' writes the rows themselves.
            """,
        parameters: [dataset.parameter, file.parameter, unchecked.parameter],
        effect: .files,
        takesRows: true,
        examples: [
            .init("export reviews.train to train.jsonl", "the training examples"),
            .init("rows reviews | where stars != 3 | export to clear.jsonl", "those of a pipe"),
        ]
    )

    let dataset: ArgumentWord?
    let file: ArgumentWord
    let isUnchecked: Bool

    init(_ arguments: Arguments) throws(Diagnostic) {
        dataset = try arguments.value(Self.dataset)
        file = try arguments.required(Self.file)
        isUnchecked = arguments.has(Self.unchecked)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
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
