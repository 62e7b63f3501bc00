public import FettleCore
import FettleData
import FettleEvaluation
public import FettleStore
import Foundation

/// Asks tuned models.
public struct Playground: Sendable {
    /// A model's choice among its labels after one prompt.
    public struct Answer: Sendable {
        /// What the model read.
        public var prompt: String
        /// The most probable completion.
        public var completion: String
        /// The most probable completions with their log probabilities, most probable first.
        public var top: [TokenLogprob]
        /// Probability of the labels that are not in `top`.
        public var rest: Double
        /// Probability of everything that is no label; 0 for a closed set.
        public var outside: Double
    }

    let workspace: Workspace

    /// Makes a playground over a workspace.
    public init(_ workspace: Workspace) {
        self.workspace = workspace
    }

    /// Opens a model to ask; a base model as it is chooses among the completions of `dataset`.
    ///
    /// - Throws: `unknown-base`, what is wrong with its files, and `no-labels` for a dataset whose
    ///   completions are no closed set.
    public func open(_ record: ModelRecord, among dataset: Dataset? = nil) throws -> TunedModel {
        let library = ModelLibrary(workspace)
        guard let dataset, record.isBase else { return try library.open(record) }
        return try library.openToChoose(record, of: dataset)
    }

    /// Opens what a model writes with.
    ///
    /// - Throws: as ``open(_:among:)``, and `only-labels` for a model that cannot write.
    public func writer(_ record: ModelRecord) throws -> Writer {
        let model = try open(record)
        if let writer = model.writer { return writer }
        let labels = NumberText.count(model.labels.count, "label")
        throw Diagnostic(
            "only-labels",
            "'\(record.displayName)' gives one of its \(labels), and cannot write other text",
            hint: "a language model can: add one with 'model add'"
        )
    }

    /// Returns a model's choice after a prompt, with the `count` most probable labels.
    ///
    /// At a temperature the labels' probabilities add up to 1.
    public func choose(
        _ model: TunedModel,
        prompt: String,
        logprobs count: Int,
        temperature: Double? = nil
    ) throws -> Answer {
        var values = try model.score([prompt])
        if let temperature {
            values = TemperatureScaling.scaled(values, model.labels.count, by: temperature)
        }
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
