import FettleCore
import FettleStore
import FettleWorkbench
import Foundation
import Testing

/// What a language model writes, on the one of random weights.
struct WriterTests {
    private static let tiny = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../samples/tiny-llama").standardizedFileURL.path

    private static let template =
        "{% for m in messages %}[{{ m.role }}]{{ m.content }}<|end|>{% endfor %}"
        + "{% if add_generation_prompt %}[assistant]{% endif %}"

    /// Returns the writer of the tiny model, with a chat template where one is wanted.
    private static func writer(_ site: JobSite, template: String? = nil) throws -> Writer {
        let folder = site.folder.file("model")
        try FileManager.default.copyItem(atPath: tiny, toPath: folder)
        let file = folder + "/chat_template.jinja"
        try FileManager.default.removeItem(atPath: file)
        try template?.write(toFile: file, atomically: true, encoding: .utf8)
        let library = ModelLibrary(site.workspace)
        _ = try library.add(folder, as: "tiny", at: 1) { _, _ in }
        return try Playground(site.workspace).writer(library.model("tiny", on: nil))
    }

    private static func options(_ change: (inout CompletionOptions) -> Void) -> CompletionOptions {
        var options = CompletionOptions()
        options.temperature = 0
        change(&options)
        return options
    }

    private static func written(
        _ writer: Writer,
        _ prompt: Writer.Prompt,
        number: Int = 0,
        _ change: (inout CompletionOptions) -> Void = { _ in }
    ) throws -> Completion {
        var text = ""
        var tokens: [Completion.Token] = []
        let completion = try writer.write(prompt, options(change), number) { piece in
            text += piece.text
            tokens += piece.tokens
        }
        #expect(text == completion.text)
        #expect(tokens == completion.tokens)
        return completion
    }

    @Test func textAndItsTokensAreTheSamePrompt() throws {
        let site = try JobSite()
        let writer = try Self.writer(site)
        let tokens = try writer.tokenize(.text("the thing"))
        #expect(writer.text(tokens) == "the thing")
        #expect(tokens.flatMap(writer.bytes) == Array("the thing".utf8))
        let fromText = try Self.written(writer, .text("the thing"))
        let fromTokens = try Self.written(writer, .tokens(tokens))
        #expect(fromText.text == fromTokens.text)
        #expect(fromText.promptTokens == tokens.count)
        #expect(fromText.completionTokens == 16)
        #expect(fromText.tokens.count == 16)
        #expect(fromText.finishReason == .length)
        // The last token of a prompt is always computed, as the answer begins after it.
        #expect(fromText.cachedTokens == 0)
        #expect(fromTokens.cachedTokens == tokens.count - 1)
    }

    @Test func probabilitiesAreThoseBeforeTemperature() throws {
        let site = try JobSite()
        let writer = try Self.writer(site)
        let completion = try Self.written(writer, .text("a")) {
            $0.maxTokens = 6
            $0.temperature = 2
            $0.topK = 3
            $0.seed = 5
            $0.logprobs = 300
        }
        let all = try writer.tokenize(.text("a")) + completion.tokens.map(\.id)
        let scored = try writer.score(.tokens(all), 2)
        #expect(scored.map(\.id) == all)
        #expect(scored[0].logprob == nil)
        for (place, token) in completion.tokens.enumerated() {
            #expect(token.top.count == 267)
            let sum = token.top.reduce(0) { $0 + exp($1.logprob) }
            #expect(abs(sum - 1) < 1e-4)
            #expect(token.top.first { $0.id == token.id }?.logprob == token.logprob)
            // The same place without temperature and top_k, to the bit.
            let prompt = Writer.Prompt.tokens(Array(all.dropLast(6 - place)))
            let plain = try Self.written(writer, prompt) {
                $0.maxTokens = 1
                $0.logprobs = 300
            }
            #expect(plain.tokens.first?.top == token.top)
            #expect(plain.tokens.first?.id == token.top.first?.id)
            // A text is scored as a batch, whose products take halves where the processor is faster with them:
            // they keep 8 bits, so that a logit of a few units is right to about a hundredth.
            let again = try #require(scored[all.count - 6 + place].logprob)
            #expect(abs(again - (try #require(token.logprob))) < 0.02)
        }
    }

    @Test func sameSeedGivesTheSameTextAndEachNumberItsOwn() throws {
        let site = try JobSite()
        let writer = try Self.writer(site)
        func draw(_ seed: UInt64, _ number: Int = 0) throws -> String {
            try Self.written(writer, .text("x"), number: number) {
                $0.temperature = 1
                $0.seed = seed
            }.text
        }
        #expect(try draw(3) == draw(3))
        #expect(try draw(3) != draw(4))
        #expect(try draw(3, 1) != draw(3))
        #expect(try draw(3, 1) == draw(3, 1))
    }

