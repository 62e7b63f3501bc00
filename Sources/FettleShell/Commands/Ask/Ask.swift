import FettleCore
import FettleLanguage
import FettleNotebook
import FettleWorkbench
import Foundation

struct Ask: Command {
    static let model = Option<ArgumentWord>.word(
        "model",
        kind: .model,
        help: "the model's name or id"
    )
    static let text = Option<ArgumentWord>.words(
        "text",
        required: false,
        kind: .text,
        help: "the prompt; \"…\" for one with blanks and newlines"
    )
    static let row = Option<Int>.setting(
        "row",
        unit: "rows",
        help: "take the prompt of this row, through the model's own format"
    )
    static let dataset = Option<ArgumentWord>.clause(
        "on",
        kind: .dataset,
        default: "the current one",
        help: "the dataset of the row"
    )
    static let logprobs = Option<Int>.setting(
        "logprobs",
        default: "5",
        unit: "completions",
        help: "how many probabilities are shown"
    )

    static let declaration = CommandDeclaration(
        "ask",
        group: .ask,
        summary: "ask a tuned model, and see the probabilities of its first token",
        parameters: [
            model.parameter, text.parameter, row.parameter, dataset.parameter, logprobs.parameter,
        ],
        effect: .none,
        examples: [
            .init(
                "ask stars row=1 on reviews.test logprobs=5",
                "the model's view of a held-out review"
            ),
            .init("ask stars \"Broke on day two.\\n\\n###\\n\\n\"", "a prompt of your own"),
        ]
    )

    let model: ArgumentWord
    let text: [ArgumentWord]
    let row: Int?
    let rowWord: ArgumentWord?
    let dataset: ArgumentWord?
    let logprobs: Int

    init(_ arguments: Arguments) throws(Diagnostic) {
        model = try arguments.required(Self.model)
        text = try arguments.values(Self.text)
        row = try arguments.value(Self.row)
        rowWord = arguments.word(Self.row)
        dataset = try arguments.value(Self.dataset)
        logprobs = try arguments.value(Self.logprobs, or: 5)
        guard text.isEmpty != (row == nil) else {
            throw Diagnostic(
                "missing-argument",
                row == nil ? "'ask' needs a text or row=" : "'ask' takes a text or row=, not both",
                span: text.first?.span ?? rowWord?.span ?? arguments.span,
                hint: "synopsis: \(Self.declaration.synopsis)"
            )
        }
        guard logprobs >= 1, logprobs <= 1000 else {
            let word = arguments.word(Self.logprobs)
            throw Diagnostic(
                "bad-value",
                "'logprobs' is '\(logprobs)', expected 1 to 1,000",
                span: word?.span
            )
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let record = try context.services.model(model)
        let playground = Playground(context.services.workspace)
        var prompt = text.map(\.text).joined(separator: " ")
        var truth: String?
        if let row {
            let source = try session.dataset(dataset)
            let position = try source.position(ofRow: row, rowWord)
            let example = try playground.example(of: record, row: position, in: source)
            (prompt, truth) = (example.prompt, example.completion)
        }
        let answer = try playground.ask(record, prompt: prompt, logprobs: logprobs)
        return CommandOutput(
            blocks: Self.blocks(answer, truth: truth),
            value: Self.value(answer, truth: truth)
        )
    }

    private static func blocks(_ answer: Playground.Answer, truth: String?) -> [OutputBlock] {
        var blocks: [OutputBlock] = [
            .text("Prompt:"), .text(answer.prompt),
            .text("Predicted: \(answer.completion.visible)"),
        ]
        if let truth { blocks.append(.text("Truth: \(truth.visible)")) }
        blocks.append(
            .bars(
                BarChart(
                    title: "Probabilities:",
                    bars: answer.top.map { token in
                        let probability = exp(token.logprob)
                        return .init(
                            token.token.visible,
                            probability,
                            NumberText.decimal(probability, digits: 4)
                        )
                    }
                )
            )
        )
        var note = "outside the labels: \(NumberText.decimal(answer.outside, digits: 4))"
        if answer.rest > 0.00005 {
            note = "other labels: \(NumberText.decimal(answer.rest, digits: 4)), " + note
        }
        blocks.append(.note(note))
        return blocks
    }

    private static func value(_ answer: Playground.Answer, truth: String?) -> JSONValue {
        .object([
            .init("prompt", .string(answer.prompt)),
            .init("completion", .string(answer.completion)),
            .init("truth", truth.map { .string($0) } ?? .null),
            .init(
                "top_logprobs",
                .object(answer.top.map { .init($0.token, .number($0.logprob)) })
            ),
            .init("outside", .number(answer.outside)),
        ])
    }
}

extension String {
    /// The text in quotes, so that a leading space is seen: `" 4"`.
    var visible: String {
        var out = ""
        JSONValue.quote(self, into: &out)
        return out
    }
}
