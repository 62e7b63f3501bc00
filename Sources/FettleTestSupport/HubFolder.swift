import Foundation

extension LocalServer {
    /// Starts a server with the paths of huggingface.co whose every model is the files of a folder.
    ///
    /// - Parameters:
    ///   - folder: the folder.
    ///   - token: what must be sent as the user's token; nil for models that are open to all.
    ///   - change: what becomes of an answer, such as a broken connection.
    /// - Throws: an error when there is no free port.
    public convenience init(
        hub folder: String,
        token: String? = nil,
        change: @escaping @Sendable (Request, Response) -> Response = { $1 }
    ) throws {
        try self.init { request in
            if let token, request.headers["authorization"] != "Bearer \(token)" {
                return Response(status: 401)
            }
            return change(request, Self.answer(request, folder))
        }
    }

    private static func answer(_ request: Request, _ folder: String) -> Response {
        let commit = String(repeating: "c0ffee12", count: 5)
        let parts = request.path.split(separator: "/").map(String.init)
        if parts.count == 6, parts.starts(with: ["api", "models"]), parts[4] == "revision" {
            guard parts[5] == "main?blobs=true" else { return Response(status: 404) }
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            let files = names.sorted().map { name in
                let size = FileManager.default.contents(atPath: "\(folder)/\(name)")?.count ?? 0
                return #"{"rfilename": "\#(name)", "size": \#(size)}"#
            }
            let list = files.joined(separator: ", ")
            return Response(body: Array(#"{"sha": "\#(commit)", "siblings": [\#(list)]}"#.utf8))
        }
        guard parts.count == 5, parts[2] == "resolve", parts[3] == commit,
            let data = FileManager.default.contents(atPath: "\(folder)/\(parts[4])")
        else { return Response(status: 404) }
        let bytes = Array(data)
        guard let range = request.headers["range"],
            let start = Int(range.dropFirst("bytes=".count).dropLast())
        else { return Response(body: bytes) }
        guard start < bytes.count else { return Response(status: 416) }
        let place = "bytes \(start)-\(bytes.count - 1)/\(bytes.count)"
        return Response(
            status: 206,
            headers: ["Content-Range": place],
            body: Array(bytes[start...])
        )
    }
}
