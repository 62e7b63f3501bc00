import FettleCore
import FettleModelFiles
import Foundation
import Testing

struct ExportTests {
    private static let models = ["tiny-llama", "tiny-llama3", "tiny-qwen2", "tiny-gpt2"]

    private func requireSame(_ found: ModelFiles, _ expected: ModelFiles) throws {
        #expect(found.configuration == expected.configuration)
        #expect(found.chatTemplate == expected.chatTemplate)
        let names = expected.configuration.tensorShapes.map(\.name)
        for name in names {
            #expect(
                try found.weights.readFloats(name) == expected.weights.readFloats(name),
                "\(name)"
            )
        }
    }

    @Test(arguments: models)
    func ggufIsWrittenAndReadAsTheSameModel(_ name: String) throws {
        let model = try ModelFiles.open(Fixtures.path(name + ".gguf"))
        let folder = try TemporaryFolder()
        let path = folder.path + "/model.gguf"
        var steps: [[Int]] = []
        try TensorSource(model).writeGGUF(to: path, as: .float32) { steps.append([$0, $1]) }
        let written = try ModelFiles.open(path)
        try requireSame(written, model)
        #expect(written.name == model.name)
        #expect(steps.count == model.configuration.tensorShapes.count)
        #expect(steps.last?[0] == steps.last?[1])
        guard case .gguf(let metadata) = written.tokenizer,
            case .gguf(let original) = model.tokenizer
        else { return }
        #expect(
            metadata.keys == original.keys + ["general.file_type", "general.quantization_version"]
        )
        for key in ["tokens", "merges"] {
            let name = "tokenizer.ggml.\(key)"
            #expect(try metadata.array(name)?.strings() == original.array(name)?.strings())
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["model.gguf"])
    }

    @Test func matricesHaveTheTypeThatIsAskedFor() throws {
        let model = try ModelFiles.open(Fixtures.path("tiny-llama.gguf"))
        let folder = try TemporaryFolder()
        for type in TensorSource.ggufTypes {
            let path = "\(folder.path)/\(type.name).gguf"
            try TensorSource(model).writeGGUF(to: path, as: type) { _, _ in }
            let weights = try ModelFiles.open(path).weights
            #expect(try weights.type(of: "model.embed_tokens.weight") == type)
            #expect(try weights.type(of: "model.layers.0.self_attn.q_proj.weight") == type)
            #expect(try weights.type(of: "model.norm.weight") == .float32)
            let found = try weights.readFloats("model.layers.0.mlp.up_proj.weight")
            let exact = Fixtures.numbers(8, 1024)
            let farthest = zip(found, exact).map { abs($0 - $1) }.max() ?? 1
            #expect(type == .q80 ? farthest < 0.45 && farthest > 0 : farthest == 0, "\(type.name)")
        }
        let error = #expect(throws: Diagnostic.self) {
            try TensorSource(model).writeGGUF(to: folder.path + "/x", as: .q4K) { _, _ in }
        }
        #expect(
            error?.message == "numbers are not written as Q4_K, only as F32, F16, BF16, Q8_0"
        )
    }

    @Test(arguments: ["tiny-llama", "tiny-qwen2", "tiny-gpt2"])
    func folderIsWrittenAndReadAsTheSameModel(_ name: String) throws {
        let model = try ModelFiles.open(Fixtures.path(name + ".gguf"))
        let folder = try TemporaryFolder()
        let path = folder.path + "/model"
        try TensorSource(model).writeFolder(to: path, as: .float32) { _, _ in }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: path).sorted() == [
                "config.json", "generation_config.json", "model.safetensors", "tokenizer.json",
                "tokenizer_config.json",
            ]
        )
        let written = try ModelFiles.open(path)
        try requireSame(written, model)
        // And from there to GGUF again, with the tokens of tokenizer.json.
        let again = folder.path + "/again.gguf"
        try TensorSource(written).writeGGUF(to: again, as: .float32) { _, _ in }
        let last = try ModelFiles.open(again)
        try requireSame(last, model)
        guard case .gguf(let metadata) = last.tokenizer, case .gguf(let original) = model.tokenizer
        else { return }
        for key in ["tokens", "merges"] {
            let name = "tokenizer.ggml.\(key)"
            #expect(try metadata.array(name)?.strings() == original.array(name)?.strings())
        }
        let types = "tokenizer.ggml.token_type"
        #expect(try metadata.array(types)?.integers() == original.array(types)?.integers())
        #expect(try metadata.string("tokenizer.ggml.pre") == "smollm")
    }

    @Test func tokenizerJSONSaysHowTextIsCut() throws {
        let model = try ModelFiles.open(Fixtures.path("tiny-gpt2.gguf"))
        let folder = try TemporaryFolder()
        try TensorSource(model).writeFolder(to: folder.path + "/m", as: .float16) { _, _ in }
        let bytes = Array(
            try Data(contentsOf: URL(filePath: folder.path + "/m/tokenizer.json"))
        )
        let tokenizer = try JSONValue.parse(bytes)
        #expect(
            tokenizer["pre_tokenizer"]?.text()
                == #"{"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": true}, "#
                + #"{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}]}"#
        )
        #expect(tokenizer["model"]?["vocab"]?["t0"] == .integer(3))
        #expect(tokenizer["model"]?["merges"] == .array([.string("t 0"), .string("t 1")]))
        guard case .array(let added)? = tokenizer["added_tokens"] else { return }
        #expect(added.map { $0["content"] } == [.string("<unk>"), .string("<s>"), .string("</s>")])
    }

    @Test func frequenciesWithoutANameAreNotWrittenToAFolder() throws {
        let model = try ModelFiles.open(Fixtures.path("tiny-llama3.gguf"))
        let folder = try TemporaryFolder()
        let error = try diagnostic(in: Fixtures.folder) {
            try TensorSource(model).writeFolder(to: folder.path + "/m", as: .float32) { _, _ in }
        }
        #expect(
            error.message
                == "cannot use 'tiny-llama3.gguf': its rotary frequencies are scaled one by one, which "
                + "'config.json' cannot say"
        )
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }

    @Test func llama3ScalingIsKnownAgainByItsDivisors() throws {
        let model = try ModelFiles.open(Fixtures.path("llama"))
        let folder = try TemporaryFolder()
        let path = folder.path + "/m"
        try TensorSource(model).writeFolder(to: path, as: .bfloat16) { _, _ in }
        try requireSame(try ModelFiles.open(path), model)
        let tokenizer = Array(try Data(contentsOf: URL(filePath: path + "/tokenizer.json")))
        #expect(tokenizer == (try Fixtures.bytes("llama/tokenizer.json")))
        let error = try diagnostic(in: Fixtures.folder) {
            try TensorSource(model).writeGGUF(to: folder.path + "/g", as: .float16) { _, _ in }
        }
        #expect(
            error.message
                == "cannot use 'llama/tokenizer.json': its tokenizer is no byte-level BPE of a family "
                + "that is written as GGUF"
        )
    }

    @Test func failingNumbersLeaveNothing() throws {
        struct Stop: Error {}
        let model = try ModelFiles.open(Fixtures.path("tiny-llama.gguf"))
        let folder = try TemporaryFolder()
        let source = TensorSource(model) { name in
            if name == "model.norm.weight" { throw Stop() }
            return try model.weights.readFloats(name)
        }
        #expect(throws: Stop.self) {
            try source.writeGGUF(to: folder.path + "/g", as: .float16) { _, _ in }
        }
        #expect(throws: Stop.self) {
            try source.writeFolder(to: folder.path + "/f", as: .float16) { _, _ in }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }

    @Test func adapterHasTheNamesOfPEFT() throws {
        let base = try ModelFiles.open(Fixtures.path("tiny-llama.gguf")).configuration
        let folder = try TemporaryFolder()
        let path = folder.path + "/adapter"
        let q = "model.layers.0.self_attn.q_proj"
        try AdapterFolder(
            baseModel: "HuggingFaceTB/SmolLM2-135M-Instruct",
            base: base,
            rank: 2,
            alpha: 4,
            dropout: 0.25,
            projections: [
                .init(module: q, a: Fixtures.numbers(1, 64), b: Fixtures.numbers(2, 64)),
                .init(
                    module: "model.layers.0.mlp.up_proj",
                    a: Fixtures.numbers(3, 64),
                    b: Fixtures.numbers(4, 64)
                ),
            ]
        ).write(to: path)
        #expect(
            try String(contentsOfFile: path + "/adapter_config.json", encoding: .utf8) == """
                {
                  "peft_type": "LORA",
                  "task_type": "CAUSAL_LM",
                  "base_model_name_or_path": "HuggingFaceTB/SmolLM2-135M-Instruct",
                  "r": 2,
                  "lora_alpha": 4,
                  "lora_dropout": 0.25,
                  "target_modules": [
                    "q_proj",
                    "up_proj"
                  ],
                  "fan_in_fan_out": false,
                  "bias": "none",
                  "inference_mode": true
                }

                """
        )
        let bytes = Array(
            try Data(contentsOf: URL(filePath: path + "/adapter_model.safetensors"))
        )
        let length = bytes.withUnsafeBytes { Int($0.load(as: UInt64.self)) }
        #expect(length % 8 == 0)
        let header = try JSONValue.parse(Array(bytes[8..<(8 + length)]))
        let a = header["base_model.model.\(q).lora_A.weight"]
        #expect(a?["shape"] == .array([.integer(2), .integer(32)]))
        #expect(a?["data_offsets"] == .array([.integer(0), .integer(256)]))
        let b = header["base_model.model.\(q).lora_B.weight"]
        #expect(b?["shape"] == .array([.integer(32), .integer(2)]))
        #expect(bytes.count == 8 + length + 4 * 256)
    }

    /// What `adapter_config.json` says of projections, whose numbers do not matter.
    private static func settings(_ modules: [String]) throws -> JSONValue {
        var base = try ModelFiles.open(Fixtures.path("tiny-gpt2.gguf")).configuration
        base.layers = 3
        let folder = try TemporaryFolder()
        try AdapterFolder(
            baseModel: "gpt2",
            base: base,
            rank: 1,
            alpha: 0.5,
            dropout: 0,
            projections: modules.map { .init(module: $0, a: [1], b: [2]) }
        ).write(to: folder.path + "/a")
        return try JSONValue.parse(
            Array(try Data(contentsOf: URL(filePath: folder.path + "/a/adapter_config.json")))
        )
    }

    @Test func projectionsOfSomeLayersHaveShortNamesAndTheLayersNumbers() throws {
        let found = try Self.settings([
            "transformer.h.1.attn.c_proj", "transformer.h.1.mlp.c_fc",
            "transformer.h.2.attn.c_proj", "transformer.h.2.mlp.c_fc",
        ])
        #expect(
            found["target_modules"] == .array([.string("attn.c_proj"), .string("mlp.c_fc")])
        )
        #expect(found["layers_to_transform"] == .array([.integer(1), .integer(2)]))
        #expect(found["fan_in_fan_out"] == .boolean(true))
        #expect(found["lora_alpha"] == .number(0.5))
    }

    @Test func projectionsThatAreNotTheSameInEveryLayerAreNamedWhole() throws {
        let modules = ["transformer.h.1.attn.c_proj", "transformer.h.2.mlp.c_fc"]
        let found = try Self.settings(modules)
        #expect(found["target_modules"] == .array(modules.map { .string($0) }))
        #expect(found["layers_to_transform"] == nil)
    }
}
