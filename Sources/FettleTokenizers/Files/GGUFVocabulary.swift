public import FettleCore

/// What the metadata of a GGUF file says of its tokenizer.
public struct GGUFVocabulary: Hashable, Sendable {
    /// `tokenizer.ggml.model`: `gpt2` for byte-level BPE, `llama` for SentencePiece's.
    public var model: String
    /// `tokenizer.ggml.pre`: how byte-level BPE cuts words, such as `smollm`.
    public var pre: String?
    /// `tokenizer.ggml.tokens`: the text of each token.
    public var tokens: [String]
    /// `tokenizer.ggml.token_type`: 1 normal, 2 unknown, 3 control, 4 user defined, 5 unused, 6 byte.
    public var types: [Int32] = []
    /// `tokenizer.ggml.merges`: two tokens with a space between, the first merged first.
    public var merges: [String] = []
    /// `tokenizer.ggml.scores`: the higher, the earlier merged.
    public var scores: [Float] = []
    /// `tokenizer.ggml.bos_token_id`.
    public var beginning: Int32?
    /// `tokenizer.ggml.eos_token_id`.
    public var end: Int32?
    /// `tokenizer.ggml.unknown_token_id`.
    public var unknown: Int32?
    /// `tokenizer.ggml.add_bos_token`.
    public var addsBeginning: Bool?
    /// `tokenizer.ggml.add_eos_token`.
    public var addsEnd: Bool?
    /// `tokenizer.ggml.add_space_prefix`.
    public var addsSpace: Bool?

    /// Makes the values of a file that says nothing else.
    public init(model: String, pre: String? = nil, tokens: [String]) {
        self.model = model
        self.pre = pre
        self.tokens = tokens
    }
}

extension Tokenizer {
    /// Makes the tokenizer of a GGUF file.
    ///
    /// - Parameters:
    ///   - values: what the file's metadata says.
    ///   - file: the name that errors say.
    /// - Throws: `bad-tokenizer` naming the field, or `unsupported-tokenizer` naming what is not read.
    public init(_ values: GGUFVocabulary, file: String) throws(Diagnostic) {
        var parts = try values.parts(file: file)
        self = try parts.tokenizer()
    }
}

extension GGUFVocabulary {
    fileprivate func parts(file: String) throws(Diagnostic) -> TokenizerParts {
        let isByteLevel: Bool
        switch model {
        case "gpt2": isByteLevel = true
        case "llama": isByteLevel = false
        default:
            throw TokenizerParts.unsupported(
                file,
                "'tokenizer.ggml.model' '\(model)'",
                "'gpt2' or 'llama'"
            )
        }
        try checkCounts(file)
        var parts = TokenizerParts(
            isByteLevel ? .byteLevel : .characters,
            file: file,
            tokens: tokens.count,
            pairs: isByteLevel ? merges.count : tokens.count
        )
        if isByteLevel { try setWords(of: &parts) } else { setMarks(of: &parts) }
        for (id, text) in tokens.enumerated() {
            let type = types.isEmpty ? 1 : types[id]
            let isControl = type == 3 || type == 2
            try parts.setToken(
                Int32(id),
                text,
                isFound: !(isControl && parts.takesWholeWords)
            )
            if isControl || type == 4, !text.isEmpty {
                parts.added.append(
                    AddedToken(id: Int32(id), content: text, isSpecial: isControl)
                )
            }
        }
        if isByteLevel || !merges.isEmpty {
            try addMerges(to: &parts)
        } else {
            parts.addMerges(scores: scores)
        }
        try setRound(&parts, isByteLevel: isByteLevel)
        return parts
    }

    private func checkCounts(_ file: String) throws(Diagnostic) {
        if !types.isEmpty, types.count != tokens.count {
            throw TokenizerParts.problem(
                file,
                "'tokenizer.ggml.token_type' has \(NumberText.count(types.count, "value")), expected "
                    + "\(NumberText.count(tokens.count)), one for each token"
            )
        }
        if model == "llama", merges.isEmpty, scores.count != tokens.count {
            throw TokenizerParts.problem(
                file,
                "'tokenizer.ggml.scores' has \(NumberText.count(scores.count, "value")), expected "
                    + "\(NumberText.count(tokens.count)), one for each token"
            )
        }
    }

    private func setWords(of parts: inout TokenizerParts) throws(Diagnostic) {
        switch pre {
        case "gpt-2", "gpt2": parts.splitter = .gpt2
        case "smollm", "starcoder", "refact", "command-r":
            parts.splitter = .smolLM
        case "llama3", "llama-v3", "llama-bpe":
            parts.splitter = .byLines(digits: 3)
            parts.takesWholeWords = true
        case "qwen2", "deepseek-r1-qwen":
            parts.splitter = .byLines(digits: 1)
            parts.normalizer.composes = true
        default:
            throw TokenizerParts.unsupported(
                parts.file,
                pre.map { "'tokenizer.ggml.pre' '\($0)'" } ?? "no 'tokenizer.ggml.pre'",
                "'gpt-2', 'smollm', 'llama-bpe' or 'qwen2'"
            )
        }
    }

    private func setMarks(of parts: inout TokenizerParts) {
        parts.normalizer.marksSpaces = true
        parts.normalizer.marksStart = addsSpace ?? true
        parts.fallsBackToBytes = tokens.contains("<0x00>")
        parts.joinsUnknown = true
    }

    private func addMerges(to parts: inout TokenizerParts) throws(Diagnostic) {
        for (rank, merge) in merges.enumerated() {
            // The first space parts the two, since a token of this alphabet has none.
            guard let space = merge.utf8.dropFirst().firstIndex(of: 0x20) else {
                throw parts.problem("'tokenizer.ggml.merges[\(rank)]' is not two tokens")
            }
            let right = merge[merge.utf8.index(after: space)...]
            try parts.addMerge(merge[..<space], right, rank: rank)
        }
    }

    private func setRound(
        _ parts: inout TokenizerParts,
        isByteLevel: Bool
    ) throws(Diagnostic) {
        let named = [("bos", beginning), ("eos", end), ("unknown", unknown)]
        for (name, id) in named {
            guard let id, id < 0 || Int(id) >= tokens.count else { continue }
            throw parts.problem(
                "'tokenizer.ggml.\(name)_token_id' is \(id), expected 0 to \(tokens.count - 1)"
            )
        }
        if !isByteLevel { parts.unknown = unknown ?? types.firstIndex(of: 2).map { Int32($0) } }
        if addsBeginning ?? !isByteLevel, let beginning { parts.prefix = [beginning] }
        if addsEnd ?? false, let end { parts.suffix = [end] }
    }
}
