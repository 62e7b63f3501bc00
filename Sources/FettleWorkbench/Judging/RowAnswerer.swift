import FettleCore
import FettleStore

/// Gives a model's answers to a dataset's rows as a person reads them: a label, or a written text.
struct RowAnswerer {
    private let model: TunedModel
    /// What writes; nil for a model that chooses among labels.
    private let writer: Writer?
    private let prompts: PromptSet
    private let options: CompletionOptions

    /// Opens a model for a dataset.
    ///
    /// A base model as it is chooses where the rows' completions are a closed set, and writes where they are not or
    /// there are none; a tuned one does what it was tuned for.
    /// - Throws: what is wrong with the model's files, and `unknown-column` for a prompt's column that is not there.
    init(
        _ record: ModelRecord,
        of dataset: Dataset,
        maxTokens: Int,
        in library: ModelLibrary
    ) throws {
        prompts = try PromptSet(
            dataset,
            format: record.format,
            chat: try library.rendering(of: record)
        )
        let completions = prompts.completions.compactMap(\.self)
        let chooses =
            record.isBase && Set(completions).count > 1
            ? try CompletionSet(completions, of: record.displayName).isClosed : false
        model =
            chooses
            ? try library.openToChoose(record, among: completions) : try library.open(record)
        writer = model.labels.isEmpty ? model.writer : nil
        var options = CompletionOptions()
        options.maxTokens = maxTokens
        options.temperature = 0
        self.options = options
    }

    /// What the model reads of the row at `position`.
    func prompt(at position: Int) -> String { prompts.prompts[position] }

    /// Returns the answer without the blanks at its ends.
    ///
    /// - Throws: what the model does, `CancellationError`.
    func answer(at position: Int) throws -> String {
        let prompt = prompts.prompts[position]
        if let writer {
            return try writer.write(.text(prompt), options, 0) { _ in }.text.withoutOuterBlanks
        }
        let values = try model.score([prompt])
        let best = values.indices.max { (values[$0], $1) < (values[$1], $0) }
        return best.map { model.labels[$0].withoutOuterBlanks } ?? ""
    }
}
