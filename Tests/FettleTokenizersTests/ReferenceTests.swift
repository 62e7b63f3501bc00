import FettleCore
import FettleTokenizers
import Foundation
import Testing

/// What Hugging Face's tokenizers made of the strings.
struct Reference {
    let folder: URL
    let name: String

    func json(_ ending: String = "json") throws -> JSONValue {
        let path = folder.appending(path: "\(name).\(ending)")
        let limits = JSONLimits(bytes: 1 << 30)
        return try JSONValue.parse(Array(try Data(contentsOf: path)), file: name, limits: limits)
    }

    func tokenizer() throws -> Tokenizer {
        try Tokenizer(json: try json(), file: "\(name).json")
    }

    /// One number for each block of strings.
    func hashes() throws -> [UInt64] {
        let path = folder.appending(path: "\(name).hashes")
        return String(decoding: try Data(contentsOf: path), as: UTF8.self).split(separator: "\n")
            .compactMap { UInt64($0, radix: 16) }
    }

    /// Returns the first positions of the blocks whose tokens are others.
    func differences(
        _ tokenizer: Tokenizer,
        blocks: some Sequence<Int>
    ) throws -> [Int] {
        let strings = try HostileStrings()
        let expected = try hashes()
        #expect(expected.count == 1000)
        var encoder = TokenEncoder(tokenizer)
        return blocks.filter { block in
            let first = block * HostileStrings.blockLength
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for position in first..<(first + HostileStrings.blockLength) {
                let specials: Tokenizer.Specials =
                    HostileStrings.takesSpecials(position) ? .asTokens : .asText
                let ids = encoder.encode(strings[position], specials: specials)
                for number in [Int32(ids.count)] + ids {
                    hash = (hash ^ UInt64(number)) &* 0x100_0000_01B3
                }
            }
            return hash != expected[block]
        }.map { $0 * HostileStrings.blockLength }
    }
}

struct ReferenceTests {
    static let names = ["gpt2", "smollm", "smollm-gaps", "llama3", "qwen2", "llama2", "mistral"]

    /// Together the families see every string; each sees every one where the whole comparison is asked for.
    @Test(arguments: names)
    func tokensAreThoseOfHuggingFace(name: String) throws {
        let reference = Reference(folder: HostileStrings.folder, name: name)
        let offset = Self.names.firstIndex(of: name) ?? 0
        let isWhole = ProcessInfo.processInfo.environment["FETTLE_TOKENIZERS"] != nil
        let step = isWhole ? 1 : Self.names.count
        let blocks = stride(from: isWhole ? 0 : offset, to: 1000, by: step)
        #expect(try reference.differences(try reference.tokenizer(), blocks: blocks) == [])
    }

    @Test(arguments: ["gpt2", "smollm", "llama3", "qwen2"])
    func metadataOfGGUFGivesTheSameTokens(name: String) throws {
        let reference = Reference(folder: HostileStrings.folder, name: name)
        let json = try reference.json()
        let names = ["gpt2": "gpt-2", "smollm": "smollm", "llama3": "llama-bpe", "qwen2": "qwen2"]
        var values = vocabulary(json, model: "gpt2")
        values.pre = names[name]
        values.merges = (json["model"]?.items("merges") ?? []).map { pair in
            guard case .array(let parts) = pair else { return "" }
            return parts.map { if case .string(let text) = $0 { text } else { "" } }
                .joined(separator: " ")
        }
        try expectEqual(values, reference)
    }

    @Test func scoresOfGGUFGiveTheSameTokensAsMerges() throws {
        let reference = Reference(folder: HostileStrings.folder, name: "llama2")
        let json = try reference.json()
        var values = vocabulary(json, model: "llama")
        values.scores = Array(repeating: 0, count: values.tokens.count)
        for (rank, pair) in (json["model"]?.items("merges") ?? []).enumerated() {
            guard case .array(let parts) = pair else { continue }
            let whole = parts.map { if case .string(let text) = $0 { text } else { "" } }.joined()
            guard let id = values.tokens.firstIndex(of: whole), values.scores[id] == 0 else {
                continue
            }
            values.scores[id] = -1 - Float(rank)
        }
        values.unknown = 0
        try expectEqual(values, reference)
    }

