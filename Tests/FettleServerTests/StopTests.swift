import FettleServer
import FettleWorkbench
import Testing

struct StopTests {
    @Test func stoppedServerGivesItsPortBack() async throws {
        try await TestServer.run { server in
            let port = server.server.port
            await server.server.stop()
            await server.server.wait()
            #expect(throws: RawConnection.Closed.self) { try RawConnection(port: port) }
            await server.server.stop()
        }
    }

    @Test func requestThatRunsEndsBeforeTheServerDoes() async throws {
        try await TestServer.run { server in
            let form = Form.text([("purpose", nil, "user_data"), ("file", "a", "0123456789")])
            let connection = try server.connection()
            try await connection.send(
                "POST /v1/files HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                    + "Content-Length: \(form.utf8.count)\r\n"
                    + "Content-Type: multipart/form-data; boundary=\(Form.boundary)\r\n\r\n"
            )
            #expect(try await connection.receive().status == 100)
            async let stop: Void = server.server.stop()
            while (try? server.connection()) != nil { await Task.yield() }
            try await connection.send(form)
            #expect(try await connection.receive().status == 200)
            await stop
            #expect(try await connection.isClosed())
        }
    }

    @Test func connectionsThatRestAreClosed() async throws {
        try await TestServer.run { server in
            let connection = try server.connection()
            #expect(try await server.ask(connection, "GET", "/health").status == 200)
            let start = ContinuousClock.now
            await server.server.stop()
            #expect(ContinuousClock.now - start < .seconds(9))
            #expect(try await connection.isClosed())
        }
    }
}
