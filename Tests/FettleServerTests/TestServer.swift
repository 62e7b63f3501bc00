import FettleCore
import FettleServer
import FettleStore
import FettleWorkbench
import Synchronization

/// A server on a free port over a workspace of its own, and a way to ask it.
struct TestServer: Sendable {
    private final class Lines: Sendable {
        let lines = Mutex<[String]>([])
    }

    /// 2026-01-01 00:00:00 UTC.
    static let moment: Int64 = 1_767_225_600_000

    let workspace: Workspace
    let server: RunningServer
    private let log: Lines

    /// The lines of the log so far.
    var logLines: [String] { log.lines.withLock { $0 } }

    /// Runs `work` with a server and stops it after.
    static func run(
        _ settings: ServerSettings = ServerSettings(),
        workspace: Workspace = Workspace(.ephemeral, session: "test"),
        _ work: (TestServer) async throws -> Void
    ) async throws {
        let log = Lines()
        let clock = WorkClock.fixed(at: moment)
        var settings = settings
        settings.port = 0
        let server = try await Server.start(
            settings,
            ServerParts(
                workspace: workspace,
                jobs: JobCenter(workspace, clock: clock),
                clock: clock,
                log: { line in log.lines.withLock { $0.append(line) } }
            )
        )
        do {
            try await work(TestServer(workspace: workspace, server: server, log: log))
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private init(workspace: Workspace, server: RunningServer, log: Lines) {
        self.workspace = workspace
        self.server = server
        self.log = log
    }

    /// Opens a connection.
    func connection() throws -> RawConnection {
        try RawConnection(port: server.port)
    }

    /// Sends a request on a connection of its own and returns the answer.
    func ask(
        _ method: String,
        _ path: String,
        headers: [String: String] = [:],
        body: String? = nil
    ) async throws -> RawResponse {
        let connection = try connection()
        return try await ask(connection, method, path, headers: headers, body: body)
    }

    /// Sends a request on a connection and returns the answer.
    func ask(
        _ connection: RawConnection,
        _ method: String,
        _ path: String,
        headers: [String: String] = [:],
        body: String? = nil
    ) async throws -> RawResponse {
        var all = headers
        if all["Host"] == nil { all["Host"] = "127.0.0.1:\(server.port)" }
        if let body, all["Content-Length"] == nil { all["Content-Length"] = "\(body.utf8.count)" }
        let lines = all.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined()
        try await connection.send("\(method) \(path) HTTP/1.1\r\n\(lines)\r\n\(body ?? "")")
        return try await connection.receive(withoutBody: method == "HEAD")
    }

    /// Uploads a file as the clients do.
    func upload(
        _ text: String,
        filename: String = "train.jsonl",
        purpose: String = "fine-tune"
    ) async throws -> RawResponse {
        let form = Form.text([("purpose", nil, purpose), ("file", filename, text)])
        return try await ask("POST", "/v1/files", headers: Form.header, body: form)
    }
}

/// Forms as clients send them.
enum Form {
    static let boundary = "----form-7MA4YWxkTrZu0gW"
    static let header = ["Content-Type": "multipart/form-data; boundary=\(boundary)"]

    /// Returns the body with these fields: name, name of the file, and value.
    static func text(
        _ fields: [(name: String, filename: String?, value: String)],
        boundary: String = Form.boundary
    ) -> String {
        var text = ""
        for field in fields {
            text += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(field.name)\""
            if let filename = field.filename {
                text += "; filename=\"\(filename)\"\r\nContent-Type: application/octet-stream"
            }
            text += "\r\n\r\n\(field.value)\r\n"
        }
        return text + "--\(boundary)--\r\n"
    }
}
