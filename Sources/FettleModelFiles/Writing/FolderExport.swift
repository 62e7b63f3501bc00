import FettleCore

extension TensorSource {
    /// The types that tensors can have in a folder that is written.
    public static let folderTypes: [TensorType] = [.float32, .float16, .bfloat16]

    /// The tokenizer's files that are taken over from a folder as they are.
    private static let tokenizerNames = [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja",
        "generation_config.json",
    ]

    /// Writes a folder that transformers loads: configuration, safetensors, tokenizer and chat template;
    /// all of it or nothing.
    ///
    /// - Parameters:
    ///   - path: where nothing or an empty folder is.
    ///   - type: how all tensors are stored, one of ``folderTypes``.
    ///   - progress: called with the numbers written and those of all tensors, after each tensor.
    /// - Throws: `model-unsupported`, `model-unwritable`, `CancellationError`, or what giving the numbers
    ///   throws.
    public func writeFolder(
        to path: String,
        as type: TensorType,
        progress: (_ done: Int, _ total: Int) throws -> Void
    ) throws {
        try Self.requireWritten(type, of: Self.folderTypes)
        let folder = try NewFolder(path)
        func write(_ value: JSONValue, _ name: String) throws(Diagnostic) {
            let file = try folder.file(name)
            try file.write(Array((value.text(pretty: true) + "\n").utf8))
            try file.finish()
        }
        try write(configuration.huggingFaceJSON(type, model.path), "config.json")
        switch model.tokenizer {
        case .gguf(let metadata):
            let list = try TokenList(metadata)
            try write(configuration.generationJSON, "generation_config.json")
            try write(tokenizerJSON(list), "tokenizer.json")
            try write(tokenizerConfiguration(list), "tokenizer_config.json")
        case .huggingFace(let files):
            for name in Self.tokenizerNames where HuggingFaceFolder(files.folder).has(name) {
                let file = try folder.file(name)
                let bytes = try ModelBytes(mapping: "\(files.folder)/\(name)")
                try file.write(bytes.buffer)
                try bytes.requireUnchanged()
                try file.finish()
            }
            if !HuggingFaceFolder(files.folder).has("generation_config.json") {
                try write(configuration.generationJSON, "generation_config.json")
            }
        }
        try writeTensors(to: folder.file("model.safetensors"), type, progress)
        try folder.finish()
    }

    private func writeTensors(
        to file: NewFile,
        _ type: TensorType,
        _ progress: (_ done: Int, _ total: Int) throws -> Void
    ) throws {
        let shapes = configuration.tensorShapes
        var writer = try SafetensorsWriter(
            shapes.map { name, shape in
                let stored = isTransposed(name, shape) ? shape.reversed() : shape
                return .init(name: name, shape: stored, type: type)
            },
            to: file
        )
        let total = shapes.reduce(0) { $0 + $1.shape.reduce(1, *) }
        var done = 0
        for (name, shape) in shapes {
            let numbers = try numbers(name, shape)
            try writer.write(isTransposed(name, shape) ? Self.transposed(numbers, shape) : numbers)
            done += shape.reduce(1, *)
            try progress(done, total)
        }
        try writer.finish()
    }

    /// GPT-2's projections are kept `[in, out]`.
    private func isTransposed(_ name: String, _ shape: [Int]) -> Bool {
        configuration.architecture == .gpt2 && shape.count == 2 && name.contains(".c_")
    }

    private static func transposed(_ numbers: [Float], _ shape: [Int]) -> [Float] {
        let (rows, columns) = (shape[0], shape[1])
        var result = numbers
        for row in 0..<rows {
            for column in 0..<columns {
                result[column * rows + row] = numbers[row * columns + column]
            }
        }
        return result
    }

    // MARK: - Tokens of a GGUF file

    private func tokenizerJSON(_ list: TokenList) -> JSONValue {
        let added = list.tokens.indices.compactMap { place -> JSONValue? in
            let kind = list.kinds[place]
            guard kind == .control || kind == .userDefined || kind == .unknown else { return nil }
            return .object([
                .init("id", .integer(Int64(place))), .init("content", .string(list.tokens[place])),
                .init("single_word", .boolean(false)), .init("lstrip", .boolean(false)),
                .init("rstrip", .boolean(false)), .init("normalized", .boolean(false)),
                .init("special", .boolean(kind != .userDefined)),
            ])
        }
        let vocabulary = list.tokens.enumerated().map { place, token in
            JSONValue.Member(token, .integer(Int64(place)))
        }
        let bytes = JSONValue.object([
            .init("type", .string("ByteLevel")), .init("add_prefix_space", .boolean(true)),
            .init("trim_offsets", .boolean(true)), .init("use_regex", .boolean(true)),
        ])
        let isComposed = list.preTokenization == .qwen2
        return .object([
            .init("version", .string("1.0")), .init("truncation", .null), .init("padding", .null),
            .init("added_tokens", .array(added)),
            .init("normalizer", isComposed ? .object([.init("type", .string("NFC"))]) : .null),
            .init("pre_tokenizer", list.preTokenization.json),
            .init("post_processor", postProcessor(list)), .init("decoder", bytes),
            .init(
                "model",
                .object([
                    .init("type", .string("BPE")), .init("dropout", .null),
                    .init("unk_token", .null),
                    .init("continuing_subword_prefix", .null), .init("end_of_word_suffix", .null),
                    .init("fuse_unk", .boolean(false)), .init("byte_fallback", .boolean(false)),
                    .init("ignore_merges", .boolean(list.preTokenization == .llama3)),
                    .init("vocab", .object(vocabulary)),
                    .init("merges", .array(list.merges.map { .string($0) })),
                ])
            ),
        ])
    }

    private func postProcessor(_ list: TokenList) -> JSONValue {
        guard list.addsBOS, let bos = configuration.bosTokenID, bos < list.tokens.count else {
            return .null
        }
        let token = JSONValue.string(list.tokens[bos])
        let first = JSONValue.object([
            .init("SpecialToken", .object([.init("id", token), .init("type_id", .integer(0))]))
        ])
        func text(_ name: String, _ number: Int64) -> JSONValue {
            .object([
                .init(
                    "Sequence",
                    .object([.init("id", .string(name)), .init("type_id", .integer(number))])
                )
            ])
        }
        return .object([
            .init("type", .string("TemplateProcessing")),
            .init("single", .array([first, text("A", 0)])),
            .init("pair", .array([first, text("A", 0), first, text("B", 1)])),
            .init(
                "special_tokens",
                .object([
                    .init(
                        list.tokens[bos],
                        .object([
                            .init("id", token), .init("ids", .array([.integer(Int64(bos))])),
                            .init("tokens", .array([token])),
                        ])
                    )
                ])
            ),
        ])
    }

    private func tokenizerConfiguration(_ list: TokenList) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("tokenizer_class", .string("PreTrainedTokenizerFast")),
            .init("model_max_length", .integer(Int64(configuration.contextLength))),
            .init("clean_up_tokenization_spaces", .boolean(false)),
            .init("add_prefix_space", .boolean(false)),
            .init("add_bos_token", .boolean(list.addsBOS)),
        ]
        let named = [
            ("bos_token", configuration.bosTokenID), ("eos_token", configuration.eosTokenIDs.first),
            ("pad_token", configuration.padTokenID),
        ]
        for (name, token) in named {
            guard let token, token < list.tokens.count else { continue }
            members.append(.init(name, .string(list.tokens[token])))
        }
        if let template = model.chatTemplate {
            members.append(.init("chat_template", .string(template)))
        }
        return .object(members)
    }
}
