import FettleCore
import FettleTokenizers
import Testing

/// What a tokenizer's file is refused for.
struct TokenizerFileTests {
    private static let small = """
        {"added_tokens": [], "normalizer": null, "pre_tokenizer": null, "post_processor": null,
         "model": {"type": "BPE", "unk_token": "?", "vocab": {"?": 0, "a": 1, "b": 2, "ab": 3},
                   "merges": ["a b"]}}
        """

    private func read(_ text: String) throws -> Tokenizer {
        let json = try JSONValue.parse(Array(text.utf8), file: "tokenizer.json")
        return try Tokenizer(json: json, file: "tokenizer.json")
    }

    @Test func aSmallFileIsRead() throws {
        let tokenizer = try read(Self.small)
        #expect(tokenizer.count == 4)
        #expect(tokenizer.encode("abax") == [3, 1, 0])
        #expect(tokenizer.prefix == [] && tokenizer.suffix == [])
    }

    @Test func theTokensRoundATextAreRead() throws {
        let template = """
            "post_processor": {"type": "TemplateProcessing", "single": [
              {"SpecialToken": {"id": "?", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
              {"SpecialToken": {"id": "b", "type_id": 0}}], "pair": [],
              "special_tokens": {"?": {"id": "?", "ids": [0], "tokens": ["?"]},
                                 "b": {"id": "b", "ids": [2], "tokens": ["b"]}}}
            """
        let text = Self.small.replacing("\"post_processor\": null", with: template)
        let tokenizer = try read(text)
        #expect(tokenizer.prefix == [0] && tokenizer.suffix == [2])
    }

    @Test(arguments: [
        ("\"model\"", "\"modal\"", "'model' is missing"),
        ("{\"?\": 0,", "{\"?\": -1,", "the token '?' has the id -1, expected 0 to 2097151"),
        ("\"ab\": 3", "\"ab\": 4000000000", "'model.vocab' has no id for 'ab'"),
        (
            "\"ab\": 3", "\"ab\": 3000000",
            "the token 'ab' has the id 3000000, expected 0 to 2097151"
        ),
        (
            "\"ab\": 3", "\"ac\": 3",
            "merge 0 ('a' and 'b') has a part or a whole that is no token"
        ),
        ("\"a b\"", "\"ab\"", "'model.merges[0]' is not two tokens"),
        ("\"a b\"", "[\"a\", 1]", "'model.merges[0]' is not two tokens"),
        ("[\"a b\"]", "{}", "'model.merges' is missing or no list"),
        ("\"unk_token\": \"?\"", "\"unk_token\": \"!\"", "'model.unk_token' '!' is no token"),
        (
            "\"unk_token\": \"?\"", "\"byte_fallback\": true",
            "it has no token '<0x00>', which characters without a token are made of"
        ),
        (
            "\"unk_token\": \"?\"", "\"byte_fallback\": 1",
            "'model.byte_fallback' is 1, expected true or false"
        ),
        ("[],", "[{\"id\": 9}],", "'added_tokens[0].content' is no text"),
        ("[],", "[{\"content\": \"x\"}],", "'added_tokens[0].id' is no whole number"),
        (
            "[],", "[{\"id\": 2097152, \"content\": \"x\"}],",
            "the token 'x' has the id 2097152, expected 0 to 2097151"
        ),
    ])
    func aFileThatIsWrongIsRefused(what: String, by: String, message: String) {
        let text = Self.small.replacing(what, with: by, maxReplacements: 1)
        #expect(
            throws: Diagnostic(
                "bad-tokenizer",
                "the tokenizer of 'tokenizer.json' cannot be read: \(message)"
            )
        ) { try read(text) }
    }

    @Test(arguments: [
        ("\"BPE\"", "\"WordPiece\"", "the model \"WordPiece\", expected \"BPE\""),
        (
            "\"normalizer\": null", "\"normalizer\": {\"type\": \"Lowercase\"}",
            "the normalizer {\"type\": \"Lowercase\"}, expected NFC, or Prepend and Replace of '▁'"
        ),
        (
            "\"pre_tokenizer\": null", "\"pre_tokenizer\": {\"type\": \"Whitespace\"}",
            "the pre-tokenizer \"Whitespace\", expected ByteLevel, Digits or Split before ByteLevel, "
                + "or Metaspace"
        ),
        (
            "\"pre_tokenizer\": null",
            "\"pre_tokenizer\": {\"type\": \"ByteLevel\", \"add_prefix_space\": true}",
            "'add_prefix_space' true, expected false"
        ),
        (
            "\"post_processor\": null", "\"post_processor\": {\"type\": \"BertProcessing\"}",
            "the post-processor \"BertProcessing\", expected TemplateProcessing or ByteLevel"
        ),
        ("\"unk_token\": \"?\"", "\"dropout\": 0.1", "'model.dropout' 0.1, expected none"),
    ])
    func whatIsNotReadIsNamed(what: String, by: String, message: String) {
        let text = Self.small.replacing(what, with: by, maxReplacements: 1)
        #expect(
            throws: Diagnostic(
                "unsupported-tokenizer",
                "the tokenizer of 'tokenizer.json' has \(message)",
                hint: "tokenizers of GPT-2, SmolLM, Llama, Qwen2 and Mistral models are read"
            )
        ) { try read(text) }
    }

    @Test func metadataOfGGUFThatDoesNotFitIsRefused() {
        var values = GGUFVocabulary(model: "llama", tokens: ["a", "b"])
        values.scores = [1]
        let start = "the tokenizer of 'm.gguf' cannot be read: 'tokenizer.ggml."
        let scores = Diagnostic(
            "bad-tokenizer",
            start + "scores' has 1 value, expected 2, one for each token"
        )
        #expect(throws: scores) { try Tokenizer(values, file: "m.gguf") }
        values.scores = [1, 2]
        values.types = [1, 1, 1]
        let types = Diagnostic(
            "bad-tokenizer",
            start + "token_type' has 3 values, expected 2, one for each token"
        )
        #expect(throws: types) { try Tokenizer(values, file: "m.gguf") }
        values.types = []
        values.end = 2
        let end = Diagnostic("bad-tokenizer", start + "eos_token_id' is 2, expected 0 to 1")
        #expect(throws: end) { try Tokenizer(values, file: "m.gguf") }
        let missing = Diagnostic(
            "unsupported-tokenizer",
            "the tokenizer of 'm.gguf' has 'tokenizer.ggml.pre' 'tekken', expected 'gpt-2', 'smollm', "
                + "'llama-bpe' or 'qwen2'",
            hint: "tokenizers of GPT-2, SmolLM, Llama, Qwen2 and Mistral models are read"
        )
        let other = GGUFVocabulary(model: "gpt2", pre: "tekken", tokens: ["a"])
        #expect(throws: missing) { try Tokenizer(other, file: "m.gguf") }
    }
}
