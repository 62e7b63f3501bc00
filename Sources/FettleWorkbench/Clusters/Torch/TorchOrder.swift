import FettleCore
import FettleModelFiles
import FettleProviders
import FettleStore
import FettleTransformer
import FettleWorker
import Foundation

/// The training of a language model's adapter on a cluster by PyTorch.
///
/// The script gets all that this machine would train on as tokens, in the order of the same seed, so that it needs no
/// tokenizer and comes to the same numbers but for rounding.
struct TorchOrder: ClusterWork {
    /// The name of the adapter among the results.
    static let adapterName = "adapter"
    private static let script = "fettle_torch.py"
    private static let startFolder = "start"

    private let task: TransformerTask
    private let place: ClusterPlace
    private let kind: ClusterRecord.Kind
    private let shape: AdapterShape
    private let modules: [AdapterModule]
    /// A folder of this machine for what is written on the way.
    private let scratch: String
    let run: String
    let shared: String?

    /// Makes an order.
    ///
    /// - Throws: `bad-hyperparameter` for a run that tunes no adapter; what is wrong with its settings.
    init(
        _ run: BaseModel.Run,
        _ task: TransformerTask,
        at place: ClusterPlace,
        _ site: ClusterSite
    ) throws(Diagnostic) {
        guard let shape = task.part.adapter else { throw Self.noAdapter(task.part.trained) }
        self.shape = shape
        modules = try shape.modules(of: task.files.configuration)
        (self.task, self.place, kind, shared) = (task, place, site.kind, site.shared)
        (self.run, scratch) = (run.job, run.folder)
    }

    /// The error for a run that tunes no adapter.
    static func noAdapter(_ train: LanguageHyperparameters.Trained) -> Diagnostic {
        Diagnostic(
            "bad-hyperparameter",
            "train is \(train.rawValue), and clusters tune adapters",
            hint: "leave train out, or tune on this machine: without cluster="
        )
    }

    /// Returns the job of an attempt.
    ///
    /// - Throws: `cannot-read`, `cannot-write`, `CancellationError`.
    func job(_ id: String, attempt: Int) throws -> ClusterJob {
        try requireWayBack()
        let model = try place.model.map { (path: $0, files: [PackagedFile]()) } ?? base()
        var files = [
            PackagedFile(Self.script, .bytes(PackageResources.fettle_torch_py)),
            PackagedFile(
                "order.json",
                .bytes(Array(order(id, model: model.path).text(pretty: true).utf8))
            ),
            PackagedFile("train.jsonl", .bytes(try Self.lines(task.examples.map(\.json)))),
            PackagedFile("steps.jsonl", .bytes(try Self.lines(steps))),
        ]
        if !task.validation.isEmpty {
            files.append(
                PackagedFile("validation.jsonl", .bytes(try Self.lines(task.validation.json)))
            )
        }
        files += try start() + model.files
        return ClusterJob(
            id: id,
            entrypoint: entrypoint,
            files: files,
            workers: .init(count: place.workers, cpus: place.cpus, gpus: place.gpus),
            attempt: attempt
        )
    }

    /// Bytes of an adapter that a log brings back, by text of four signs for three bytes.
    private static let logLimit = 45_000_000

    /// Sees to it that the adapter can come back.
    ///
    /// - Throws: `cluster-log-too-large`.
    private func requireWayBack() throws(Diagnostic) {
        let size = modules.reduce(0) { $0 + 4 * shape.rank * ($1.inputs + $1.outputs) }
        guard shared == nil, size > Self.logLimit else { return }
        throw Diagnostic(
            "cluster-log-too-large",
            "the adapter will have \(NumberText.bytes(size)), and the log of a job brings back "
                + NumberText.bytes(Self.logLimit),
            hints: [
                "take a smaller rank or fewer projections",
                "or a Ray cluster with a folder that this machine sees, too: cluster add NAME URL shared=FOLDER",
            ]
        )
    }

    private var entrypoint: String {
        switch kind {
        case .ray: "python \(Self.script)"
        case .slurm:
            "python3 -m torch.distributed.run --standalone --nproc_per_node=\(place.workers) \(Self.script)"
        }
    }

    private var steps: [JSONValue] {
        let order = task.order
        return (0..<task.plan.options.epochs).flatMap { epoch in
            order.batches(epoch: epoch).map { .array($0.map { .integer(Int64($0)) }) }
        }
    }

