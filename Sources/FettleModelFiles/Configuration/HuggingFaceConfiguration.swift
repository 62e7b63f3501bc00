import FettleCore

/// The configuration that `config.json` of a Hugging Face folder tells of.
struct HuggingFaceConfiguration {
    private static let partKey = "partial_rotary_factor"
    private let fields: JSONFields
    private let generation: JSONFields?

    /// Takes `config.json`, and `generation_config.json` where there is one.
    init(_ fields: JSONFields, generation: JSONFields?) {
        self.fields = fields
        self.generation = generation
    }

    /// Returns the configuration, consistent with itself.
    ///
    /// - Throws: `model-corrupt` or `model-unsupported`, which names the key.
    func configuration() throws(Diagnostic) -> ModelConfiguration {
        guard let name = try fields.string("model_type") else { throw fields.missing("model_type") }
        guard let architecture = ModelConfiguration.Architecture(rawValue: name) else {
            throw FileFault.unsupportedArchitecture(fields.path, name)
        }
        if let method = try fields.fields("quantization_config") {
            let name = try method.string("quant_method") ?? "unnamed"
            throw FileFault.unsupported(
                fields.path,
                "its tensors are quantised by '\(name)'",
                hint: "get the model unquantised, or as a GGUF file"
            )
        }
        let configuration =
            architecture == .gpt2 ? try gpt2() : try llama(architecture)
        try configuration.requireConsistent(fields.path)
        return configuration
    }

    private func llama(
        _ architecture: ModelConfiguration.Architecture
    ) throws(Diagnostic) -> ModelConfiguration {
        try require("hidden_act", is: ["silu", "swish"])
        var mustBeFalse = ["mlp_bias", "use_sliding_window"]
        if architecture == .llama { mustBeFalse.append("attention_bias") }
        try refuse(mustBeFalse)
        let width = try fields.required("hidden_size")
        let heads = try fields.required("num_attention_heads")
        guard heads > 0 else {
            throw FileFault.corrupt(fields.path, "'num_attention_heads' is 0")
        }
        let headDimension = try fields.count("head_dim") ?? width / heads
        let context = try fields.required("max_position_embeddings")
        guard let epsilon = try fields.number("rms_norm_eps") else {
            throw fields.missing("rms_norm_eps")
        }
        return ModelConfiguration(
            architecture: architecture,
            vocabularySize: try fields.required("vocab_size"),
            contextLength: context,
            width: width,
            layers: try fields.required("num_hidden_layers"),
            heads: heads,
            keyValueHeads: try fields.count("num_key_value_heads") ?? heads,
            headDimension: headDimension,
            feedForwardWidth: try fields.required("intermediate_size"),
            normEpsilon: Float(epsilon),
            rope: try rope(headDimension: headDimension, context: context),
            tiedOutput: try fields.boolean("tie_word_embeddings") ?? false,
            attentionBias: architecture == .qwen2,
            activation: .silu,
            bosTokenID: try firstToken("bos_token_id"),
            eosTokenIDs: try endTokens(),
            padTokenID: try firstToken("pad_token_id")
        )
    }

    private func gpt2() throws(Diagnostic) -> ModelConfiguration {
        try require("activation_function", is: ["gelu_new", "gelu_pytorch_tanh"])
        try refuse(["scale_attn_by_inverse_layer_idx", "add_cross_attention"])
        if try fields.boolean("scale_attn_weights") == false {
            throw FileFault.unsupported(fields.path, "'scale_attn_weights' is false")
        }
        let width = try fields.required("n_embd")
        let heads = try fields.required("n_head")
        guard heads > 0, width % heads == 0 else {
            throw FileFault.corrupt(
                fields.path,
                "'n_embd' is \(width), not a multiple of the \(heads) of 'n_head'"
            )
        }
        let (inner, overflow) = width.multipliedReportingOverflow(by: 4)
        guard !overflow else { throw FileFault.corrupt(fields.path, "'n_embd' is \(width)") }
        return ModelConfiguration(
            architecture: .gpt2,
            vocabularySize: try fields.required("vocab_size"),
            contextLength: try fields.required("n_positions"),
            width: width,
            layers: try fields.required("n_layer"),
            heads: heads,
            keyValueHeads: heads,
            headDimension: width / heads,
            feedForwardWidth: try fields.count("n_inner") ?? inner,
            normEpsilon: Float(try fields.number("layer_norm_epsilon") ?? 1e-5),
            rope: nil,
            tiedOutput: try fields.boolean("tie_word_embeddings") ?? true,
            attentionBias: true,
            activation: .geluTanh,
            bosTokenID: try firstToken("bos_token_id"),
            eosTokenIDs: try endTokens(),
            padTokenID: try firstToken("pad_token_id")
        )
    }

    /// The base and the scaling stand in `rope_theta` and `rope_scaling`, or together in
    /// `rope_parameters`, as transformers 5 writes them.
    private func rope(headDimension: Int, context: Int) throws(Diagnostic) -> RopeSettings {
        let parameters = try fields.fields("rope_parameters")
        let older = try fields.fields("rope_scaling")
        var (base, part) = (try fields.number("rope_theta"), try fields.number(Self.partKey))
        if let parameters {
            base = try parameters.number("rope_theta") ?? base
            part = try parameters.number(Self.partKey) ?? part
        }
        if let part, part != 1 {
            throw FileFault.unsupported(fields.path, "'\(Self.partKey)' is \(part), not 1")
        }
        var settings = RopeSettings(base: Float(base ?? 10000), dimensions: headDimension)
        guard let scaling = older ?? parameters else { return settings }
        func factor(_ key: String) throws(Diagnostic) -> Float {
            guard let number = try scaling.number(key) else { throw scaling.missing(key) }
            return Float(number)
        }
        let oldName = try scaling.string("type")
        switch try scaling.string("rope_type") ?? oldName ?? "default" {
        case "default": break
        case "linear": settings.scaling = .linear(factor: try factor("factor"))
        case "llama3":
            settings.scaling = .llama3(
                factor: try factor("factor"),
                lowFrequencyFactor: try factor("low_freq_factor"),
                highFrequencyFactor: try factor("high_freq_factor"),
                originalContextLength: try scaling.count("original_max_position_embeddings")
                    ?? context
            )
        case let type:
            throw FileFault.unsupported(
                fields.path,
                "its rotary scaling is '\(type)', not 'default', 'linear' or 'llama3'"
            )
        }
        return settings
    }

    private func require(_ key: String, is known: [String]) throws(Diagnostic) {
        guard let found = try fields.string(key), !known.contains(found) else { return }
        throw FileFault.unsupported(fields.path, "'\(key)' is '\(found)', not '\(known[0])'")
    }

    private func refuse(_ keys: [String]) throws(Diagnostic) {
        for key in keys where try fields.boolean(key) == true {
            throw FileFault.unsupported(fields.path, "'\(key)' is true")
        }
    }

    private func firstToken(_ key: String) throws(Diagnostic) -> Int? {
        if let token = try fields.tokens(key).first { return token }
        return try generation?.tokens(key).first
    }

    /// The main end comes first; a chat model often names another one for generation.
    private func endTokens() throws(Diagnostic) -> [Int] {
        var tokens = try fields.tokens("eos_token_id")
        for token in try generation?.tokens("eos_token_id") ?? [] where !tokens.contains(token) {
            tokens.append(token)
        }
        return tokens
    }
}
