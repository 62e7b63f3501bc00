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
        let targets = try format.target.columns.map { name throws(Diagnostic) in
            try source.frame.column(name)
        }
        let remarks = isUnchecked ? [] : try session.checkBeforeUse(source)
        var skipped = 0
        var (prompt, completion): ([UInt8], [UInt8]) = ([], [])
        do {
            let writer = try ExampleWriter(path: file.text)
            for position in 0..<compiled.count {
                if position % 4096 == 0 {
                    try Task.checkCancellation()
                    context.services.progress.update(
                        done: position,
                        total: compiled.count,
                        unit: "examples"
                    )
                }
                let row = Int(source.frame.rows[position])
                if targets.contains(where: { $0.presence(at: row) != .value }) {
                    skipped += 1
                    continue
                }
                switch format {
                case .completion:
                    prompt.removeAll(keepingCapacity: true)
                    completion.removeAll(keepingCapacity: true)
                    compiled.appendPrompt(at: position, to: &prompt)
                    compiled.appendCompletion(at: position, to: &completion)
                    try prompt.withUnsafeBytes { prompt in
                        try completion.withUnsafeBytes { completion in
                            try writer.write(prompt: prompt, completion: completion)
                        }
                    }
                case .chat: try writer.write(compiled.messages(at: position))
                }
            }
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
