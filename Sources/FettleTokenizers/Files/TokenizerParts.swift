import FettleCore

/// What a file says of a tokenizer, checked and put together: the last step of every reader.
struct TokenizerParts {
    /// How tokens stand for bytes.
    enum Kind: Hashable {
        case byteLevel
        /// Characters, with "▁" for a space.
        case characters
    }

    /// The largest id that is taken; the largest vocabularies in use have some 262,000 tokens.
    static let mostTokens = 1 << 21

    let kind: Kind
    /// The file that errors are told of.
    let file: String
    private(set) var table: TokenTable
    /// What tokens stand for in text.
    private var texts: TokenTexts
    private(set) var pairs: PairTable
    /// Tokens for single bytes, where characters fall back to them.
    private var byteTokens = [Int32](repeating: -1, count: 256)
    private var scratch: [UInt8] = []
    var added: [AddedToken] = []
    var normalizer = Tokenizer.Normalizer()
    var splitter = WordSplitter.whole
    var takesWholeWords = false
    var fallsBackToBytes = false
    var joinsUnknown = false
    var unknown: Int32?
    var prefix: [Int32] = []
    var suffix: [Int32] = []
    /// Whether a token has a "▁" after something else, so that words cannot be told before merging.
    private var crossesMarks = false

    init(_ kind: Kind, file: String, tokens: Int, pairs: Int) {
        self.kind = kind
        self.file = file
        table = TokenTable(capacity: tokens)
        texts = TokenTexts(capacity: tokens)
        self.pairs = PairTable(capacity: pairs)
    }

    /// Returns the error for a file that is not what it should be.
    static func problem(_ file: String, _ message: String) -> Diagnostic {
        Diagnostic("bad-tokenizer", "the tokenizer of '\(file)' cannot be read: \(message)")
    }

    /// Returns the error for a file that asks for what there is not.
    static func unsupported(_ file: String, _ what: String, _ known: String) -> Diagnostic {
        Diagnostic(
            "unsupported-tokenizer",
            "the tokenizer of '\(file)' has \(what), expected \(known)",
            hint: "tokenizers of GPT-2, SmolLM, Llama, Qwen2 and Mistral models are read"
        )
    }

    func problem(_ message: String) -> Diagnostic { Self.problem(file, message) }

    // MARK: - Tokens

    /// Gives a token its text; `isFound` is false for those that text never becomes by merging.
    mutating func setToken(
        _ id: Int32,
        _ text: String,
        isFound: Bool = true
    ) throws(Diagnostic) {
        guard id >= 0, id < Self.mostTokens else {
            throw problem(
                "the token '\(text)' has the id \(id), expected 0 to \(Self.mostTokens - 1)"
            )
        }
        scratch.removeAll(keepingCapacity: true)
        if kind == .byteLevel, ByteAlphabet.append(text, to: &scratch) {
            texts.set(id, to: scratch)
            if isFound { table.set(id, to: scratch) }
            return
        }
        texts.set(id, to: text.utf8)
        guard kind == .characters else { return }
        if isFound { table.set(id, to: Array(text.utf8)) }
        if let byte = Self.byte(of: text) {
            byteTokens[Int(byte)] = id
            texts.set(id, to: CollectionOfOne(byte))
        } else if text.utf8.contains(0xE2) {
            texts.set(id, to: Self.unmarked(Array(text.utf8)))
        }
    }

    /// Returns the bytes with spaces for "▁".
    private static func unmarked(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var at = 0
        while at < bytes.count {
            let isMark = bytes[at...].starts(with: [0xE2, 0x96, 0x81])
            result.append(isMark ? 0x20 : bytes[at])
            at += isMark ? 3 : 1
        }
        return result
    }

    /// Returns the byte that a token such as `<0x0A>` stands for.
    static func byte(of text: String) -> UInt8? {
        guard text.utf8.count == 6, text.hasPrefix("<0x"), text.hasSuffix(">") else { return nil }
        let digits = text.dropFirst(3).dropLast()
        guard digits.allSatisfy({ $0.isHexDigit && !$0.isLowercase }) else { return nil }
        return UInt8(digits, radix: 16)
    }

    // MARK: - Pairs

    /// Adds the merge of two tokens, of which the first added has the lowest rank.
    ///
    /// - Parameters:
    ///   - left: the text of the first token.
    ///   - right: the text of the second.
    ///   - rank: the place in the list, from 0.
    /// - Throws: `bad-tokenizer` when a part or the whole is no token.
    mutating func addMerge(
        _ left: some StringProtocol,
        _ right: some StringProtocol,
        rank: Int
    ) throws(Diagnostic) {
        scratch.removeAll(keepingCapacity: true)
        var isKnown = append(left)
        let middle = scratch.count
        isKnown = append(right) && isKnown
        let ids: (Int32, Int32, Int32)? = scratch.withUnsafeBufferPointer { buffer in
            guard isKnown, let base = buffer.baseAddress, middle > 0, middle < buffer.count,
                let first = table.id(base, middle),
                let second = table.id(base + middle, buffer.count - middle),
                let whole = table.id(base, buffer.count)
            else { return nil }
            return (first, second, whole)
        }
        guard let (first, second, whole) = ids else {
            throw problem(
                "merge \(rank) ('\(left)' and '\(right)') has a part or a whole that is no token"
            )
        }
        add(first, second, whole, rank: rank)
    }

