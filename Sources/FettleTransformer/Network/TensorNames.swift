import FettleModelFiles

/// Where the tensors of each architecture are, by Hugging Face's names.
struct TensorNames {
    let architecture: ModelConfiguration.Architecture

    private var isGPT2: Bool { architecture == .gpt2 }

    var embedding: String { isGPT2 ? "transformer.wte" : "model.embed_tokens" }
    var positions: String { "transformer.wpe" }
    var finalNorm: String { isGPT2 ? "transformer.ln_f" : "model.norm" }
    var output: String { "lm_head" }

    private func layer(_ index: Int) -> String {
        isGPT2 ? "transformer.h.\(index)" : "model.layers.\(index)"
    }

    func attentionNorm(_ index: Int) -> String {
        layer(index) + (isGPT2 ? ".ln_1" : ".input_layernorm")
    }

    func feedForwardNorm(_ index: Int) -> String {
        layer(index) + (isGPT2 ? ".ln_2" : ".post_attention_layernorm")
    }

    /// Queries, keys and values; one matrix in GPT-2.
    func attentionInputs(_ index: Int) -> [String] {
        let names =
            isGPT2 ? ["attn.c_attn"] : ["q_proj", "k_proj", "v_proj"].map { "self_attn." + $0 }
        return names.map { "\(layer(index)).\($0)" }
    }

    func attentionOutput(_ index: Int) -> [String] {
        [layer(index) + (isGPT2 ? ".attn.c_proj" : ".self_attn.o_proj")]
    }

    /// Gate and up; one matrix in GPT-2.
    func feedForwardInputs(_ index: Int) -> [String] {
        (isGPT2 ? ["c_fc"] : ["gate_proj", "up_proj"]).map { "\(layer(index)).mlp.\($0)" }
    }

    func feedForwardOutput(_ index: Int) -> [String] {
        [layer(index) + (isGPT2 ? ".mlp.c_proj" : ".mlp.down_proj")]
    }

    /// The names by which adapters choose projections, in the order of the layer.
    var projections: [String] {
        isGPT2
            ? ["c_attn", "c_proj", "c_fc"]
            : ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    }
}