    /// The tokens that the file adds with ways of their own are told by no metadata.
    private func vocabulary(_ json: JSONValue, model: String) -> GGUFVocabulary {
        guard case .object(let members)? = json["model"]?["vocab"] else {
            return GGUFVocabulary(model: model, tokens: [])
        }
        var tokens = Array(repeating: "", count: 4000)
        var types = Array(repeating: Int32(1), count: 4000)
        for member in members {
            guard case .integer(let id) = member.value else { continue }
            tokens[Int(id)] = member.name
        }
        for item in json.items("added_tokens") {
            guard case .integer(let id)? = item["id"], case .string(let text)? = item["content"],
                !Self.odd.contains(text)
            else { continue }
            tokens[Int(id)] = text
            types[Int(id)] = item["special"] == .boolean(true) ? 3 : 4
        }
        let count = (tokens.lastIndex { !$0.isEmpty } ?? -1) + 1
        var values = GGUFVocabulary(model: model, tokens: Array(tokens[..<count]))
        values.types = Array(types[..<count])
        return values
    }

    private static let odd = ["<mask>", "<w>", "<né>"]

    private func expectEqual(_ values: GGUFVocabulary, _ reference: Reference) throws {
        let strings = try HostileStrings()
        let expected = try reference.tokenizer()
        let found = try Tokenizer(values, file: "model.gguf")
        var compared = 0
        for position in 0..<2000 {
            let text = strings[position]
            if Self.odd.contains(where: text.contains) || text.contains("e\u{301}>") { continue }
            let specials: Tokenizer.Specials =
                HostileStrings.takesSpecials(position) ? .asTokens : .asText
            let ids = found.encode(text, specials: specials)
            #expect(ids == expected.encode(text, specials: specials), "string \(position)")
            compared += 1
        }
        #expect(compared > 1500)
    }
}

/// The comparison of `Reference/compare.py`, which makes the folder.
struct RealVocabularyTests {
    private static let folder = ProcessInfo.processInfo.environment["FETTLE_TOKENIZERS"]

    private static let names: [String] = {
        guard let folder else { return ["none: see Reference/compare.py"] }
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".hashes") }.map { String($0.dropLast(7)) }.sorted()
    }()

    @Test(.enabled(if: folder != nil, "FETTLE_TOKENIZERS is not set"), arguments: names)
    func tokensAreThoseOfHuggingFace(name: String) throws {
        let reference = Reference(folder: URL(filePath: Self.folder ?? ""), name: name)
        #expect(try reference.differences(try reference.tokenizer(), blocks: 0..<1000) == [])
    }

    @Test(.enabled(if: folder != nil, "FETTLE_TOKENIZERS is not set"), arguments: names)
    func metadataOfGGUFGivesThem(name: String) throws {
        let reference = Reference(folder: URL(filePath: Self.folder ?? ""), name: name)
        guard let json = try? reference.json("gguf.json") else { return }
        func text(_ name: String) -> String? {
            if case .string(let text)? = json[name] { text } else { nil }
        }
        var values = GGUFVocabulary(model: text("model") ?? "", tokens: json.strings("tokens"))
        values.pre = text("pre")
        values.merges = json.strings("merges")
        values.scores = json.numbers("scores").map { Float($0) }
        values.types = json.numbers("token_type").map { Int32($0) }
        if case .integer(let id)? = json["unknown_token_id"] { values.unknown = Int32(id) }
        let tokenizer = try Tokenizer(values, file: name)
        #expect(try reference.differences(tokenizer, blocks: 0..<1000) == [])
    }
}
