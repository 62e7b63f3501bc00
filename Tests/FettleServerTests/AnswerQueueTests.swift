import FettleCore
import FettleServer
import FettleWorkbench
import Testing

/// Questions to a language model wait for each other, and for nobody who has gone.
struct AnswerQueueTests {
    /// A question that takes minutes: 4,096 answers of 500 tokens.
    private static func long(_ more: String = "") -> String {
        let prompts = [String](repeating: "\"a\"", count: 32).joined(separator: ", ")
        return #"{"model": "tiny", "prompt": [\#(prompts)], "n": 128, "max_tokens": 500\#(more)}"#
    }

    private static func send(_ server: TestServer, _ body: String) async throws -> RawConnection {
        let connection = try server.connection()
        try await connection.send(
            "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                + body
        )
        return connection
    }

    /// Waits until so many requests were answered with this status.
    private static func wait(_ server: TestServer, for count: Int, status: Int) async throws {
        while server.logLines.count(where: { $0.contains("status=\(status)") }) < count {
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test(arguments: ["", #", "stream": true"#])
    func clientThatGoesAwayEndsItsAnswer(more: String) async throws {
        try await TestServer.run(workspace: TinyModel.workspace()) { server in
            var connection: RawConnection? = try await Self.send(server, Self.long(more))
            if more.isEmpty {
                try await Task.sleep(for: .milliseconds(100))
            } else {
                // The first of its pieces came.
                #expect(try await connection?.isClosed() == false)
            }
            connection = nil
            // Its own answer would take minutes more, and the next waits for it.
            let answer = try await server.completions(#""prompt": "a", "max_tokens": 1"#)
            #expect(answer.choices.count == 1)
            if more.isEmpty { try await Self.wait(server, for: 1, status: 499) }
            #expect(!server.logLines.contains { $0.contains("error=") })
        }
    }

    @Test func everythingElseIsAnsweredMeanwhile() async throws {
        try await TestServer.run(workspace: TinyModel.workspace()) { server in
            let stars = try await server.tuned()
            var connections: [RawConnection] = []
            for _ in 0..<8 { connections.append(try await Self.send(server, Self.long())) }
            for _ in 0..<20 {
                #expect(try await server.ask("GET", "/health").status == 200)
                let answer = try await server.completions(
                    #""prompt": "lovely great ->", "max_tokens": 1, "temperature": 0"#,
                    model: stars
                )
                #expect(answer.texts == [" 2"])
            }
            #expect(!server.logLines.contains { $0.contains("status=499") })
            connections = []
            try await Self.wait(server, for: 8, status: 499)
        }
    }

    @Test func tooManyQuestionsAreRefusedUntilSomeHaveGone() async throws {
        try await TestServer.run(workspace: TinyModel.workspace()) { server in
            var connections: [RawConnection] = []
            // One of these is too many.
            for _ in 0..<65 { connections.append(try await Self.send(server, Self.long())) }
            try await Self.wait(server, for: 1, status: 429)
            let answer = try await server.ask(
                "POST",
                "/v1/completions",
                body: #"{"model": "tiny", "prompt": "a"}"#
            )
            #expect(answer.status == 429)
            #expect(answer.headers["retry-after"] == "1")
            #expect(
                answer.text == """
                    {"error": {"message": "64 questions to 'tiny' wait for its answers, and no more are \
                    taken (ask again in a moment)", "type": "rate_limit_error", "param": null, "code": \
                    "rate_limit_exceeded"}}\n
                    """
            )
            connections = []
            try await Self.wait(server, for: 64, status: 499)
            let next = try await server.completions(#""prompt": "a", "max_tokens": 1"#)
            #expect(next.choices.count == 1)
        }
    }
}
