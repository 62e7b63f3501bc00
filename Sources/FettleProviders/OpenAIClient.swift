public import FettleCore
import Foundation
import OpenAIWire

/// Asks a server that has OpenAI's API.
///
/// A request that meets a lost connection, a 429 or a 5xx is made again after a pause; one that would do
/// something twice only after the server was asked whether it is done. The key goes to the server's own origin
/// alone, and is in no error.
///
/// Its calls block the thread; cancelling the task ends them within a second.
public struct OpenAIClient: Sendable {
    /// What errors call the server.
    public let name: String
    let address: ServerAddress
    private var key: String?
    var policy: RetryPolicy

    /// The longest answer that is taken.
    private static let answerLimit = 64 << 20
    private static let redirectLimit = 4

    /// Makes a client.
    ///
    /// - Throws: `bad-key` when the key has characters that no header takes.
    public init(
        name: String,
        address: ServerAddress,
        key: String?,
        policy: RetryPolicy = .usual
    ) throws(Diagnostic) {
        guard key?.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) ?? true else {
            throw Diagnostic(
                "bad-key",
                "the key of '\(name)' has characters that no key has",
                hint: "set the secret anew"
            )
        }
        (self.name, self.address, self.key, self.policy) = (name, address, key, policy)
    }

    /// How a request is repeated that may have been done though no answer came.
    enum Repeating<Value> {
        /// As often as it takes: done twice is done once.
        case freely
        /// After a look whether it is done; what is found is the answer.
        case afterLooking(() throws -> Value?)
    }

    // MARK: - Calls

    /// Makes a call and reads its answer.
    func call<Value: WireValue>(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: HTTPRequest.Body = .none,
        headers: [String] = [],
        quietSeconds: Int = 60,
        repeating: Repeating<Value> = .freely,
        progress: @escaping (Int64) -> Void = { _ in }
    ) throws -> Value {
        var request = request(method, path, headers)
        request.body = body
        request.quietSeconds = quietSeconds
        return try repeated(repeating) {
            let answer = try follow(request, progress)
            guard (200..<300).contains(answer.status) else { throw Refusal(answer: answer) }
            do {
                return try Value(reading: WireObject(parsing: answer.body))
            } catch let problem as WireProblem {
                throw Unreadable(problem: problem, answer: answer)
            }
        }
    }

    /// Returns the bytes at a path.
    func bytes(_ path: String) throws -> [UInt8] {
        let request = request(.get, path, ["Accept: */*"])
        return try repeated(.freely) {
            let answer = try follow(request)
            guard (200..<300).contains(answer.status) else { throw Refusal(answer: answer) }
            return answer.body
        }
    }

    /// Makes a call whose answer is a stream of events, and calls `next` with each; returns whether the stream
    /// said that it has ended.
    ///
    /// Before the first event it is made again as other calls are; after it the caller knows where to go on.
    func events(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: HTTPRequest.Body = .none,
        quietSeconds: Int = 600,
        next: @escaping (ServerSentEvent) throws -> Void
    ) throws -> Bool {
        var request = request(method, path, ["Accept: text/event-stream"])
        request.body = body
        request.quietSeconds = quietSeconds
        var hasBegun = false
        return try repeated(.freely) {
            var parser = ServerSentEventParser()
            var isDone = false
            do {
                let answer = try follow(
                    request,
                    take: { piece in
                        for event in try parser.feed(piece) where !isDone {
                            hasBegun = true
                            if event.isDone { isDone = true } else { try next(event) }
                        }
                    }
                )
                guard (200..<300).contains(answer.status) else { throw Refusal(answer: answer) }
                return isDone
            } catch is TransferFailure where hasBegun {
                return isDone
            }
        }
    }

    // MARK: - Links

    /// Returns an address under which Fettle's server gives a file's bytes to those who have no key.
    ///
    /// - Parameters:
    ///   - id: the file.
    ///   - expires: until when, in seconds since 1970.
    /// - Returns: the address.
    func link(toFile id: String, until expires: Int64) -> String {
        let path = "\(address.text)/files/\(WebAddress.escaped(id))/content"
        guard let key else { return path }
        return path + "?" + FileLink(file: id, expires: expires).query(signedWith: key)
    }

    /// The bytes that those who have no key are given at an address of the server; nil where they are refused.
    func length(at link: String) throws -> Int64? {
        var stranger = self
        stranger.key = nil
        return try repeated(.freely) {
            let answer = try stranger.follow(HTTPRequest(method: .head, url: link))
            if RetryPolicy.isPassing(answer) { throw Refusal(answer: answer) }
            guard (200..<300).contains(answer.status) else { return nil }
            return answer.headers["content-length"].flatMap { Int64($0) }
        }
    }

    // MARK: - Requests

    private func request(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ headers: [String]
    ) -> HTTPRequest {
        HTTPRequest(method: method, url: address.text + path, headers: headers)
    }

    /// Makes a request and those that redirects within the server make of it.
    private func follow(
        _ request: HTTPRequest,
        _ progress: @escaping (Int64) -> Void = { _ in },
        take: ((UnsafeRawBufferPointer) throws -> Void)? = nil
    ) throws -> HTTPAnswer {
        var request = request
        if let key { request.headers.append("Authorization: Bearer \(key)") }
        for _ in 0...Self.redirectLimit {
            let answer = try HTTPTransfer.perform(
                request,
                limit: Self.answerLimit,
                progress: progress,
                take: take
            )
            guard (300..<400).contains(answer.status), !answer.redirect.isEmpty else {
                return answer
            }
            let origin = WebAddress.origin(of: answer.redirect)
            guard origin == address.origin else {
                throw Diagnostic(
                    "provider-unreachable",
                    "'\(name)' sends to '\(origin)', which is another server and is not asked",
                    hint:
                        "if it is the right one: provider remove \(name), and add it with that address"
                )
            }
            guard [.get, .head].contains(request.method) else {
                throw Diagnostic(
                    "provider-unreachable",
                    "'\(name)' answers with a redirect where it should have done something",
                    hint: "check its address: provider list"
                )
            }
            request.url = answer.redirect
        }
        throw Diagnostic(
            "provider-unreachable",
            "'\(name)' redirects more than \(Self.redirectLimit) times"
        )
    }

    // MARK: - Repeating

    /// An answer whose status is no success.
    private struct Refusal: Error {
        var answer: HTTPAnswer
    }

    /// A good answer that cannot be read, such as half of one.
    private struct Unreadable: Error {
        var problem: WireProblem
        var answer: HTTPAnswer
    }

    /// Makes a call until it has an answer or that is given up.
    private func repeated<Value>(
        _ repeating: Repeating<Value>,
        _ body: () throws -> Value
    ) throws -> Value {
        var number = 0
        while true {
            let failure: any Error
            var answer: HTTPAnswer?
            var isUndone = false
            do {
                return try body()
            } catch let refusal as Refusal {
                guard RetryPolicy.isPassing(refusal.answer) else {
                    throw diagnostic(refusal.answer)
                }
                answer = refusal.answer
                isUndone = refusal.answer.status == 429
                failure = diagnostic(refusal.answer)
            } catch let unreadable as Unreadable {
                failure = Diagnostic(
                    "provider-answer",
                    "'\(name)' answers what is no answer of the API: \(masked(unreadable.problem.message))",
                    hint: "check its address: it usually ends with /v1"
                )
            } catch let transfer as TransferFailure {
                isUndone = transfer.isUnsent
                failure = Diagnostic(
                    "provider-unreachable",
                    "'\(name)' at '\(address.origin)' cannot be reached: \(masked(transfer.words))",
                    hint: "the same command tries again"
                )
            }
            number += 1
            guard number < policy.attempts else { throw failure }
            try policy.wait(policy.pause(after: number - 1, answer))
            if !isUndone, case .afterLooking(let look) = repeating, let found = try look() {
                return found
            }
        }
    }

    /// Says what an answer refuses.
    private func diagnostic(_ answer: HTTPAnswer) -> Diagnostic {
        let error = try? OpenAIError(reading: WireObject(parsing: answer.body))
        let said = error.map { masked($0.message) } ?? ""
        let reason = said.isEmpty ? "status \(answer.status)" : said
        switch answer.status {
        case 401:
            return Diagnostic(
                "provider-refused",
                "'\(name)' does not take the key: \(reason)",
                hint: key == nil
                    ? "give one: secret set \(name), and provider add \(name) url=… key=secret:\(name)"
                    : "check the secret that 'provider list' names"
            )
        case 429:
            return Diagnostic(
                "provider-refused",
                "'\(name)' takes no more requests just now: \(reason)",
                hint: "try again later"
            )
        case 500...:
            return Diagnostic(
                "provider-unreachable",
                "'\(name)' has an error of its own (status \(answer.status)): \(reason)",
                hint: "try again later"
            )
        case 403: return Diagnostic("provider-forbids", "'\(name)' refuses: \(reason)")
        case 404: return Diagnostic("provider-lacks", "'\(name)' refuses: \(reason)")
        default:
            var diagnostic = Diagnostic("provider-refused", "'\(name)' refuses: \(reason)")
            diagnostic.parameter = error?.param
            return diagnostic
        }
    }

    /// Returns a text of the server or the library without the key, on one line.
    public func masked(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        let short = String(line.prefix(400))
        guard let key, !key.isEmpty else { return short }
        let whole = short.replacing(key, with: "‹secret›")
        // Servers quote a wrong key by its ends.
        guard key.count >= 12 else { return whole }
        return whole.replacing("\(key.prefix(3))…\(key.suffix(4))", with: "‹secret›")
    }
}
