import FettleCore
import FettleModelFiles
import Foundation

/// Readers of GGUF files: changed files are refused in words, or read, written and read again.
struct GGUFTarget: FuzzTarget {
    let name = "gguf"
    private let folder: String
    private let seeds: [[UInt8]]
    private let mutation = Mutation([
        "general.architecture", "general.alignment", "llama", "gpt2", "qwen2", "llama.block_count",
        "llama.attention.key_length", "llama.rope.scaling.type", "linear", "tokenizer.ggml.tokens",
        "output.weight", "blk.0.attn_q.weight", "\u{1}\0\0\0\0\0\0\0", "\u{8}\0\0\0", "\u{9}\0\0\0",
    ])

    init(_ corpus: FuzzCorpus, _ folder: String) throws {
        self.folder = folder
        let names = ["tiny-llama", "tiny-llama3", "tiny-qwen2", "tiny-gpt2"]
        seeds = try names.map { try ModelFixtures.bytes("\($0).gguf", corpus) }
    }

    func input(_ generator: inout SeededGenerator) -> [UInt8] {
        let seed = seeds.any(&generator)
        if generator.below(4) == 0 {
            return mutation.changed(seed, with: seeds.any(&generator), &generator)
        }
        var bytes = seed
        for _ in 0...generator.below(3) {
            BinaryChange.change(&bytes, headerBytes: 2600, &generator)
        }
        return bytes
    }

    func check(_ input: [UInt8], _ generator: inout SeededGenerator) throws -> Bool {
        let path = "\(folder)/changed.gguf"
        try Data(input).write(to: URL(filePath: path))
        return try ModelFixtures.check(path, folder, &generator)
    }
}

/// The reader of safetensors: a folder whose tensors are changed.
struct SafetensorsTarget: FuzzTarget {
    let name = "safetensors"
    private let folder: String
    private let whole: [UInt8]
    private let mutation = Mutation([
        "\"", "{", "}", "[", "]", ",", ":", "0", "9", "-1", "1e9", "9223372036854775807", "null",
        "\"dtype\":", "\"F32\"", "\"BF16\"", "\"I8\"", "\"F64\"", "\"shape\":", "\"data_offsets\":",
        "__metadata__", "model.norm.weight", "lm_head.weight", "\\u0000", " ",
    ])

    init(_ corpus: FuzzCorpus, _ folder: String) throws {
        self.folder = "\(folder)/tensors"
        whole = try ModelFixtures.bytes("llama/model.safetensors", corpus)
        try ModelFixtures.copy(["config.json"], from: "llama", to: self.folder, corpus)
    }

    func input(_ generator: inout SeededGenerator) -> [UInt8] {
        if generator.below(2) == 0 { return mutation.changed(whole, with: whole, &generator) }
        var bytes = whole
        for _ in 0...generator.below(3) {
            BinaryChange.change(&bytes, headerBytes: 1200, &generator)
        }
        guard generator.below(2) == 0, bytes.count > whole.count - 6000, bytes.count > 8 else {
            return bytes
        }
        // The header's length is put right again, so that what is in it decides.
        let header = UInt64(max(0, bytes.count - 8 - 6008))
        withUnsafeBytes(of: header.littleEndian) { bytes.replaceSubrange(0..<8, with: $0) }
        return bytes
    }

    func check(_ input: [UInt8], _ generator: inout SeededGenerator) throws -> Bool {
        try Data(input).write(to: URL(filePath: folder + "/model.safetensors"))
        return try ModelFixtures.check(folder, folder + ".out", &generator)
    }
}

/// The readers of the JSON files of a model's folder.
struct ConfigurationTarget: FuzzTarget {
    let name = "config"
    private static let files = [
        "config.json", "generation_config.json", "tokenizer_config.json",
        "model.safetensors.index.json",
    ]
    private let folder: String
    private let seeds: [[UInt8]]
    private let mutation = Mutation([
        "\"", "{", "}", "[", "]", ",", ":", "0", "1", "-1", "2.5", "1e99", "9223372036854775807",
        "null", "true", "false", "\"llama\"", "\"qwen2\"", "\"gpt2\"", "\"model_type\":",
        "\"rope_scaling\":", "\"rope_parameters\":", "\"rope_type\":", "\"linear\"", "\"factor\":",
        "\"head_dim\":", "\"vocab_size\":", "\"weight_map\":", "\"model.safetensors\"",
        "\"chat_template\":", "\"eos_token_id\":", "\"quantization_config\":", "\\u0000", "\\ud800",
    ])

    init(_ corpus: FuzzCorpus, _ folder: String) throws {
        self.folder = "\(folder)/configured"
        seeds = try [
            "llama/config.json", "llama/config.json", "llama/generation_config.json",
            "llama/tokenizer_config.json", "gpt2/config.json", "gpt2/model.safetensors.index.json",
        ].map { try ModelFixtures.bytes($0, corpus) }
        try ModelFixtures.copy(
            ["config.json", "model.safetensors", "tokenizer.json"],
            from: "llama",
            to: self.folder,
            corpus
        )
    }

    /// The first byte says which of the files the rest is.
    func input(_ generator: inout SeededGenerator) -> [UInt8] {
        let seed = generator.below(seeds.count)
        let file = [0, 0, 1, 2, 0, 3][seed]
        let text = mutation.changed(seeds[seed], with: seeds.any(&generator), &generator)
        return [UInt8(file)] + text
    }

