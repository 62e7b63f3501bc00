public import FettleCore

/// A LoRA adapter in `peft`'s form, as its folder has it.
///
///     let adapter = try AdapterFolderContents("adapter")
///     adapter.rank  // 16
public struct AdapterFolderContents: Sendable {
    private static let start = "base_model.model."

    /// The length between A and B.
    public let rank: Int
    /// The scale's numerator.
    public let alpha: Float
    /// The tensors, named as the projections are: `….lora_A.weight` `[rank, in]` and `….lora_B.weight`
    /// `[out, rank]`.
    public let weights: ModelWeights

    /// Reads `adapter_config.json` and the tensors' places in `adapter_model.safetensors`.
    ///
    /// - Throws: `model-unreadable`, `model-corrupt` or `model-unsupported`; the message names the field.
    public init(_ path: String) throws(Diagnostic) {
        let fields = try JSONFields(contentsOf: path + "/adapter_config.json")
        rank = try fields.required("r")
        guard let alpha = try fields.number("lora_alpha") else {
            throw fields.missing("lora_alpha")
        }
        self.alpha = Float(alpha)
        let file = try SafetensorsFile(ModelBytes(mapping: path + "/adapter_model.safetensors"))
        var tensors: [(name: String, tensor: ModelTensor)] = []
        for tensor in file.tensors {
            guard tensor.name.hasPrefix(Self.start), let type = tensor.type else {
                throw FileFault.unsupported(
                    file.bytes.path,
                    "'\(tensor.name)' is no tensor of an adapter of F32, F16 or BF16 numbers"
                )
            }
            let part = ModelTensor(
                bytes: file.bytes,
                offset: tensor.offset,
                type: type,
                shape: tensor.shape,
                arrangement: .plain
            )
            tensors.append((String(tensor.name.dropFirst(Self.start.count)), part))
        }
        weights = ModelWeights(tensors, source: path)
    }

    /// The projections' names, in the order of the tensors.
    public var modules: [String] {
        let ending = ".lora_A.weight"
        return weights.names.filter { $0.hasSuffix(ending) }.map {
            String($0.dropLast(ending.count))
        }
    }
}