    @Test func stopTextEndsTheCompletionExactly() throws {
        let site = try JobSite()
        let writer = try Self.writer(site)
        let whole = try Self.written(writer, .text("the thing")) { $0.maxTokens = 12 }
        let characters = Array(whole.text)
        let middle = characters.count / 2
        // Two characters, so that it spans tokens where each has one.
        let stop = String(characters[middle...middle + 1])
        let cut = try #require(whole.text.range(of: stop)?.lowerBound)
        let stopped = try Self.written(writer, .text("the thing")) {
            $0.maxTokens = 12
            $0.stop = ["never there", stop]
        }
        #expect(stopped.text == String(whole.text[..<cut]))
        #expect(stopped.finishReason == .stop)
        #expect(stopped.stop == stop)
        #expect(stopped.tokens.count <= whole.tokens.count)
        #expect(whole.tokens.starts(with: stopped.tokens))
        #expect(
            diagnostic { _ = try Self.written(writer, .text("a")) { $0.stop = [""] } }?.message
                == "stop has an empty text, some characters were expected"
        )
    }

    @Test func whatNextThrowsEndsTheCompletionAndTheWriterGoesOn() throws {
        struct Enough: Error {}
        let site = try JobSite()
        let writer = try Self.writer(site)
        var pieces = 0
        #expect(throws: Enough.self) {
            _ = try writer.write(.text("the thing"), Self.options { _ in }, 0) { _ in
                pieces += 1
                if pieces == 2 { throw Enough() }
            }
        }
        #expect(pieces == 2)
        #expect(try Self.written(writer, .text("the thing")).completionTokens == 16)
    }

    @Test func conversationGoesThroughTheTemplateAndOnFromItsBeginning() throws {
        let site = try JobSite()
        let writer = try Self.writer(site, template: Self.template)
        let render = try #require(writer.render)
        var messages = [Message(role: .user, content: "hello there")]
        #expect(try render(messages) == "[user]hello there<|end|>[assistant]")
        let tokens = try writer.tokenize(.chat(messages))
        // The end mark of the template is one token, and that of a user's own text is not.
        #expect(tokens.count { $0 == 0 } == 1)
        #expect(!(try writer.tokenize(.text("<|end|>")).contains(0)))
        let first = try Self.written(writer, .chat(messages)) { $0.maxTokens = 4 }
        #expect(first.promptTokens == tokens.count)
        messages.append(Message(role: .assistant, content: "fine"))
        messages.append(Message(role: .user, content: "good"))
        let second = try Self.written(writer, .chat(messages)) { $0.maxTokens = 4 }
        #expect(second.cachedTokens >= tokens.count)
    }

    @Test func modelsWithoutATemplateOrWithoutWritingSaySo() throws {
        let site = try JobSite()
        let writer = try Self.writer(site)
        #expect(writer.render == nil)
        let chat = Writer.Prompt.chat([Message(role: .user, content: "x")])
        let error = diagnostic { _ = try writer.tokenize(chat) }
        #expect(error?.message.hasPrefix("'tiny' has no chat template") == true)
        let request = JobRunner.Request(
            base: "ngram",
            dataset: try Samples.reviews(format: Samples.format),
            validation: nil,
            hyperparameters: Hyperparameters(epochs: 1),
            name: "stars"
        )
        let stars = try site.runner.run(request).model
        let refused = diagnostic { _ = try Playground(site.workspace).writer(stars) }
        #expect(
            refused?.message == "'stars' gives one of its 3 labels, and cannot write other text"
        )
    }

    @Test func promptsTheModelCannotTakeAreErrors() throws {
        let site = try JobSite()
        let writer = try Self.writer(site)
        #expect(writer.contextLength == 512)
        let long = Writer.Prompt.tokens([Int32](repeating: 5, count: 513))
        #expect(diagnostic { _ = try Self.written(writer, long) }?.code == "prompt-too-long")
        #expect(diagnostic { _ = try writer.score(long, 0) }?.code == "prompt-too-long")
        let foreign = Writer.Prompt.tokens([267])
        #expect(diagnostic { _ = try Self.written(writer, foreign) }?.code == "bad-token")
        #expect(try writer.score(.tokens([]), 0).isEmpty)
        let full = try Self.written(writer, .tokens([Int32](repeating: 5, count: 510)))
        #expect(full.completionTokens == 2)
        #expect(full.finishReason == .length)
    }

    /// A label's probability is the product of its tokens' probabilities, and what is left is outside.
    @Test func labelsOfSeveralTokensAreScoredByTheSumOfTheirTokens() throws {
        let site = try JobSite()
        let writer = try Self.writer(site)
        let labels = [" 10", " 12", " the", " in s"]
        let base = try #require(try ModelLibrary(site.workspace).base("tiny"))
        let model = try #require(try base.untuned?(labels, false))
        let prompt = try writer.tokenize(.text("how many"))
        var sums: [Double] = []
        var lengths: [Int] = []
        for label in labels {
            let tokens = try writer.tokenize(.text(label))
            let scored = try writer.score(.tokens(prompt + tokens), 0).suffix(tokens.count)
            sums.append(scored.reduce(0) { $0 + ($1.logprob ?? 0) })
            lengths.append(tokens.count)
        }
        #expect(lengths == [3, 3, 1, 3])
        for (found, expected) in zip(try model.score(["how many"]), sums) {
            #expect(abs(found - expected) < 1e-3)
        }
        let answer = try Playground(site.workspace).choose(model, prompt: "how many", logprobs: 2)
        let total = sums.reduce(0) { $0 + exp($1) }
        #expect(abs(answer.outside - (1 - total)) < 1e-4)
        let largest = sums.map { exp($0) }.sorted(by: >)
        #expect(abs(answer.rest - (largest[2] + largest[3])) < 1e-4)
    }
}
