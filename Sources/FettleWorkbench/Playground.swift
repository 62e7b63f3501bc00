public import FettleCore
import FettleData
public import FettleStore
import Foundation

/// Asks tuned models.
public struct Playground: Sendable {
    /// A model's answer to one prompt.
    public struct Answer: Sendable {
        /// What the model read.
        public var prompt: String
        /// The most probable completion.
        public var completion: String
        /// The most probable completions with their log probabilities, most probable first.
        public var top: [TokenLogprob]
        /// Probability of everything that is not in `top`.
        public var rest: Double
        /// Probability of everything that is no known completion; 0 for a closed set.
        public var outside: Double
        /// Whether the completion was written freely; `top` are then first tokens.
        public var isWritten = false
    }

    private let workspace: Workspace

    /// Makes a playground over a workspace.
    public init(_ workspace: Workspace) {
        self.workspace = workspace
    }

    /// Returns a model's answer to a prompt, with the `logprobs` most probable completions, or first tokens
    /// where it writes freely.
    ///
    /// A base model that is asked as it is chooses among the completions of `dataset`.
    public func ask(
        _ record: ModelRecord,
        prompt: String,
        logprobs count: Int,
        among dataset: Dataset? = nil
    ) throws -> Answer {
        let library = ModelLibrary(workspace)
        let model =
            if let dataset, record.isBase {
                try library.openToChoose(record, of: dataset)
            } else {
                try library.open(record)
            }
        if model.labels.isEmpty, let write = model.write {
            let writing = try write(prompt, max(1, count))
            return Answer(
                prompt: prompt,
                completion: writing.text,
                top: writing.first,
                rest: max(0, 1 - writing.first.reduce(0) { $0 + exp($1.logprob) }),
                outside: 0,
                isWritten: true
            )
        }
        let values = try model.score([prompt])
        let order = values.indices.sorted { (-values[$0], $0) < (-values[$1], $1) }
        let sorted = order.map { TokenLogprob(token: model.labels[$0], logprob: values[$0]) }
        let shown = sorted.prefix(max(1, count))
        let total = values.reduce(0) { $0 + exp($1) }
        let inTop = shown.reduce(0) { $0 + exp($1.logprob) }
        return Answer(
            prompt: prompt,
            completion: sorted.first?.token ?? "",
            top: Array(shown),
            rest: max(0, total - inTop),
            outside: max(0, 1 - total)
        )
    }

    /// Returns the prompt of a dataset's row seen through the model's format, and its completion when it
    /// has one.
    ///
    /// `row` is the position, from 0.
    public func example(
        of record: ModelRecord,
        row: Int,
        in dataset: Dataset
    ) throws -> (prompt: String, completion: String?) {
        let one = dataset.replacing(
            frame: dataset.frame.showing([dataset.frame.rows[row]]),
            adding: "row"
        )
        let chat = try ModelLibrary(workspace).rendering(of: record)
        let set = try PromptSet(one, format: record.format, chat: chat)
        return (set.prompts[0], set.completions[0])
    }
}
