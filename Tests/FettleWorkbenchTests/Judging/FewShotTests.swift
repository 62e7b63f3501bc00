import FettleCore
import FettleEvaluation
import FettleStore
import Foundation
import Testing

@testable import FettleWorkbench

struct FewShotTests {
    private static let tiny = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../samples/tiny-llama").standardizedFileURL.path

    @Test func examplesStandBeforeThePromptInTheOrderOfTheSeed() throws {
        let dataset = try Samples.reviews(6, format: Samples.format)
        let format = try #require(dataset.format)
        let set = try ExampleSet(dataset, format: format)
        let shots = try FewShot(3, from: dataset, format: format, seed: 5)
        #expect(Set(shots.positions).count == 3)
        let expected =
            shots.positions.map { place in
                let example = set.examples[place]
                return "\(example.prompt)\(example.completion)\n\n"
            }.joined() + "and this ->"
        #expect(shots.before("and this ->") == expected)
        #expect(shots.prompts == shots.positions.map { set.examples[$0].prompt })
        #expect(try FewShot(3, from: dataset, format: format, seed: 5).positions == shots.positions)
        let others = try (0..<8).map {
            try FewShot(3, from: dataset, format: format, seed: $0).positions
        }
        #expect(Set(others).count > 1)
    }

    @Test func conversationsHaveTurnsAfterTheSystemsMessage() throws {
        let chat = PromptFormat.chat(
            system: try PromptTemplate("Rate."),
            user: try PromptTemplate("{{body}}"),
            assistant: try PromptTemplate("{{stars}}")
        )
        let dataset = try Samples.reviews(4)
        let shots = try FewShot(2, from: dataset, format: chat, seed: 1)
        let rendering = shots.within { messages in
            messages.map { "\($0.role.rawValue): \($0.content)" }.joined(separator: "\n")
        }
        let set = try ExampleSet(dataset, format: chat)
        let turns = shots.positions.map { place in
            let prompt = set.examples[place].prompt.replacing("Rate.\n\n", with: "")
            return "user: \(prompt)\nassistant: \(set.examples[place].completion)"
        }
        let asked = [
            Message(role: .system, content: "Rate."), Message(role: .user, content: "this"),
        ]
        #expect(
            try rendering(asked)
                == (["system: Rate."] + turns + ["user: this"]).joined(separator: "\n")
        )
    }

    @Test func scoresAreThoseAfterTheWholeText() throws {
        let workspace = Workspace(.ephemeral, session: "test")
        let library = ModelLibrary(workspace)
        _ = try library.add(Self.tiny, as: "tiny", at: 1) { _, _ in }
        let dataset = try Samples.reviews(6, format: Samples.format)
        let record = try library.model("tiny", on: dataset)
        let shots = try FewShot(2, from: dataset, format: record.format, seed: 3)
        let judge = Judge(workspace, clock: .fixed(at: 0))
        let scored = try judge.score(record, on: dataset, after: shots) { _ in }
        let plain = try judge.score(record, on: dataset, countsTokens: true) { _ in }
        #expect(scored.scores.logprobs != plain.scores.logprobs)
        let set = try ExampleSet(dataset, format: record.format)
        let model = try library.openToChoose(record, of: dataset)
        let writer = try #require(model.writer)
        let texts = set.examples.map { shots.before($0.prompt) }
        #expect(try model.logprobs(of: texts) { _ in } == scored.scores.logprobs)
        let counts = try texts.map { try writer.tokenize(.text($0)).count }
        let mean = Double(counts.reduce(0, +)) / Double(counts.count)
        #expect(scored.tokens == mean)
        #expect(try #require(plain.tokens) < mean)
    }

    @Test func examplesThatDoNotFitAreNotCut() throws {
        let workspace = Workspace(.ephemeral, session: "test")
        let library = ModelLibrary(workspace)
        _ = try library.add(Self.tiny, as: "tiny", at: 1) { _, _ in }
        let dataset = try Samples.reviews(400, format: Samples.format)
        let record = try library.model("tiny", on: dataset)
        let shots = try FewShot(400, from: dataset, format: record.format, seed: 3)
        let judge = Judge(workspace, clock: .fixed(at: 0))
        let diagnostic = #expect(throws: Diagnostic.self) {
            _ = try judge.score(record, on: dataset, after: shots) { _ in }
        }
        #expect(diagnostic?.code == "prompt-too-long")
        #expect(
            diagnostic?.message.hasPrefix("with the examples before it, row 1 has ") == true,
            "\(diagnostic?.message ?? "")"
        )
    }

    @Test func tooFewExamplesAreRefused() throws {
        let dataset = try Samples.reviews(6, format: Samples.format)
        let format = try #require(dataset.format)
        let diagnostic = #expect(throws: Diagnostic.self) {
            try FewShot(7, from: dataset, format: format, seed: 0)
        }
        #expect(diagnostic?.code == "no-examples")
        #expect(
            diagnostic?.message
                == "'reviews' has 6 rows with a completion, and 7 are to be shown"
        )
    }
}
