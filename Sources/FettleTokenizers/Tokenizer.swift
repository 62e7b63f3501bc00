/// Turns text into the numbers of a model's vocabulary and back.
///
/// Equal, id for id, to Hugging Face's `tokenizers` for byte-level BPE (GPT-2, SmolLM, Llama 3, Qwen2) and
/// for SentencePiece-style BPE (Llama 2, TinyLlama, Mistral). Make one from a `tokenizer.json` with
/// ``init(json:file:)`` or from the metadata of a GGUF file with ``init(_:)``.
///
/// ```swift
/// let ids = tokenizer.encode("The rating is 4")
/// tokenizer.decode(ids) == "The rating is 4"
/// ```
///
/// Text over some megabytes takes longer than a tenth of a second: whoever encodes many texts looks for
/// cancellation between them.
public struct Tokenizer: Sendable {
    /// What the text of special tokens in a text stands for.
    public enum Specials: Hashable, Sendable {
        /// The characters that it is made of: what users and files give.
        case asText
        /// The special token: what a chat template gives.
        case asTokens
    }

    /// The bytes that tokens stand for.
    let texts: TokenTexts
    /// The tokens that words and characters are looked up in.
    let vocabulary: TokenTable
    let pairs: PairTable
    let symbols: Symbols
    let splitter: WordSplitter
    /// Whether a word that is a token is that token, whatever its pairs merge to.
    let takesWholeWords: Bool
    let normalizer: Normalizer
    let added: [AddedToken]
    /// The added tokens that are looked for in the text as it stands, and in the normalised text.
    let rawMatcher: AddedTokenMatcher
    let normalizedMatcher: AddedTokenMatcher
    let specialIDs: Set<Int32>

    /// The tokens that go before every text, such as `<s>`.
    public let prefix: [Int32]
    /// The tokens that go after every text.
    public let suffix: [Int32]

    /// The ids are less than this.
    public var count: Int { texts.count }

    /// What a word is made of before any pair is merged.
    enum Symbols: Sendable {
        /// A token for each of the 256 bytes, -1 where there is none, and what stands for those.
        case bytes([Int32], unknown: Int32?)
        /// The token of each character.
        case characters(Characters)
    }

    /// The tokens of characters.
    struct Characters: Sendable {
        /// Those of ASCII, -1 where there is none; the others are looked up.
        var ascii: [Int32]
        /// The tokens of bytes, for characters that have no token of their own.
        var bytes: [Int32]?
        /// What stands for a character where there are none of bytes either.
        var unknown: Int32?
        /// Whether one stands for several such characters in a row.
        var joinsUnknown: Bool
    }

    /// What is done to text before it is cut.
    struct Normalizer: Hashable, Sendable {
        /// Where a "▁" is put before a word, if there is none.
        enum Mark: Hashable, Sendable {
            case never
            /// Before each part between added tokens.
            case everyPart
            /// Before the first.
            case firstPart
        }

        /// Whether characters are composed (NFC).
        var composes = false
        /// Whether spaces become "▁", and one more is put before each part, whatever stands there, before
        /// normalised added tokens are looked for.
        var marksSpaces = false
        var marksStart = false
        /// Where it is done after that; nil leaves spaces as they are.
        var wordMark: Mark?

        /// Returns the bytes of a normalised text.
        func normalized(_ text: String) -> [UInt8] {
            var text = text
            return text.withUTF8 { bytes in
                guard let base = bytes.baseAddress, !bytes.isEmpty else { return [] }
                let view = TextView(text: ScalarText(base), origin: .offset(0))
                guard let changed = changed(view, 0..<bytes.count) else { return Array(bytes) }
                return changed.bytes
            }
        }

        /// Returns what normalisation makes of `range`, or nil where it leaves it.
        func changed(_ view: TextView, _ range: Range<Int>) -> ChangedText? {
            var changed = ChangedText()
            if composes, !Normalization.isComposed(view.text, range) {
                changed.compose(view, range)
            } else if marksSpaces || marksStart {
                changed.mark(view, range, prefix: marksStart, marksSpaces: marksSpaces)
            } else {
                return nil
            }
            return changed
        }
    }

    // MARK: - Encoding

