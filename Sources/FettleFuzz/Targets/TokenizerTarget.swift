import FettleCore
import FettleTokenizers

/// Small tokenizers, as the text of their files.
private enum TokenizerFiles {
    static let contractions = #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"#
    static let rest = #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

    /// Every byte, three merges, and the rules of a family.
    static func byteLevel(splitter: JSONValue, normalizer: JSONValue = .null) -> JSONValue {
        let printable = Array(0x21...0x7E) + Array(0xA1...0xAC) + Array(0xAE...0xFF)
        let others = (0..<256).filter { !printable.contains($0) }
        let letters = printable + others.indices.map { 0x100 + $0 }
        let names =
            letters.compactMap { UnicodeScalar($0).map(String.init) }
            + ["th", "the", "Ġthe", "ÃŃ"]
        return file(
            names,
            merges: ["t h", "th e", "Ġ the", "Ã Ń"],
            splitter: splitter,
            normalizer: normalizer
        )
    }

    static func file(
        _ names: [String],
        merges: [String],
        splitter: JSONValue,
        normalizer: JSONValue,
        model: [JSONValue.Member] = []
    ) -> JSONValue {
        let ids = names.enumerated().map { JSONValue.Member($1, .integer(Int64($0))) }
        func added(_ name: String, _ special: Bool, _ flag: String) -> JSONValue {
            .object([
                .init("id", .integer(Int64(names.count) + Int64(name.utf8.count))),
                .init("content", .string(name)), .init("special", .boolean(special)),
                .init(flag, .boolean(true)), .init("normalized", .boolean(name == "<n>")),
            ])
        }
        return .object([
            .init(
                "added_tokens",
                .array([
                    added("<|im_start|>", true, "single"), added("<m>", true, "lstrip"),
                    added("<ww>", false, "single_word"), added("<nnn>", false, "rstrip"),
                ])
            ),
            .init("normalizer", normalizer), .init("pre_tokenizer", splitter),
            .init(
                "model",
                .object(
                    [
                        .init("type", .string("BPE")), .init("vocab", .object(ids)),
                        .init("merges", .array(merges.map { .string($0) })),
                    ] + model
                )
            ),
        ])
    }

    static func type(_ name: String, _ members: JSONValue.Member...) -> JSONValue {
        .object([.init("type", .string(name))] + members)
    }

    static let plain = type("ByteLevel", .init("add_prefix_space", .boolean(false)))
    static let silent = type(
        "ByteLevel",
        .init("add_prefix_space", .boolean(false)),
        .init("use_regex", .boolean(false))
    )

    static func sequence(_ first: JSONValue, _ second: JSONValue) -> JSONValue {
        type("Sequence", .init("pretokenizers", .array([first, second])))
    }

    static func pattern(_ digits: String) -> JSONValue {
        let regex = JSONValue.object([.init("Regex", .string(contractions + digits + rest))])
        let split = type(
            "Split",
            .init("pattern", regex),
            .init("behavior", .string("Isolated"))
        )
        return sequence(split, silent)
    }

