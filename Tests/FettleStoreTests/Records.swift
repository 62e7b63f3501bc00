import FettleCore
import FettleStore

/// Returns a model's record whose times and texts are fixed.
func modelRecord(
    _ id: String,
    name: String? = nil,
    parent: String? = nil,
    format: PromptFormat? = nil,
    settings: [ChosenSetting] = [],
    createdAt: Int64 = 0
) throws -> ModelRecord {
    ModelRecord(
        id: id,
        name: name,
        base: "ngram",
        parent: parent,
        file: "a.model",
        format: try format
            ?? .completion(prompt: PromptTemplate("{{a}}"), completion: PromptTemplate(" {{b}}")),
        settings: settings,
        dataset: "reviews.train",
        datasetFingerprint: "00ff",
        labelCount: 5,
        examplesSeen: 3200,
        trainingMilliseconds: 1500,
        createdAt: createdAt
    )
}

/// Returns the error that `body` throws, or nil.
func diagnostic(_ body: () throws -> Void) -> Diagnostic? {
    do {
        try body()
        return nil
    } catch {
        return error as? Diagnostic
    }
}
