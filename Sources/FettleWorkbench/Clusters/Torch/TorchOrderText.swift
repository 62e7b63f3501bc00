import FettleCore
import FettleModelFiles
import FettleTransformer

/// What the program for PyTorch reads of a run, as JSON.
struct TorchOrderText {
    /// The name of the adapter to go on from.
    static let startName = "start.safetensors"

    let parts: TorchParts
    let place: ClusterPlace
    let isRay: Bool
    let run: String
    /// Where the job finds the base model.
    let model: String
    /// The model's file within that folder; nil for one in Hugging Face's form.
    let gguf: String?
    /// The folder that the results go to; nil for the log.
    let results: String?
    /// The folder that outlives the job; nil where there is none.
    let checkpoints: String?

    var json: JSONValue {
        let task = parts.task
        let configuration = task.files.configuration
        return .object([
            .init("version", .whole(1)),
            .init("run", .string(run)),
            .init("engine", .string(isRay ? "ray" : "torchrun")),
            .init("workers", .whole(place.workers)),
            .init("cpus", .whole(place.cpus)),
            .init("gpus", .whole(place.gpus)),
            .init("parallel", .string(place.parallel.rawValue)),
            .init("load", .string(place.load.rawValue)),
            .init(
                "model",
                .object([
                    .init("path", .string(model)),
                    .init("gguf_file", gguf.map { .string($0) } ?? .null),
                    .init("vocabulary", .whole(configuration.vocabularySize)),
                    .init("width", .whole(configuration.width)),
                    .init("layers", .whole(configuration.layers)),
                ])
            ),
            .init("adapter", adapter),
            .init("training", training),
            .init("measured_steps", .array(task.measuredSteps.sorted().map { .whole($0) })),
            .init(
                "labels",
                .array(
                    task.labels.map { label in
                        .object([
                            .init("text", .string(label)),
                            .init("tokens", .tokens(task.text.label(label))),
                        ])
                    }
                )
            ),
            .init("results", results.map { .string($0) } ?? .null),
            .init("checkpoints", checkpoints.map { .string($0) } ?? .null),
        ])
    }

    private var adapter: JSONValue {
        .object([
            .init("rank", .whole(parts.shape.rank)),
            .init("alpha", .number(Double(parts.shape.alpha))),
            .init("dropout", .number(Double(parts.shape.dropout))),
            .init("start", parts.task.parent == nil ? .null : .string(Self.startName)),
            .init(
                "modules",
                .array(
                    parts.modules.map { module in
                        .object([
                            .init("name", .string(module.name)),
                            .init("inputs", .whole(module.inputs)),
                            .init("outputs", .whole(module.outputs)),
                        ])
                    }
                )
            ),
        ])
    }

    private var training: JSONValue {
        let options = parts.task.plan.options
        return .object([
            .init("epochs", .whole(options.epochs)),
            .init("batch_size", .whole(options.batchSize)),
            .init("learning_rate", .number(Double(options.learningRate))),
            .init("schedule", .string(options.schedule.rawValue)),
            .init("warmup_steps", .whole(options.warmupSteps)),
            .init("weight_decay", .number(Double(options.weightDecay))),
            .init("beta1", .number(Double(options.beta1))),
            .init("beta2", .number(Double(options.beta2))),
            .init("epsilon", .number(Double(options.epsilon))),
            .init("clip_norm", options.clipNorm.map { .number(Double($0)) } ?? .null),
            .init("prompt_loss_weight", .number(Double(options.promptLossWeight))),
            .init("seed", .string(String(options.seed))),
            .init("keeps_best", .boolean(options.keepsBest)),
            .init("patience", options.patience.map { .whole($0) } ?? .null),
            .init("best_by", .string(parts.task.bestBy.rawValue)),
        ])
    }
}
