import FettleCore
import FettleModelFiles
import FettleTransformer
import Foundation

/// What PyTorch is to train on for a run: the local engine's own examples, as tokens, and its order of steps.
struct TorchParts {
    let task: TransformerTask
    let shape: AdapterShape
    let modules: [AdapterModule]

    /// Turns a run into tokens.
    ///
    /// - Throws: `bad-hyperparameter` for a run that tunes no adapter; as ``TransformerTask/init(_:_:)``;
    ///   `bad-example`, `CancellationError`.
    init(_ run: BaseModel.Run, _ files: LanguageFiles) throws {
        task = try TransformerTask(run, files)
        guard let shape = task.part.adapter else { throw TorchOrder.noAdapter(task.part.trained) }
        self.shape = shape
        modules = try shape.modules(of: files.configuration)
        try task.plan.options.check()
        for (place, example) in task.examples.enumerated() {
            if place % 256 == 0 { try Task.checkCancellation() }
            try example.check(
                number: place + 1,
                contextLength: files.configuration.contextLength,
                vocabularySize: files.configuration.vocabularySize,
                promptLossWeight: task.plan.options.promptLossWeight
            )
        }
    }

    /// Bytes of the adapter's numbers, in single precision.
    var adapterBytes: Int { modules.reduce(0) { $0 + 4 * shape.rank * ($1.inputs + $1.outputs) } }

    /// Steps of the whole run.
    var stepCount: Int { task.order.stepsPerEpoch * task.plan.options.epochs }

    // MARK: - Files

    /// Returns the training examples, one on each line.
    func examples() throws -> [UInt8] {
        try Self.lines(task.examples) { example in
            .object([
                .init("tokens", .tokens(example.tokens)),
                .init(
                    "trained",
                    .array(
                        example.trained.map {
                            .array([.whole($0.lowerBound), .whole($0.upperBound)])
                        }
                    )
                ),
                .init("weight", .number(Double(example.weight))),
            ])
        }
    }

    /// Returns the rows that are measured, one on each line.
    func validation() throws -> [UInt8] {
        let rows = task.validation
        return try Self.lines(rows.prompts.indices) { row in
            .object([
                .init("prompt", .tokens(rows.prompts[row])),
                .init("completion", .tokens(rows.truths[row])),
                .init("answer", rows.answers[row].map { .whole($0) } ?? .null),
            ])
        }
    }

    /// Returns the places of each step's examples, one step on each line.
    func steps() throws -> [UInt8] {
        let order = task.order
        var lines: [UInt8] = []
        for epoch in 0..<task.plan.options.epochs {
            lines += try Self.lines(order.batches(epoch: epoch)) { step in
                .array(step.map { .whole($0) })
            }
        }
        return lines
    }

    private static func lines<Value>(
        _ values: some Sequence<Value>,
        _ json: (Value) -> JSONValue
    ) throws -> [UInt8] {
        var lines: [UInt8] = []
        for (place, value) in values.enumerated() {
            if place % 1024 == 0 { try Task.checkCancellation() }
            lines += json(value).text().utf8
            lines.append(0x0A)
        }
        return lines
    }

    // MARK: - Adapters

    /// Returns the adapter to go on from, in PEFT's form; nil where the run begins with the base model.
    func start(in scratch: String) throws(Diagnostic) -> [UInt8]? {
        guard let parent = task.parent else { return nil }
        let folder = scratch + "/start"
        try? FileManager.default.removeItem(atPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try parent.writeFolder(to: folder, modules, of: task.files)
        let path = folder + "/adapter_model.safetensors"
        do {
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw Diagnostic("cannot-read", "'\(path)' cannot be read: \(systemReason(error))")
        }
    }

    /// Opens the adapter that came back, by way of a folder.
    ///
    /// - Throws: `result-damaged` where it is not of the run's shape, `cannot-write`.
    func adapter(_ bytes: [UInt8], in folder: String) throws(Diagnostic) -> TunedAdapter {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let configuration = JSONValue.object([
            .init("r", .whole(shape.rank)), .init("lora_alpha", .number(Double(shape.alpha))),
        ])
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
            let place = URL(filePath: folder)
            try Data(configuration.text().utf8).write(
                to: place.appending(path: "adapter_config.json")
            )
            try Data(bytes).write(to: place.appending(path: "adapter_model.safetensors"))
        } catch {
            throw Diagnostic(
                "cannot-write",
                "'\(folder)' cannot be written: \(systemReason(error))",
                hint: "see the disk's free space; 'resume' takes the result again"
            )
        }
        let weights = try AdapterFolderContents(folder).weights
        var tensors: [(name: String, shape: [Int], numbers: [Float])] = []
        for module in modules {
            let parts = [
                ("lora_A", [shape.rank, module.inputs]), ("lora_B", [module.outputs, shape.rank]),
            ]
            for (part, expected) in parts {
                let name = "\(module.name).\(part).weight"
                guard weights.contains(name), try weights.shape(of: name) == expected else {
                    throw Diagnostic(
                        "result-damaged",
                        "the adapter that came back has no '\(name)' of \(expected[0]) × \(expected[1])",
                        hint: "start it anew"
                    )
                }
                tensors.append((name, expected, try weights.readFloats(name)))
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

extension JSONValue {
    static func whole(_ value: Int) -> JSONValue { .integer(Int64(value)) }

    static func tokens(_ tokens: some Sequence<Int32>) -> JSONValue {
        .array(tokens.map { .integer(Int64($0)) })
    }
}
