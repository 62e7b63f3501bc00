import FettleCore
import Foundation
import OpenAIWire

/// Asks the head of a Ray cluster by its jobs API.
///
///     let client = try RayClient(name: "lab", address: ServerAddress("http://127.0.0.1:8265"), token: nil)
///     try client.submit(RayJobRequest(id: "job-1", entrypoint: "echo done"))
///     try client.log(of: "job-1")
///
/// A request that meets a lost connection or a server that is too busy is made again after a pause; each may be
/// made twice without harm. The token goes to the cluster's own address alone, and is in no error.
///
/// Its calls block the thread; cancelling the task ends them within a second.
public struct RayClient: Sendable {
    /// What errors call the cluster.
    public let name: String
    let address: ServerAddress
    let token: RayToken?
    private var policy: RetryPolicy

    /// The longest answer that is taken; the longest are logs.
    private static let answerLimit = 64 << 20

    /// Makes a client.
    public init(
        name: String,
        address: ServerAddress,
        token: RayToken?,
        policy: RetryPolicy = .usual
    ) {
        (self.name, self.address, self.token, self.policy) = (name, address, token, policy)
    }

    /// Returns a client that makes no request again.
    public func withoutRepeating() -> RayClient {
        var client = self
        client.policy = .once
        return client
    }

    /// Returns a client that shows no token.
    public func withoutToken() -> RayClient {
        RayClient(name: name, address: address, token: nil, policy: policy)
    }

    // MARK: - Asking

    /// Makes a call until it has an answer, whatever its status, or that is given up.
    func answer(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: HTTPRequest.Body = .none,
        quietSeconds: Int = 60,
        progress: @escaping (Int64) -> Void = { _ in }
    ) throws -> HTTPAnswer {
        // Ray refuses what looks like a browser: no Origin here, and the library's User-Agent is Fettle's own.
        var request = HTTPRequest(method: method, url: address.text + path)
        if let token { request.headers.append("Authorization: Bearer \(token.value)") }
        request.body = body
        request.quietSeconds = quietSeconds
        var number = 0
        while true {
            let failure: Diagnostic
            var last: HTTPAnswer?
            do {
                let answer = try HTTPTransfer.perform(
                    request,
                    limit: Self.answerLimit,
                    progress: progress
                )
                guard Self.isPassing(answer) else { return answer }
                last = answer
                failure = refusal(answer)
            } catch let transfer as TransferFailure where transfer.isTooLong {
                throw Diagnostic(
                    "cluster-log-too-large",
                    "\(transfer.words), which the cluster '\(name)' gave to '\(path)'",
                    hint:
                        "let results go another way than the log: give the cluster a folder that this machine sees, "
                        + "too, with 'cluster add … shared=FOLDER'"
                )
            } catch let transfer as TransferFailure {
                failure = Diagnostic(
                    "cluster-unreachable",
                    "the cluster '\(name)' at '\(address.origin)' cannot be reached: "
                        + masked(transfer.words),
                    hints: [
                        address.isLocal
                            ? "start its head, or the tunnel to it: ssh -L 8265:127.0.0.1:8265 HOST"
                            : "see whether its head runs, and its address: cluster list"
                    ]
                )
            }
            number += 1
            guard number < policy.attempts else { throw failure }
            try policy.wait(policy.pause(after: number - 1, last))
        }
    }

    /// Returns the JSON of a good answer.
    ///
    /// - Throws: ``refusal(_:)`` of another; `cluster-answer` where it is no JSON.
    func value(_ answer: HTTPAnswer) throws(Diagnostic) -> JSONValue {
        guard (200..<300).contains(answer.status) else { throw refusal(answer) }
        do {
            return try JSONValue.parse(answer.body)
        } catch {
            throw foreign("its answer is no JSON")
        }
    }

    /// Reads a part of a good answer.
    ///
    /// - Throws: as ``value(_:)``.
    func reading<Value>(
        _ value: JSONValue,
        _ read: (WireObject) throws(WireProblem) -> Value
    ) throws(Diagnostic) -> Value {
        do {
            return try read(WireObject(value))
        } catch {
            throw foreign(masked(error.message))
        }
    }

    // MARK: - What is wrong

    /// Whether an answer says that the same request may go better later.
    ///
    /// An error of Ray's own, 500, stays one, but for a head that has just started.
    private static func isPassing(_ answer: HTTPAnswer) -> Bool {
        if [408, 429, 502, 503, 504].contains(answer.status) { return true }
        return answer.status == 500
            && String(decoding: answer.body, as: UTF8.self).contains("please try again later")
    }

    /// Says that something else than Ray answers.
    func foreign(_ what: String) -> Diagnostic {
        Diagnostic(
            "cluster-answer",
            "what answers at '\(address.origin)' for the cluster '\(name)' is no Ray: \(what)",
            hint:
                "give the address of its dashboard, whose port is 8265 unless it was chosen otherwise"
        )
    }

    /// Says what an answer refuses.
    func refusal(_ answer: HTTPAnswer) -> Diagnostic {
        let words = RayWords(String(decoding: answer.body, as: UTF8.self))
        let reason = words.sentence.isEmpty ? "status \(answer.status)" : masked(words.sentence)
        switch answer.status {
        case 300..<400:
            let origin = WebAddress.origin(of: answer.redirect)
            return foreign(
                origin.isEmpty
                    ? "it answers with a redirect" : "it sends to '\(masked(origin))'"
            )
        case 401, 403: return tokenRefusal(answer.status, reason)
        case 404: return foreign("it has no '\(reason)'")
        case 413:
            return Diagnostic(
                "package-too-large",
                "the cluster '\(name)' does not take so much at once: \(reason)",
                hint: Self.lessHint
            )
        case 502...504, 408, 429:
            return Diagnostic(
                "cluster-unreachable",
                "the cluster '\(name)' does not answer just now (status \(answer.status)): \(reason)",
                hint: "try again later"
            )
        default:
            return Diagnostic(
                "cluster-refused",
                "the cluster '\(name)' refuses: \(reason)",
                hints: words.place.map { ["Ray says so in \(masked($0))"] } ?? []
            )
        }
    }

    /// What to do where a package is too large.
    static let lessHint =
        "let its machines fetch large files, with files= of 'cluster add', or share a folder with them, with shared="

    private func tokenRefusal(_ status: Int, _ reason: String) -> Diagnostic {
        guard let token else {
            return Diagnostic(
                "cluster-token",
                "the cluster '\(name)' asks for a token, and none is known: \(reason)",
                hints: [
                    "give it one: secret set \(name), and cluster add \(name) \(address.text) token=secret:\(name)",
                    "or Ray's own places: RAY_AUTH_TOKEN, RAY_AUTH_TOKEN_PATH or ~/.ray/auth_token",
                ]
            )
        }
        return Diagnostic(
            "cluster-token",
            "the cluster '\(name)' does not take the token of \(token.source): \(reason)",
            hint: "the right one is in the file ~/.ray/auth_token of the machine that runs its head"
        )
    }

    /// Returns a text of the cluster or the library without the token, on one line.
    public func masked(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        let short = String(line.prefix(400))
        // Cut after the token is taken out, a part of it could stay.
        return token.map { String($0.masked(line).prefix(400)) } ?? short
    }
}
