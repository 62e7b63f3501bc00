import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
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
    static let columns = Option<String>.mapping(
        "column=value",
        required: false,
        help: "or the values of a row of your own, put through the model's own format"
    )
    static let row = Option<Int>.setting(
        "row",
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
            model.parameter, text.parameter, columns.parameter, row.parameter, dataset.parameter,
            logprobs.parameter,
        ],
        effect: .none,
        examples: [
            .init(
                "ask stars row=1 on reviews.test logprobs=5",
                "the model's view of a held-out review"
            ),
            .init(
                "ask stars review_title='Broken' review_body='Broke on day two.'",
                "a row of your own"
            ),
            .init("ask stars \"Broke on day two.\\n\\n###\\n\\n\"", "a prompt as it stands"),
        ]
    )

    let model: ArgumentWord
    let text: [ArgumentWord]
    let columns: [(old: ArgumentWord, new: ArgumentWord)]
    let row: Int?
    let rowWord: ArgumentWord?
    let dataset: ArgumentWord?
    let logprobs: Int

    init(_ arguments: Arguments) throws(Diagnostic) {
        model = try arguments.required(Self.model)
        text = try arguments.values(Self.text)
        columns = arguments.mapping(Self.columns)
        row = try arguments.value(Self.row)
        rowWord = arguments.word(Self.row)
        dataset = try arguments.value(Self.dataset)
        logprobs = try arguments.value(Self.logprobs, or: 5)
        let given = [!text.isEmpty, !columns.isEmpty, row != nil].count { $0 }
        guard given == 1 else {
            throw Diagnostic(
                "missing-argument",
                given == 0
                    ? "'ask' needs a text, the values of columns, or row="
                    : "'ask' takes one of a text, the values of columns, and row=",
                span: text.first?.span ?? columns.first?.old.span ?? rowWord?.span
                    ?? arguments.span,
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
        let rows = row == nil && dataset == nil ? nil : try session.dataset(dataset)
        let record = try context.services.model(model, on: rows)
        let playground = Playground(context.services.workspace)
        var prompt = text.map(\.text).joined(separator: " ")
        var truth: String?
        if !columns.isEmpty { prompt = try self.prompt(of: record) }
        if let row, let source = rows {
            let position = try source.position(ofRow: row, rowWord)
            let example = try playground.example(of: record, row: position, in: source)
            (prompt, truth) = (example.prompt, example.completion)
        }
        let answer = try playground.ask(
            record,
            prompt: prompt,
            logprobs: logprobs,
            among: rows
        )
        var blocks = Self.blocks(answer, truth: truth)
        if let note = shapeNote(record) { blocks.append(.note(note)) }
        return CommandOutput(
            blocks: blocks,
            value: Self.value(answer, truth: truth)
        )
    }

    /// Returns the prompt that the given values make in the model's format.
    private func prompt(of record: ModelRecord) throws(Diagnostic) -> String {
        let template = record.format.promptTemplate
        var values: [String: String] = [:]
        for (name, value) in columns {
            guard template.columns.contains(name.text) else {
                throw Diagnostic(
                    "unknown-option",
                    "'\(name.text)' is no option of 'ask', and no column that the model reads",
                    span: name.span,
                    hints: [
                        didYouMean(name.text, among: template.columns + ["row", "logprobs"]),
                        "columns that it reads: \(template.columns.joined(separator: ", "))",
                    ].compactMap(\.self)
                )
            }
            guard values.updateValue(value.text, forKey: name.text) == nil else {
                throw Diagnostic(
                    "repeated-option",
                    "'\(name.text)' is given twice",
                    span: name.span,
                    hint: "leave one of them out"
                )
            }
        }
        if let missing = template.columns.first(where: { values[$0] == nil }) {
            throw Diagnostic(
                "missing-argument",
                "the model's prompt reads '\(missing)' too",
                span: model.span,
                hint: "add \(missing)=…, or \(missing)='' for none"
            )
        }
        return template.segments.reduce(into: "") { text, segment in
            switch segment {
            case .text(let fixed): text += fixed
            case .column(let name, _): text += values[name] ?? ""
            }
        }
    }

    /// Says that a typed prompt lacks the ending of those that the model was tuned with.
    private func shapeNote(_ record: ModelRecord) -> String? {
        let template = record.format.promptTemplate
        guard let typed = text.last, case .text(let ending)? = template.segments.last,
            !typed.text.hasSuffix(ending)
        else { return nil }
        let columns = template.columns.map { "\($0)=…" }.joined(separator: " ")
        return "the model was tuned on prompts that end in \(ending.visible), and this one does "
            + "not: " + "'ask \(model.text) \(columns)' writes them as it learnt them"
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
        guard !answer.isWritten else {
            let rest = NumberText.decimal(answer.rest, digits: 4)
            blocks.append(.note("first tokens; others: \(rest)"))
            return blocks
        }
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
