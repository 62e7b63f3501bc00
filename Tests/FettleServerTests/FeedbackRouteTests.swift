import FettleCore
import FettleServer
import FettleStore
import FettleWorkbench
import Testing

/// Predictions that are kept, and the labels that come after them.
struct FeedbackRouteTests {
    private static let recording = ServerSettings(recordsPredictions: true)

    @Test func answersAreKeptAndJudged() async throws {
        try await TestServer.run(Self.recording) { server in
            let model = try await server.tuned()
            let answer = try await server.answer(model, #""prompt": "awful broken item ->""#)
            let id = try #require(answer["id"]?.string)
            let judged = try await server.judge(#"{"id": "\#(id)", "label": "2"}"#)
            #expect(judged.status == 200)
            #expect(
                judged.text == #"""
                    {"object": "fettle.feedback", "id": "\#(id)", "index": 0, "model": "\#(model)", \#
                    "prediction": " 1", "label": "2", "correct": false, "created_at": 1767225600}

                    """#
            )
            // The last label counts, and the same one again changes nothing.
            for _ in 0..<2 {
                let again = try await server.judge(#"{"id": "\#(id)", "label": " 1"}"#)
                #expect(try again.json["correct"] == .boolean(true))
            }
            let store = try server.workspace.store()
            let records = try store.judgedPredictions(of: model)
            #expect(records.map(\.prompt) == ["awful broken item ->"])
            #expect(records.map(\.label) == [" 1"])
            #expect(records.map(\.answer) == [" 1"])
            #expect(records.map(\.judgedAt) == [TestServer.moment])
            #expect(records[0].probabilities.map(\.token).sorted() == [" 1", " 2", " 3"])
            #expect(records[0].probabilities.first?.token == " 1")
            #expect(
                try store.predictionCounts() == [.init(model: model, all: 1, judged: 1)]
            )
        }
    }

    @Test func eachPromptOfAListIsJudgedByTheIndexOfItsChoice() async throws {
        try await TestServer.run(Self.recording) { server in
            let model = try await server.tuned()
            let answer = try await server.answer(
                model,
                #""prompt": ["awful broken item ->", "plain okay item ->"], "n": 2"#
            )
            let id = try #require(answer["id"]?.string)
            let judged = try await server.judge(#"{"id": "\#(id)", "index": 3, "label": "3"}"#)
            #expect(try judged.json["prediction"] == .string(" 3"))
            #expect(try judged.json["correct"] == .boolean(true))
            let missing = try await server.judge(#"{"id": "\#(id)", "index": 4, "label": "3"}"#)
            #expect(missing.status == 404)
            #expect(
                try missing.error("message")
                    == .string(
                        "No such completion: \(id), choice 4 (predictions are kept while "
                            + "'serve --record' runs, the latest 100,000)"
                    )
            )
        }
    }

    @Test func streamsAndConversationsAreKeptToo() async throws {
        try await TestServer.run(Self.recording) { server in
            let model = try await server.tuned()
            let streamed = try await server.ask(
                "POST",
                "/v1/completions",
                body:
                    #"{"model": "\#(model)", "prompt": "plain ->", "temperature": 0, "stream": true}"#
            )
            let id = try #require(try streamed.events().first?["id"]?.string)
            #expect(try await server.judge(#"{"id": "\#(id)", "label": "3"}"#).status == 200)
            let chat = try await server.ask(
                "POST",
                "/v1/chat/completions",
                body: """
                    {"model": "\(model)", "temperature": 0,
                    "messages": [{"role": "user", "content": "awful ->"}]}
                    """
            )
            let second = try #require(try chat.json["id"]?.string)
            #expect(try await server.judge(#"{"id": "\#(second)", "label": "1"}"#).status == 200)
            let prompts = try server.workspace.store().judgedPredictions(of: model).map(\.prompt)
            #expect(prompts == ["plain ->", "awful ->"])
        }
    }

    @Test func nothingIsKeptUnlessAskedFor() async throws {
        try await TestServer.run { server in
            let model = try await server.tuned()
            let answer = try await server.answer(model, #""prompt": "plain ->""#)
            let id = try #require(answer["id"]?.string)
            let judged = try await server.judge(#"{"id": "\#(id)", "label": "3"}"#)
            #expect(judged.status == 404)
            #expect(try judged.error("type") == .string("invalid_request_error"))
            #expect(try judged.error("param") == .string("id"))
            #expect(try judged.error("code") == .string("completion_not_found"))
            #expect(try server.workspace.store().predictionCounts() == [])
        }
    }

    @Test(arguments: [
        (#"{"label": "1"}"#, "id", "you must provide 'id'"),
        (#"{"id": "cmpl-1"}"#, "label", "you must provide 'label'"),
        (#"{"id": "cmpl-1", "label": 1}"#, "label", "'label' must be a string, found 1"),
        (
            #"{"id": "cmpl-1", "label": " "}"#, "label",
            "'label' must be a text that is not empty, of at most 4096 bytes"
        ),
    ]) func badFeedbackNamesItsField(body: String, param: String, message: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.judge(body)
            #expect(answer.status == 400)
            #expect(try answer.error("param") == .string(param))
            #expect(try answer.error("message") == .string(message))
        }
    }

    @Test func onlyTheLatestPredictionsAreKept() throws {
        let workspace = Workspace(.ephemeral, session: "test")
        let recorder = PredictionRecorder(workspace, clock: .fixed(at: 0), limit: 150) { _ in }
        for number in 1...1000 {
            let choice = CompletionPiece.Choice(
                prompt: "p",
                label: " a",
                labels: [" a"],
                logprobs: [0]
            )
            recorder.record("cmpl-\(number)", model: "m", [choice], perPrompt: 1)
            if number == 5 { _ = try recorder.judge(completion: "cmpl-5", choice: 0, label: "a") }
        }
        recorder.flush()
        #expect(
            try workspace.store().predictionCounts() == [.init(model: "m", all: 151, judged: 1)]
        )
        let long = CompletionPiece.Choice(
            prompt: String(repeating: "p", count: PredictionRecorder.longestPrompt + 1),
            label: " a",
            labels: [" a"],
            logprobs: [0]
        )
        recorder.record("cmpl-long", model: "m", [long], perPrompt: 1)
        recorder.flush()
        #expect(recorder.leftOut == 1)
        #expect(try workspace.store().predictionCounts().map(\.all) == [151])
    }
}

extension TestServer {
    fileprivate func answer(_ model: String, _ members: String) async throws -> JSONValue {
        let answer = try await ask(
            "POST",
            "/v1/completions",
            body: #"{"model": "\#(model)", "temperature": 0, \#(members)}"#
        )
        try #require(answer.status == 200, "\(answer.text)")
        return try answer.json
    }

    fileprivate func judge(_ body: String) async throws -> RawResponse {
        try await ask("POST", "/v1/fettle/feedback", body: body)
    }
}
