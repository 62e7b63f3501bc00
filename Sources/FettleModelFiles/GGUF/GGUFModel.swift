import FettleCore

/// What the metadata and tensors of a GGUF file say of its model.
extension GGUFFile {
    /// Returns the configuration, consistent with itself.
    ///
    /// - Throws: `model-corrupt` or `model-unsupported`, which names the key.
    func configuration() throws(Diagnostic) -> ModelConfiguration {
        let architecture = try architecture()
        let keys = GGUFKeys(metadata: metadata, start: architecture.rawValue)
        try refuseWhatIsMissing(keys)
        let width = try keys.required("embedding_length")
        let heads = try keys.required("attention.head_count")
        guard heads > 0 else { throw FileFault.corrupt(bytes.path, "its number of heads is 0") }
        let headDimension = try keys.count("attention.key_length") ?? width / heads
        let valueDimension = try keys.count("attention.value_length") ?? headDimension
        guard valueDimension == headDimension else {
            throw FileFault.unsupported(
                bytes.path,
                "its keys have \(headDimension) dimensions and its values \(valueDimension)"
            )
        }
        let isGPT2 = architecture == .gpt2
        let epsilon = isGPT2 ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon"
        guard let normEpsilon = try keys.number(epsilon) else { throw keys.missing(epsilon) }
        let configuration = ModelConfiguration(
            architecture: architecture,
            vocabularySize: try vocabularySize(keys),
            contextLength: try keys.required("context_length"),
            width: width,
            layers: try keys.required("block_count"),
            heads: heads,
            keyValueHeads: try keys.count("attention.head_count_kv") ?? heads,
            headDimension: headDimension,
            feedForwardWidth: try keys.required("feed_forward_length"),
            normEpsilon: Float(normEpsilon),
            rope: isGPT2 ? nil : try rope(keys, headDimension: headDimension),
            tiedOutput: !tensors.contains { $0.name == "output.weight" },
            attentionBias: architecture != .llama,
            activation: isGPT2 ? .geluTanh : .silu,
            bosTokenID: try metadata.count("tokenizer.ggml.bos_token_id"),
            eosTokenIDs: try endTokens(),
            padTokenID: try metadata.count("tokenizer.ggml.padding_token_id")
        )
        try configuration.requireConsistent(bytes.path)
        return configuration
    }

    /// Returns the tensors under Hugging Face's names and in its row order.
    func weights(_ configuration: ModelConfiguration) -> ModelWeights {
        let mapped = tensors.compactMap { tensor -> (name: String, tensor: ModelTensor)? in
            guard let name = GGUFNames.huggingFace(tensor.name, configuration.architecture) else {
                return nil
            }
            return (
                name,
                ModelTensor(
                    bytes: bytes,
                    offset: tensor.offset,
                    type: tensor.type,
                    shape: tensor.shape,
                    arrangement: arrangement(of: name, tensor.shape, configuration)
                )
            )
        }
        return ModelWeights(mapped, source: bytes.path)
    }

    private func arrangement(
        of name: String,
        _ shape: [Int],
        _ configuration: ModelConfiguration
    ) -> ModelTensor.Arrangement {
        guard configuration.architecture == .llama else { return .plain }
        let heads: Int
        if name.contains(".q_proj.") {
            heads = configuration.heads
        } else if name.contains(".k_proj.") {
            heads = configuration.keyValueHeads
        } else {
            return .plain
        }
        // A shape that does not fit is refused before a row of it is read.
        return shape.first == heads * configuration.headDimension
            ? .interleavedHeads(heads) : .plain
    }

    private func architecture() throws(Diagnostic) -> ModelConfiguration.Architecture {
        guard let name = try metadata.string("general.architecture") else {
            throw FileFault.corrupt(bytes.path, "it has no key 'general.architecture'")
        }
        guard let architecture = ModelConfiguration.Architecture(rawValue: name) else {
            throw FileFault.unsupportedArchitecture(bytes.path, name)
        }
        return architecture
    }