    /// Returns the tokens of a text, without ``prefix`` and ``suffix``.
    public func encode(_ text: String, specials: Specials = .asText) -> [Int32] {
        var encoder = TokenEncoder(self, remembersWords: text.utf8.count > 4096)
        return encoder.encode(text, specials: specials)
    }

    /// Returns the tokens of a text with the bytes that each stands for.
    public func tokens(of text: String, specials: Specials = .asText) -> [Token] {
        var encoder = TokenEncoder(self, remembersWords: text.utf8.count > 4096)
        return encoder.tokens(of: text, specials: specials)
    }

    /// Returns the token of this very text, a special one too, or nil.
    public func id(of token: String) -> Int32? {
        added.last { $0.content == token }?.id ?? vocabulary.id(token.utf8)
    }

    /// Returns whether a token steers the model rather than stands for text.
    public func isSpecial(_ id: Int32) -> Bool {
        specialIDs.contains(id)
    }

    // MARK: - Decoding

    /// Returns the bytes that a token stands for; none for an id that no token has.
    public func bytes(of id: Int32) -> [UInt8] {
        texts.withBytes(id) { Array($0) }
    }

    /// Returns the text of tokens, U+FFFD where their bytes are no UTF-8.
    ///
    /// The space that SentencePiece's way of marking words puts before a text is left out again.
    public func decode(_ ids: some Sequence<Int32>, withSpecials: Bool = true) -> String {
        var decoder = TokenDecoder(self, withSpecials: withSpecials)
        var text = ""
        for id in ids { text += decoder.append(id) }
        return text + decoder.finish()
    }

    /// Whether decoding leaves out one space at the beginning.
    var stripsFirstSpace: Bool {
        normalizer.marksStart || (normalizer.wordMark ?? .never) != .never
    }
}

/// A token and the part of the text that it stands for.
public struct Token: Hashable, Sendable {
    /// The number in the vocabulary.
    public var id: Int32
    /// Offset of its first byte in the text's UTF-8.
    public var start: Int
    /// Offset after its last byte; it may be inside a character.
    public var end: Int
}

/// Puts the text of tokens together as they come.
///
/// Bytes that begin a character are held back until the rest of it comes, so that what is given out is
/// always whole.
public struct TokenDecoder: Sendable {
    private let tokenizer: Tokenizer
    private let withSpecials: Bool
    private var held: [UInt8] = []
    private var stripsSpace: Bool

    /// Makes a decoder for one text, or for one that goes on from another, whose first space is its own; special
    /// tokens are left out unless they are asked for.
    public init(_ tokenizer: Tokenizer, withSpecials: Bool = false, goesOn: Bool = false) {
        self.tokenizer = tokenizer
        self.withSpecials = withSpecials
        stripsSpace = tokenizer.stripsFirstSpace && !goesOn
    }

    /// Returns the text that the token completes, which may be none.
    public mutating func append(_ id: Int32) -> String {
        guard withSpecials || !tokenizer.isSpecial(id) else { return "" }
        held.append(contentsOf: tokenizer.bytes(of: id))
        guard !held.isEmpty else { return "" }
        if stripsSpace {
            if held[0] == 0x20 { held.removeFirst() }
            stripsSpace = false
        }
        let complete = held.count - Self.incompleteBytes(at: held)
        defer { held.removeFirst(complete) }
        return String(decoding: held[..<complete], as: UTF8.self)
    }

    /// Returns what is held back, as U+FFFD.
    public mutating func finish() -> String {
        defer { held.removeAll() }
        return String(decoding: held, as: UTF8.self)
    }

    /// Returns how many bytes at the end begin a character that more bytes can complete.
    private static func incompleteBytes(at bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let byte = bytes[bytes.count - length]
            if byte & 0xC0 == 0x80 { continue }
            let needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 1
            guard byte <= 0xF4, needed > length else { return 0 }
            guard length > 1 else { return length }
            let second = bytes[bytes.count - length + 1]
            switch byte {
            case 0xE0: return second >= 0xA0 ? length : 0
            case 0xED: return second < 0xA0 ? length : 0
            case 0xF0: return second >= 0x90 ? length : 0
            case 0xF4: return second < 0x90 ? length : 0
            default: return length
            }
        }
        return 0
    }
}
