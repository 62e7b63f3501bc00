import FettleCore

/// How text is cut before pairs are merged, in the names of GGUF and in the steps of `tokenizer.json`.
enum PreTokenization: String, CaseIterable {
    case gpt2 = "gpt-2"
    case smollm
    case llama3 = "llama-bpe"
    case qwen2

    private static let digits = #"\p{N}"#

    /// The expression of the two families that have one; they differ in how many digits stay together.
    private var expression: String? {
        let digits =
            switch self {
            case .gpt2, .smollm: ""
            case .llama3: Self.digits + "{1,3}"
            case .qwen2: Self.digits
            }
        guard !digits.isEmpty else { return nil }
        return #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"# + digits
            + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    }

    /// The form of `tokenizer.json`.
    var json: JSONValue {
        let bytes = JSONValue.object([
            .init("type", .string("ByteLevel")), .init("add_prefix_space", .boolean(false)),
            .init("trim_offsets", .boolean(true)), .init("use_regex", .boolean(expression == nil)),
        ])
        var steps: [JSONValue] = []
        if let expression {
            steps.append(
                .object([
                    .init("type", .string("Split")),
                    .init("pattern", .object([.init("Regex", .string(expression))])),
                    .init("behavior", .string("Isolated")), .init("invert", .boolean(false)),
                ])
            )
        } else if self == .smollm {
            steps.append(
                .object([
                    .init("type", .string("Digits")), .init("individual_digits", .boolean(true)),
                ])
            )
        }
        guard !steps.isEmpty else { return bytes }
        return .object([
            .init("type", .string("Sequence")), .init("pretokenizers", .array(steps + [bytes])),
        ])
    }

    /// The one whose form this is, or nil.
    init?(json: JSONValue?) {
        let steps: [JSONValue]
        if case .array(let list)? = json?["pretokenizers"] {
            steps = list
        } else {
            steps = json.map { [$0] } ?? []
        }
        let types = steps.map { $0["type"] }
        let found: PreTokenization? =
            switch types {
            case [.string("ByteLevel")]: .gpt2
            case [.string("Digits"), .string("ByteLevel")]
            where steps[0]["individual_digits"] == .boolean(true):
                .smollm
            case [.string("Split"), .string("ByteLevel")]:
                Self.allCases.first { known in
                    known.expression.map { steps[0]["pattern"]?["Regex"] == .string($0) } ?? false
                }
            default: nil
            }
        guard let found else { return nil }
        self = found
    }
}

/// A byte-level BPE vocabulary, in the form that both files are made of.
struct TokenList {
    /// The kinds of tokens, with GGUF's numbers.
    enum Kind: Int32 {
        case normal = 1
        case unknown = 2
        case control = 3
        case userDefined = 4
        case unused = 5
        case byte = 6
    }

    /// The texts by id, in the letters that stand for bytes.
    var tokens: [String]
    /// The kinds by id.
    var kinds: [Kind]
    /// The pairs, the first merged first, each as two texts with a blank between them.
    var merges: [String]
    /// How text is cut before.
    var preTokenization: PreTokenization
    /// Whether the first token of a text is the beginning's.
    var addsBOS: Bool
}

extension TokenList {
    /// Takes the keys `tokenizer.…` of a GGUF file.
    ///
    /// - Throws: `model-unsupported` for another kind of tokenizer, or `model-corrupt`.
    init(_ metadata: GGUFMetadata) throws(Diagnostic) {
        let model = try metadata.string("tokenizer.ggml.model") ?? "none"
        let name = try metadata.string("tokenizer.ggml.pre") ?? "default"
        guard model == "gpt2", let pre = PreTokenization(rawValue: name) else {
            throw FileFault.unsupported(
                metadata.path,
                "its tokenizer is '\(model)' with '\(name)', which is not written as tokenizer.json",
                hint: "export it as GGUF"
            )
        }
        guard let tokens = try metadata.array("tokenizer.ggml.tokens"),
            let merges = try metadata.array("tokenizer.ggml.merges")
        else {
            throw FileFault.corrupt(metadata.path, "it has no tokens or no merges")
        }
        self.tokens = try tokens.strings()
        self.merges = try merges.strings()
        let numbers = try metadata.array("tokenizer.ggml.token_type")?.integers() ?? []
        guard numbers.isEmpty || numbers.count == tokens.count else {
            throw FileFault.corrupt(
                metadata.path,
                "it has \(tokens.count) tokens, and \(numbers.count) types of tokens"
            )
        }
        kinds = self.tokens.indices.map { place in
            guard place < numbers.count else { return .normal }
            return Kind(rawValue: Int32(clamping: numbers[place])) ?? .normal
        }
        preTokenization = pre
        addsBOS = try metadata.boolean("tokenizer.ggml.add_bos_token") ?? false
    }

    /// Takes `tokenizer.json`.
    ///
    /// - Throws: `model-unsupported` for another kind of tokenizer, or `model-corrupt`.
    init(_ fields: JSONFields, configuration: JSONFields?, size: Int) throws(Diagnostic) {
        let model = try fields.fields("model")
        let pre = PreTokenization(json: fields["pre_tokenizer"])
        guard let model, try model.string("type") == "BPE", let pre,
            try model.boolean("byte_fallback") != true
        else {
            throw FileFault.unsupported(
                fields.path,
                "its tokenizer is no byte-level BPE of a family that is written as GGUF",
                hint: "export it as a Hugging Face folder"
            )
        }
        tokens = (0..<size).map { "[PAD\($0)]" }
        kinds = [Kind](repeating: .unused, count: size)
        merges = []
        preTokenization = pre
        addsBOS = try Self.addsBOS(fields, configuration)
        for member in try model.fields("vocab")?.members ?? [] {
            try set(member.name, member.value, .normal, fields.path)
        }
        guard case .array(let pairs)? = model["merges"] else { throw model.missing("merges") }
        merges = try pairs.map { (pair) throws(Diagnostic) in
            switch pair {
            case .string(let text): return text
            case .array(let parts) where parts.count == 2:
                guard case .string(let first) = parts[0], case .string(let second) = parts[1] else {
                    fallthrough
                }
                return "\(first) \(second)"
            default: throw FileFault.corrupt(fields.path, "'model.merges' is not of pairs of texts")
            }
        }
        guard case .array(let added)? = fields["added_tokens"] else { return }
        for token in added {
            guard case .string(let text)? = token["content"], let id = token["id"] else {
                throw FileFault.corrupt(
                    fields.path,
                    "'added_tokens' has one without text or number"
                )
            }
            let isSpecial = token["special"] == .boolean(true)
            try set(text, id, isSpecial ? .control : .userDefined, fields.path)
        }
    }

    private mutating func set(
        _ text: String,
        _ id: JSONValue,
        _ kind: Kind,
        _ path: String
    ) throws(Diagnostic) {
        guard case .integer(let number) = id, let place = Int(exactly: number),
            tokens.indices.contains(place)
        else {
            throw FileFault.corrupt(
                path,
                "the number of the token '\(text)' is not one of \(tokens.count)"
            )
        }
        tokens[place] = text
        kinds[place] = kind
    }

    private static func addsBOS(
        _ fields: JSONFields,
        _ configuration: JSONFields?
    ) throws(Diagnostic) -> Bool {
        if let adds = try configuration?.boolean("add_bos_token") { return adds }
        var processors: [JSONValue] = fields["post_processor"].map { [$0] } ?? []
        if case .array(let list)? = processors.first?["processors"] { processors = list }
        return processors.contains { processor in
            guard case .array(let single)? = processor["single"] else { return false }
            return single.first?["SpecialToken"] != nil
        }
    }
}
