public import FettleCore

extension Tokenizer {
    /// Reads a `tokenizer.json`, the file of Hugging Face's tokenizers.
    ///
    /// - Parameters:
    ///   - json: the file's value.
    ///   - file: the name that errors say.
    /// - Throws: `bad-tokenizer` naming the field, or `unsupported-tokenizer` naming what is not read.
    public init(json: JSONValue, file: String) throws(Diagnostic) {
        var reader = TokenizerJSON(file: file)
        self = try reader.tokenizer(json)
    }
}

/// The reader of `tokenizer.json`.
private struct TokenizerJSON {
    let file: String

    init(file: String) {
        self.file = file
    }

    private func problem(_ message: String) -> Diagnostic {
        TokenizerParts.problem(file, message)
    }

    private func unsupported(_ what: String, _ known: String) -> Diagnostic {
        TokenizerParts.unsupported(file, what, known)
    }

    mutating func tokenizer(_ json: JSONValue) throws(Diagnostic) -> Tokenizer {
        guard case .object = json else { throw problem("it is no JSON object") }
        guard let model = json["model"] else { throw problem("'model' is missing") }
        let type = model["type"] ?? .string(model["merges"] == nil ? "" : "BPE")
        guard type == .string("BPE") else {
            throw unsupported("the model \(type.text())", "\"BPE\"")
        }
        guard case .object(let vocabulary)? = model["vocab"] else {
            throw problem("'model.vocab' is missing or no object")
        }
        guard case .array(let merges)? = model["merges"] else {
            throw problem("'model.merges' is missing or no list")
        }
        for name in ["dropout", "continuing_subword_prefix", "end_of_word_suffix"] {
            guard let value = model[name], value != .null, value != .string("") else { continue }
            if name == "dropout", value == .number(0) || value == .integer(0) { continue }
            throw unsupported("'model.\(name)' \(value.text())", "none")
        }
        let rules = try rules(json)
        var parts = TokenizerParts(
            rules.kind,
            file: file,
            tokens: vocabulary.count,
            pairs: merges.count
        )
        parts.normalizer = rules.normalizer
        parts.splitter = rules.splitter
        parts.takesWholeWords = try flag(model, "ignore_merges", in: "model")
        parts.fallsBackToBytes = try flag(model, "byte_fallback", in: "model")
        parts.joinsUnknown = try flag(model, "fuse_unk", in: "model")
        parts.added = try addedTokens(json["added_tokens"] ?? .null)
        let hidden =
            parts.takesWholeWords
            ? Set(parts.added.filter(\.isSpecial).map(\.content)) : []
        for member in vocabulary {
            guard case .integer(let id) = member.value, let id = Int32(exactly: id) else {
                throw problem("'model.vocab' has no id for '\(member.name)'")
            }
            try parts.setToken(id, member.name, isFound: !hidden.contains(member.name))
        }
        for (rank, merge) in merges.enumerated() { try addMerge(merge, rank: rank, to: &parts) }
        if case .string(let unknown)? = model["unk_token"] {
            let isUnknown = { (member: JSONValue.Member) in member.name == unknown }
            guard case .integer(let id)? = vocabulary.first(where: isUnknown)?.value else {
                throw problem("'model.unk_token' '\(unknown)' is no token")
            }
            parts.unknown = Int32(truncatingIfNeeded: id)
        }
        try readTemplate(json["post_processor"] ?? .null, into: &parts)
        return try parts.tokenizer()
    }

    private func addMerge(
        _ merge: JSONValue,
        rank: Int,
        to parts: inout TokenizerParts
    ) throws(Diagnostic) {
        switch merge {
        case .string(let text):
            let halves = text.split(separator: " ", omittingEmptySubsequences: false)
            guard halves.count == 2 else { break }
            return try parts.addMerge(halves[0], halves[1], rank: rank)
        case .array(let items):
            guard items.count == 2, case .string(let left) = items[0],
                case .string(let right) = items[1]
            else { break }
            return try parts.addMerge(left, right, rank: rank)
        default: break
        }
        throw problem("'model.merges[\(rank)]' is not two tokens")
    }

