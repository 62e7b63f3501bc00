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
        default: "5 labels, and none of a written text",
        unit: "completions",
        help: "how many probabilities are shown: of labels, or of each token of a written text"
    )
    static let write = Option<Bool>.flag(
        "write",
        help:
            "have a language model write that was tuned on labels, or is asked on rows with labels"
    )

    static let declaration = CommandDeclaration(
        "ask",
        group: .ask,
        summary: "ask a model: for one of its labels with their probabilities, or for a text",
        details: """
            A model that was tuned on labels chooses among them. A language model that was tuned on texts, or is
            asked as it is, writes: up to max_tokens=64 unless said otherwise, the likeliest token each time
            unless temperature= is more than 0. Probabilities are those before temperature and the like.
            Ctrl-C ends the answer and keeps what there is of it.
            """,
        parameters: [
            model.parameter, text.parameter, columns.parameter, row.parameter, dataset.parameter,
            logprobs.parameter, CalibratedOption.flag.parameter, write.parameter,
        ] + WritingOptions.parameters + [WritingOptions.count.parameter],
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
            .init(
                "model add samples/tiny-llama as tiny; ask tiny 'the thing' max_tokens=8 logprobs=2",
                "a language model writes, with the probabilities of its tokens"
            ),
        ]
    )

    /// Most tokens of an answer where nothing else is said.
    private static let usualTokens = 64

    let model: ArgumentWord
    let text: [ArgumentWord]
    let columns: [(old: ArgumentWord, new: ArgumentWord)]
    let row: Int?
    let rowWord: ArgumentWord?
    let dataset: ArgumentWord?
    let logprobs: Int?
    let isCalibrated: Bool
    let writes: Bool
    let writing: WritingOptions

    init(_ arguments: Arguments) throws(Diagnostic) {
        model = try arguments.required(Self.model)
        text = try arguments.values(Self.text)
        columns = arguments.mapping(Self.columns)
        row = try arguments.value(Self.row)
        rowWord = arguments.word(Self.row)
        dataset = try arguments.value(Self.dataset)
        logprobs = try arguments.value(Self.logprobs)
        isCalibrated = arguments.has(CalibratedOption.flag)
        writes = arguments.has(Self.write)
        writing = try WritingOptions(arguments, maxTokens: Self.usualTokens)
        if isCalibrated, writes {
            throw Diagnostic(
                "unexpected-word",
                "'--calibrated' is for the probabilities of labels, and '--write' asks for a text",
                span: arguments.span,
                hint: "leave one of them out"
            )
        }
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
        if let logprobs, let word = arguments.word(Self.logprobs), !(1...1000).contains(logprobs) {
            throw expected("1 to 1,000", word, for: "logprobs")
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let rows = row == nil && dataset == nil ? nil : try session.dataset(dataset)
        let record = try context.services.model(model, on: rows)
        let temperature = try context.services.temperature(
            of: record,
            model,
            isWanted: isCalibrated
        )
        let playground = Playground(context.services.workspace)
        var prompt = text.map(\.text).joined(separator: " ")
        var truth: String?
        if !columns.isEmpty { prompt = try self.prompt(of: record) }
        if let row, let source = rows {
            let position = try source.position(ofRow: row, rowWord)
            let example = try playground.example(of: record, row: position, in: source)
            (prompt, truth) = (example.prompt, example.completion)
        }
        let opened = try playground.open(record, among: writes ? nil : rows)
        var output: CommandOutput
        if !opened.labels.isEmpty, !writes {
            try refuseWriting(opened, record)
            let answer = try playground.choose(
                opened,
                prompt: prompt,
                logprobs: logprobs ?? 5,
                temperature: temperature
            )
            output = CommandOutput(
                blocks: Self.blocks(answer, truth: truth),
                value: Self.value(answer, truth: truth)
            )
        } else {
            output = try write(playground.writer(record), prompt, truth: truth, context)
        }
        if let note = shapeNote(record) { output.blocks.append(.note(note)) }
        return output
    }

    /// Refuses options of writing where the answer is a label.
    private func refuseWriting(_ model: TunedModel, _ record: ModelRecord) throws(Diagnostic) {
        guard let (name, word) = writing.first else { return }
        let labels = NumberText.count(model.labels.count, "label")
        throw Diagnostic(
            "only-labels",
            "'\(record.displayName)' chooses among \(labels) here, and '\(name)' is for a text that is "
                + "written",
            span: word.span,
            hint: model.writer == nil
                ? "leave it out; 'logprobs=' says how many probabilities are shown"
                : "leave it out, or add --write to have it write"
        )
    }

    /// Has the model write, shown as it comes at a terminal.
    private func write(
        _ writer: Writer,
        _ prompt: String,
        truth: String?,
        _ context: Context
    ) throws -> CommandOutput {
        var options = writing.options
        options.logprobs = logprobs ?? 0
        var output = CommandOutput(blocks: [.text("Prompt:"), .text(prompt)])
        if let truth { output.blocks.append(.text("Truth: \(truth.visible)")) }
        let live = context.live
        for case .text(let text) in output.blocks { live?.show(lines: text) }
        var choices: [JSONValue] = []
        for number in 0..<writing.count {
            let title = writing.count == 1 ? "Answer:" : "Answer \(number + 1):"
            live?.show(lines: title)
            output.blocks.append(.text(title))
            let result = try LiveWriting(live: live).write { next in
                try writer.write(.text(prompt), options, number) { next($0.text) }
            }
            guard case .whole(let completion) = result else {
                if case .part(let text) = result { output.blocks.append(.text(text)) }
                if live != nil { output.shownCount = output.blocks.count }
                throw Interruption(text: WrittenView.stopped, output: output)
            }
            output.blocks.append(.text(completion.text))
            let ending = WrittenView.ending(completion, showsTokens: logprobs != nil)
            if live != nil { output.shownCount = output.blocks.count }
            output.blocks += ending
            choices.append(.object(WrittenView.value(completion, showsTokens: logprobs != nil)))
            // What follows the last answer is shown once it is stored.
            if live != nil, number < writing.count - 1 {
                for block in ending { context.display(block) }
                output.shownCount = output.blocks.count
            }
        }
        output.value = Self.value(prompt, truth, choices)
        return output
    }

    /// The fields of one answer, or of several in a list.
    private static func value(
        _ prompt: String,
        _ truth: String?,
        _ choices: [JSONValue]
    ) -> JSONValue {
        let head: [JSONValue.Member] = [
            .init("prompt", .string(prompt)), .init("truth", truth.map { .string($0) } ?? .null),
        ]
        if case .object(let only)? = choices.first, choices.count == 1 {
            return .object(head + only)
        }
        return .object(head + [.init("choices", .array(choices))])
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
                        didYouMean(
                            name.text,
                            among: template.columns + Self.declaration.parameters.map(\.name)
                        ),
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
