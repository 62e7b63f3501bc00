public import FettleCore
import FettleData

/// A dataset's rows as a format shows them.
public struct ExampleSet: Sendable {
    /// The examples, in the order of the dataset.
    public let examples: [Example]
    /// The row of the dataset that each example came from.
    public let rows: [Int]
    /// Rows that have no example because the completion's columns are null or missing.
    public let skippedRows: Int

    /// Renders a dataset's rows as plain text; rows whose completion has a null or missing column are left out.
    public init(_ dataset: Dataset, format: PromptFormat) throws {
        try self.init(dataset, format: format, chat: nil)
    }

    /// Renders a dataset's rows; rows whose completion has a null or missing column are left out.
    ///
    /// Of a chat the prompt is what `chat` makes of the messages before the assistant's, and without it plain text.
    init(_ dataset: Dataset, format: PromptFormat, chat: ChatRendering?) throws {
        let compiled = try dataset.compiled(format)
        let targets = try format.target.columns.map { try dataset.frame.column($0) }
        var examples: [Example] = []
        var rows: [Int] = []
        examples.reserveCapacity(dataset.frame.count)
        for position in 0..<dataset.frame.count {
            if position % 4096 == 0 { try Task.checkCancellation() }
            let row = Int(dataset.frame.rows[position])
            if targets.contains(where: { $0.presence(at: row) != .value }) { continue }
            examples.append(
                Example(
                    prompt: try compiled.prompt(at: position, chat),
                    completion: compiled.completion(at: position)
                )
            )
            rows.append(position)
        }
        try dataset.frame.checkSources()
        self.examples = examples
        self.rows = rows
        skippedRows = dataset.frame.count - examples.count
    }
}

/// The prompts of every row of a dataset, and the completions of those that have one.
struct PromptSet {
    /// A prompt for each row.
    let prompts: [String]
    /// The completion of each row, or nil where the dataset lacks its columns or the row their values.
    let completions: [String?]

    init(_ dataset: Dataset, format: PromptFormat, chat: ChatRendering? = nil) throws {
        let frame = dataset.frame
        let targets = format.target.columns.compactMap { name in
            frame.position(of: name).map { frame.columns[$0].column }
        }
        let hasTargets = targets.count == format.target.columns.count
        let compiled = try dataset.compiled(hasTargets ? format : format.withoutTarget)
        var prompts: [String] = []
        var completions: [String?] = []
        prompts.reserveCapacity(frame.count)
        completions.reserveCapacity(frame.count)
        for position in 0..<frame.count {
            if position % 4096 == 0 { try Task.checkCancellation() }
            prompts.append(try compiled.prompt(at: position, chat))
            let row = Int(frame.rows[position])
            let isThere = hasTargets && targets.allSatisfy { $0.presence(at: row) == .value }
            completions.append(isThere ? compiled.completion(at: position) : nil)
        }
        try frame.checkSources()
        self.prompts = prompts
        self.completions = completions
    }
}

extension CompiledFormat {
    /// The prompt of the row at `position`, a conversation as the model reads it.
    fileprivate func prompt(
        at position: Int,
        _ chat: ChatRendering?
    ) throws(Diagnostic) -> String {
        guard let chat else { return prompt(at: position) }
        return try chat(Array(messages(at: position).dropLast()))
    }
}

extension PromptFormat {
    /// The format with an empty completion, for rows that have none.
    fileprivate var withoutTarget: PromptFormat {
        get throws(Diagnostic) {
            let empty = try PromptTemplate("")
            return switch self {
            case .completion(let prompt, _): .completion(prompt: prompt, completion: empty)
            case .chat(let system, let user, _): .chat(system: system, user: user, assistant: empty)
            }
        }
    }
}

extension String {
    /// The text without blanks and newlines at its ends.
    var withoutOuterBlanks: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
