import FettleCore
import FettleData
import FettleEvaluation
import FettleStore
import FettleTokenizers
import Foundation
import Testing

@testable import FettleWorkbench

/// Tuning on conversations, which a model reads by its own chat template.
struct ChatTuningTests {
    private static let tiny = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../samples/tiny-llama").standardizedFileURL.path
    private static let template =
        "{% for m in messages %}{{ m.role }}: {{ m.content | trim }}<|end|>{% endfor %}"
        + "{% if add_generation_prompt %}assistant: {% endif %}"

    private let site: JobSite
    private let folder: TemporaryFolder
    /// The same model without a template.
    private let bare: TemporaryFolder

    init() throws {
        site = try JobSite()
        folder = try TemporaryFolder()
        bare = try TemporaryFolder()
        for name in ["config.json", "model.safetensors", "tokenizer.json"] {
            for target in [folder, bare] {
                try FileManager.default.copyItem(
                    atPath: Self.tiny + "/" + name,
                    toPath: target.file(name)
                )
            }
        }
        let json = JSONValue.object([.init("chat_template", .string(Self.template))])
        try folder.write(json.text(), to: "tokenizer_config.json")
        let library = ModelLibrary(site.workspace)
        _ = try library.add(folder.path, as: "talker", at: 1) { _, _ in }
        _ = try library.add(bare.path, as: "mute", at: 2) { _, _ in }
    }

    private static var format: PromptFormat {
        get throws {
            .chat(
                system: try PromptTemplate("Rate it."),
                user: try PromptTemplate("{{body}}"),
                assistant: try PromptTemplate(" {{stars}}")
            )
        }
    }

    private func request(_ base: String = "talker") throws -> JobRunner.Request {
        JobRunner.Request(
            base: base,
            dataset: try Samples.reviews(format: Self.format),
            validation: try Samples.reviews(6, name: "held", format: Self.format),
            hyperparameters: Hyperparameters(epochs: 1, seed: 3),
            name: "stars"
        )
    }

    private func files(_ name: String) throws -> LanguageFiles {
        try LanguageFiles(try #require(try site.workspace.store().addedBase(name)))
    }

    @Test func examplesAreTheTemplatesConversationsAndTheAnswerEndsTheTurn() throws {
        let job = try site.runner.prepare(request())
        #expect(
            job.examples.first
                == Example(
                    prompt: "system: Rate it.<|end|>user: awful broken item 0<|end|>assistant: ",
                    completion: " 1"
                )
        )
        let files = try files("talker")
        let chat = try ChatText(files)
        #expect(chat.trims)
        let text = TokenText(files, promptTokens: 100, labels: [" 1", " 2"], chat: chat)
        let end = try #require(files.tokenizer.id(of: "<|end|>"))
        #expect(chat.end == end)
        let prompt = text.prompt(job.examples[0].prompt)
        #expect(prompt.count { $0 == end } == 2)
        #expect(prompt.last != end)
        // The blank before the answer is the template's to take away.
        #expect(text.label(" 1") == files.tokenizer.encode("1") + [end])
    }

    @Test func specialTokensInAnAnswerAreText() throws {
        let files = try files("talker")
        let text = try TokenText(files, promptTokens: 100, labels: [], chat: ChatText(files))
        let answer = text.label("1<|end|>2")
        #expect(answer.count { $0 == text.chat?.end } == 1)
        #expect(answer.last == text.chat?.end)
    }

    @Test func tunedModelKeepsTheTemplateAndReadsRowsByIt() throws {
        let tuned = try site.runner.run(request()).model
        // The tuned model does not ask the folder for it any more.
        let other = JSONValue.object([.init("chat_template", .string("{{ messages[0].role }}"))])
        try folder.write(other.text(), to: "tokenizer_config.json")

        let dataset = try Samples.reviews(9, format: Self.format)
        let example = try Playground(site.workspace).example(of: tuned, row: 1, in: dataset)
        #expect(
            example.prompt == "system: Rate it.<|end|>user: plain okay item 1<|end|>assistant: "
        )
        #expect(example.completion == " 2")
        let judge = Judge(site.workspace, clock: Samples.clock)
        let scored = try judge.score(tuned, on: dataset) { _ in }
        let answers = try judge.predict(tuned, on: dataset) { _ in }
        #expect(scored.rows.count == 9)
        #expect(scored.scores.labels == [" 1", " 2", " 3"])
        // The same way of reading in all three.
        let model = try ModelLibrary(site.workspace).open(tuned)
        guard case .number(let probability) = answers.probability[1] else {
            Issue.record("no probability in row 1")
            return
        }
        let direct = try model.logprobs(of: [example.prompt]) { _ in }
        #expect(abs(exp(direct.max() ?? 0) - probability) < 1e-12)

        var more = try request("stars")
        more.name = "more"
        let second = try site.runner.prepare(more)
        #expect(second.examples.first?.prompt.hasPrefix("system: Rate it.<|end|>") == true)
        #expect(try site.runner.execute(second) { _ in }.model.parent == tuned.id)
    }

    @Test func resumedChatJobEndsAsOneThatWasNeverStopped() async throws {
        let expected = try site.runner.run(request()).model
        let job = try site.runner.prepare(request())
        #expect(await site.cancelEarly(job) is CancellationError)
        let goingOn = try site.runner.prepareToResume(try site.job(job.record.id))
        let result = try site.runner.execute(goingOn) { _ in }
        #expect(try site.weights(result.model) == site.weights(expected))
    }

    @Test func modelWithoutATemplateSaysWhatToDo() throws {
        let error = diagnostic { _ = try site.runner.prepare(request("mute")) }
        #expect(error?.code == "no-chat-template")
        #expect(
            error?.message
                == "'mute' has no chat template, which says how it reads a conversation"
        )
        #expect(
            error?.hints == [
                "give the rows a prompt and a completion instead: format prompt=\"…\" completion=\"…\""
            ]
        )
    }

    @Test func builtInModelReadsMessagesAsOneText() throws {
        let job = try site.runner.prepare(request("ngram"))
        #expect(job.examples.first?.prompt == "Rate it.\n\nawful broken item 0")
    }

    @Test func emptyAnswerIsRefused() throws {
        var request = try request()
        request.dataset = try Samples.dataset(
            bodies: ["a", "b", "c"],
            stars: ["1", "2", ""],
            name: "gaps",
            format: .chat(
                system: nil,
                user: PromptTemplate("{{body}}"),
                assistant: PromptTemplate("{{stars}}")
            )
        )
        request.validation = nil
        let error = diagnostic { _ = try site.runner.run(request) }
        #expect(error?.message == "the completion of example 3 has no token to learn")
    }

    @Test func baseModelAsItIsReadsRowsByItsTemplate() throws {
        let dataset = try Samples.reviews(9, format: Self.format)
        let library = ModelLibrary(site.workspace)
        let record = try library.model("talker", on: dataset)
        let example = try Playground(site.workspace).example(of: record, row: 0, in: dataset)
        #expect(example.prompt.hasSuffix("<|end|>assistant: "))
        let scored = try Judge(site.workspace, clock: Samples.clock).score(record, on: dataset) {
            _ in
        }
        #expect(scored.scores.labels == [" 1", " 2", " 3"])
    }
}
