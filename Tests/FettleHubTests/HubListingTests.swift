import FettleCore
import Testing

@testable import FettleHub

struct HubListingTests {
    private static let commit = String(repeating: "0123456789", count: 4)

    private static func listing(_ names: [String]) throws -> HubListing {
        let files = names.map { #"{"rfilename": "\#($0)"}"# }.joined(separator: ", ")
        return try HubListing(
            Array(#"{"sha": "\#(commit)", "siblings": [\#(files)]}"#.utf8),
            model: "o/m"
        )
    }

    @Test func oneGGUFFileIsTakenByItself() throws {
        let listing = try Self.listing(["README.md", "m.Q8_0.gguf", "sub/n.gguf"])
        #expect(try listing.wanted(nil, model: "o/m").map(\.name) == ["m.Q8_0.gguf"])
    }

    @Test func severalGGUFFilesAreNamed() throws {
        let listing = try Self.listing(["a.gguf", "b.gguf"])
        #expect(try listing.wanted("b.gguf", model: "o/m").map(\.name) == ["b.gguf"])
        let many = #expect(throws: Diagnostic.self) { try listing.wanted(nil, model: "o/m") }
        #expect(many?.message == "'o/m' has 2 GGUF files: 'a.gguf', 'b.gguf'")
        let other = #expect(throws: Diagnostic.self) { try listing.wanted("c.gguf", model: "o/m") }
        #expect(other?.message == "'o/m' has no file 'c.gguf'")
        #expect(other?.hints == ["did you mean 'a.gguf' or 'b.gguf'?"])
    }

    @Test func shardsComeWithTheirIndex() throws {
        let listing = try Self.listing([
            "config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
            "model.safetensors.index.json", "adapter.safetensors", "tokenizer.json", "m.gguf",
            "../evil.safetensors",
        ])
        #expect(
            try listing.wanted(nil, model: "o/m").map(\.name) == [
                "config.json", "model-00001-of-00002.safetensors",
                "model-00002-of-00002.safetensors", "model.safetensors.index.json",
                "tokenizer.json",
            ]
        )
    }

    @Test func otherModelsAreForeign() throws {
        let listing = try Self.listing(["config.json", "pytorch_model.bin"])
        let error = #expect(throws: Diagnostic.self) { try listing.wanted(nil, model: "o/m") }
        #expect(
            error?.message
                == "'o/m' has no model that is read: no safetensors beside 'config.json', and no '*.gguf'"
        )
    }

    @Test(arguments: [
        ("{", "expected a name in quotes, found the end of the text (line 1, column 2)"),
        (#"{"sha": "main"}"#, "it has no 'sha' of 40 digits"),
        (#"{"sha": "SHA"}"#, "it has no 'siblings'"),
        (#"{"sha": "SHA", "siblings": [1]}"#, "one of 'siblings' has no 'rfilename'"),
        (
            #"{"sha": "SHA", "siblings": [{"rfilename": "a", "lfs": {"sha256": "x"}}]}"#,
            "'lfs.sha256' of 'a' is not 64 digits"
        ),
    ])
    func damagedListingIsRefused(_ text: String, _ message: String) {
        let bytes = Array(text.replacing("SHA", with: Self.commit).utf8)
        let error = #expect(throws: Diagnostic.self) { try HubListing(bytes, model: "o/m") }
        #expect(error?.code == "hub-corrupt")
        #expect(error?.message == "what the hub tells of 'o/m' is damaged: " + message)
    }
}