    private func refuseWhatIsMissing(_ keys: GGUFKeys) throws(Diagnostic) {
        if let parts = try metadata.count("split.count"), parts > 1 {
            throw FileFault.unsupported(
                bytes.path,
                "it is one of \(parts) parts of a model",
                hint: "join the parts with 'llama-gguf-split --merge'"
            )
        }
        if let experts = try keys.count("expert_count"), experts > 0 {
            throw FileFault.unsupported(bytes.path, "it has \(experts) experts")
        }
        if let window = try keys.count("attention.sliding_window"), window > 0,
            window < (try keys.required("context_length"))
        {
            throw FileFault.unsupported(bytes.path, "it has a sliding window of \(window) tokens")
        }
    }

    private func vocabularySize(_ keys: GGUFKeys) throws(Diagnostic) -> Int {
        if let size = try keys.count("vocab_size") { return size }
        if let tokens = try metadata.array("tokenizer.ggml.tokens") { return tokens.count }
        guard let embedding = tensors.first(where: { $0.name == "token_embd.weight" }) else {
            throw keys.missing("vocab_size")
        }
        return embedding.shape[0]
    }

    private func endTokens() throws(Diagnostic) -> [Int] {
        var tokens: [Int] = []
        for name in ["eos", "eot"] {
            guard let token = try metadata.count("tokenizer.ggml.\(name)_token_id") else {
                continue
            }
            if !tokens.contains(token) { tokens.append(token) }
        }
        return tokens
    }

    private func rope(
        _ keys: GGUFKeys,
        headDimension: Int
    ) throws(Diagnostic) -> RopeSettings {
        let base = Float(try keys.number("rope.freq_base") ?? 10000)
        let dimensions = try keys.count("rope.dimension_count") ?? headDimension
        var settings = RopeSettings(base: base, dimensions: dimensions)
        if let tensor = tensors.first(where: { $0.name == "rope_freqs.weight" }) {
            guard tensor.dimensions == [dimensions / 2] else {
                throw FileFault.corrupt(
                    bytes.path,
                    "'rope_freqs.weight' has the shape \(tensor.shape), and there are "
                        + "\(dimensions) rotary dimensions"
                )
            }
            let weights = ModelWeights(
                [
                    (
                        tensor.name,
                        ModelTensor(
                            bytes: bytes,
                            offset: tensor.offset,
                            type: tensor.type,
                            shape: tensor.shape,
                            arrangement: .plain
                        )
                    )
                ],
                source: bytes.path
            )
            settings.scaling = .divisors(try weights.readFloats(tensor.name))
            return settings
        }
        switch try keys.string("rope.scaling.type") {
        case nil, "none"?: break
        case "linear"?:
            guard let factor = try keys.number("rope.scaling.factor") else {
                throw keys.missing("rope.scaling.factor")
            }
            settings.scaling = .linear(factor: Float(factor))
        case let type?:
            throw FileFault.unsupported(
                bytes.path,
                "its rotary scaling is '\(type)', not 'none' or 'linear'"
            )
        }
        return settings
    }
}

/// The keys of one architecture.
private struct GGUFKeys {
    let metadata: GGUFMetadata
    let start: String

    func count(_ key: String) throws(Diagnostic) -> Int? {
        try metadata.count("\(start).\(key)")
    }

    func number(_ key: String) throws(Diagnostic) -> Double? {
        try metadata.number("\(start).\(key)")
    }

    func string(_ key: String) throws(Diagnostic) -> String? {
        try metadata.string("\(start).\(key)")
    }

    func required(_ key: String) throws(Diagnostic) -> Int {
        guard let value = try count(key) else { throw missing(key) }
        return value
    }

    func missing(_ key: String) -> Diagnostic {
        FileFault.corrupt(metadata.path, "it has no key '\(start).\(key)'")
    }
}
