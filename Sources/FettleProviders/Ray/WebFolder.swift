public import FettleCore

/// A folder of the web that takes files by PUT and gives them by GET to everybody who knows their names, such as one
/// of WebDAV or of an object store.
public struct WebFolder: Sendable {
    let address: ServerAddress
    var policy = RetryPolicy.usual

    /// Takes the address of the folder.
    ///
    /// - Throws: `bad-address`.
    public init(_ address: String) throws(Diagnostic) {
        self.address = try ServerAddress(address)
    }

    /// The address without a slash at its end.
    public var text: String { address.text }

    /// The longest answer that is read, beside files.
    private static let answerLimit = 1 << 16

    /// Puts a file there unless one of its name and length is there; returns its address.
    func keep(
        _ path: String,
        as name: String,
        progress: @escaping (Int64) -> Void
    ) throws -> String {
        let url = "\(address.text)/\(WebAddress.escaped(name))"
        let size = try BodyReader(file: path) { _ in }.size
        if try length(of: url) == size { return url }
        var request = HTTPRequest(method: .put, url: url, body: .file(path))
        request.quietSeconds = 300
        let answer = try answer(request, progress)
        guard (200..<300).contains(answer.status) else {
            throw refused("answers a PUT with status \(answer.status)")
        }
        guard let kept = try length(of: url) else {
            throw refused("does not give the file that it took")
        }
        guard kept == size else {
            throw refused(
                "gives \(NumberText.count(Int(kept), "byte")) of a file of \(NumberText.count(Int(size)))"
            )
        }
        return url
    }

    private func refused(_ what: String) -> Diagnostic {
        Diagnostic(
            "web-folder",
            "'\(address.text)' \(what)",
            hint:
                "it must be there, take files by PUT and tell their length by HEAD, both without a key"
        )
    }

    /// The bytes of the file at an address; nil where there is none, or where that is not told.
    private func length(of url: String) throws -> Int64? {
        let answer = try answer(HTTPRequest(method: .head, url: url))
        guard (200..<300).contains(answer.status) else { return nil }
        return answer.headers["content-length"].flatMap { Int64($0) }
    }

    /// Answers that are the same the next time, other than in OpenAI's API: the folder is missing, the server knows no
    /// PUT, the disk is full.
    private static let lasting = [409, 501, 505, 507]

    /// Asks until there is an answer that would be the same the next time.
    private func answer(
        _ request: HTTPRequest,
        _ progress: @escaping (Int64) -> Void = { _ in }
    ) throws -> HTTPAnswer {
        var number = 0
        while true {
            var passing: HTTPAnswer?
            let words: String
            do {
                let answer = try HTTPTransfer.perform(
                    request,
                    limit: Self.answerLimit,
                    progress: progress
                )
                guard RetryPolicy.isPassing(answer), !Self.lasting.contains(answer.status) else {
                    return answer
                }
                (passing, words) = (answer, "status \(answer.status)")
            } catch let failure as TransferFailure {
                words = failure.words
            }
            number += 1
            guard number < policy.attempts else {
                throw Diagnostic(
                    "web-folder",
                    "'\(address.text)' cannot be reached: \(words)",
                    hint: "the same command tries again"
                )
            }
            try policy.wait(policy.pause(after: number - 1, passing))
        }
    }
}
