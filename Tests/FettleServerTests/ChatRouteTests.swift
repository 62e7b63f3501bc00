import FettleCore
import FettleServer
import Testing

struct ChatRouteTests {
    private static let messages = #"[{"role": "user", "content": "lovely great item ->"}]"#

    @Test func oneMessageIsThePromptOfAModelTunedOnPrompts() async throws {
        try await TestServer.run { server in
            let model = try await server.tuned()
            let answer = try await server.ask(
                "POST",
                "/v1/chat/completions",
                body: """
                    {"model": "\(model)", "messages": \(Self.messages), "temperature": 0, "logprobs": true,
                    "top_logprobs": 2, "n": null, "stop": null, "max_completion_tokens": 1}
                    """
            )
            #expect(answer.status == 200)
            let json = try answer.json
            #expect(json["object"] == .string("chat.completion"))
            let choice = try #require(json["choices"]?.items.first)
            #expect(
                choice["message"]?.text()
                    == #"{"role": "assistant", "content": " 2", "refusal": null}"#
            )
            #expect(choice["finish_reason"] == .string("length"))
            #expect(choice["logprobs"]?["refusal"] == .null)
            let token = try #require(choice["logprobs"]?["content"]?.items.first)
            #expect(token["token"] == .string(" 2"))
            #expect(token["bytes"] == .array([.integer(32), .integer(50)]))
            #expect(token["top_logprobs"]?.items.count == 2)
            #expect(token["top_logprobs"]?.items.first?["logprob"] == token["logprob"])
        }
    }

    @Test func streamTellsWhoSpeaksThenTheTextThenWhyItEnded() async throws {
        try await TestServer.run { server in
            let model = try await server.tuned()
            let answer = try await server.ask(
                "POST",
                "/v1/chat/completions",
                body: """
                    {"model": "\(model)", "messages": \(Self.messages), "temperature": 0, "stream": true,
                    "stream_options": {"include_usage": true}}
                    """
            )
            let chunks = try answer.events()
            #expect(
                chunks.prefix(3).map { $0["choices"]?.items.first?["delta"]?.text() } == [
                    #"{"role": "assistant", "content": ""}"#, #"{"content": " 2"}"#, "{}",
                ]
            )
            #expect(
                chunks.prefix(3).map { $0["choices"]?.items.first?["finish_reason"] }
                    == [.null, .null, .string("stop")]
            )
            #expect(chunks.count == 4)
            #expect(chunks.last?["choices"] == .array([]))
            #expect(
                chunks.last?["usage"]?.text()
                    == #"{"prompt_tokens": 4, "completion_tokens": 1, "total_tokens": 5}"#
            )
        }
    }

    @Test(arguments: [
        (
            #""messages": []"#, "messages", "'messages' must have at least one message"
        ),
        (
            #""messages": [{"role": "user", "content": "a"}], "top_logprobs": 2"#, "top_logprobs",
            "'top_logprobs' is only taken where 'logprobs' is true"
        ),
        (
            #""messages": [{"role": "robot", "content": "a"}]"#, "messages[0].role",
            "'messages[0].role' is 'robot', expected 'system', 'developer', 'user', 'assistant' or 'tool'"
        ),
        (
            #""messages": [{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]"#,
            "messages",
            "'messages' has 2 messages, expected one of the role 'user': 'MODEL' was tuned on prompts, "
                + "not on conversations (send the prompt as one message, or use completions)"
        ),
    ]) func badRequestNamesItsField(body: String, param: String, message: String) async throws {
        try await TestServer.run { server in
            let model = try await server.tuned()
            let answer = try await server.ask(
                "POST",
                "/v1/chat/completions",
                body: #"{"model": "\#(model)", \#(body)}"#
            )
            #expect(answer.status == 400)
            #expect(try answer.error("param") == .string(param))
            #expect(
                try answer.error("message") == .string(message.replacing("MODEL", with: model))
            )
        }
    }
}
