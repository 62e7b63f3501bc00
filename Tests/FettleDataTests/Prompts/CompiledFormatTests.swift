import FettleCore
import Testing

@testable import FettleData

struct CompiledFormatTests {
    private let reviews = TestFrames.reviews.showing([4, 3, 0])

    @Test func rowsBecomeExamples() throws {
        let format = PromptFormat.completion(
            prompt: try PromptTemplate("{{title}}\n\n{{ odd name }}\n\n###\n\n"),
            completion: try PromptTemplate(" {{stars}}")
        )
        let compiled = try CompiledFormat(format, in: reviews)
        #expect(compiled.count == 3)
        #expect(
            compiled.example(at: 0)
                == Example(prompt: "Größe paßt\n\n5\n\n###\n\n", completion: " 4")
        )
        #expect(compiled.prompt(at: 1) == "\n\n4\n\n###\n\n")
        #expect(compiled.messages(at: 0).isEmpty)
        var bytes: [UInt8] = []
        compiled.appendPrompt(at: 2, to: &bytes)
        compiled.appendCompletion(at: 2, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "Great\n\n1\n\n###\n\n 5")
    }

    @Test func chatsBecomeMessagesAndOnePrompt() throws {
        let format = PromptFormat.chat(
            system: try PromptTemplate("You read {{language}}"),
            user: try PromptTemplate("{{title}}"),
            assistant: try PromptTemplate("{{stars}}")
        )
        let compiled = try CompiledFormat(format, in: reviews)
        #expect(
            compiled.messages(at: 2) == [
                Message(role: .system, content: "You read en"),
                Message(role: .user, content: "Great"),
                Message(role: .assistant, content: "5"),
            ]
        )
        #expect(compiled.example(at: 2) == Example(prompt: "You read en\n\nGreat", completion: "5"))
        #expect(try format.promptTemplate().source == "You read {{language}}\n\n{{title}}")
    }

    @Test func dedupeByPromptSeesWhatTheFormatMakes() throws {
        let frame = Frame(columns: [
            .init("t", TestFrames.text(["a", "b", "a"])), .init("n", Column(integers: [1, 2, 3])),
        ])
        let format = PromptFormat.chat(
            system: nil,
            user: try PromptTemplate("{{t}}?"),
            assistant: try PromptTemplate("{{n}}")
        )
        let compiled = try CompiledFormat(format, in: frame)
        let prompts = (0..<3).map { compiled.prompt(at: $0) }
        #expect(prompts == ["a?", "b?", "a?"])
        let key = RowKey.template(try format.promptTemplate())
        #expect(try Dedupe(key).apply(to: frame).rows == [0, 1])
    }

    @Test func unknownColumnSaysItsPartAndPlace() throws {
        let format = PromptFormat.completion(
            prompt: try PromptTemplate("{{title}}"),
            completion: try PromptTemplate(" {{sars}}")
        )
        let error = #expect(throws: FormatBindingError.self) {
            try CompiledFormat(format, in: reviews)
        }
        #expect(error?.part == "completion")
        #expect(error?.diagnostic.message == "no column 'sars'")
        #expect(error?.diagnostic.span == SourceSpan(3, 7))
        #expect(error?.diagnostic.hints.first == "did you mean 'stars'?")
    }
}
