import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Report: Command {
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
        parameters: [Evaluate.model.parameter, Evaluate.dataset.parameter, card.parameter],
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
        model = try arguments.required(Evaluate.model)
        dataset = try arguments.value(Evaluate.dataset)
        isCard = arguments.has(Self.card)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try session.dataset(dataset)
        let record = try context.services.model(model, on: source)
        var writer = ReportWriter(record, source, session, context)
        try await writer.write()
        let card = isCard ? ModelCard(record, on: source, writer.evaluation).text : nil
        let shown = card.map { [OutputBlock.text($0)] } ?? []
        var output = CommandOutput(blocks: shown + writer.blocks, value: writer.evaluation)
        output.document = CommandOutput.Document(
            transcript: writer.transcript,
            metadata: card
        )
        return output
    }
}