    /// Returns one line for each value.
    private static func lines(_ values: [JSONValue]) throws -> [UInt8] {
        var lines: [UInt8] = []
        for (place, value) in values.enumerated() {
            if place % 1024 == 0 { try Task.checkCancellation() }
            lines += value.text().utf8
            lines.append(0x0A)
        }
        return lines
    }

    // MARK: - Models

    /// Returns where the job finds the base model, and what is to be sent of it.
    private func base() throws(Diagnostic) -> (path: String, files: [PackagedFile]) {
        let path = task.files.model.path
        if let shared, path.hasPrefix(shared + "/") { return (path, []) }
        let names: [String]
        let folder: String
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
        {
            folder = path
            names = try Self.names(in: path)
        } else {
            let file = URL(filePath: path)
            (folder, names) = (file.deletingLastPathComponent().path, [file.lastPathComponent])
        }
        if kind == .ray { try Self.requireRoom(names.map { "\(folder)/\($0)" }, of: path) }
        return ("model", names.map { PackagedFile("model/\($0)", .file("\(folder)/\($0)")) })
    }

    /// Sees to it that a cluster takes a model's files: numbers do not get smaller by packing.
    private static func requireRoom(
        _ files: [String],
        of model: String
    ) throws(Diagnostic) {
        let size = files.reduce(Int64(0)) { sum, file in
            let attributes = try? FileManager.default.attributesOfItem(atPath: file)
            return sum + Int64(attributes?[.size] as? Int ?? 0)
        }
        guard size > RayPackage.sizeLimit else { return }
        throw Diagnostic(
            "package-too-large",
            "'\(model)' has \(NumberText.bytes(Int(size))), and a Ray cluster takes packages of at most "
                + NumberText.bytes(Int(RayPackage.sizeLimit)),
            hints: [
                "say where the cluster has it: cluster_model=/models/NAME, or a name of the hub",
                "or put it under a folder that both share: cluster add NAME URL shared=FOLDER",
            ]
        )
    }

    /// The files of a folder that make the network; the tokens are Fettle's.
    private static func names(in folder: String) throws(Diagnostic) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { name in
                    name == "config.json" || name == "generation_config.json"
                        || name.hasSuffix(".safetensors") || name == "model.safetensors.index.json"
                }.sorted()
        } catch {
            throw Diagnostic("cannot-read", "'\(folder)' cannot be read: \(systemReason(error))")
        }
    }

    /// Returns the adapter to go on from, in PEFT's form; nothing where it begins anew.
    private func start() throws -> [PackagedFile] {
        guard let parent = task.parent else { return [] }
        let folder = "\(scratch)/\(Self.startFolder)"
        try? FileManager.default.removeItem(atPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try parent.writeFolder(to: folder, modules, of: task.files)
        return try ["adapter_model.safetensors", "adapter_config.json"].map { name in
            PackagedFile(
                "\(Self.startFolder)/\(name)",
                .bytes(Array(try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))))
            )
        }
    }
}

// MARK: - The order

extension TorchOrder {
    private func order(_ id: String, model: String) -> JSONValue {
        let configuration = task.files.configuration
        let isFile = task.files.model.path.hasSuffix(".gguf")
        let file = URL(filePath: task.files.model.path).lastPathComponent
        return .object([
            .init("version", .integer(1)),
            .init("run", .string(run)),
            .init("engine", .string(kind == .ray ? "ray" : "torchrun")),
            .init("workers", .count(place.workers)),
            .init("cpus", .count(place.cpus)),
            .init("gpus", .count(place.gpus)),
            .init("parallel", .string(place.parallel.rawValue)),
            .init("load", .string(place.load.rawValue)),
            .init(
                "model",
                .object([
                    .init("path", .string(model)),
                    .init("gguf_file", isFile && place.model == nil ? .string(file) : .null),
                    .init("vocabulary", .count(configuration.vocabularySize)),
                    .init("width", .count(configuration.width)),
                    .init("layers", .count(configuration.layers)),
                ])
            ),
            .init("adapter", adapter),
            .init("training", training),
            .init("measured_steps", .array(task.measuredSteps.sorted().map { .count($0) })),
            .init("labels", .array(task.labels.map(label))),
            .init("results", results(of: id).map { .string($0) } ?? .null),
            .init("checkpoints", shared.map { .string("\($0)/fettle/\(run).checkpoint") } ?? .null),
        ])
    }

    private func label(_ text: String) -> JSONValue {
        .object([.init("text", .string(text)), .init("tokens", .tokens(task.text.label(text)))])
    }

