import FettleCore
import Foundation
public import OpenAIWire

/// A fine-tuning job of a server, whichever of the two APIs it was made with.
public struct RemoteJob: Sendable {
    /// The API that a server's jobs are made with.
    public enum Generation: String, Sendable, Codable {
        /// `/fine_tuning/jobs`.
        case modern
        /// `/fine-tunes`, of servers that are like the old one.
        case legacy
    }

    /// How it stands.
    public enum State: Hashable, Sendable {
        /// It waits or trains, in the server's word.
        case active(String)
        /// It made this model.
        case succeeded(String)
        /// It failed for this reason.
        case failed(String)
        /// Somebody ended it.
        case cancelled
        /// Somebody stopped it for a while.
        case paused
    }

    /// The id.
    public var id: String
    /// How it stands.
    public var state: State
    /// What it trains with, as far as the server tells.
    public var hyperparameters: FineTuningHyperparameters
    /// The ids of what it made beside the model.
    public var resultFiles: [String]

    /// Whether it neither waits nor trains.
    public var hasEnded: Bool {
        guard case .active = state else { return true }
        return false
    }

    init(_ job: FineTuningJob) {
        id = job.id
        hyperparameters = job.method?.hyperparameters ?? job.hyperparameters
        resultFiles = job.resultFiles
        state = Self.state(job.status, job.fineTunedModel, job.error?.message)
    }

    init(_ job: FineTune) {
        id = job.id
        hyperparameters = FineTuningHyperparameters(
            nEpochs: job.hyperparameters.nEpochs.map { .value($0) },
            batchSize: job.hyperparameters.batchSize.map { .value($0) },
            learningRateMultiplier: job.hyperparameters.learningRateMultiplier.map { .value($0) }
        )
        resultFiles = job.resultFiles.map(\.id)
        let reason = job.events?.last { $0.level == "error" }?.message
        state = Self.state(job.status, job.fineTunedModel, reason)
    }

    private static func state(_ status: String, _ model: String?, _ reason: String?) -> State {
        switch status {
        case "succeeded":
            model.map { .succeeded($0) } ?? .failed("it succeeded, and made no model")
        case "failed":
            .failed(reason.flatMap { $0.isEmpty ? nil : $0 } ?? "no reason is given")
        case "cancelled": .cancelled
        case "paused": .paused
        default: .active(status)
        }
    }
}

/// Something that happened to a job of a server.
public struct RemoteEvent: Hashable, Sendable {
    /// What it is asked after by: an id, or with the old API its place.
    public var mark: String
    /// `info`, `warn` or `error`.
    public var level: String
    /// What happened.
    public var message: String
    /// The figures of a step.
    public var metrics: RemoteMetrics?
}

/// The figures of a step of a job of a server.
public struct RemoteMetrics: Hashable, Sendable {
    /// Weight updates so far.
    public var step: Int
    /// Weight updates of the whole run, where that is told.
    public var totalSteps: Int?
    /// Mean loss of training, in nats per token.
    public var trainingLoss: Double?
    /// Share of tokens that were right.
    public var trainingAccuracy: Double?
    /// Mean loss on the validation examples.
    public var validationLoss: Double?
    /// Share of right tokens on the validation examples.
    public var validationAccuracy: Double?

    /// Reads the data of an event of metrics; nil where it has no step.
    init?(_ data: JSONValue?) {
        self.init { name in
            switch data?[name] {
            case .integer(let value): Double(value)
            case .number(let value): value
            default: nil
            }
        }
    }

    /// Takes the figures by the names that servers give them; nil where there is no step.
    private init?(_ value: (String) -> Double?) {
        func first(_ names: String...) -> Double? {
            names.lazy.compactMap(value).first { $0.isFinite }
        }
        func count(_ name: String) -> Int? {
            first(name).flatMap { (0...1e12).contains($0) ? Int($0) : nil }
        }
        guard let step = count("step") else { return nil }
        self.step = step
        totalSteps = count("total_steps")
        trainingLoss = first("train_loss", "training_loss")
        trainingAccuracy = first(
            "train_mean_token_accuracy",
            "train_accuracy",
            "training_token_accuracy"
        )
        validationLoss = first("full_valid_loss", "valid_loss", "validation_loss")
        validationAccuracy = first(
            "full_valid_mean_token_accuracy",
            "valid_mean_token_accuracy",
            "valid_accuracy",
            "validation_token_accuracy"
        )
    }

    /// Reads the rows of a result file, which is CSV, or CSV as base64.
    public static func rows(ofResultFile bytes: [UInt8]) -> [RemoteMetrics] {
        var text = String(decoding: bytes, as: UTF8.self)
        if !text.contains(","),
            let decoded = Data(base64Encoded: Data(bytes), options: .ignoreUnknownCharacters)
        {
            text = String(decoding: decoded, as: UTF8.self)
        }
        let lines = text.split(whereSeparator: \.isNewline)
            .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        guard let names = lines.first, names.contains("step") else { return [] }
        return lines.dropFirst().compactMap { values in
            RemoteMetrics { name in
                names.firstIndex { $0 == name }
                    .flatMap { $0 < values.count ? Double(values[$0]) : nil }
            }
        }
    }
}
