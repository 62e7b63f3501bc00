import FettleCore
import FettleServer
import Testing

/// Requests after which nothing can be read as it was meant.
struct BrokenBodyTests {
    @Test func bodyInAnUnknownCodingIsTheClientsFault() async throws {
        try await TestServer.run { server in
            let connection = try server.connection()
            try await connection.send(
                "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n{}"
            )
            let answer = try await connection.receive()
            #expect(answer.status == 400)
            #expect(try answer.error("type") == .string("invalid_request_error"))
            #expect(try await server.ask("GET", "/health").status == 200)
        }
    }

    /// The parser stops at such a request, and a client would wait for an answer to its next one for ever.
    @Test(arguments: ["websocket", "h2c"])
    func connectionEndsAfterAWishForAnotherProtocol(wish: String) async throws {
        try await TestServer.run { server in
            let connection = try server.connection()
            let headers = ["Connection": "upgrade", "Upgrade": wish]
            let answer = try await server.ask(connection, "GET", "/health", headers: headers)
            #expect(answer.status == 200)
            #expect(answer.headers["connection"] == "close")
            await #expect(throws: RawConnection.Closed.self) {
                _ = try await server.ask(connection, "GET", "/health")
            }
        }
    }
}
