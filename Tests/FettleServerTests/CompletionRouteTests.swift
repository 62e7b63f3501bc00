import FettleCore
import FettleServer
import FettleWorkbench
import OpenAIWire
import Testing

struct CompletionRouteTests {
    /// A prompt of five words and 25 code points, two of which are one character.
    fileprivate static let prompt = "lovely great e\u{301}tude 99 ->"

    @Test func likeliestLabelComesWithItsProbabilities() async throws {
        try await TestServer.run { server in
            let model = try await server.tuned()
            let answer = try await server.complete(
                model,
                #""max_tokens": 1, "temperature": 0, "logprobs": 5"#
            )
            #expect(answer["object"] == .string("text_completion"))
            #expect(answer["model"] == .string(model))
            #expect(answer["id"]?.string?.hasPrefix("cmpl-") == true)
            #expect(answer["created"] == .integer(TestServer.moment / 1000))
            #expect(
                answer["usage"]?.text()
                    == #"{"prompt_tokens": 5, "completion_tokens": 1, "total_tokens": 6}"#
            )
            let choice = try #require(answer["choices"]?.items.first)
            #expect(choice["text"] == .string(" 2"))
            #expect(choice["finish_reason"] == .string("length"))
            let logprobs = try #require(choice["logprobs"])
            #expect(logprobs["tokens"] == .array([.string(" 2")]))
            #expect(logprobs["text_offset"] == .array([.integer(25)]))
            guard case .object(let top)? = logprobs["top_logprobs"]?.items.first else {
                Issue.record("no probabilities")
                return
            }
            #expect(top.first?.name == " 2")
            #expect(Set(top.map(\.name)) == [" 1", " 2", " 3"])
            #expect(logprobs["token_logprobs"]?.items.first == top.first?.value)
        }
    }

    @Test func echoGivesThePromptWithoutProbabilities() async throws {
        try await TestServer.run { server in
            let model = try await server.tuned()
            let answer = try await server.complete(
                model,
                #""temperature": 0, "logprobs": 1, "echo": true"#
            )
            let choice = try #require(answer["choices"]?.items.first)
            #expect(choice["text"] == .string(Self.prompt + " 2"))
            #expect(choice["finish_reason"] == .string("stop"))
            let logprobs = try #require(choice["logprobs"])
            #expect(
                logprobs["tokens"]?.items.compactMap(\.string)
                    == ["lovely", " great", " e\u{301}tude", " 99", " ->", " 2"]
            )
            #expect(logprobs["token_logprobs"]?.items.prefix(5).allSatisfy { $0 == .null } == true)
            #expect(logprobs["top_logprobs"]?.items.prefix(5).allSatisfy { $0 == .null } == true)
            #expect(logprobs["top_logprobs"]?.items.count == 6)
            #expect(
                logprobs["text_offset"] == .array([0, 6, 12, 19, 22, 25].map { .integer($0) })
            )
        }
    }

    @Test func everyFieldMayBeNullAsTheOldCommandLineSendsThem() async throws {
        try await TestServer.run { server in
            let model = try await server.tuned()
            let answer = try await server.ask(
                "POST",
                "/v1/completions",
                body: """
                    {"model":"\(model)","n":null,"max_tokens":null,"logprobs":null,"prompt":"hi",
                    "stream":false,"temperature":null,"top_p":null,"stop":null,"echo":true,
                    "best_of":null,"logit_bias":null,"seed":null,"suffix":null,"user":null,
                    "presence_penalty":null,"frequency_penalty":null,"stream_options":null}
                    """
            )
            #expect(answer.status == 200)
            let choice = try #require(try answer.json["choices"]?.items.first)
            #expect([" 1", " 2", " 3"].map { .string("hi" + $0) }.contains(choice["text"]))
            #expect(choice["logprobs"] == .null)
        }
    }

    @Test func promptsOfAListAreAnsweredInTheirOrder() async throws {
        try await TestServer.run { server in
            let model = try await server.tuned()
            let answer = try await server.ask(
                "POST",
                "/v1/completions",
                body: """
                    {"model": "\(model)", "n": 2, "temperature": 0, "prompt":
                    ["awful broken item ->", "plain okay item ->"]}
                    """
            ).json
            #expect(
                answer["choices"]?.items.map { $0["text"]?.string } == [" 1", " 1", " 3", " 3"]
            )
            #expect(answer["choices"]?.items.map { $0["index"] } == (0..<4).map { .integer($0) })
            #expect(answer["usage"]?["completion_tokens"] == .integer(4))
        }
    }

    @Test func drawsFollowTheSeedAndTheBias() async throws {
        try await TestServer.run { server in
            let model = try await server.tuned()
            func texts(_ options: String) async throws -> [String] {
                try await server.complete(model, #""n": 64, "temperature": 2, \#(options)"#)[
                    "choices"
                ]?
                .items.compactMap { $0["text"]?.string } ?? []
            }
            let flat = #""logit_bias": {"0": 3, "2": 3}"#
            let first = try await texts(#""seed": 7, \#(flat)"#)
            #expect(first.count == 64)
            #expect(Set(first).count > 1)
            #expect(try await texts(#""seed": 7, \#(flat)"#) == first)
            #expect(try await texts(#""seed": 8, \#(flat)"#) != first)
            #expect(try await Set(texts(#""logit_bias": {"0": 100}"#)).count == 1)
            #expect(try await Set(texts(#""top_p": 0"#)) == [" 2"])
        }
    }

    @Test func bestOfGivesTheLikeliestOfItsDraws() async throws {
        try await TestServer.run { server in
            let model = try await server.tuned()
            let answer = try await server.complete(
                model,
                #""n": 1, "best_of": 20, "temperature": 2, "seed": 1"#
            )
            #expect(answer["choices"]?.items.map { $0["text"]?.string } == [" 2"])
            #expect(answer["usage"]?["completion_tokens"] == .integer(20))
        }
    }

    @Test(arguments: [
        (#""stop": " ""#, "", "stop"), (#""stop": ["x", "2"]"#, " ", "stop"),
        (#""stop": "3""#, " 2", "stop"), (#""max_tokens": 0"#, "", "length"),
        (#""max_tokens": 0, "echo": true"#, prompt, "length"),
    ]) func answerEndsWhereItShould(options: String, text: String, reason: String) async throws {
        try await TestServer.run { server in
            let model = try await server.tuned()
            let answer = try await server.complete(model, #""temperature": 0, \#(options)"#)
            let choice = try #require(answer["choices"]?.items.first)
            #expect(choice["text"] == .string(text))
            #expect(choice["finish_reason"] == .string(reason))
        }
    }

    @Test(arguments: [
        (
            #""prompt": [1, 2]"#, "prompt",
            "'prompt' has numbers of tokens, expected text: 'MODEL' has no tokens but its labels"
        ),
        (
            #""prompt": "a", "echo": true, "max_tokens": 0, "logprobs": 1"#, "echo",
            "'echo' with 'logprobs' and no tokens to give asks how likely the prompt is, which 'MODEL' "
                + "cannot tell: it knows the probabilities of its labels only (set 'max_tokens' to 1 for "
                + "those of the labels)"
        ),
        (
            #""prompt": "a", "n": 3, "best_of": 2"#, "best_of",
            "'best_of' is 2, expected at least 'n', which is 3"
        ),
        (
            #""prompt": "a", "stream": true, "best_of": 2"#, "best_of",
            "'best_of' is 2, and answers that come in pieces cannot be compared; leave out 'stream' or "
                + "'best_of'"
        ),
        (
            #""prompt": "a", "logit_bias": {"3": 1}"#, "logit_bias",
            "'logit_bias' has the token 3, expected one below 3: the tokens of 'MODEL' are its labels, "
                + "in the order of its training"
        ),
        (
            #""prompt": "a", "suffix": "b""#, "suffix",
            "'suffix' is not taken here: models go on from what comes before"
        ),
        (
            #""prompt": "a", "stop": """#, "stop",
            "'stop' has an empty text, expected one that can occur"
        ),
        (
            #""prompt": ["a", "b"], "n": 128, "best_of": 20"#, "best_of",
            "'best_of' is 20, expected at least 'n', which is 128"
        ),
        (#""prompt": "a", "logprobs": 6"#, "logprobs", nil),
        (#""prompt": "a", "temperature": 2.5"#, "temperature", nil),
    ]) func badRequestNamesItsField(body: String, param: String, message: String?) async throws {
        try await TestServer.run { server in
            let model = try await server.tuned()
            let answer = try await server.ask(
                "POST",
                "/v1/completions",
                body: #"{"model": "\#(model)", \#(body)}"#
            )
            #expect(answer.status == 400)
            #expect(try answer.error("param") == .string(param))
            guard let message else { return }
            #expect(
                try answer.error("message") == .string(message.replacing("MODEL", with: model))
            )
        }
    }

    @Test func modelsThatCannotAnswerAreToldApart() async throws {
        try await TestServer.run { server in
            for path in ["completions", "engines/ada/completions"] {
                let answer = try await server.ask(
                    "POST",
                    "/v1/\(path)",
                    body: #"{"model": "ada", "prompt": "a"}"#
                )
                #expect(answer.status == 404)
                #expect(
                    answer.text == """
                        {"error": {"message": "'ada' stands for the base model 'ngram', which knows no \
                        completions before it is tuned (start a fine-tuning job of 'ada', and ask the \
                        model that it makes)", "type": "invalid_request_error", "param": "model", \
                        "code": "model_not_found"}}\n
                        """
                )
            }
            let answer = try await server.ask(
                "POST",
                "/v1/chat/completions",
                body: #"{"model": "x", "messages": [{"role": "user", "content": "a"}]}"#
            )
            #expect(answer.status == 404)
            #expect(
                answer.text == """
                    {"error": {"message": "The model `x` does not exist or you do not have access to \
                    it.", "type": "invalid_request_error", "param": "model", "code": \
                    "model_not_found"}}\n
                    """
            )
        }
    }

    @Test func aliasAnswersWithTheModelItStandsForAndSwitches() async throws {
        try await TestServer.run { server in
            let model = try await server.tuned()
            let aliases = AliasLibrary(server.workspace, clock: .system)
            _ = try aliases.set("prod", to: model)
            let answer = try await server.ask(
                "POST",
                "/v1/engines/prod/completions",
                body: #"{"prompt": "a"}"#
            )
            #expect(answer.status == 200)
            #expect(try answer.json["model"] == .string(model))
            _ = try await server.ask("DELETE", "/v1/models/\(model)")
            #expect(
                try await server.ask(
                    "POST",
                    "/v1/completions",
                    body: #"{"model": "prod", "prompt": "a"}"#
                ).status == 404
            )
        }
    }

    @Test func streamGivesTheAnswerInPiecesAndItsCost() async throws {
        try await TestServer.run { server in
            let model = try await server.tuned()
            let answer = try await server.ask(
                "POST",
                "/v1/completions",
                body: """
                    {"model": "\(model)", "prompt": "\(Self.prompt)", "temperature": 0, "stream": true,
                    "n": 2, "logprobs": 1, "stream_options": {"include_usage": true}}
                    """
            )
            #expect(answer.isChunked)
            #expect(answer.headers["content-type"] == "text/event-stream; charset=utf-8")
            let chunks = try answer.events()
            #expect(chunks.count == 5)
            #expect(
                chunks.prefix(4).map { $0["choices"]?.items.first?["text"]?.string }
                    == [" 2", "", " 2", ""]
            )
            #expect(
                chunks.prefix(4).map { $0["choices"]?.items.first?["finish_reason"] }
                    == [.null, .string("stop"), .null, .string("stop")]
            )
            #expect(
                chunks[0]["choices"]?.items.first?["logprobs"]?["text_offset"]
                    == .array([.integer(25)])
            )
            #expect(chunks.prefix(4).allSatisfy { $0["usage"] == .null })
            #expect(chunks[4]["choices"] == .array([]))
            #expect(chunks[4]["usage"]?["total_tokens"] == .integer(7))
            #expect(Set(chunks.map { $0["id"]?.string }).count == 1)
        }
    }
}

extension TestServer {
    /// Tunes a model of the API's old kind and returns its id.
    func tuned() async throws -> String {
        let file = try await file(Reviews.lines(60))
        let job = try await ask(
            "POST",
            "/v1/fine-tunes",
            body: #"{"training_file": "\#(file)", "model": "ada"}"#
        ).json
        let ended = try await ended("/v1/fine-tunes/\(job["id"]?.string ?? "")")
        return try #require(ended["fine_tuned_model"]?.string)
    }

    /// Asks a model to go on from a prompt with these options.
    fileprivate func complete(_ model: String, _ options: String) async throws -> JSONValue {
        let answer = try await ask(
            "POST",
            "/v1/completions",
            body:
                #"{"model": "\#(model)", "prompt": "\#(CompletionRouteTests.prompt)", \#(options)}"#
        )
        try #require(answer.status == 200, "\(answer.text)")
        return try answer.json
    }
}

extension RawResponse {
    /// The events of a stream without the one that ends it.
    func events() throws -> [JSONValue] {
        var parser = ServerSentEventParser()
        let events = try parser.feed(body)
        #expect(events.last == .done)
        return try events.dropLast().map { try JSONValue.parse(Array($0.data.utf8)) }
    }
}
