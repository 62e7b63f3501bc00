/// GGUF's names of tensors and Hugging Face's.
enum GGUFNames {
    private static let llama = [
        ("token_embd", "model.embed_tokens"), ("output_norm", "model.norm"), ("output", "lm_head"),
    ]
    private static let llamaLayer = [
        ("attn_norm", "input_layernorm"), ("ffn_norm", "post_attention_layernorm"),
        ("attn_q", "self_attn.q_proj"), ("attn_k", "self_attn.k_proj"),
        ("attn_v", "self_attn.v_proj"), ("attn_output", "self_attn.o_proj"),
        ("ffn_gate", "mlp.gate_proj"), ("ffn_up", "mlp.up_proj"), ("ffn_down", "mlp.down_proj"),
    ]
    private static let gpt2 = [
        ("token_embd", "transformer.wte"), ("position_embd", "transformer.wpe"),
        ("output_norm", "transformer.ln_f"), ("output", "lm_head"),
    ]
    private static let gpt2Layer = [
        ("attn_norm", "ln_1"), ("ffn_norm", "ln_2"), ("attn_qkv", "attn.c_attn"),
        ("attn_output", "attn.c_proj"), ("ffn_up", "mlp.c_fc"), ("ffn_down", "mlp.c_proj"),
    ]

    /// Returns Hugging Face's name of a tensor, or nil for one that the network does not have.
    static func huggingFace(
        _ name: String,
        _ architecture: ModelConfiguration.Architecture
    ) -> String? {
        let (whole, layers, start) = tables(architecture)
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2, let found = whole.first(where: { $0.0 == parts[0] }) {
            return "\(found.1).\(parts[1])"
        }
        guard parts.count == 4, parts[0] == "blk", let layer = Int(parts[1]), layer >= 0,
            let found = layers.first(where: { $0.0 == parts[2] })
        else { return nil }
        return "\(start).\(layer).\(found.1).\(parts[3])"
    }

    /// Returns GGUF's name of a tensor, or nil for one that GGUF has no name for.
    static func gguf(
        _ name: String,
        _ architecture: ModelConfiguration.Architecture
    ) -> String? {
        let (whole, layers, start) = tables(architecture)
        guard let dot = name.lastIndex(of: ".") else { return nil }
        let (stem, kind) = (String(name[..<dot]), name[dot...])
        if let found = whole.first(where: { $0.1 == stem }) { return found.0 + kind }
        guard stem.hasPrefix(start + ".") else { return nil }
        let rest = stem.dropFirst(start.count + 1)
        guard let end = rest.firstIndex(of: "."), let layer = Int(rest[..<end]) else { return nil }
        let part = rest[rest.index(after: end)...]
        return layers.first { $0.1 == part }.map { "blk.\(layer).\($0.0)\(kind)" }
    }

    private static func tables(
        _ architecture: ModelConfiguration.Architecture
    ) -> (whole: [(String, String)], layers: [(String, String)], start: String) {
        switch architecture {
        case .llama, .qwen2: (llama, llamaLayer, "model.layers")
        case .gpt2: (gpt2, gpt2Layer, "transformer.h")
        }
    }
}
