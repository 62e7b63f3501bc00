import FettleCore
import OpenAIWire
import Testing

/// Completions and conversations.
struct CompletionTests {
    @Test func everyFieldMayBeNull() throws {
        let request = try read(
            CompletionRequest.self,
            """
            {"model":"ada","n":null,"max_tokens":null,"logprobs":null,"prompt":"hi","stream":false,
             "temperature":null,"top_p":null,"stop":null,"echo":true,"seed":null,"best_of":null}
            """
        )
        var expected = CompletionRequest(model: "ada", prompt: .texts(["hi"]))
        expected.echo = true
        #expect(request == expected)
    }

    @Test(arguments: [
        (#""one""#, CompletionPrompt.texts(["one"])),
        (#"["one", ""]"#, .texts(["one", ""])),
        ("[1, 2]", .tokens([[1, 2]])),
        ("[[1], []]", .tokens([[1], []])),
    ])
    func promptHasFourForms(text: String, prompt: CompletionPrompt) throws {
        let request = try read(CompletionRequest.self, #"{"model": "ada", "prompt": \#(text)}"#)
        #expect(request.prompt == prompt)
        #expect(try read(CompletionRequest.self, request.json.text()) == request)
    }

    @Test(arguments: [
        (
            #""prompt": [1, "a"]"#, "'prompt[1]' must be a token's number, found the string 'a'",
            "prompt[1]"
        ),
        (#""prompt": [[1], 2]"#, "'prompt[1]' must be a list of tokens, found 2", "prompt[1]"),
        (#""prompt": [-1]"#, "'prompt[0]' must be a token's number, found -1", "prompt[0]"),
        (
            #""prompt": []"#,
            "'prompt' must be a string, a list of strings, a list of tokens, or a list of such lists, found none",
            "prompt"
        ),
        (#""logprobs": 6"#, "'logprobs' must be a whole number from 0 to 5, found 6", "logprobs"),
        (#""n": 0"#, "'n' must be a whole number from 1 to 128, found 0", "n"),
        (
            #""max_tokens": -1"#, "'max_tokens' must be a whole number of at least 0, found -1",
            "max_tokens"
        ),
        (
            #""temperature": 2.5"#, "'temperature' must be a number from 0 to 2, found 2.5",
            "temperature"
        ),
        (#""stop": ["a","b","c","d","e"]"#, "'stop' must have at most 4 strings, found 5", "stop"),
        (
            #""logit_bias": {"x": 1}"#,
            "'logit_bias' must have tokens' numbers as names, found 'x'", "logit_bias"
        ),
        (
            #""logit_bias": {"5": 101}"#,
            "'logit_bias.5' must be a number from -100 to 100, found 101", "logit_bias.5"
        ),
        (#""stream": "yes""#, "'stream' must be true or false, found the string 'yes'", "stream"),
    ])
    func wrongMembersAreNamed(member: String, message: String, param: String) {
        #expect(throws: WireProblem(message, param: param)) {
            try read(CompletionRequest.self, #"{"model": "ada", \#(member)}"#)
        }
    }

    @Test func allOptionsAreReadAndWritten() throws {
        _ = try expectRoundTrip(
            CompletionRequest.self,
            """
            {"model": "ada", "prompt": ["a", "b"], "suffix": "z", "echo": true, "best_of": 3,
             "logprobs": 5, "stop": ["\\n", "END"], "logit_bias": {"50256": -100}, "max_tokens": 0,
             "temperature": 0, "top_p": 0.5, "n": 2, "presence_penalty": -2,
             "frequency_penalty": 1.5, "seed": -3, "user": "u", "stream": true,
             "stream_options": {"include_usage": true}}
            """
        )
    }

    @Test func answerWithTokensIsReadAndWritten() throws {
        let answer = try expectRoundTrip(
            CompletionResponse.self,
            """
            {"id": "cmpl-1", "object": "text_completion", "created": 5, "model": "ada",
             "choices": [{"text": " 4", "index": 0, "logprobs": {"tokens": ["x", " 4"],
               "token_logprobs": [null, -0.5],
               "top_logprobs": [null, {" 4": -0.5, "4": -1.5, " 5": -9999}],
               "text_offset": [0, 1]}, "finish_reason": "length"}],
             "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}
            """
        )
        let top = answer.choices[0].logprobs?.topLogprobs?[1]
        #expect(top?.map(\.token) == [" 4", "4", " 5"])
    }

    @Test func unlikelyTokensStayNumbers() {
        let logprobs = CompletionLogprobs(
            tokens: ["a"],
            tokenLogprobs: [-.infinity],
            topLogprobs: [[TokenLogprob(token: "a", logprob: .nan)]],
            textOffset: [0]
        )
        #expect(
            logprobs.json.text()
                == #"{"tokens": ["a"], "token_logprobs": [-9999], "top_logprobs": [{"a": -9999}], "text_offset": [0]}"#
        )
    }

    @Test func ofTwoTokensWithOneTextTheLikelierStays() {
        let logprobs = CompletionLogprobs(
            topLogprobs: [
                [
                    TokenLogprob(token: "a", logprob: -2), TokenLogprob(token: "b", logprob: -3),
                    TokenLogprob(token: "a", logprob: -1),
                ]
            ]
        )
        #expect(logprobs.json["top_logprobs"]?.text() == #"[{"a": -1, "b": -3}]"#)
    }

    @Test func pieceOfAStreamHasNoReasonYet() {
        let piece = CompletionResponse(choices: [CompletionChoice(text: " 4")])
        #expect(
            piece.json.text()
                == #"{"object": "text_completion", "id": "", "created": 0, "model": "", "choices": [{"text": " 4", "index": 0, "logprobs": null, "finish_reason": null}]}"#
        )
    }

    @Test func conversationTakesTextsAndPartsOfText() throws {
        let request = try read(
            ChatCompletionRequest.self,
            """
            {"model": "gpt-4o-mini", "max_completion_tokens": 5, "logprobs": true, "top_logprobs": 20,
             "messages": [{"role": "system", "content": "be brief"},
               {"role": "user", "content": [{"type": "text", "text": "a"},
                                            {"type": "text", "text": "b"}]},
               {"role": "assistant", "content": null}]}
            """
        )
        #expect(request.messages.map(\.content) == ["be brief", "ab", nil])
        #expect(try read(ChatCompletionRequest.self, request.json.text()) == request)
    }

    @Test func conversationRefusesPictures() {
        #expect(
            throws: WireProblem(
                "'messages[0].content[1]' must be a part of the type 'text', which is all that is taken here",
                param: "messages[0].content[1]"
            )
        ) {
            try read(
                ChatCompletionRequest.self,
                """
                {"model": "m", "messages": [{"role": "user", "content":
                 [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "x"}}]}]}
                """
            )
        }
    }

    @Test func conversationNeedsItsMessages() {
        #expect(throws: WireProblem("you must provide 'messages'", param: "messages")) {
            try read(ChatCompletionRequest.self, #"{"model": "m"}"#)
        }
    }

    @Test func chatAnswerIsReadAndWritten() throws {
        _ = try expectRoundTrip(
            ChatCompletion.self,
            """
            {"id": "chatcmpl-1", "object": "chat.completion", "created": 5, "model": "gpt-4o-mini",
             "choices": [{"index": 0, "message": {"role": "assistant", "content": " 4",
               "refusal": null}, "logprobs": {"content": [{"token": " 4", "logprob": -0.5,
               "bytes": [32, 52], "top_logprobs": [{"token": " 5", "logprob": -1.5,
               "bytes": null}]}], "refusal": null}, "finish_reason": "stop"}],
             "usage": {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4},
             "system_fingerprint": "fp_1"}
            """
        )
    }

    @Test func chatPieceIsReadAndWritten() throws {
        _ = try expectRoundTrip(
            ChatCompletionChunk.self,
            """
            {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 5, "model": "m",
             "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""},
                          "logprobs": null, "finish_reason": null}], "usage": null}
            """
        )
    }
}
