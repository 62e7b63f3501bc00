import FettleCore

extension TensorSource {
    /// The types that matrices can have in a GGUF file that is written.
    public static let ggufTypes: [TensorType] = [.float32, .float16, .bfloat16, .q80]

    /// Writes one GGUF file with tokens and chat template inside, all of it or nothing.
    ///
    /// Norms and biases are F32, as llama.cpp wants them, and so is a matrix whose rows are no whole
    /// blocks of the type.
    ///
    /// - Parameters:
    ///   - path: the file; what stands there is replaced.
    ///   - type: how matrices are stored, one of ``ggufTypes``.
    ///   - progress: called with the numbers written and those of all tensors, after each tensor.
    /// - Throws: `model-unsupported`, `model-unwritable`, `CancellationError`, or what giving the numbers
    ///   throws.
    public func writeGGUF(
        to path: String,
        as type: TensorType,
        progress: (_ done: Int, _ total: Int) throws -> Void
    ) throws {
        try Self.requireWritten(type, of: Self.ggufTypes)
        let shapes = configuration.tensorShapes
        var tensors = shapes.map { name, shape in
            let isPlain = shape.count == 1 || shape[1] % type.blockSize != 0
            return GGUFWriter.Tensor(
                name: GGUFNames.gguf(name, configuration.architecture) ?? name,
                shape: shape,
                type: isPlain ? .float32 : type
            )
        }
        let divisors = configuration.rope?.storedDivisors
        if let divisors {
            tensors.append(
                .init(name: "rope_freqs.weight", shape: [divisors.count], type: .float32)
            )
        }
        let file = try NewFile(path)
        var writer = try GGUFWriter(try header(type), tensors, to: file)
        let total = shapes.reduce(0) { $0 + $1.shape.reduce(1, *) }
        var done = 0
        for (name, shape) in shapes {
            try writer.write(ggufOrder(try numbers(name, shape), name, shape))
            done += shape.reduce(1, *)
            try progress(done, total)
        }
        if let divisors { try writer.write(divisors) }
        try writer.finish()
    }

    /// Returns the numbers in the rows' order of GGUF, interleaved for Llama's rotary positions.
    private func ggufOrder(_ numbers: [Float], _ name: String, _ shape: [Int]) -> [Float] {
        guard configuration.architecture == .llama,
            name.hasSuffix(".q_proj.weight") || name.hasSuffix(".k_proj.weight")
        else { return numbers }
        let (columns, length) = (shape[1], configuration.headDimension)
        var result = numbers
        for row in 0..<shape[0] {
            let (head, place) = row.quotientAndRemainder(dividingBy: length)
            let stored = head * length + 2 * (place % (length / 2)) + place / (length / 2)
            for column in 0..<columns {
                result[stored * columns + column] = numbers[row * columns + column]
            }
        }
        return result
    }

    private func header(_ type: TensorType) throws(Diagnostic) -> GGUFHeader {
        var header = GGUFHeader()
        switch model.tokenizer {
        case .gguf(let metadata):
            let own: Set = [
                "general.file_type", "general.quantization_version", "general.alignment",
            ]
            for key in metadata.keys where !own.contains(key) && !key.hasPrefix("split.") {
                header.copy(key, from: metadata)
            }
        case .huggingFace(let files):
            setSizes(&header)
            try setTokens(&header, files)
        }
        let fileTypes: [TensorType: Int] = [.float32: 0, .float16: 1, .q80: 7, .bfloat16: 32]
        header.set("general.file_type", fileTypes[type] ?? 0)
        header.set("general.quantization_version", 2)
        return header
    }

    private func setSizes(_ header: inout GGUFHeader) {
        let start = configuration.architecture.rawValue
        header.set("general.architecture", start)
        header.set("general.type", "model")
        header.set("general.name", model.name ?? start)
        header.set("\(start).vocab_size", configuration.vocabularySize)
        header.set("\(start).context_length", configuration.contextLength)
        header.set("\(start).embedding_length", configuration.width)
        header.set("\(start).block_count", configuration.layers)
        header.set("\(start).feed_forward_length", configuration.feedForwardWidth)
        header.set("\(start).attention.head_count", configuration.heads)
        header.set("\(start).attention.head_count_kv", configuration.keyValueHeads)
        guard let rope = configuration.rope else {
            header.set("\(start).attention.layer_norm_epsilon", configuration.normEpsilon)
            return
        }
        header.set("\(start).attention.layer_norm_rms_epsilon", configuration.normEpsilon)
        header.set("\(start).attention.key_length", configuration.headDimension)
        header.set("\(start).attention.value_length", configuration.headDimension)
        header.set("\(start).rope.freq_base", rope.base)
        header.set("\(start).rope.dimension_count", rope.dimensions)
        if case .linear(let factor) = rope.scaling {
            header.set("\(start).rope.scaling.type", "linear")
            header.set("\(start).rope.scaling.factor", factor)
        }
    }

    private func setTokens(
        _ header: inout GGUFHeader,
        _ files: TokenizerFiles
    ) throws(Diagnostic) {
        let folder = HuggingFaceFolder(files.folder)
        let list = try TokenList(
            JSONFields(contentsOf: files.folder + "/tokenizer.json"),
            configuration: folder.fields("tokenizer_config.json"),
            size: configuration.vocabularySize
        )
        header.set("tokenizer.ggml.model", "gpt2")
        header.set("tokenizer.ggml.pre", list.preTokenization.rawValue)
        header.set("tokenizer.ggml.tokens", list.tokens)
        header.set("tokenizer.ggml.token_type", list.kinds.map(\.rawValue))
        header.set("tokenizer.ggml.merges", list.merges)
        if let token = configuration.bosTokenID { header.set("tokenizer.ggml.bos_token_id", token) }
        if let token = configuration.eosTokenIDs.first {
            header.set("tokenizer.ggml.eos_token_id", token)
        }
        if configuration.eosTokenIDs.count > 1 {
            header.set("tokenizer.ggml.eot_token_id", configuration.eosTokenIDs[1])
        }
        if let token = configuration.padTokenID {
            header.set("tokenizer.ggml.padding_token_id", token)
        }
        header.set("tokenizer.ggml.add_bos_token", list.addsBOS)
        if let template = model.chatTemplate { header.set("tokenizer.chat_template", template) }
    }
}

extension RopeSettings {
    /// The divisors that GGUF keeps in a tensor, or nil where it needs none.
    fileprivate var storedDivisors: [Float]? {
        switch scaling {
        case .none, .linear: nil
        case .divisors(let divisors): divisors
        case .llama3: divisors
        }
    }
}
