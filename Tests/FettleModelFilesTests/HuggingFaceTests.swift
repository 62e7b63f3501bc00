import FettleCore
import FettleModelFiles
import Foundation
import Testing

struct HuggingFaceTests {
    @Test func llamaFolderIsReadInThreeTypesOfNumbers() throws {
        let model = try ModelFiles.open(Fixtures.path("llama"))
        #expect(
            model.configuration
                == ModelConfiguration(
                    architecture: .llama,
                    vocabularySize: 40,
                    contextLength: 64,
                    width: 16,
                    layers: 1,
                    heads: 2,
                    keyValueHeads: 1,
                    headDimension: 4,
                    feedForwardWidth: 24,
                    normEpsilon: 1e-5,
                    rope: RopeSettings(
                        base: 500000,
                        dimensions: 4,
                        scaling: .llama3(
                            factor: 8,
                            lowFrequencyFactor: 1,
                            highFrequencyFactor: 4,
                            originalContextLength: 32
                        )
                    ),
                    tiedOutput: false,
                    attentionBias: false,
                    activation: .silu,
                    bosTokenID: 1,
                    eosTokenIDs: [2, 3]
                )
        )
        let layer = "model.layers.0."
        let expected: [(name: String, type: TensorType, count: Int)] = [
            ("model.embed_tokens", .bfloat16, 640), (layer + "input_layernorm", .float32, 16),
            (layer + "self_attn.q_proj", .bfloat16, 128),
            (layer + "self_attn.k_proj", .float16, 64), (layer + "self_attn.v_proj", .float32, 64),
            (layer + "self_attn.o_proj", .float32, 128),
            (layer + "post_attention_layernorm", .float32, 16),
            (layer + "mlp.gate_proj", .bfloat16, 384), (layer + "mlp.up_proj", .bfloat16, 384),
            (layer + "mlp.down_proj", .bfloat16, 384), ("model.norm", .float32, 16),
            ("lm_head", .bfloat16, 640),
        ]
        for (seed, tensor) in expected.enumerated() {
            let name = tensor.name + ".weight"
            #expect(try model.weights.type(of: name) == tensor.type)
            #expect(
                try model.weights.readFloats(name) == Fixtures.numbers(seed, tensor.count),
                "\(name)"
            )
        }
        #expect(model.chatTemplate == "{{ d }}")
        guard case .huggingFace(let files) = model.tokenizer else {
            Issue.record("the tokenizer is not that of a folder")
            return
        }
        #expect(
            try String(decoding: files.tokenizer(), as: UTF8.self)
                == "{\n \"version\": \"1.0\"\n}\n"
        )
        #expect(try files.configuration()?.count == 130)
    }

    @Test func shardsOfGPT2AreReadWithMatricesTurned() throws {
        let model = try ModelFiles.open(Fixtures.path("gpt2"))
        #expect(model.configuration.feedForwardWidth == 32)
        #expect(model.configuration.tiedOutput)
        #expect(model.configuration.bosTokenID == 39)
        #expect(model.chatTemplate == "{{ messages }}\n")
        let start = "transformer.h.0."
        let matrices = [
            ("attn.c_attn", 4, 8, 24), ("attn.c_proj", 5, 8, 8), ("mlp.c_fc", 7, 8, 32),
            ("mlp.c_proj", 8, 32, 8),
        ]
        for (name, seed, inputs, outputs) in matrices {
            let weight = "\(start)\(name).weight"
            #expect(try model.weights.shape(of: weight) == [outputs, inputs])
            let stored = Fixtures.numbers(seed, inputs * outputs)
            let turned = (0..<outputs).flatMap { row in
                (0..<inputs).map { stored[$0 * outputs + row] }
            }
            #expect(try model.weights.readFloats(weight) == turned, "\(name)")
            #expect(try model.weights.storedRows(of: weight) == nil)
        }
        let bias = try model.weights.readFloats(start + "attn.c_attn.bias")
        #expect(bias == Fixtures.numbers(21, 24))
        #expect(try model.weights.readFloats("transformer.wpe.weight") == Fixtures.numbers(1, 128))
        #expect(!model.weights.contains("transformer.h.0.attn.bias"))
        #expect(model.weights.names.count == 16)
    }

    /// Each change of the configuration and what is said of it.
    @Test(arguments: [
        (
            #""model_type": "llama""#, #""model_type": "mamba""#,
            "cannot use 'config.json': its architecture is 'mamba', not one of llama, qwen2, gpt2"
        ),
        (
            #""vocab_size": 40"#, #""vocab_size": 41"#,
            "'.' is damaged: 'model.embed_tokens.weight' has the shape [40, 16], and the configuration "
                + "tells of [41, 16]"
        ),
        (
            #""hidden_size": 16"#, #""hidden_size": -1"#,
            "'config.json' is damaged: 'hidden_size' is -1, not a whole number from 0 on"
        ),
        (
            #""hidden_size": 16"#, #""hidden_size": 9000000000000000000"#,
            "'config.json' is damaged: its width is 9000000000000000000, not 1 to 16777216"
        ),
        (
            #""num_hidden_layers": 1"#, #""num_hidden_layers": 2000000"#,
            "'config.json' is damaged: its number of layers is 2000000, not 1 to 1024"
        ),
        (
            #""num_attention_heads": 2"#, #""num_attention_heads": 0"#,
            "'config.json' is damaged: 'num_attention_heads' is 0"
        ),
        (
            #""num_key_value_heads": 1"#, #""num_key_value_heads": 3"#,
            "'config.json' is damaged: its number of heads is 2, not a multiple of its 3 key heads"
        ),
        (
            #""head_dim": 4"#, #""head_dim": 3"#,
            "'config.json' is damaged: its rotary dimensions are 3, not an even number up to the head "
                + "dimension 3"
        ),
        (
            #""hidden_act": "silu""#, #""hidden_act": "relu""#,
            "cannot use 'config.json': 'hidden_act' is 'relu', not 'silu'"
        ),
        (
            #""mlp_bias": false"#, #""mlp_bias": true"#,
            "cannot use 'config.json': 'mlp_bias' is true"
        ),
        (
            #""rope_type": "llama3""#, #""rope_type": "yarn""#,
            "cannot use 'config.json': its rotary scaling is 'yarn', not 'default', 'linear' or 'llama3'"
        ),
        (
            #""factor": 8.0"#, #""factor": "x""#,
            "'config.json' is damaged: 'rope_scaling.factor' is a text, not a number"
        ),
        (
            #""low_freq_factor": 1.0"#, #""low_freq_factor": 4.0"#,
            "'config.json' is damaged: its rotary scaling has frequency factors 4.0 and 4.0 and an "
                + "original context length of 32"
        ),
        (
            #""rope_theta": 500000.0"#, #""rope_theta": 0"#,
            "'config.json' is damaged: its rotary base is 0.0, not above 1"
        ),
        (
            #""rms_norm_eps": 1e-05"#, #""rms_norm_eps": 1e99"#,
            "'config.json' is damaged: its norm epsilon is inf, not 0 to 1"
        ),
        (
            #""bos_token_id": 1"#, #""bos_token_id": 40"#,
            "'config.json' is damaged: its special token 40 is not in its vocabulary of 40"
        ),
        (
            #""eos_token_id": 2"#, #""eos_token_id": ["x"]"#,
            "'config.json' is damaged: 'eos_token_id' is a text, not a token's number"
        ),
        (
            #""mlp_bias": false,"#,
            #""mlp_bias": false, "quantization_config": {"quant_method": "gptq"},"#,
            "cannot use 'config.json': its tensors are quantised by 'gptq'"
        ),
        (
            #""max_position_embeddings": 64,"#, "",
            "'config.json' is damaged: it has no 'max_position_embeddings'"
        ),
        (
            "{", "[",
            "'config.json' is damaged: expected ',' or ']', found ':' (line 2, column 17)"
        ),
    ])
    func configurationIsRefused(_ change: (old: String, new: String, message: String)) throws {
        let folder = try TemporaryFolder()
        let text = String(decoding: try Fixtures.bytes("llama/config.json"), as: UTF8.self)
        let place = try #require(text.range(of: change.old))
        let changed = text.replacingCharacters(in: place, with: change.new)
        _ = try folder.write(Array(changed.utf8), as: "config.json")
        _ = try folder.write(try Fixtures.bytes("llama/model.safetensors"), as: "model.safetensors")
        let error = try diagnostic(in: folder.path) { _ = try ModelFiles.open(folder.path) }
        #expect(error.message.replacing(folder.path, with: ".") == change.message)
    }

    @Test func whatIsNoModelIsNamed() throws {
        let folder = try TemporaryFolder()
        let empty = try diagnostic(in: folder.path) { _ = try ModelFiles.open(folder.path) }
        #expect(
            empty.message.replacing(folder.path, with: ".")
                == "cannot read the model '.': the folder has no 'config.json'"
        )
        _ = try folder.write(try Fixtures.bytes("llama/config.json"), as: "config.json")
        _ = try folder.write([1], as: "pytorch_model.bin")
        let pickled = try diagnostic(in: folder.path) { _ = try ModelFiles.open(folder.path) }
        #expect(
            pickled.message.replacing(folder.path, with: ".")
                == "cannot read the model '.': it has no 'model.safetensors'"
        )
        #expect(
            pickled.hints
                == ["get the model as safetensors; 'pytorch_model.bin' is a program, not data"]
        )
        let absent = try diagnostic(in: folder.path) {
            _ = try ModelFiles.open(folder.path + "/none")
        }
        #expect(absent.code == "model-unreadable")
        #expect(absent.message == "cannot read the model 'none': No such file or directory")
        let path = try folder.write(Array("GGML".utf8), as: "old.bin")
        let foreign = try diagnostic(in: folder.path) { _ = try ModelFiles.open(path) }
        #expect(foreign.code == "model-foreign")
        #expect(foreign.message == "'old.bin' is no model file: it does not begin with 'GGUF'")
    }

    @Test(arguments: ["../model.safetensors", "", "..", "a\u{0}b"])
    func shardOutsideOfTheFolderIsRefused(_ name: String) throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(try Fixtures.bytes("llama/config.json"), as: "config.json")
        let index = JSONValue.object([
            .init("weight_map", .object([.init("model.norm.weight", .string(name))]))
        ])
        _ = try folder.write(Array(index.text().utf8), as: "model.safetensors.index.json")
        let error = try diagnostic(in: folder.path) { _ = try ModelFiles.open(folder.path) }
        #expect(
            error.message
                == "'model.safetensors.index.json' is damaged: 'weight_map.model.norm.weight' is not the "
                + "name of a file in the folder"
        )
    }
}