    func check(_ input: [UInt8], _ generator: inout SeededGenerator) throws -> Bool {
        let name = Self.files[Int(input.first ?? 0) % Self.files.count]
        let path = "\(folder)/\(name)"
        let before = FileManager.default.contents(atPath: path)
        defer {
            if let before {
                try? before.write(to: URL(filePath: path))
            } else {
                try? FileManager.default.removeItem(atPath: path)
            }
        }
        try Data(input.dropFirst()).write(to: URL(filePath: path))
        return try ModelFixtures.check(folder, folder + ".out", &generator)
    }
}

/// The reader of zip archives: changed ones are refused in words, or unpacked as told.
struct ArchiveTarget: FuzzTarget {
    let name = "zip"
    private let folder: String
    private let seeds: [[UInt8]]
    private let mutation = Mutation([
        "PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "PK\u{6}\u{6}", "PK\u{6}\u{7}", ".gguf",
        "config.json", ".safetensors", "../", "/", "\u{1}\0", "\u{8}\0",
    ])

    init(_ corpus: FuzzCorpus, _ folder: String) throws {
        self.folder = folder
        seeds = try ["wheel.zip", "folder.zip", "wide.zip"].map {
            try ModelFixtures.bytes($0, corpus)
        }
    }

    func input(_ generator: inout SeededGenerator) -> [UInt8] {
        let seed = seeds.any(&generator)
        if generator.below(3) == 0 {
            return mutation.changed(seed, with: seeds.any(&generator), &generator)
        }
        // The directory is at the end, so that the file is changed from behind as often.
        var bytes = generator.below(2) == 0 ? seed : seed.reversed()
        let isTurned = bytes != seed
        for _ in 0...generator.below(3) {
            BinaryChange.change(&bytes, headerBytes: 220, &generator)
        }
        return isTurned ? bytes.reversed() : bytes
    }

    func check(_ input: [UInt8], _ generator: inout SeededGenerator) throws -> Bool {
        let path = "\(folder)/changed.zip"
        let out = "\(folder)/out"
        try Data(input).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: out) }
        do {
            let archive = try ModelArchive(path)
            var last = 0
            try archive.unpack(to: out) { done, total in
                guard done >= last, done <= total, total == archive.byteCount else {
                    throw FuzzFinding("\(done) of \(total) after \(last)")
                }
                last = done
            }
            try require(last == archive.byteCount, "\(last) of \(archive.byteCount) bytes")
            return true
        } catch let error as Diagnostic {
            try BinaryChange.requireFile(path, in: error)
            let isLeft = FileManager.default.fileExists(atPath: out)
            try require(!isLeft, "something is left: \(error.message)")
            return false
        }
    }
}

/// What the targets of model files share.
private enum ModelFixtures {
    static func bytes(_ name: String, _ corpus: FuzzCorpus) throws -> [UInt8] {
        let path = "\(corpus.root)/Tests/FettleModelFilesTests/Fixtures/\(name)"
        return Array(try Data(contentsOf: URL(filePath: path)))
    }

    static func copy(
        _ names: [String],
        from source: String,
        to folder: String,
        _ corpus: FuzzCorpus
    ) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in names {
            let bytes = try bytes("\(source)/\(name)", corpus)
            try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
        }
    }

    /// Opens a model and reads all of it, and at times writes it and reads it again.
    static func check(
        _ path: String,
        _ folder: String,
        _ generator: inout SeededGenerator
    ) throws -> Bool {
        let model: ModelFiles
        do {
            model = try ModelFiles.open(path)
        } catch {
            try requireWords(of: error)
            try require(error.message.contains("'\(path)"), "no file: \(error.message)")
            try require(error.code.hasPrefix("model-"), "\(error.code): \(error.message)")
            return false
        }
        for (name, shape) in model.configuration.tensorShapes {
            let numbers = try model.weights.readFloats(name)
            try require(numbers.count == shape.reduce(1, *), "\(numbers.count) of \(name) \(shape)")
        }
        if let rope = model.configuration.rope {
            let count = rope.inverseFrequencies().count
            try require(count == rope.dimensions / 2, "\(count) frequencies")
        }
        do {
            if case .gguf(let metadata) = model.tokenizer {
                for name in ["tokens", "merges"] {
                    let list = try metadata.array("tokenizer.ggml.\(name)")
                    try require(try list?.strings().count == list?.count, "some of \(name)")
                }
                _ = try metadata.array("tokenizer.ggml.token_type")?.integers()
            }
            guard generator.below(16) == 0 else { return true }
            try writeAgain(model, "\(folder).gguf")
        } catch let error as Diagnostic {
            try requireWords(of: error)
        }
        return true
    }

    private static func writeAgain(_ model: ModelFiles, _ path: String) throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try TensorSource(model).writeGGUF(to: path, as: .float32) { _, _ in }
        let again = try ModelFiles.open(path)
        try require(
            again.configuration == model.configuration,
            "written it has \(again.configuration), not \(model.configuration)"
        )
        for name in model.configuration.tensorShapes.map(\.name) {
            let (found, expected) = (
                try again.weights.readFloats(name), try model.weights.readFloats(name)
            )
            let isSame = zip(found, expected).allSatisfy { pair in
                pair.0 == pair.1 || pair.0.isNaN && pair.1.isNaN
            }
            try require(isSame, "\(name) is written otherwise")
        }
    }
}