    private var adapter: JSONValue {
        .object([
            .init("rank", .count(shape.rank)),
            .init("alpha", .number(Double(shape.alpha))),
            .init("dropout", .number(Double(shape.dropout))),
            .init(
                "start",
                task.parent == nil
                    ? .null : .string("\(Self.startFolder)/adapter_model.safetensors")
            ),
            .init(
                "modules",
                .array(
                    modules.map { module in
                        .object([
                            .init("name", .string(module.name)),
                            .init("inputs", .count(module.inputs)),
                            .init("outputs", .count(module.outputs)),
                        ])
                    }
                )
            ),
        ])
    }

    private var training: JSONValue {
        let options = task.plan.options
        return .object([
            .init("epochs", .count(options.epochs)),
            .init("batch_size", .count(options.batchSize)),
            .init("learning_rate", .number(Double(options.learningRate))),
            .init("schedule", .string(options.schedule.rawValue)),
            .init("warmup_steps", .count(options.warmupSteps)),
            .init("weight_decay", .number(Double(options.weightDecay))),
            .init("beta1", .number(Double(options.beta1))),
            .init("beta2", .number(Double(options.beta2))),
            .init("epsilon", .number(Double(options.epsilon))),
            .init("clip_norm", options.clipNorm.map { .number(Double($0)) } ?? .null),
            .init("prompt_loss_weight", .number(Double(options.promptLossWeight))),
            .init("seed", .string(String(options.seed))),
            .init("keeps_best", .boolean(options.keepsBest)),
            .init("patience", options.patience.map { .count($0) } ?? .null),
            .init("best_by", .string(task.bestBy.rawValue)),
        ])
    }
}

extension JSONValue {
    fileprivate static func count(_ value: Int) -> JSONValue { .integer(Int64(value)) }

    fileprivate static func tokens(_ tokens: some Sequence<Int32>) -> JSONValue {
        .array(tokens.map { .integer(Int64($0)) })
    }
}

extension TuningExample {
    fileprivate var json: JSONValue {
        .object([
            .init("tokens", .tokens(tokens)),
            .init(
                "trained",
                .array(trained.map { .array([.count($0.lowerBound), .count($0.upperBound)]) })
            ),
            .init("weight", .number(Double(weight))),
        ])
    }
}

extension ValidationRows {
    fileprivate var json: [JSONValue] {
        prompts.indices.map { row in
            .object([
                .init("prompt", .tokens(prompts[row])),
                .init("completion", .tokens(truths[row])),
                .init("answer", answers[row].map { .count($0) } ?? .null),
            ])
        }
    }
}

extension ClusterTraining {
    /// The training of a language model's adapter by PyTorch.
    init(_ order: TorchOrder, _ task: TransformerTask, _ run: BaseModel.Run) {
        let folder = run.checkpoint + ".adapter"
        self.init(work: order) { outcome in
            let tuned = try order.adapter(outcome.content(TorchOrder.adapterName), in: folder)
            return BaseModel.Outcome(
                model: TunedModel(task.files, tuned),
                settings: task.settings + task.validation.settings + outcome.log.settings
            )
        }
    }
}

extension TorchOrder {
    /// Opens the adapter that came back.
    ///
    /// - Throws: `result-damaged` where it is not one of the order's shape.
    func adapter(_ bytes: [UInt8], in folder: String) throws -> TunedAdapter {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let configuration = JSONValue.object([
            .init("r", .count(shape.rank)), .init("lora_alpha", .number(Double(shape.alpha))),
        ])
        try Data(configuration.text().utf8)
            .write(to: URL(filePath: "\(folder)/adapter_config.json"))
        try Data(bytes).write(to: URL(filePath: "\(folder)/adapter_model.safetensors"))
        let contents = try AdapterFolderContents(folder)
        var tensors: [(name: String, shape: [Int], numbers: [Float])] = []
        for module in modules {
            let shapes = [
                ("lora_A", [shape.rank, module.inputs]), ("lora_B", [module.outputs, shape.rank]),
            ]
            for (part, expected) in shapes {
                let name = "\(module.name).\(part).weight"
                guard contents.weights.names.contains(name),
                    try contents.weights.shape(of: name) == expected
                else {
                    throw Diagnostic(
                        "result-damaged",
                        "the adapter that came back has no '\(name)' of \(expected[0]) × \(expected[1])",
                        hint: "start it anew"
                    )
                }
                tensors.append((name, expected, try contents.weights.readFloats(name)))
            }
        }
        return TunedAdapter(
            shape,
            ModelWeights(tensors),
            of: task.files,
            labels: task.labels,
            task.text
        )
    }
}
