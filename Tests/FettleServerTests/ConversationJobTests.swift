import FettleCore
import FettleServer
import FettleStore
import FettleWorkbench
import Testing

/// Jobs that learn from conversations, and what their models answer.
struct ConversationJobTests {
    /// Conversations whose answers are one of three labels, or all different.
    private static func lines(_ count: Int, free: Bool = false) -> String {
        let words = ["awful broken", "lovely great", "plain okay"]
        return (0..<count).map { row in
            let answer = free ? "it is \(words[row % 3]) \(row)" : "\(row % 3 + 1)"
            return
                #"{"messages": [{"role": "system", "content": "Rate it."}, {"role": "user", "content": "#
                + #""\#(words[row % 3]) item \#(row)"}, {"role": "assistant", "content": "\#(answer)"}]}"#
                + "\n"
        }.joined()
    }

    /// Tunes a model by today's API, and returns its id.
    private static func tuned(
        _ server: TestServer,
        _ base: String,
        _ lines: String,
        epochs: Int = 1
    ) async throws -> String {
        let file = try await server.file(lines)
        let job = try await server.ask(
            "POST",
            "/v1/fine_tuning/jobs",
            body: """
                {"training_file": "\(file)", "validation_file": "\(file)", "model": "\(base)", "seed": 1,
                "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": \(epochs)}}}}
                """
        )
        try #require(job.status == 200, "\(job.text)")
        let id = try #require(try job.json["id"]?.string)
        let ended = try await server.ended("/v1/fine_tuning/jobs/\(id)")
        try #require(ended["status"] == .string("succeeded"), "\(ended.text())")
        return try #require(ended["fine_tuned_model"]?.string)
    }

    private static let question =
        #""messages": [{"role": "system", "content": "Rate it."}, {"role": "user", "content": "lovely great item"}]"#

    @Test func languageModelLearnsConversationsAndAnswersInThem() async throws {
        let workspace = try TinyModel.workspace()
        try await TestServer.run(workspace: workspace) { server in
            let model = try await Self.tuned(server, "tiny", Self.lines(30, free: true))
            #expect(model.hasPrefix("tiny:ft-personal-"))
            let record = try ModelLibrary(workspace).model(model)
            #expect(record.labelCount == 0)
            let writer = try Playground(workspace).writer(record)
            let said = [
                Message(role: .system, content: "Rate it."),
                Message(role: .user, content: "lovely great item"),
            ]
            #expect(
                try writer.render?(said)
                    == "[system] Rate it.<|end|>[user] lovely great item<|end|>[assistant] "
            )
            var options = CompletionOptions()
            options.temperature = 0
            options.maxTokens = 10
            let expected = try writer.write(.chat(said), options, 0) { _ in }
            let answer = try await server.chat(
                #"\#(Self.question), "temperature": 0, "max_completion_tokens": 10"#,
                model: model
            )
            #expect(answer.contents == [expected.text])
            #expect(
                answer["usage"]?["prompt_tokens"] == .integer(Int64(expected.promptTokens))
            )
            // It goes on from lines of prompts, too, which are what its user says.
            let more = try await Self.tuned(
                server,
                model,
                (0..<30).map { #"{"prompt": "say \#($0)", "completion": "so \#($0)"}"# + "\n" }
                    .joined()
            )
            let child = try ModelLibrary(workspace).model(more)
            #expect(child.format == record.format)
            #expect(
                try await server.chat(Self.question + #", "max_tokens": 3"#, model: more)
                    .contents.count == 1
            )
        }
    }

    @Test func languageModelThatLearntLabelsAnswersWithThem() async throws {
        try await TestServer.run(workspace: TinyModel.workspace()) { server in
            let model = try await Self.tuned(server, "tiny", Self.lines(30))
            let answer = try await server.chat(
                #"\#(Self.question), "temperature": 0, "logprobs": true, "top_logprobs": 3"#,
                model: model
            )
            #expect(["1", "2", "3"].contains(answer.contents.first))
            let token = answer.choices.first?["logprobs"]?["content"]?.items.first
            #expect(
                Set(token?["top_logprobs"]?.items.compactMap { $0["token"]?.string } ?? [])
                    == ["1", "2", "3"]
            )
            // Its prompts may be tokens, and are scored.
            let writer = try Playground(server.workspace).writer(
                ModelLibrary(server.workspace).model(model)
            )
            let said = [
                Message(role: .system, content: "Rate it."),
                Message(role: .user, content: "lovely great item"),
            ]
            let tokens = try writer.tokenize(.chat(said))
            let list = "[" + tokens.map(String.init).joined(separator: ", ") + "]"
            let byTokens = try await server.completions(
                #""prompt": \#(list), "temperature": 0, "logprobs": 3"#,
                model: model
            )
            #expect(byTokens.texts == answer.contents)
            #expect(byTokens["usage"] == answer["usage"])
            #expect(
                byTokens.choices.first?["logprobs"]?["token_logprobs"]?.items.first
                    == token?["logprob"]
            )
            let scored = try await server.completions(
                #""prompt": \#(list), "echo": true, "max_tokens": 0, "logprobs": 1"#,
                model: model
            )
            let values = scored.choices.first?["logprobs"]?["token_logprobs"]?.items ?? []
            #expect(values.count == tokens.count)
            #expect(values.first == .null)
            let expected = try writer.score(.tokens(tokens), 0).dropFirst().compactMap(\.logprob)
            for (value, logprob) in zip(values.dropFirst(), expected) {
                #expect(abs((value.number ?? 0) - logprob) < 1e-4)
            }
            #expect(expected.count == tokens.count - 1)
        }
    }

    @Test func builtInModelReadsConversationsAsOneText() async throws {
        try await TestServer.run { server in
            let model = try await Self.tuned(server, "ada", Self.lines(60), epochs: 4)
            let answer = try await server.chat(
                #"\#(Self.question), "temperature": 0"#,
                model: model
            )
            #expect(answer.contents == ["2"])
            let text = try await server.completions(
                #""prompt": "Rate it.\n\nlovely great item", "temperature": 0"#,
                model: model
            )
            #expect(text.texts == ["2"])
        }
    }

    @Test func conversationsNeedAModelThatCanReadThem() async throws {
        try await TestServer.run { server in
            let stars = try await server.tuned()
            let file = try await server.file(Self.lines(30))
            let answer = try await server.ask(
                "POST",
                "/v1/fine_tuning/jobs",
                body: #"{"training_file": "\#(file)", "model": "\#(stars)"}"#
            )
            #expect(answer.status == 400)
            #expect(try answer.error("param") == .string("training_file"))
            #expect(
                try answer.error("message")
                    == .string(
                        "\(file) ('train.jsonl'): line 1: 'messages' has 2 messages before the answer, "
                            + "expected one of the role 'user': '\(stars)' was tuned on prompts, not on "
                            + "conversations (start from the base model to learn conversations)"
                    )
            )
            // One message is a prompt.
            let single = (0..<30).map { row in
                #"{"messages": [{"role": "user", "content": "great \#(row)"}, "#
                    + #"{"role": "assistant", "content": " \#(row % 3 + 1)"}]}"# + "\n"
            }.joined()
            let more = try await Self.tuned(server, stars, single)
            #expect(more.hasPrefix("ada:ft-personal-"))
        }
    }
}
