import FettleCore
import FettleServer
import FettleWorkbench
import OpenAIWire
import Testing

/// Links to files, which need no key.
struct FileLinkRouteTests {
    private static let line = "{\"prompt\": \"good ->\", \"completion\": \" 5\"}\n"
    private static let settings = ServerSettings(keys: ["sk-one", "sk-two"])
    /// A second after the server's time.
    private static let soon = TestServer.moment / 1000 + 1

    private static func upload(_ server: TestServer) async throws -> String {
        let form = Form.text([("purpose", nil, "user_data"), ("file", "a.jsonl", line)])
        let headers = Form.header.merging(["Authorization": "Bearer sk-one"]) { first, _ in first }
        let answer = try await server.ask("POST", "/v1/files", headers: headers, body: form)
        return try #require(try answer.json["id"]?.string)
    }

    @Test(arguments: ["sk-one", "sk-two"])
    func fileIsReadByALinkThatAKeyHasSigned(key: String) async throws {
        try await TestServer.run(Self.settings) { server in
            let id = try await Self.upload(server)
            let link = FileLink(file: id, expires: Self.soon)
            let path = "/v1/files/\(id)/content?\(link.query(signedWith: key))"
            let answer = try await server.ask("GET", path)
            #expect(answer.status == 200)
            #expect(answer.text == Self.line)
            #expect(try await server.ask("HEAD", path).status == 200)
            while server.logLines.count < 3 { await Task.yield() }
            #expect(!server.logLines.contains { $0.contains("signature") })
        }
    }

    @Test func linkOpensNothingElse() async throws {
        try await TestServer.run(Self.settings) { server in
            let id = try await Self.upload(server)
            let other = try await Self.upload(server)
            func query(_ file: String, _ expires: Int64, _ key: String) -> String {
                FileLink(file: file, expires: expires).query(signedWith: key)
            }
            let good = query(id, Self.soon, "sk-one")
            let longer = good.replacing("\(Self.soon)", with: "\(Self.soon + 1)")
            for query in [
                query(id, Self.soon, "sk-other"), query(other, Self.soon, "sk-one"),
                query(id, Self.soon - 1, "sk-one"), longer, "expires=\(Self.soon)&signature=",
                "signature=" + good.suffix(64), "expires=x&signature=" + good.suffix(64),
            ] {
                let answer = try await server.ask("GET", "/v1/files/\(id)/content?\(query)")
                #expect(answer.status == 401, "\(query)")
                #expect(
                    try answer.error("message")
                        == .string(
                            "The link to this file has ended, or no key of this server has signed it."
                        )
                )
                #expect(try answer.error("code") == .string("invalid_link"))
            }
            for (method, path) in [
                ("GET", "/v1/files/\(id)"), ("DELETE", "/v1/files/\(id)"), ("GET", "/v1/files"),
                ("GET", "/v1/files/\(other)/content"),
            ] {
                #expect(try await server.ask(method, "\(path)?\(good)").status == 401, "\(path)")
            }
        }
    }
}
