public import FettleCore

/// A LoRA adapter in the form of Hugging Face's `peft`: a folder of `adapter_config.json` and
/// `adapter_model.safetensors`.
public struct AdapterFolder: Sendable {
    /// The two matrices of one projection: ΔW = alpha / rank · B · A (arXiv:2106.09685, section 4.1).
    public struct Projection: Sendable {
        /// The projection's name in the base model, such as `model.layers.0.self_attn.q_proj`.
        public let module: String
        /// A, `[rank, in]` row-major.
        public let a: [Float]
        /// B, `[out, rank]` row-major.
        public let b: [Float]

        /// Takes the matrices as they are.
        public init(module: String, a: [Float], b: [Float]) {
            self.module = module
            self.a = a
            self.b = b
        }
    }

    /// The name or path by which `peft` finds the base model.
    public let baseModel: String
    /// The sizes of the base model.
    public let base: ModelConfiguration
    /// The length between A and B.
    public let rank: Int
    /// The scale's numerator.
    public let alpha: Float
    /// The share of inputs left out while tuning.
    public let dropout: Float
    /// The projections, each `rank` wide.
    public let projections: [Projection]

    /// Takes the parts as they are; there is at least one projection, and each matrix is of whole rows.
    public init(
        baseModel: String,
        base: ModelConfiguration,
        rank: Int,
        alpha: Float,
        dropout: Float,
        projections: [Projection]
    ) {
        precondition(
            rank > 0 && !projections.isEmpty,
            "rank \(rank), \(projections.count) projections"
        )
        for projection in projections {
            precondition(
                projection.a.count % rank == 0 && projection.b.count % rank == 0,
                "\(projection.module): \(projection.a.count) and \(projection.b.count) for rank \(rank)"
            )
        }
        self.baseModel = baseModel
        self.base = base
        self.rank = rank
        self.alpha = alpha
        self.dropout = dropout
        self.projections = projections
    }

    /// Writes the folder, all of it or nothing.
    ///
    /// - Parameter path: where nothing or an empty folder is.
    /// - Throws: `model-unwritable` with the path and the reason.
    public func write(to path: String) throws(Diagnostic) {
        let folder = try NewFolder(path)
        var writer = try SafetensorsWriter(
            projections.flatMap { projection -> [SafetensorsWriter.Tensor] in
                let start = "base_model.model.\(projection.module)"
                return [
                    .init(
                        name: "\(start).lora_A.weight",
                        shape: [rank, projection.a.count / rank],
                        type: .float32
                    ),
                    .init(
                        name: "\(start).lora_B.weight",
                        shape: [projection.b.count / rank, rank],
                        type: .float32
                    ),
                ]
            },
            to: try folder.file("adapter_model.safetensors")
        )
        for projection in projections {
            try writer.write(projection.a)
            try writer.write(projection.b)
        }
        try writer.finish()
        let file = try folder.file("adapter_config.json")
        try file.write(Array((configuration.text(pretty: true) + "\n").utf8))
        try file.finish()
        try folder.finish()
    }

    private var configuration: JSONValue {
        let (targets, layers) = targets
        return .object(
            [
                .init("peft_type", .string("LORA")),
                .init("task_type", .string("CAUSAL_LM")),
                .init("base_model_name_or_path", .string(baseModel)),
                .init("r", .integer(Int64(rank))),
                .init("lora_alpha", JSONValue.whole(alpha)),
                .init("lora_dropout", .number(Double(dropout))),
                .init("target_modules", .array(targets.map { .string($0) })),
            ]
                + (layers.map { layers in
                    let numbers = layers.map { JSONValue.integer(Int64($0)) }
                    return [JSONValue.Member("layers_to_transform", .array(numbers))]
                } ?? []) + [
                    .init("fan_in_fan_out", .boolean(base.architecture == .gpt2)),
                    .init("bias", .string("none")),
                    .init("inference_mode", .boolean(true)),
                ]
        )
    }

    /// The short names and the layers, nil for all of them, where every layer that has projections has the
    /// same; else each projection's whole name.
    private var targets: (names: [String], layers: [Int]?) {
        let whole: ([String], [Int]?) = (projections.map(\.module), nil)
        var layersByKind: [String: Set<Int>] = [:]
        for projection in projections {
            let parts = projection.module.split(separator: ".")
            guard let place = parts.firstIndex(where: { Int($0) != nil }),
                let layer = Int(parts[place])
            else { return whole }
            // Two of GPT-2's projections in a layer have one last name.
            let kind = parts[(place + 1)...].suffix(base.architecture == .gpt2 ? 2 : 1)
            layersByKind[kind.joined(separator: "."), default: []].insert(layer)
        }
        let sets = Set(layersByKind.values)
        guard let layers = sets.first, sets.count == 1 else { return whole }
        return (layersByKind.keys.sorted(), layers.count < base.layers ? layers.sorted() : nil)
    }
}

extension JSONValue {
    /// Returns a whole number as such, so that a reader that wants an integer takes it.
    static func whole(_ number: Float) -> JSONValue {
        Int64(exactly: number).map { .integer($0) } ?? .number(Double(number))
    }
}
