import FettleCore
import FettleTokenizers
import Testing

struct TokenizerTests {
    private func tokenizer(_ name: String) throws -> Tokenizer {
        try Reference(folder: HostileStrings.folder, name: name).tokenizer()
    }

    /// Returns the texts of a text's tokens.
    private func pieces(_ text: String, _ name: String) throws -> [String] {
        let tokenizer = try tokenizer(name)
        return tokenizer.encode(text).map { tokenizer.decode([$0]) }
    }

    @Test func textBecomesTheTokensOfTheVocabulary() throws {
        let tokenizer = try tokenizer("gpt2")
        #expect(
            try pieces("The dress is 4/5 stars", "gpt2").joined(separator: "|")
                == "The| d|ress| is| 4|/|5| stars"
        )
        #expect(tokenizer.encode("") == [])
        #expect(tokenizer.id(of: "<|endoftext|>").map(tokenizer.isSpecial) == true)
        #expect(tokenizer.id(of: "no such token") == nil)
        #expect(tokenizer.bytes(of: -1) == [] && tokenizer.bytes(of: 1 << 20) == [])
    }

    @Test func specialTokensAreTextUnlessAskedFor() throws {
        let tokenizer = try tokenizer("qwen2")
        let start = try #require(tokenizer.id(of: "<|im_start|>"))
        let asked = tokenizer.encode("<|im_start|>user", specials: .asTokens)
        #expect(asked.first == start)
        let text = tokenizer.encode("<|im_start|>user")
        #expect(!text.contains(start) && text.count > 5)
        #expect(tokenizer.decode(text) == "<|im_start|>user")
        #expect(tokenizer.decode(asked) == "<|im_start|>user")
        #expect(tokenizer.decode(asked, withSpecials: false) == "user")
    }

    @Test(arguments: ["gpt2", "smollm", "llama3", "qwen2", "llama2", "mistral"])
    func placesCoverTheText(name: String) throws {
        let tokenizer = try tokenizer(name)
        let strings = try HostileStrings()
        for position in stride(from: 0, to: 1500, by: 1) {
            let text = strings[position]
            let specials: Tokenizer.Specials =
                HostileStrings.takesSpecials(position) ? .asTokens : .asText
            let tokens = tokenizer.tokens(of: text, specials: specials)
            #expect(tokens.map(\.id) == tokenizer.encode(text, specials: specials))
            var end = 0
            for token in tokens {
                // Tokens of one composed character share its bytes.
                #expect(token.start <= end && token.end >= end, "string \(position)")
                end = max(end, token.end)
            }
            #expect(end == text.utf8.count, "string \(position)")
        }
    }

    @Test func aTokenKnowsItsBytes() throws {
        let text = "é 😀 w\u{302}x"
        let tokens = try tokenizer("qwen2").tokens(of: text)
        let bytes = Array(text.utf8)
        #expect(tokens.first?.start == 0 && tokens.last?.end == bytes.count)
        #expect(tokens.contains { $0.start == 8 && $0.end == 11 })
        let marked = try tokenizer("llama2").tokens(of: " a b")
        #expect(marked.map { [$0.start, $0.end] } == [[0, 0], [0, 2], [2, 4]])
    }

    @Test(arguments: ["gpt2", "smollm", "llama3", "llama2", "mistral"])
    func decodingGivesTheTextBack(name: String) throws {
        let tokenizer = try tokenizer(name)
        let strings = try HostileStrings()
        for position in stride(from: 1, to: 1000, by: 2) {
            let text = strings[position]
            if text.contains("<w>") || text.contains("<né>") { continue }
            // "▁" is this alphabet's space.
            let isMarked = name == "llama2" || name == "mistral"
            if isMarked && text.contains("\u{2581}") { continue }
            if name == "mistral" && text.hasPrefix(" ") { continue }
            let decoded = tokenizer.decode(tokenizer.encode(text))
            #expect(Array(decoded.utf8) == Array(text.utf8), "string \(position)")
        }
    }

    @Test func charactersComeOutWhole() throws {
        let tokenizer = try tokenizer("gpt2")
        let ids = tokenizer.encode("a€é🜚")
        var decoder = TokenDecoder(tokenizer)
        let parts = ids.map { decoder.append($0) }
        #expect(parts.joined() == "a€é🜚")
        #expect(parts.allSatisfy { !$0.contains("\u{FFFD}") })
        #expect(decoder.finish() == "")
        var cut = TokenDecoder(tokenizer)
        let cutParts = ids.dropLast().map { cut.append($0) }
        #expect(cutParts.joined() + cut.finish() == "a€é\u{FFFD}")
    }

    @Test func aByteThatContinuesNothingIsReplacedAtOnce() throws {
        let tokenizer = try tokenizer("gpt2")
        let ids = tokenizer.encode("ŵ")
        let last = try #require(ids.last)
        var decoder = TokenDecoder(tokenizer)
        #expect(ids.count == 2 && decoder.append(last) == "\u{FFFD}")
        #expect(decoder.append(ids[0]) == "" && decoder.append(ids[0]) == "\u{FFFD}")
        #expect(decoder.append(last) == "ŵ")
    }

    @Test func textThatGoesOnKeepsItsFirstSpace() throws {
        let tokenizer = try tokenizer("llama2")
        let second = try #require(tokenizer.encode("a b").last)
        var alone = TokenDecoder(tokenizer)
        #expect(alone.append(second) == "b")
        var goingOn = TokenDecoder(tokenizer, goesOn: true)
        #expect(goingOn.append(second) == " b")
    }

    @Test func aLongWordTakesNoLongTime() throws {
        let tokenizer = try tokenizer("gpt2")
        let text = String(repeating: "the", count: 20_000)
        let ids = tokenizer.encode(text)
        #expect(ids.count < 45_000 && tokenizer.decode(ids) == text)
    }

    @Test func aMemoryOfWordsChangesNothing() throws {
        let tokenizer = try tokenizer("llama3")
        let strings = try HostileStrings()
        var with = TokenEncoder(tokenizer)
        var without = TokenEncoder(tokenizer, remembersWords: false)
        for position in 0..<1000 {
            let text = strings[position % 300]
            let ids = with.encode(text)
            #expect(ids == without.encode(text))
        }
    }
}
