import FettleCore
import FettleServer
import FettleWorkbench
import Foundation
import Testing

/// What every request goes through.
struct GuardTests {
    @Test func answersHaveAnIDAndATimeAndAreLogged() async throws {
        try await TestServer.run { server in
            let answer = try await server.ask("GET", "/health")
            #expect(answer.status == 200)
            #expect(answer.text == "{\"status\": \"ok\"}\n")
            let id = try #require(answer.headers["x-request-id"])
            #expect(id.wholeMatch(of: /req_[0-9a-f]{32}/) != nil)
            #expect(Int(answer.headers["openai-processing-ms"] ?? "") != nil)
            #expect(answer.headers["access-control-allow-origin"] == nil)
            while server.logLines.isEmpty { await Task.yield() }
            let line = try #require(server.logLines.first)
            let pattern =
                /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ info fettle.server: request id=(req_[0-9a-f]{32}) method=GET path=\/health status=200 ms=\d+/
            #expect(line.wholeMatch(of: pattern)?.output.1 == id[...])
        }
    }

    @Test(arguments: [
        ("POST", "/v1/x", 404, "Invalid URL (POST /v1/x)"),
        ("GET", "/v1/models/", 404, "Invalid URL (GET /v1/models/)"),
        ("GET", "/v1/models/..", 404, "Invalid URL (GET /v1/models/..)"),
        ("GET", "/v1/models/%2E%2E", 404, "Invalid URL (GET /v1/models/%2E%2E)"),
        ("GET", "/v1/models/%zz", 404, "Invalid URL (GET /v1/models/%zz)"),
        ("GET", "/v1/models/%FF", 404, "Invalid URL (GET /v1/models/%FF)"),
        ("GET", "/v1/files/../../etc/passwd", 404, "Invalid URL (GET /v1/files/../../etc/passwd)"),
        (
            "POST", "/v1/models", 405,
            "Not allowed to POST on /v1/models. (HINT: Perhaps you meant to use a different HTTP method?)"
        ),
        (
            "OPTIONS", "/v1/files", 405,
            "Not allowed to OPTIONS on /v1/files. (HINT: Perhaps you meant to use a different HTTP method?)"
        ),
    ])
    func unknownPathsAndMethodsAreErrorObjects(
        method: String,
        path: String,
        status: Int,
        message: String
    ) async throws {
        try await TestServer.run { server in
            let answer = try await server.ask(method, path)
            #expect(answer.status == status)
            #expect(answer.headers["content-type"] == "application/json")
            #expect(
                try answer.json
                    == .object([
                        .init(
                            "error",
                            .object([
                                .init("message", .string(message)),
                                .init("type", .string("invalid_request_error")),
                                .init("param", .null), .init("code", .null),
                            ])
                        )
                    ])
            )
        }
    }

    @Test func methodsThatAreAllowedAreNamed() async throws {
        try await TestServer.run { server in
            let answer = try await server.ask("PUT", "/v1/files")
            #expect(answer.headers["allow"] == "GET, POST")
        }
    }

    @Test func headHasNoBodyAndTheConnectionGoesOn() async throws {
        try await TestServer.run { server in
            let connection = try server.connection()
            let head = try await server.ask(connection, "HEAD", "/health")
            #expect(head.status == 200)
            #expect(head.headers["content-length"] == "17")
            #expect(try await server.ask(connection, "GET", "/health").status == 200)
        }
    }

    // MARK: - Hosts and origins

    @Test(arguments: [
        "localhost", "localhost:1234", "127.0.0.1", "127.8.9.1:80", "[::1]", "[::1]:8080",
        "LOCALHOST:80",
    ])
    func ownNamesAreAnswered(host: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.ask("GET", "/health", headers: ["Host": host])
            #expect(answer.status == 200)
        }
    }

    @Test(arguments: [
        "evil.example", "evil.example:8080", "127.0.0.1.evil.example", "10.0.0.1", "",
    ])
    func foreignNamesAreRefused(host: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.ask("GET", "/v1/models", headers: ["Host": host])
            #expect(answer.status == 403)
            #expect(try answer.error("code") == .string("foreign_host"))
        }
    }

    @Test(arguments: [
        "http://evil.example", "null", "http://localhost:1", "http://127.0.0.1", "file://",
    ])
    func pagesOfOtherOriginsAreRefused(origin: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.ask(
                "POST",
                "/v1/files",
                headers: ["Origin": origin, "Content-Type": "text/plain"],
                body: "{}"
            )
            #expect(answer.status == 403)
            #expect(try answer.error("code") == .string("foreign_origin"))
        }
    }

    @Test func ownPagesAreAnswered() async throws {
        try await TestServer.run { server in
            let origin = "http://127.0.0.1:\(server.server.port)"
            let answer = try await server.ask("GET", "/health", headers: ["Origin": origin])
            #expect(answer.status == 200)
        }
    }

    // MARK: - Keys

    @Test(arguments: [
        (
            nil as String?,
            "You didn't provide an API key. You need to provide your API key in an Authorization header "
                + "using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
            JSONValue.null
        ),
        (
            "Basic sk-0123456789",
            "You didn't provide an API key. You need to provide your API key in an Authorization header "
                + "using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).", .null
        ),
        (
            "Bearer sk-00000000abcd",
            "Incorrect API key provided: sk-…abcd. The keys that are taken are in the file that "
                + "--api-key-file names.", .string("invalid_api_key")
        ),
        (
            "Bearer sk-secret-on",
            "Incorrect API key provided: sk-…t-on. The keys that are taken are in the file that "
                + "--api-key-file names.", .string("invalid_api_key")
        ),
        (
            "Bearer short",
            "Incorrect API key provided: …. The keys that are taken are in the file that "
                + "--api-key-file names.", .string("invalid_api_key")
        ),
    ])
    func requestsWithoutAKeyAreRefused(
        header: String?,
        message: String,
        code: JSONValue
    ) async throws {
        try await TestServer.run(ServerSettings(keys: ["sk-secret-one", "two"])) { server in
            let headers = header.map { ["Authorization": $0] } ?? [:]
            let answer = try await server.ask("GET", "/v1/models", headers: headers)
            #expect(answer.status == 401)
            #expect(answer.headers["www-authenticate"] == "Bearer")
            #expect(try answer.error("message") == .string(message))
            #expect(try answer.error("code") == code)
        }
    }

    @Test func requestsWithOneOfTheKeysAreAnsweredAndKeysAreNotLogged() async throws {
        try await TestServer.run(ServerSettings(keys: ["sk-secret-one", "two"])) { server in
            for key in ["sk-secret-one", "two"] {
                let headers = ["Authorization": "Bearer \(key)"]
                #expect(try await server.ask("GET", "/v1/models", headers: headers).status == 200)
            }
            #expect(try await server.ask("GET", "/health").status == 200)
            _ = try await server.ask("GET", "/v1/models?key=sk-secret-one")
            while server.logLines.count < 4 { await Task.yield() }
            #expect(!server.logLines.contains { $0.contains("secret") })
        }
    }

    @Test func otherMachinesAreNotServedWithoutAKey() async throws {
        await #expect(
            throws: Diagnostic(
                "server-key",
                "'0.0.0.0' can be reached by other machines, and no key would be asked for",
                hints: [
                    "put a long random key into a file and name it with --api-key-file FILE",
                    "or serve on this machine only, with host=127.0.0.1",
                ]
            )
        ) {
            try await TestServer.run(ServerSettings(host: "0.0.0.0")) { _ in }
        }
        try await TestServer.run(ServerSettings(host: "0.0.0.0", keys: ["k"])) { server in
            let headers = ["Authorization": "Bearer k", "Host": "any.example"]
            let answer = try await server.ask("GET", "/v1/models", headers: headers)
            #expect(answer.status == 200)
        }
    }

    @Test func portThatIsTakenIsToldPlainly() async throws {
        try await TestServer.run { server in
            let port = server.server.port
            let workspace = Workspace(.ephemeral, session: "other")
            let parts = ServerParts(
                workspace: workspace,
                jobs: JobCenter(workspace, clock: .system),
                clock: .system,
                log: { _ in }
            )
            await #expect(
                throws: Diagnostic(
                    "server-address",
                    "port \(port) of '127.0.0.1' is taken by another program",
                    hint: "choose another with port=N; port=0 takes any that is free"
                )
            ) {
                _ = try await Server.start(ServerSettings(port: port), parts)
            }
        }
    }

    // MARK: - Bytes

    @Test(arguments: [
        "\0\0\0\0\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "{\"model\": 1}\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
    ])
    func whatIsNoHTTPIsAnErrorObject(bytes: String) async throws {
        try await TestServer.run { server in
            let connection = try server.connection()
            try await connection.send(bytes)
            let answer = try await connection.receive()
            #expect(answer.status == 400)
            #expect(try answer.error("type") == .string("invalid_request_error"))
            #expect(try await connection.isClosed())
            #expect(try await server.ask("GET", "/health").status == 200)
        }
    }

    @Test func twoHostsAreRefused() async throws {
        try await TestServer.run { server in
            let connection = try server.connection()
            try await connection.send(
                "GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n"
            )
            #expect(try await connection.receive().status == 400)
        }
    }

    @Test func requestsOnOneConnectionAreAnsweredInOrder() async throws {
        try await TestServer.run { server in
            let connection = try server.connection()
            try await connection.send(
                "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    + "GET /v1/x HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    + "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
            )
            #expect(try await connection.receive().status == 200)
            #expect(try await connection.receive().status == 404)
            #expect(try await connection.receive().status == 200)
        }
    }

    // MARK: - Figures

    @Test func figuresCountRequestsByRouteAndStatus() async throws {
        try await TestServer.run { server in
            _ = try await server.ask("GET", "/v1/models/none")
            _ = try await server.ask("GET", "/v1/models/other")
            _ = try await server.ask("GET", "/v1/nothing")
            while server.logLines.count < 3 { await Task.yield() }
            let text = try await server.ask("GET", "/metrics").text
            #expect(
                text.contains(
                    "fettle_requests_total{route=\"/v1/models/{model}\",method=\"GET\",status=\"404\"} 2\n"
                )
            )
            #expect(
                text.contains(
                    "fettle_requests_total{route=\"other\",method=\"GET\",status=\"404\"} 1\n"
                )
            )
            #expect(text.contains("fettle_request_seconds_count{route=\"/v1/models/{model}\"} 2\n"))
            #expect(text.contains("fettle_queue_length 0\n"))
            #expect(text.contains("fettle_jobs{status=\"running\"} 0\n"))
        }
    }
}
