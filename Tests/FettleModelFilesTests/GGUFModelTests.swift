import FettleCore
import FettleModelFiles
import Foundation
import Testing

struct GGUFModelTests {
    private static let llama = ModelConfiguration(
        architecture: .llama,
        vocabularySize: 40,
        contextLength: 64,
        width: 32,
        layers: 1,
        heads: 4,
        keyValueHeads: 2,
        headDimension: 8,
        feedForwardWidth: 32,
        normEpsilon: 1e-6,
        rope: RopeSettings(base: 100000, dimensions: 8),
        tiedOutput: true,
        attentionBias: false,
        activation: .silu,
        bosTokenID: 1,
        eosTokenIDs: [2],
        padTokenID: 0
    )

    @Test func llamaHasHuggingFaceNamesInTheNetworksOrder() throws {
        let model = try ModelFiles.open(Fixtures.path("tiny-llama.gguf"))
        #expect(model.configuration == Self.llama)
        #expect(model.name == "tiny llama")
        #expect(model.chatTemplate == "{% for m in messages %}{{ m['content'] }}{% endfor %}")
        let layer = "model.layers.0."
        #expect(
            model.weights.names == [
                "model.embed_tokens.weight",
                layer + "input_layernorm.weight", layer + "mlp.down_proj.weight",
                layer + "mlp.gate_proj.weight", layer + "mlp.up_proj.weight",
                layer + "post_attention_layernorm.weight", layer + "self_attn.k_proj.weight",
                layer + "self_attn.o_proj.weight", layer + "self_attn.q_proj.weight",
                layer + "self_attn.v_proj.weight",
                "model.norm.weight",
            ]
        )
        #expect(model.weights.parameterCount == 7520)
        #expect(try model.weights.shape(of: layer + "self_attn.k_proj.weight") == [16, 32])
        #expect(try model.weights.type(of: layer + "self_attn.q_proj.weight") == .float16)
        let exact = [
            (1, "input_layernorm.weight", 32), (2, "self_attn.q_proj.weight", 1024),
            (3, "self_attn.k_proj.weight", 512), (4, "self_attn.v_proj.weight", 512),
            (6, "post_attention_layernorm.weight", 32), (7, "mlp.gate_proj.weight", 1024),
            (8, "mlp.up_proj.weight", 1024), (9, "mlp.down_proj.weight", 1024),
        ]
        for (seed, name, count) in exact {
            let found = try model.weights.readFloats(layer + name)
            #expect(found == Fixtures.numbers(seed, count), "\(name)")
        }
        #expect(try model.weights.readFloats("model.norm.weight") == Fixtures.numbers(10, 32))
    }

    @Test func storedRowsOfHeadsAreFoundByTheNetworksRow() throws {
        let weights = try ModelFiles.open(Fixtures.path("tiny-llama.gguf")).weights
        let rows = try #require(
            try weights.storedRows(of: "model.layers.0.self_attn.k_proj.weight")
        )
        #expect(rows.rows == 16 && rows.columns == 32 && rows.rowBytes == 128)
        #expect(rows.type == .float32)
        let places: [Int] = (0..<16).map { rows.storedRow($0) }
        #expect(
            places == [0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15]
        )
        let first = rows.withBytes { bytes in
            (0..<16).map { bytes.load(fromByteOffset: rows.storedRow($0) * 128, as: Float.self) }
        }
        let numbers = Fixtures.numbers(3, 512)
        #expect(first == stride(from: 0, to: 512, by: 32).map { numbers[$0] })
    }

    @Test func someRowsAreReadIntoABuffer() throws {
        let weights = try ModelFiles.open(Fixtures.path("tiny-llama.gguf")).weights
        var out = [Float](repeating: 0, count: 64)
        try out.withUnsafeMutableBufferPointer { buffer in
            try weights.readRows("model.layers.0.self_attn.q_proj.weight", 5..<7, into: buffer)
        }
        #expect(out == Array(Fixtures.numbers(2, 1024)[160..<224]))
    }

    @Test func llama3HasItsOwnOutputAndADivisorForEachFrequency() throws {
        let model = try ModelFiles.open(Fixtures.path("tiny-llama3.gguf"))
        var expected = Self.llama
        expected.tiedOutput = false
        expected.rope?.scaling = .divisors([1, 2, 4, 8])
        #expect(model.configuration == expected)
        #expect(try model.weights.readFloats("lm_head.weight") == Fixtures.numbers(11, 1280))
        #expect(model.weights.names.last == "model.norm.weight")
    }

    @Test func qwen2HasBiasesAndRowsAsTheyAre() throws {
        let model = try ModelFiles.open(Fixtures.path("tiny-qwen2.gguf"))
        var expected = Self.llama
        expected.architecture = .qwen2
        expected.attentionBias = true
        expected.rope?.scaling = .linear(factor: 4)
        #expect(model.configuration == expected)
        let start = "model.layers.0.self_attn."
        #expect(try model.weights.readFloats(start + "q_proj.weight") == Fixtures.numbers(2, 1024))
        #expect(try model.weights.readFloats(start + "q_proj.bias") == Fixtures.numbers(12, 32))
        #expect(try model.weights.readFloats(start + "k_proj.bias") == Fixtures.numbers(13, 16))
    }

    @Test func gpt2HasLearnedPositionsAndBiases() throws {
        let model = try ModelFiles.open(Fixtures.path("tiny-gpt2.gguf"))
        #expect(
            model.configuration
                == ModelConfiguration(
                    architecture: .gpt2,
                    vocabularySize: 40,
                    contextLength: 16,
                    width: 8,
                    layers: 1,
                    heads: 2,
                    keyValueHeads: 2,
                    headDimension: 4,
                    feedForwardWidth: 16,
                    normEpsilon: 1e-5,
                    rope: nil,
                    tiedOutput: true,
                    attentionBias: true,
                    activation: .geluTanh,
                    bosTokenID: 1,
                    eosTokenIDs: [2],
                    padTokenID: 0
                )
        )
        let expected = [
            (0, "wte.weight", 320), (1, "wpe.weight", 128), (2, "h.0.ln_1.weight", 8),
            (3, "h.0.attn.c_attn.weight", 192), (21, "h.0.attn.c_attn.bias", 24),
            (4, "h.0.attn.c_proj.weight", 64), (5, "h.0.ln_2.weight", 8),
            (6, "h.0.mlp.c_fc.weight", 128), (7, "h.0.mlp.c_proj.weight", 128),
            (8, "ln_f.weight", 8), (26, "ln_f.bias", 8),
        ]
        for (seed, name, count) in expected {
            let found = try model.weights.readFloats("transformer." + name)
            #expect(found == Fixtures.numbers(seed, count), "\(name)")
        }
    }

    @Test func metadataTellsOfTokens() throws {
        let model = try ModelFiles.open(Fixtures.path("tiny-llama.gguf"))
        guard case .gguf(let metadata) = model.tokenizer else { return }
        #expect(try metadata.string("tokenizer.ggml.pre") == "smollm")
        let tokens = try #require(try metadata.array("tokenizer.ggml.tokens"))
        #expect(tokens.count == 40)
        #expect(try tokens.strings().prefix(5) == ["<unk>", "<s>", "</s>", "t0", "t1"])
        let types = try #require(try metadata.array("tokenizer.ggml.token_type"))
        #expect(try types.integers().prefix(4) == [3, 3, 3, 1])
        #expect(try types.numbers().suffix(2) == [1, 1])
        let error = try diagnostic(in: Fixtures.folder) { _ = try tokens.integers() }
        #expect(
            error.message
                == "'tiny-llama.gguf' is damaged: element 0 of 'tokenizer.ggml.tokens' is one of texts"
        )
    }

    @Test func fileThatIsCutWhileInUseIsToldOf() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(try Fixtures.bytes("tiny-llama.gguf"), as: "m.gguf")
        let weights = try ModelFiles.open(path).weights
        let name = "model.norm.weight"
        #expect(try weights.readFloats(name) == Fixtures.numbers(10, 32))
        let status: Int32 = truncate(path, 4096)
        #expect(status == 0)
        let error = try diagnostic(in: folder.path) { _ = try weights.readFloats(name) }
        #expect(error.code == "model-unreadable")
        #expect(
            error.message
                == "cannot read the model 'm.gguf': another program changed it while it was in use"
        )
    }

    @Test func missingTensorIsNamed() throws {
        let weights = try ModelFiles.open(Fixtures.path("tiny-llama.gguf")).weights
        #expect(!weights.contains("lm_head.weight"))
        let error = try diagnostic(in: Fixtures.folder) {
            _ = try weights.readFloats("lm_head.weight")
        }
        #expect(error.code == "model-corrupt")
        #expect(error.message == "'tiny-llama.gguf' is damaged: it has no tensor 'lm_head.weight'")
    }
}