    private func flag(
        _ value: JSONValue,
        _ name: String,
        in place: String,
        default fallback: Bool = false
    ) throws(Diagnostic) -> Bool {
        switch value[name] ?? .null {
        case .null: return fallback
        case .boolean(let value): return value
        case let other:
            throw problem(
                "'\(place).\(name)' is \(other.text().prefix(60)), expected true or false"
            )
        }
    }

    private func addedTokens(_ value: JSONValue) throws(Diagnostic) -> [AddedToken] {
        if value == .null { return [] }
        guard case .array(let items) = value else { throw problem("'added_tokens' is no list") }
        var tokens: [AddedToken] = []
        for (position, item) in items.enumerated() {
            let place = "added_tokens[\(position)]"
            guard case .integer(let id)? = item["id"], let id = Int32(exactly: id) else {
                throw problem("'\(place).id' is no whole number")
            }
            guard case .string(let content)? = item["content"], !content.isEmpty else {
                throw problem("'\(place).content' is no text")
            }
            tokens.append(
                AddedToken(
                    id: id,
                    content: content,
                    isSpecial: try flag(item, "special", in: place),
                    stripsLeft: try flag(item, "lstrip", in: place),
                    stripsRight: try flag(item, "rstrip", in: place),
                    isSingleWord: try flag(item, "single_word", in: place),
                    isNormalized: try flag(item, "normalized", in: place, default: true)
                )
            )
        }
        return tokens
    }

    // MARK: - Rules

    private struct Rules {
        var kind = TokenizerParts.Kind.characters
        var normalizer = Tokenizer.Normalizer()
        var splitter = WordSplitter.whole
    }

    private func rules(_ json: JSONValue) throws(Diagnostic) -> Rules {
        var rules = Rules()
        for step in try steps(json["normalizer"] ?? .null, list: "normalizers", at: "normalizer") {
            try addNormalizer(step, to: &rules.normalizer)
        }
        let splitters = try steps(
            json["pre_tokenizer"] ?? .null,
            list: "pretokenizers",
            at: "pre_tokenizer"
        )
        try addSplitters(splitters, to: &rules)
        return rules
    }

    /// Returns the steps of a sequence, or the step itself.
    private func steps(
        _ value: JSONValue,
        list: String,
        at place: String
    ) throws(Diagnostic) -> [JSONValue] {
        guard value != .null else { return [] }
        guard case .string(let type)? = value["type"] else {
            throw problem("'\(place).type' is no text")
        }
        guard type == "Sequence" else { return [value] }
        guard case .array(let items)? = value[list] else {
            throw problem("'\(place).\(list)' is no list")
        }
        return items
    }

    private func addNormalizer(
        _ step: JSONValue,
        to normalizer: inout Tokenizer.Normalizer
    ) throws(Diagnostic) {
        let isFirst = normalizer == Tokenizer.Normalizer()
        switch step["type"] {
        case .string("NFC") where isFirst: normalizer.composes = true
        case .string("Prepend") where isFirst && step["prepend"] == .string("▁"):
            normalizer.marksStart = true
        case .string("Replace")
        where !normalizer.composes && step["pattern"]?["String"] == .string(" ")
            && step["content"] == .string("▁"):
            normalizer.marksSpaces = true
        default:
            throw unsupported(
                "the normalizer \(step.text().prefix(100))",
                "NFC, or Prepend and Replace of '▁'"
            )
        }
    }

