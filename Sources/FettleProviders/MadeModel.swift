import OpenAIWire

/// A model that a job of an account made, and the files that it was made from.
public struct MadeModel: Hashable, Sendable {
    /// The model's name at the provider.
    public var model: String
    /// What it was tuned from.
    public var base: String
    /// When its job was asked for, in seconds since 1970.
    public var createdAt: Int
    /// The id of the file that it learnt from.
    public var trainingFile: String

    /// Takes what is told of a job; nil for one that made no model.
    init?(_ job: FineTuningJob) {
        guard let model = job.fineTunedModel, job.status == "succeeded" else { return nil }
        (self.model, base, createdAt) = (model, job.model, job.createdAt)
        trainingFile = job.trainingFile
    }

    /// Takes what is told of a job of the old API; nil for one that made no model.
    init?(_ job: FineTune) {
        guard let model = job.fineTunedModel, job.status == "succeeded" else { return nil }
        (self.model, base, createdAt) = (model, job.model, job.createdAt)
        trainingFile = job.trainingFiles.first?.id ?? ""
    }
}
