import FettleCore

extension ModelConfiguration {
    private static let sizeLimit = 1 << 24

    /// Sees to it that the sizes fit each other, so that the network can be built of them.
    ///
    /// - Throws: `model-corrupt` or `model-unsupported`, which names the size.
    func requireConsistent(_ path: String) throws(Diagnostic) {
        let sizes = [
            ("vocabulary size", vocabularySize), ("context length", contextLength),
            ("width", width), ("number of heads", heads),
            ("number of key and value heads", keyValueHeads), ("head dimension", headDimension),
            ("feed-forward width", feedForwardWidth),
        ]
        for (name, size) in sizes where !(1...Self.sizeLimit).contains(size) {
            throw FileFault.corrupt(path, "its \(name) is \(size), not 1 to \(Self.sizeLimit)")
        }
        guard (1...1024).contains(layers) else {
            throw FileFault.corrupt(path, "its number of layers is \(layers), not 1 to 1024")
        }
        guard heads % keyValueHeads == 0 else {
            throw FileFault.corrupt(
                path,
                "its number of heads is \(heads), not a multiple of its \(keyValueHeads) key heads"
            )
        }
        guard heads.multipliedReportingOverflow(by: headDimension).partialValue <= Self.sizeLimit
        else {
            throw FileFault.corrupt(
                path,
                "its \(heads) heads have \(headDimension) dimensions each"
            )
        }
        guard normEpsilon.isFinite, normEpsilon >= 0, normEpsilon < 1 else {
            throw FileFault.corrupt(path, "its norm epsilon is \(normEpsilon), not 0 to 1")
        }
        try rope?.requireConsistent(path, headDimension: headDimension)
        let named = [bosTokenID, padTokenID].compactMap { $0 } + eosTokenIDs
        for token in named where !(0..<vocabularySize).contains(token) {
            throw FileFault.corrupt(
                path,
                "its special token \(token) is not in its vocabulary of \(vocabularySize)"
            )
        }
    }

    /// The tensors of the network with their shapes.
    ///
    /// The output matrix is among them where it is not the token embedding.
    public var tensorShapes: [(name: String, shape: [Int])] {
        architecture == .gpt2 ? gpt2Shapes : llamaShapes
    }

    private var llamaShapes: [(name: String, shape: [Int])] {
        let (inner, keys) = (heads * headDimension, keyValueHeads * headDimension)
        var shapes = [("model.embed_tokens.weight", [vocabularySize, width])]
        for layer in 0..<layers {
            let start = "model.layers.\(layer)."
            shapes += [
                (start + "input_layernorm.weight", [width]),
                (start + "self_attn.q_proj.weight", [inner, width]),
                (start + "self_attn.k_proj.weight", [keys, width]),
                (start + "self_attn.v_proj.weight", [keys, width]),
                (start + "self_attn.o_proj.weight", [width, inner]),
                (start + "post_attention_layernorm.weight", [width]),
                (start + "mlp.gate_proj.weight", [feedForwardWidth, width]),
                (start + "mlp.up_proj.weight", [feedForwardWidth, width]),
                (start + "mlp.down_proj.weight", [width, feedForwardWidth]),
            ]
            guard attentionBias else { continue }
            shapes += [
                (start + "self_attn.q_proj.bias", [inner]),
                (start + "self_attn.k_proj.bias", [keys]),
                (start + "self_attn.v_proj.bias", [keys]),
            ]
        }
        shapes.append(("model.norm.weight", [width]))
        if !tiedOutput { shapes.append(("lm_head.weight", [vocabularySize, width])) }
        return shapes
    }

    private var gpt2Shapes: [(name: String, shape: [Int])] {
        var shapes = [
            ("transformer.wte.weight", [vocabularySize, width]),
            ("transformer.wpe.weight", [contextLength, width]),
        ]
        for layer in 0..<layers {
            let start = "transformer.h.\(layer)."
            shapes += [
                (start + "ln_1.weight", [width]), (start + "ln_1.bias", [width]),
                (start + "attn.c_attn.weight", [3 * width, width]),
                (start + "attn.c_attn.bias", [3 * width]),
                (start + "attn.c_proj.weight", [width, width]),
                (start + "attn.c_proj.bias", [width]),
                (start + "ln_2.weight", [width]), (start + "ln_2.bias", [width]),
                (start + "mlp.c_fc.weight", [feedForwardWidth, width]),
                (start + "mlp.c_fc.bias", [feedForwardWidth]),
                (start + "mlp.c_proj.weight", [width, feedForwardWidth]),
                (start + "mlp.c_proj.bias", [width]),
            ]
        }
        shapes += [("transformer.ln_f.weight", [width]), ("transformer.ln_f.bias", [width])]
        if !tiedOutput { shapes.append(("lm_head.weight", [vocabularySize, width])) }
        return shapes
    }
}

extension RopeSettings {
    /// The longest that a wavelength or a context can be told to be.
    private static let lengthLimit = 1 << 30

    func requireConsistent(_ path: String, headDimension: Int) throws(Diagnostic) {
        guard base.isFinite, base > 1 else {
            throw FileFault.corrupt(path, "its rotary base is \(base), not above 1")
        }
        guard dimensions > 0, dimensions % 2 == 0, dimensions <= headDimension else {
            throw FileFault.corrupt(
                path,
                "its rotary dimensions are \(dimensions), "
                    + "not an even number up to the head dimension \(headDimension)"
            )
        }
        let factors: [Float]
        switch scaling {
        case .none: factors = []
        case .linear(let factor): factors = [factor]
        case .divisors(let divisors):
            guard divisors.count == dimensions / 2 else {
                throw FileFault.corrupt(
                    path,
                    "it has \(divisors.count) rotary divisors for \(dimensions) dimensions"
                )
            }
            factors = divisors
        case .llama3(let factor, let low, let high, let length):
            guard low < high, (1...Self.lengthLimit).contains(length) else {
                throw FileFault.corrupt(
                    path,
                    "its rotary scaling has frequency factors \(low) and \(high) "
                        + "and an original context length of \(length)"
                )
            }
            factors = [factor, low, high]
        }
        for factor in factors where !(factor.isFinite && factor > 0) {
            throw FileFault.corrupt(path, "its rotary scaling has a factor of \(factor)")
        }
    }
}

extension ModelWeights {
    /// Sees to it that every tensor of the network is there with its shape.
    ///
    /// - Throws: `model-corrupt`, which names the tensor.
    func require(_ configuration: ModelConfiguration) throws(Diagnostic) {
        for (name, expected) in configuration.tensorShapes {
            let found = try shape(of: name)
            guard found == expected else {
                throw FileFault.corrupt(
                    source,
                    "'\(name)' has the shape \(found), and the configuration tells of \(expected)"
                )
            }
        }
    }
}