    private mutating func add(_ first: Int32, _ second: Int32, _ whole: Int32, rank: Int) {
        pairs.set(
            first,
            second,
            to: UInt64(rank) << 32 | UInt64(UInt32(bitPattern: whole))
        )
        if kind == .characters, !crossesMarks {
            crossesMarks = table.withBytes(whole, Self.hasMarkInside)
        }
    }

    private mutating func append(_ text: some StringProtocol) -> Bool {
        guard kind == .byteLevel else {
            scratch.append(contentsOf: text.utf8)
            return true
        }
        return ByteAlphabet.append(text, to: &scratch)
    }

    /// Adds the merges that scores mean: every pair of tokens whose whole is one, the highest score first.
    mutating func addMerges(scores: [Float]) {
        let order = scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }
        var rank = -1
        var last: Float?
        for id in order {
            if scores[id] != last { rank += 1 }
            last = scores[id]
            let whole = Int32(truncatingIfNeeded: id)
            let found: [(Int32, Int32)] = table.withBytes(whole) { bytes in
                guard let base = bytes.baseAddress, bytes.count > 1, bytes.count <= 256,
                    table.id(base, bytes.count) == whole
                else { return [] }
                return (1..<bytes.count).compactMap { middle in
                    guard bytes[middle] & 0xC0 != 0x80, let first = table.id(base, middle),
                        let second = table.id(base + middle, bytes.count - middle)
                    else { return nil }
                    return (first, second)
                }
            }
            for (first, second) in found { add(first, second, whole, rank: rank) }
        }
    }

    /// Returns whether a "▁" stands after something else.
    private static func hasMarkInside(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let base = bytes.baseAddress else { return false }
        let text = ScalarText(base)
        var at = 0
        var hasOther = false
        while at < bytes.count {
            let isMark = WordSplitter.isMark(text, at, bytes.count)
            if isMark, hasOther { return true }
            hasOther = hasOther || !isMark
            at += ScalarText.length(bytes[at])
        }
        return false
    }

    // MARK: - The whole

    /// Returns the tokenizer.
    mutating func tokenizer() throws(Diagnostic) -> Tokenizer {
        for token in added where token.id < 0 || token.id >= Self.mostTokens {
            throw problem(
                "the token '\(token.content)' has the id \(token.id), expected 0 to "
                    + "\(Self.mostTokens - 1)"
            )
        }
        for token in added { texts.set(token.id, to: token.content.utf8) }
        if splitter == .whole, kind == .characters, !crossesMarks, !takesWholeWords,
            table.id("▁".utf8) != nil
        {
            splitter = .markedRuns
        }
        // The special ones are looked for first, as where two have the same text.
        let sorted = added.filter(\.isSpecial) + added.filter { !$0.isSpecial }
        let normalizer = normalizer
        return Tokenizer(
            texts: texts,
            vocabulary: table,
            pairs: pairs,
            symbols: try symbols(),
            splitter: splitter,
            takesWholeWords: takesWholeWords,
            normalizer: normalizer,
            added: added,
            rawMatcher: AddedTokenMatcher(
                sorted.filter { !$0.isNormalized }.map { ($0, Array($0.content.utf8)) }
            ),
            normalizedMatcher: AddedTokenMatcher(
                sorted.filter(\.isNormalized).map { ($0, normalizer.normalized($0.content)) }
            ),
            specialIDs: Set(added.filter(\.isSpecial).map(\.id)),
            prefix: prefix,
            suffix: suffix
        )
    }

    private func symbols() throws(Diagnostic) -> Tokenizer.Symbols {
        if let unknown, Int(unknown) >= texts.count {
            throw problem("the unknown token has the id \(unknown), which no token has")
        }
        guard kind == .characters else {
            let tokens = (0...255).map { table.id(CollectionOfOne(UInt8($0))) ?? -1 }
            return .bytes(tokens, unknown: unknown)
        }
        let missing = byteTokens.firstIndex(of: -1)
        if fallsBackToBytes, let missing {
            let digits = String(missing, radix: 16, uppercase: true)
            throw problem(
                "it has no token '<0x\(missing < 16 ? "0" : "")\(digits)>', which characters without a "
                    + "token are made of"
            )
        }
        return .characters(
            Tokenizer.Characters(
                ascii: (0...127).map { table.id(CollectionOfOne(UInt8($0))) ?? -1 },
                bytes: fallsBackToBytes ? byteTokens : nil,
                unknown: unknown,
                joinsUnknown: joinsUnknown
            )
        )
    }
}
