import FettleCore
import FettleServer
import FettleStore
import FettleWorkbench
import Foundation
import Testing

struct FileRouteTests {
    private static let line = "{\"prompt\": \"good ->\", \"completion\": \" 5\"}\n"

    private static func id(_ answer: RawResponse) throws -> String {
        guard case .string(let id)? = try answer.json["id"] else { return "" }
        return id
    }

    @Test func uploadedFileIsToldAndReadAgain() async throws {
        try await TestServer.run { server in
            let answer = try await server.upload(Self.line)
            #expect(answer.status == 200)
            let id = try Self.id(answer)
            #expect(
                try answer.json.text()
                    == "{\"object\": \"file\", \"id\": \"\(id)\", \"purpose\": \"fine-tune\", "
                    + "\"filename\": \"train.jsonl\", \"bytes\": \(Self.line.utf8.count), \"created_at\": 1767225600, "
                    + "\"status\": \"processed\", \"status_details\": null}"
            )
            #expect(try await server.ask("GET", "/v1/files/\(id)").json == answer.json)
            let content = try await server.ask("GET", "/v1/files/\(id)/content")
            #expect(content.text == Self.line)
            #expect(content.headers["content-type"] == "application/octet-stream")
            let gone = try await server.ask("DELETE", "/v1/files/\(id)")
            #expect(gone.text == "{\"id\": \"\(id)\", \"object\": \"file\", \"deleted\": true}\n")
            #expect(try await server.ask("GET", "/v1/files/\(id)/content").status == 404)
        }
    }

    @Test func unknownFileHasTheAPIsWords() async throws {
        try await TestServer.run { server in
            for (method, path) in [
                ("GET", "/v1/files/file-x"), ("GET", "/v1/files/file-x/content"),
                ("DELETE", "/v1/files/file-x"),
            ] {
                let answer = try await server.ask(method, path)
                #expect(answer.status == 404)
                #expect(
                    answer.text
                        == "{\"error\": {\"message\": \"No such File object: file-x\", \"type\": "
                        + "\"invalid_request_error\", \"param\": \"id\", \"code\": null}}\n"
                )
            }
        }
    }

    @Test(arguments: [
        "train.jsonl", "%2Ftmp%2Fx%2Ftrain.jsonl", "http%3A%2F%2Fexample.org%2Ft.jsonl",
        "..%2Ffettle.sqlite", "a+b", "%00", "%25",
    ])
    func pathsThatTheOldClientAsksForAreNoFiles(name: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.ask("GET", "/v1/files/\(name)")
            #expect(answer.status == 404)
            #expect(try answer.error("param") == .string("id"))
        }
    }

    // MARK: - Forms

    @Test(arguments: [
        "multipart/form-data; boundary=XX", "multipart/form-data; boundary=\"XX\"",
        "Multipart/Form-Data; charset=utf-8; Boundary=XX",
    ])
    func boundaryMayBeQuoted(header: String) async throws {
        try await TestServer.run { server in
            let body = Form.text(
                [("file", "a.jsonl", Self.line), ("purpose", nil, "fine-tune")],
                boundary: "XX"
            )
            let answer = try await server.ask(
                "POST",
                "/v1/files",
                headers: ["Content-Type": header],
                body: "preamble\r\n" + body + "epilogue"
            )
            #expect(answer.status == 200, "\(answer.text)")
        }
    }

    @Test(arguments: [
        ("a.jsonl", "a.jsonl"), ("/tmp/x/a.jsonl", "/tmp/x/a.jsonl"), ("..\\\\a", "..\\a"),
        ("q\\\"uote", "q\"uote"), ("caf%22é", "caf\"é"), ("C:\\dir\\a", "C:\\dir\\a"),
    ])
    func fileNamesAreTakenAsTheyAre(written: String, name: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.upload(Self.line, filename: written)
            #expect(try answer.json["filename"] == .string(name))
        }
    }

    @Test func fileNamesMayBeEncoded() async throws {
        try await TestServer.run { server in
            let body = Form.text([("purpose", nil, "fine-tune"), ("file", "F", Self.line)])
                .replacing("filename=\"F\"", with: "filename*=utf-8''%E2%82%AC.jsonl")
            let answer = try await server.ask("POST", "/v1/files", headers: Form.header, body: body)
            #expect(try answer.json["filename"] == .string("€.jsonl"))
        }
    }

    @Test func purposeAfterTheFileDecidesWhetherItsLinesMatter() async throws {
        try await TestServer.run { server in
            for (purpose, status) in [("user_data", 200), ("fine-tune", 400)] {
                let body = Form.text([("file", "a", "no JSON"), ("purpose", nil, purpose)])
                let answer = try await server.ask(
                    "POST",
                    "/v1/files",
                    headers: Form.header,
                    body: body
                )
                #expect(answer.status == status)
            }
        }
    }

    @Test func badLineIsToldInTheAPIsWords() async throws {
        try await TestServer.run { server in
            let answer = try await server.upload("{\"prompt\": 'x'}\n")
            #expect(answer.status == 400)
            #expect(
                try answer.error("message")
                    == .string(
                        "Expected file to have JSONL format, where every line is a JSON dictionary. Line 1 is "
                            + "not a dictionary (HINT: line starts with: \"{\\\"p...\"). In column 12: "
                            + "expected a value, found '''."
                    )
            )
            #expect(try await server.ask("GET", "/v1/files").json["data"] == .array([]))
        }
    }

    @Test(
        arguments: [
            ([("file", "a", line)], "you must provide 'purpose'", JSONValue.string("purpose")),
            ([("purpose", nil, "fine-tune")], "you must provide 'file'", .string("file")),
            (
                [("purpose", nil, "fun"), ("file", "a", line)],
                "'purpose' must be one of 'fine-tune', 'fine-tune-results', 'assistants', 'batch', 'vision', "
                    + "'user_data', 'evals', found 'fun'", .string("purpose")
            ),
            (
                [("file", "a", line), ("file", "b", line)], "The form has more than one 'file'.",
                .string("file")
            ),
            (
                [("purpose", nil, String(repeating: "x", count: 70_000))],
                "A field of the form is longer than 65536 bytes.", .null
            ),
        ] as [([(String, String?, String)], String, JSONValue)]
    )
    func whatAFormLacksIsNamed(
        fields: [(String, String?, String)],
        message: String,
        param: JSONValue
    ) async throws {
        try await TestServer.run { server in
            let body = Form.text(fields.map { (name: $0.0, filename: $0.1, value: $0.2) })
            let answer = try await server.ask("POST", "/v1/files", headers: Form.header, body: body)
            #expect(answer.status == 400)
            #expect(try answer.error("message") == .string(message))
            #expect(try answer.error("param") == param)
        }
    }

    @Test(arguments: [
        (
            "application/json", "{}",
            "The body must be a form (multipart/form-data) with 'purpose' and 'file', found "
                + "'application/json'."
        ),
        (
            "multipart/form-data", "x",
            "The body cannot be read as a form: its Content-Type header has no boundary of 1 to 70 characters."
        ),
        (
            "multipart/form-data; boundary=X", "--X\r\nA: b\r\n\r\nx\r\n--X--",
            "The body cannot be read as a form: a part has no Content-Disposition header with a name."
        ),
        (
            "multipart/form-data; boundary=X", "no form at all",
            "The body cannot be read as a form: the form ends before its last boundary."
        ),
        (
            "multipart/form-data; boundary=X",
            "--X\r\nA: " + String(repeating: "b", count: 20_000),
            "The body cannot be read as a form: a part has headers of more than 16384 bytes."
        ),
    ])
    func whatIsNoFormIsTold(type: String, body: String, message: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.ask(
                "POST",
                "/v1/files",
                headers: ["Content-Type": type],
                body: body
            )
            #expect(answer.status == 400)
            #expect(try answer.error("message") == .string(message))
        }
    }

    @Test func bodiesInChunksOfAnySizeAreRead() async throws {
        try await TestServer.run { server in
            let text = "\r\n--\r\n--" + Form.boundary.dropLast() + "\r\r\n\n" + Self.line
            let form = Array(
                Form.text([("purpose", nil, "user_data"), ("file", "a", text)]).utf8
            )
            for size in [1, 2, 3, 5, 17, 64] {
                let connection = try server.connection()
                var bytes = Array(
                    ("POST /v1/files HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
                        + "Content-Type: multipart/form-data; boundary=\(Form.boundary)\r\n\r\n")
                        .utf8
                )
                for start in stride(from: 0, to: form.count, by: size) {
                    let piece = form[start..<min(start + size, form.count)]
                    bytes += Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece
                    bytes += Array("\r\n".utf8)
                }
                try await connection.send(bytes + Array("0\r\n\r\n".utf8))
                let answer = try await connection.receive()
                #expect(answer.status == 200)
                let content = try await server.ask("GET", "/v1/files/\(Self.id(answer))/content")
                #expect(content.text == text)
            }
        }
    }

    @Test func clientThatWaitsIsToldToGoOn() async throws {
        try await TestServer.run { server in
            let body = Form.text([("purpose", nil, "fine-tune"), ("file", "a", Self.line)])
            let connection = try server.connection()
            try await connection.send(
                "POST /v1/files HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n"
                    + "Content-Type: multipart/form-data; boundary=\(Form.boundary)\r\n\r\n"
            )
            #expect(try await connection.receive().status == 100)
            try await connection.send(body)
            #expect(try await connection.receive().status == 200)
        }
    }

    @Test func longUploadIsRefusedByItsLength() async throws {
        try await TestServer.run(ServerSettings(maximumUpload: 1000)) { server in
            let connection = try server.connection()
            try await connection.send(
                "POST /v1/files HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                    + "Content-Length: 99999999\r\n"
                    + "Content-Type: multipart/form-data; boundary=\(Form.boundary)\r\n\r\n"
            )
            let answer = try await connection.receive()
            #expect(answer.status == 413)
            #expect(try answer.error("code") == .string("request_too_large"))
            let large = try await server.upload(String(repeating: Self.line, count: 30))
            #expect(large.status == 413)
            #expect(try await server.upload(Self.line).status == 200)
        }
    }

    @Test(arguments: [true, false])
    func refusalReachesAClientThatSendsAllFirst(hasLength: Bool) async throws {
        try await TestServer.run(ServerSettings(maximumUpload: 1000)) { server in
            let connection = try server.connection()
            let body = Form.text([
                ("purpose", nil, "user_data"),
                ("file", "a", String(repeating: "x", count: 3 << 20)),
            ])
            let length =
                hasLength ? "Content-Length: \(body.utf8.count)" : "Transfer-Encoding: chunked"
            try await connection.send(
                "POST /v1/files HTTP/1.1\r\nHost: localhost\r\n\(length)\r\n"
                    + "Content-Type: multipart/form-data; boundary=\(Form.boundary)\r\n\r\n"
            )
            let count = String(body.utf8.count, radix: 16)
            try await connection.send(hasLength ? body : "\(count)\r\n\(body)\r\n0\r\n\r\n")
            let answer = try await connection.receive()
            #expect(answer.status == 413)
            #expect(try answer.error("code") == .string("request_too_large"))
            #expect(try await server.ask("GET", "/v1/files").json["data"] == .array([]))
        }
    }

    @Test func uploadThatBreaksOffLeavesNothing() async throws {
        let folder = NSTemporaryDirectory() + "fettle-server-tests-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await TestServer.run(workspace: Workspace(.folder(folder), session: "test")) { server in
            do {
                let connection = try server.connection()
                try await connection.send(
                    "POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n"
                        + "Content-Type: multipart/form-data; boundary=\(Form.boundary)\r\n\r\n"
                        + Form.text([("purpose", nil, "fine-tune"), ("file", "a", Self.line)])
                        .dropLast(50)
                )
                let files = folder + "/files"
                while (try? FileManager.default.contentsOfDirectory(atPath: files))?.isEmpty
                    != false
                {
                    await Task.yield()
                }
            }
            let files = folder + "/files"
            while try FileManager.default.contentsOfDirectory(atPath: files) != [] {
                await Task.yield()
            }
            #expect(try await server.ask("GET", "/v1/files").json["data"] == .array([]))
        }
    }

    // MARK: - Lists

    @Test func listHasPages() async throws {
        try await TestServer.run { server in
            var ids: [String] = []
            for purpose in ["fine-tune", "user_data", "fine-tune"] {
                ids.append(try Self.id(await server.upload(Self.line, purpose: purpose)))
            }
            func list(_ query: String) async throws -> (ids: [String], more: JSONValue?) {
                let json = try await server.ask("GET", "/v1/files" + query).json
                guard case .array(let items)? = json["data"] else { return ([], nil) }
                let found = items.map { item in
                    if case .string(let id)? = item["id"] { id } else { "" }
                }
                return (found, json["has_more"])
            }
            #expect(try await list("").ids == ids.reversed())
            #expect(try await list("?order=asc").ids == ids)
            #expect(try await list("?purpose=fine-tune&order=asc").ids == [ids[0], ids[2]])
            let page = try await list("?limit=2&order=asc")
            #expect(page.ids == Array(ids[..<2]))
            #expect(page.more == .boolean(true))
            let rest = try await list("?limit=2&order=asc&after=\(ids[1])")
            #expect(rest.ids == [ids[2]])
            #expect(rest.more == .boolean(false))
            for (query, param) in [
                ("?limit=0", "limit"), ("?limit=x", "limit"), ("?order=up", "order"),
                ("?after=file-x", "after"),
            ] {
                let answer = try await server.ask("GET", "/v1/files" + query)
                #expect(answer.status == 400)
                #expect(try answer.error("param") == .string(param))
            }
        }
    }
}