    static let gpt2 = byteLevel(splitter: plain)
    static let smollm = byteLevel(
        splitter: sequence(type("Digits", .init("individual_digits", .boolean(true))), plain)
    )
    static let llama3 = byteLevel(splitter: pattern(#"\p{N}{1,3}"#))
    static let qwen2 = byteLevel(splitter: pattern(#"\p{N}"#), normalizer: type("NFC"))
    static let marked: JSONValue = {
        let bytes = (0..<256).map { byte in
            let hex = String(byte, radix: 16, uppercase: true)
            return "<0x\(byte < 16 ? "0" : "")\(hex)>"
        }
        return file(
            ["<unk>"] + bytes + ["▁", "t", "h", "e", "th", "the", "▁the"],
            merges: ["t h", "th e", "▁ the"],
            splitter: type("Metaspace", .init("replacement", .string("▁"))),
            normalizer: .null,
            model: [.init("byte_fallback", .boolean(true)), .init("unk_token", .string("<unk>"))]
        )
    }()

    static let pieces = [
        "the", " the", "'s", "'RE", "'ſ", "12345", "٣", "\r\n", "\u{3000}", "  ", "e\u{301}",
        "\u{1100}\u{1161}\u{11A8}", "가", "😀", "<|im_start|>", "<m>", "<ww>", "<nnn>", "▁",
        "\u{212B}",
        "\u{0}", "�", "in", "日本",
    ]
}

/// The reader of `tokenizer.json`: changed files are refused in words, or read and used.
struct TokenizerFileTarget: FuzzTarget {
    let name = "tokenizer"
    private let mutation = Mutation([
        "null", "true", "false", "-1", "0", "2097152", "1e9", "99999999999", "[]", "{}", "\"\"",
        "\"a\"",
        "\"▁\"", "\"BPE\"", "\"Sequence\"", "\"ByteLevel\"", "\"Metaspace\"", "\"NFC\"",
        "\"vocab\":",
        "\"merges\":", "\"id\":", "\"content\":", "\"add_prefix_space\":", "\"split\":", ",", ":",
        "}", "]",
    ])
    private let seeds = [
        TokenizerFiles.gpt2, TokenizerFiles.smollm, TokenizerFiles.llama3, TokenizerFiles.qwen2,
        TokenizerFiles.marked,
    ].map { Array($0.text().utf8) }

    func input(_ generator: inout SeededGenerator) -> [UInt8] {
        if generator.below(5) == 0 { return changedValue(&generator) }
        return mutation.changed(seeds.any(&generator), with: seeds.any(&generator), &generator)
    }

    /// Returns a file with a number of it changed, which is JSON always.
    private func changedValue(_ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = seeds.any(&generator)
        for _ in 0...generator.below(3) {
            let place = generator.below(bytes.count)
            if (0x30...0x39).contains(bytes[place]) {
                bytes[place] = UInt8(0x31 + generator.below(9))
            } else if (0x61...0x7A).contains(bytes[place]) {
                bytes[place] = UInt8(0x61 + generator.below(26))
            }
        }
        return bytes
    }

    func check(_ input: [UInt8], _ generator: inout SeededGenerator) throws -> Bool {
        let tokenizer: Tokenizer
        do {
            let json = try JSONValue.parse(input, file: "tokenizer.json")
            tokenizer = try Tokenizer(json: json, file: "tokenizer.json")
        } catch {
            try requireWords(of: error)
            return false
        }
        let text = (0...generator.below(12)).map { _ in TokenizerFiles.pieces.any(&generator) }
            .joined()
        for specials in [Tokenizer.Specials.asText, .asTokens] {
            let ids = tokenizer.encode(text, specials: specials)
            try require(
                ids.allSatisfy { $0 >= 0 && $0 < tokenizer.count },
                "an id is not below \(tokenizer.count): \(ids)"
            )
            let tokens = tokenizer.tokens(of: text, specials: specials)
            try require(tokens.map(\.id) == ids, "the tokens with places are others")
            try require(
                tokens.allSatisfy {
                    $0.start >= 0 && $0.start <= $0.end && $0.end <= text.utf8.count
                },
                "a place is outside of the text"
            )
            _ = tokenizer.decode(ids)
        }
        return true
    }
}

/// Text and its tokens: they cover it, and give it back.
struct TokensTarget: FuzzTarget {
    let name = "tokens"
    private let tokenizers: [Tokenizer]
    private let mutation = Mutation(TokenizerFiles.pieces)

    init() throws {
        let files = [
            TokenizerFiles.gpt2, TokenizerFiles.smollm, TokenizerFiles.llama3, TokenizerFiles.qwen2,
        ]
        tokenizers = try files.map { try Tokenizer(json: $0, file: "tokenizer.json") }
    }

    func input(_ generator: inout SeededGenerator) -> [UInt8] {
        let soup = mutation.soup(&generator, atMost: 30)
        return mutation.changed(soup, with: soup, &generator)
    }

    func check(_ input: [UInt8], _ generator: inout SeededGenerator) throws -> Bool {
        let text = String(decoding: input, as: UTF8.self)
        let number = generator.below(tokenizers.count)
        let tokenizer = tokenizers[number]
        let tokens = tokenizer.tokens(of: text)
        let ids = tokenizer.encode(text)
        try require(tokens.map(\.id) == ids, "the tokens with places are others")
        try require(!ids.contains(where: tokenizer.isSpecial), "text became a special token")
        var end = 0
        for token in tokens {
            try require(token.start <= end && token.end >= end, "a gap at \(end)")
            end = max(end, token.end)
        }
        try require(end == text.utf8.count, "the tokens end at \(end) of \(text.utf8.count)")
        var decoder = TokenDecoder(tokenizer)
        let parts = ids.map { decoder.append($0) }.joined() + decoder.finish()
        try require(parts == tokenizer.decode(ids), "decoded in parts it is another text")
        // The last one composes characters.
        let isKept = number < 3 ? Array(parts.utf8) == Array(text.utf8) : parts == text
        let hasStripped = text.contains("<ww>") || text.contains("<nnn>")
        try require(isKept || hasStripped, "'\(text)' came back as '\(parts)'")
        var encoder = TokenEncoder(tokenizer)
        for _ in 0..<2 {
            let again = encoder.encode(text)
            try require(again == ids, "remembered words give other tokens")
        }
        return true
    }
}

/// Chat templates: refused with a place, or run within their bounds.
struct ChatTemplateTarget: FuzzTarget {
    let name = "chat-template"
    private let mutation = Mutation([
        "{{", "}}", "{%", "%}", "{%-", "-%}", "{#", "#}", "{{-", "-}}", "for m in messages",
        "endfor", "if ",
        "elif", "else", "endif", "set x = ", "endset", "macro m(a, b=1)", "endmacro", "m(1)",
        "messages",
        "message.content", "['role']", "[1:]", "[::-1]", "[-1]", "loop.last", "loop.index0", " + ",
        " ~ ",
        " * ", " // ", " % ", " == ", " in ", " not ", " and ", " or ", " is ", "defined", "string",
        "none",
        "| trim", "| tojson", "| length", "| upper", "| join(',')", "| default('x')", "| list",
        "| selectattr('role', 'eq', 'user')", "| map(attribute='content')", ".strip()",
        ".split('a')",
        ".replace('a', 'bb')", "namespace(a=1)", "ns.a", "range(9)", "raise_exception('no')", "(",
        ")", "[",
        "]", "{", "}", ",", ":", "'", "\"", "9223372036854775807", "-1", "1.5", "'é'", "break",
        "continue",
        "\n", " ", "x", "\\u00e9", "\\",
    ])
    private static let seeds = [
        "{% for m in messages %}{{ '<|' + m['role'] + '|>' + m.content | trim + '\\n' }}{% endfor %}",
        "{%- set ns = namespace(i=0) -%}\n{% for m in messages[1:] if m.role != 'tool' %}\n  "
            + "{% if loop.first %}{{ m | tojson(indent=2) }}{% elif m.content is string %}"
            + "{{ m.content[::-1][:5] }}{% else %}{% set ns.i = ns.i + 1 %}{% endif %}\n{% endfor %}{{ ns.i }}",
        "{% macro t(a, b='x') %}[{{ a ~ b }}]{% endmacro %}{{ t(messages | length) }}{{ t(b=2, a='é') }}",
        "{% set x %}{{ range(3) | join('-') }}{% endset %}{{ x.split('-') | map('int') | list }}"
            + "{{ {'a': [1, none]} | tojson }}{{ 7 // 2 * -3 % 5 }}{{ 'a' if 1 < 2 <= 3 else raise_exception('b') }}",
    ].map { Array($0.utf8) }

    private static let messages = JSONValue.array([
        .object([.init("role", .string("system")), .init("content", .string("Be é 😀 short"))]),
        .object([.init("role", .string("user")), .init("content", .string(" hello\nthere "))]),
        .object([.init("role", .string("assistant")), .init("content", .null)]),
        .object([
            .init("role", .string("tool")),
            .init("content", .object([.init("warm", .array([.number(1.5), .boolean(true)]))])),
        ]),
    ])

    func input(_ generator: inout SeededGenerator) -> [UInt8] {
        if generator.below(4) == 0 { return mutation.soup(&generator, atMost: 14) }
        let other = Self.seeds.any(&generator)
        return mutation.changed(Self.seeds.any(&generator), with: other, &generator)
    }

    func check(_ input: [UInt8], _ generator: inout SeededGenerator) throws -> Bool {
        do {
            let template = try ChatTemplate(String(decoding: input, as: UTF8.self))
            var context = ChatTemplate.Context()
            context.addsGenerationPrompt = generator.below(2) == 0
            let text = try template.render(Self.messages, context)
            try require(text.utf8.count <= 16 << 20, "\(text.utf8.count) bytes")
            return true
        } catch let error as Diagnostic {
            // What a template refuses with is its own text.
            if error.code != "chat-template-refused" { try requireWords(of: error) }
            let lines = input.split(separator: 0x0A, omittingEmptySubsequences: false).count
            let returns = input.count { $0 == 0x0D }
            let place = error.location
            try require(
                (place?.line ?? 0) >= 1 && (place?.line ?? 0) <= lines + returns,
                "no place: \(error.message)"
            )
            return false
        }
    }
}
