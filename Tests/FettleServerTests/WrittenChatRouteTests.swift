import FettleCore
import FettleServer
import FettleWorkbench
import Foundation
import Testing

/// Conversations with a model that writes freely, through its chat template.
struct WrittenChatRouteTests {
    private static let said = [
        Message(role: .system, content: "Be short."), Message(role: .user, content: "the thing"),
    ]
    private static let messages =
        #""messages": [{"role": "developer", "content": "Be short."}, {"role": "user", "content": "#
        + #"[{"type": "text", "text": "the "}, {"type": "text", "text": "thing"}]}]"#

    @Test func answerIsWhatTheTemplateLeadsTo() async throws {
        let workspace = try TinyModel.workspace()
        let expected = try TinyModel.written(workspace, .chat(Self.said)) {
            $0.maxTokens = 8
            $0.logprobs = 2
        }
        try await TestServer.run(workspace: workspace) { server in
            let answer = try await server.chat(
                #"\#(Self.messages), "temperature": 0, "max_completion_tokens": 8, "max_tokens": 3, "#
                    + #""logprobs": true, "top_logprobs": 2"#
            )
            #expect(answer["object"] == .string("chat.completion"))
            #expect(answer["model"] == .string("tiny"))
            #expect(answer.contents == [expected.text])
            #expect(
                answer["usage"]?.text()
                    == "{\"prompt_tokens\": \(expected.promptTokens), \"completion_tokens\": 8, "
                    + "\"total_tokens\": \(expected.promptTokens + 8)}"
            )
            let choice = try #require(answer.choices.first)
            #expect(choice["finish_reason"] == .string("length"))
            #expect(choice["message"]?["role"] == .string("assistant"))
            #expect(choice["message"]?["refusal"] == .null)
            let told = choice["logprobs"]?["content"]?.items ?? []
            #expect(told.count == 8)
            for (one, token) in zip(told, expected.tokens) {
                #expect(
                    one["bytes"]?.items.compactMap(\.number) == token.bytes.map { Double($0) }
                )
                #expect(
                    abs((one["logprob"]?.number ?? 0) - (try #require(token.logprob))) < 1e-6
                )
                #expect(one["top_logprobs"]?.items.count == 2)
                #expect(one["top_logprobs"]?.items.first?["token"] == one["token"])
            }
        }
    }

    @Test func streamGivesWhatTheWholeAnswersHave() async throws {
        try await TestServer.run(workspace: TinyModel.workspace()) { server in
            let options =
                #"\#(Self.messages), "seed": 6, "n": 2, "max_tokens": 7, "logprobs": true, "top_logprobs": 1"#
            let whole = try await server.chat(options)
            #expect(Set(whole.contents).count == 2)
            let answer = try await server.ask(
                "POST",
                "/v1/chat/completions",
                body: """
                    {"model": "tiny", \(options), "stream": true, "stream_options": {"include_usage": true}}
                    """
            )
            let chunks = try answer.events()
            var contents = ["", ""]
            var tokens: [[JSONValue]] = [[], []]
            var roles = 0
            for chunk in chunks.dropLast() {
                let choice = try #require(chunk.choices.first)
                let index = Int(choice["index"]?.number ?? -1)
                contents[index] += choice["delta"]?["content"]?.string ?? ""
                tokens[index] += choice["logprobs"]?["content"]?.items ?? []
                if choice["delta"]?["role"] != nil { roles += 1 }
            }
            #expect(contents == whole.contents)
            #expect(roles == 2)
            #expect(
                tokens == whole.choices.map { $0["logprobs"]?["content"]?.items ?? [] }
            )
            #expect(chunks.last?["usage"] == whole["usage"])
        }
    }

    @Test func answerGoesOnToTheEndOfTheModelOrAStop() async throws {
        let workspace = try TinyModel.workspace()
        let whole = try TinyModel.written(workspace, .chat(Self.said)) { $0.maxTokens = 512 }
        let stop = String(Array(whole.text)[5...6])
        let cut = try #require(whole.text.range(of: stop)?.lowerBound)
        let quoted = JSONValue.string(stop).text()
        try await TestServer.run(workspace: workspace) { server in
            let all = try await server.chat(#"\#(Self.messages), "temperature": 0"#)
            #expect(all.contents == [whole.text])
            #expect(
                all["usage"]?["completion_tokens"] == .integer(Int64(whole.completionTokens))
            )
            let stopped = try await server.chat(
                #"\#(Self.messages), "temperature": 0, "stop": \#(quoted)"#
            )
            #expect(stopped.contents == [String(whole.text[..<cut])])
            #expect(stopped.choices.first?["finish_reason"] == .string("stop"))
        }
    }

    @Test func modelWithoutATemplateIsNoChatModel() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "fettle-mute-\(UUID().uuidString)"
        )
        try FileManager.default.copyItem(at: URL(filePath: TinyModel.path), to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.removeItem(at: folder.appending(path: "chat_template.jinja"))
        let workspace = Workspace(.ephemeral, session: "test")
        _ = try ModelLibrary(workspace).add(folder.path, as: "mute", at: 1) { _, _ in }
        try await TestServer.run(workspace: workspace) { server in
            let answer = try await server.ask(
                "POST",
                "/v1/chat/completions",
                body: #"{"model": "mute", \#(Self.messages)}"#
            )
            #expect(answer.status == 404)
            #expect(
                answer.text == """
                    {"error": {"message": "This is not a chat model and thus not supported in the \
                    v1/chat/completions endpoint: 'mute' has no chat template, which says how it reads a \
                    conversation (did you mean to use v1/completions?)", "type": \
                    "invalid_request_error", "param": "model", "code": null}}\n
                    """
            )
        }
    }

    @Test func conversationThatIsTooLongIsRefused() async throws {
        try await TestServer.run(workspace: TinyModel.workspace()) { server in
            let long = String(repeating: "7", count: 600)
            let answer = try await server.ask(
                "POST",
                "/v1/chat/completions",
                body: #"{"model": "tiny", "messages": [{"role": "user", "content": "\#(long)"}]}"#
            )
            #expect(answer.status == 400)
            #expect(try answer.error("param") == .string("messages"))
            #expect(try answer.error("code") == .string("context_length_exceeded"))
        }
    }
}
