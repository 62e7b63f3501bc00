import FettleCore

extension ModelConfiguration {
    /// Returns the text of `config.json` for transformers.
    ///
    /// - Parameters:
    ///   - type: the type of the numbers, `float32`, `float16` or `bfloat16`.
    ///   - path: the model, for errors.
    /// - Returns: the object.
    /// - Throws: `model-unsupported` when the rotary scaling has no form there.
    func huggingFaceJSON(_ type: TensorType, _ path: String) throws(Diagnostic) -> JSONValue {
        let names: [TensorType: String] = [
            .float32: "float32", .float16: "float16", .bfloat16: "bfloat16",
        ]
        var members =
            architecture == .gpt2 ? gpt2Members : try llamaMembers(path)
        members += [
            .init("tie_word_embeddings", .boolean(tiedOutput)),
            .init("bos_token_id", Self.token(bosTokenID)),
            .init("eos_token_id", eosTokens),
            .init("pad_token_id", Self.token(padTokenID)),
            .init("torch_dtype", .string(names[type] ?? "float32")),
        ]
        return .object(members)
    }

    /// The text of `generation_config.json`.
    var generationJSON: JSONValue {
        .object([
            .init("bos_token_id", Self.token(bosTokenID)),
            .init("eos_token_id", eosTokens),
            .init("pad_token_id", Self.token(padTokenID)),
        ])
    }

    private var eosTokens: JSONValue {
        eosTokenIDs.count > 1
            ? .array(eosTokenIDs.map { .integer(Int64($0)) }) : Self.token(eosTokenIDs.first)
    }

    private static func token(_ token: Int?) -> JSONValue {
        token.map { .integer(Int64($0)) } ?? .null
    }

    private func llamaMembers(_ path: String) throws(Diagnostic) -> [JSONValue.Member] {
        let isQwen2 = architecture == .qwen2
        var members: [JSONValue.Member] = [
            .init(
                "architectures",
                .array([.string(isQwen2 ? "Qwen2ForCausalLM" : "LlamaForCausalLM")])
            ),
            .init("model_type", .string(architecture.rawValue)),
            .init("vocab_size", .integer(Int64(vocabularySize))),
            .init("max_position_embeddings", .integer(Int64(contextLength))),
            .init("hidden_size", .integer(Int64(width))),
            .init("num_hidden_layers", .integer(Int64(layers))),
            .init("num_attention_heads", .integer(Int64(heads))),
            .init("num_key_value_heads", .integer(Int64(keyValueHeads))),
            .init("head_dim", .integer(Int64(headDimension))),
            .init("intermediate_size", .integer(Int64(feedForwardWidth))),
            .init("hidden_act", .string("silu")),
            .init("rms_norm_eps", Self.number(normEpsilon)),
        ]
        if isQwen2 {
            members.append(.init("use_sliding_window", .boolean(false)))
        } else {
            members.append(.init("attention_bias", .boolean(false)))
            members.append(.init("mlp_bias", .boolean(false)))
        }
        guard let rope else { return members }
        members.append(.init("rope_theta", Self.number(rope.base)))
        members.append(.init("rope_scaling", try rope.huggingFaceScaling(path)))
        return members
    }

    private var gpt2Members: [JSONValue.Member] {
        [
            .init("architectures", .array([.string("GPT2LMHeadModel")])),
            .init("model_type", .string("gpt2")),
            .init("vocab_size", .integer(Int64(vocabularySize))),
            .init("n_positions", .integer(Int64(contextLength))),
            .init("n_embd", .integer(Int64(width))),
            .init("n_layer", .integer(Int64(layers))),
            .init("n_head", .integer(Int64(heads))),
            .init("n_inner", .integer(Int64(feedForwardWidth))),
            .init("activation_function", .string("gelu_new")),
            .init("layer_norm_epsilon", Self.number(normEpsilon)),
        ]
    }

    /// The shortest text of the single-precision number, not of its double.
    fileprivate static func number(_ value: Float) -> JSONValue {
        .number(Double("\(value)") ?? Double(value))
    }
}

extension RopeSettings {
    /// The divisors that are known as a scaling of Llama 3.1 and 3.2, by their factor.
    private static let knownFactors: [Float] = [8, 32]

    fileprivate func huggingFaceScaling(_ path: String) throws(Diagnostic) -> JSONValue {
        switch scaling {
        case .none: return .null
        case .linear(let factor):
            return .object([
                .init("rope_type", .string("linear")),
                .init("factor", ModelConfiguration.number(factor)),
            ])
        case .llama3(let factor, let low, let high, let length):
            return .object([
                .init("rope_type", .string("llama3")),
                .init("factor", ModelConfiguration.number(factor)),
                .init("low_freq_factor", ModelConfiguration.number(low)),
                .init("high_freq_factor", ModelConfiguration.number(high)),
                .init("original_max_position_embeddings", .integer(Int64(length))),
            ])
        case .divisors(let divisors):
            for factor in Self.knownFactors {
                var known = self
                known.scaling = .llama3(
                    factor: factor,
                    lowFrequencyFactor: 1,
                    highFrequencyFactor: 4,
                    originalContextLength: 8192
                )
                let isSame = zip(known.divisors, divisors).allSatisfy { pair in
                    abs(pair.0 - pair.1) <= 1e-3 * pair.0
                }
                if isSame { return try known.huggingFaceScaling(path) }
            }
            throw FileFault.unsupported(
                path,
                "its rotary frequencies are scaled one by one, which 'config.json' cannot say",
                hint: "export it as GGUF"
            )
        }
    }

    /// What each frequency is divided by, `[dimensions / 2]`.
    var divisors: [Float] {
        let plain = RopeSettings(base: base, dimensions: dimensions).inverseFrequencies()
        return zip(plain, inverseFrequencies()).map { $0 / $1 }
    }
}