    private func addSplitters(_ steps: [JSONValue], to rules: inout Rules) throws(Diagnostic) {
        let types = steps.map { $0["type"]?.text() ?? "" }
        let splitsDigits = steps.first?["individual_digits"] == .boolean(true)
        switch types {
        case []: return
        case ["\"Metaspace\""]: return try addMetaspace(steps[0], to: &rules)
        case ["\"ByteLevel\""]:
            rules.splitter =
                try flag(steps[0], "use_regex", in: "pre_tokenizer", default: true)
                ? .gpt2 : .whole
        case ["\"Digits\"", "\"ByteLevel\""]
        where splitsDigits && steps[1]["use_regex"] != .boolean(false):
            rules.splitter = .smolLM
        case ["\"Split\"", "\"ByteLevel\""]
        where steps[0]["behavior"] == .string("Isolated")
            && steps[0]["invert"] != .boolean(true) && steps[1]["use_regex"] == .boolean(false):
            rules.splitter = try splitter(steps[0]["pattern"]?["Regex"])
        default:
            throw unsupported(
                "the pre-tokenizer \(types.joined(separator: ", "))",
                "ByteLevel, Digits or Split before ByteLevel, or Metaspace"
            )
        }
        if try flag(steps[steps.count - 1], "add_prefix_space", in: "pre_tokenizer", default: true)
        {
            throw unsupported("'add_prefix_space' true", "false")
        }
        rules.kind = .byteLevel
    }

    private func splitter(_ pattern: JSONValue?) throws(Diagnostic) -> WordSplitter {
        let ending = #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
        let beginning = #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"#
        switch pattern {
        case .string(beginning + #"\p{N}{1,3}"# + ending): return .byLines(digits: 3)
        case .string(beginning + #"\p{N}"# + ending): return .byLines(digits: 1)
        case .string(#"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#):
            return .gpt2
        default:
            throw unsupported(
                "the pattern \(pattern?.text().prefix(200) ?? "null")",
                "that of GPT-2, Llama 3 or Qwen2"
            )
        }
    }

    private func addMetaspace(_ step: JSONValue, to rules: inout Rules) throws(Diagnostic) {
        guard step["replacement"] == .string("▁") else {
            throw unsupported(
                "the mark \(step["replacement"]?.text().prefix(20) ?? "null")",
                "\"▁\""
            )
        }
        let addsSpace = try flag(step, "add_prefix_space", in: "pre_tokenizer", default: true)
        switch step["prepend_scheme"] ?? .null {
        case .null: rules.normalizer.wordMark = addsSpace ? .everyPart : .never
        case .string("always"): rules.normalizer.wordMark = .everyPart
        case .string("first"): rules.normalizer.wordMark = .firstPart
        case .string("never"): rules.normalizer.wordMark = .never
        case let other:
            throw problem("'pre_tokenizer.prepend_scheme' is \(other.text().prefix(60))")
        }
        if try flag(step, "split", in: "pre_tokenizer", default: true) {
            rules.splitter = .markedSpaces
        }
    }

    // MARK: - Tokens round a text

    /// Reads the tokens that a template puts before and after a text.
    private func readTemplate(
        _ value: JSONValue,
        into parts: inout TokenizerParts
    ) throws(Diagnostic) {
        for step in try steps(value, list: "processors", at: "post_processor") {
            switch step["type"] {
            case .string("ByteLevel"): continue
            case .string("TemplateProcessing"): break
            default:
                throw unsupported(
                    "the post-processor \(step["type"]?.text().prefix(60) ?? "null")",
                    "TemplateProcessing or ByteLevel"
                )
            }
            guard case .array(let items)? = step["single"] else {
                throw problem("'post_processor.single' is no list")
            }
            var isBefore = true
            for item in items {
                if item["Sequence"] != nil {
                    isBefore = false
                    continue
                }
                guard case .string(let name)? = item["SpecialToken"]?["id"],
                    case .array(let ids)? = step["special_tokens"]?[name]?["ids"]
                else { throw problem("'post_processor.single' has an item of no token") }
                for id in ids {
                    guard case .integer(let id) = id, let id = Int32(exactly: id) else {
                        throw problem("'post_processor.special_tokens' has no id for '\(name)'")
                    }
                    if isBefore { parts.prefix.append(id) } else { parts.suffix.append(id) }
                }
            }
        }
    }
}
