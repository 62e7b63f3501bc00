import CTransfer
import FettleCore
import Glibc

/// Makes a request and waits for its end, on the calling thread.
enum HTTPTransfer {
    /// Makes a request; a redirect is told, not followed.
    ///
    /// - Parameters:
    ///   - request: what is asked.
    ///   - limit: the most bytes of an answer.
    ///   - take: takes the bytes of a good answer as they come; nil when the whole body is to be returned.
    /// - Returns: the answer, whatever its status.
    /// - Throws: ``TransferFailure``; `CancellationError` within a second when the task was cancelled; what `take`
    ///   throws.
    static func perform(
        _ request: HTTPRequest,
        limit: Int,
        take: ((UnsafeRawBufferPointer) throws -> Void)? = nil
    ) throws -> HTTPAnswer {
        try Task.checkCancellation()
        guard fettle_can_transfer() != 0 else {
            throw Diagnostic(
                "provider-unreachable",
                "libcurl, which asks servers, is not installed",
                hint: "install it: apt-get install libcurl4"
            )
        }
        var lines = request.headers + ["Expect:"]
        var body: [UInt8]?
        switch request.body {
        case .none:
            // The API's own clients send a length where there is no body, too.
            if request.method == .post { body = [] }
        case .json(let value):
            lines.append("Content-Type: application/json")
            body = Array(value.text().utf8)
        }
        let exchange = HTTPExchange(body, limit: limit, take: take)
        var answer = fettle_answer()
        let result = run(request, lines, exchange, &answer)
        try Task.checkCancellation()
        if let failure = exchange.failure { throw failure }
        guard result == 0 else {
            throw TransferFailure(words: text(of: answer.error))
        }
        return HTTPAnswer(
            status: Int(answer.status),
            headers: exchange.headers,
            body: exchange.body,
            redirect: text(of: answer.redirect)
        )
    }

    private static func run(
        _ request: HTTPRequest,
        _ lines: [String],
        _ exchange: HTTPExchange,
        _ answer: inout fettle_answer
    ) -> Int32 {
        let copies = lines.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        let headers = copies.map { $0.map { UnsafePointer($0) } }
        let result = headers.withUnsafeBufferPointer { headers in
            request.url.withCString { address in
                request.method.rawValue.withCString { method in
                    var call = fettle_request()
                    call.url = address
                    call.method = request.method == .get ? nil : method
                    call.headers = headers.baseAddress
                    call.header_count = Int32(headers.count)
                    call.context = Unmanaged.passUnretained(exchange).toOpaque()
                    call.quiet_seconds = request.quietSeconds
                    call.take_header = { HTTPExchange.of($0)?.takeHeader($1, $2) }
                    call.take_bytes = { HTTPExchange.of($0)?.takeBytes($1, $2) ?? 0 }
                    call.should_stop = { _ in Task.isCancelled ? 1 : 0 }
                    if exchange.bodySize != nil {
                        call.give_bytes = { HTTPExchange.of($0)?.give($1, $2) ?? -1 }
                        call.body_size = exchange.bodySize ?? 0
                    }
                    return fettle_transfer(&call, &answer)
                }
            }
        }
        withExtendedLifetime(exchange) {}
        return result
    }

    private static func text<Bytes>(of bytes: Bytes) -> String {
        withUnsafeBytes(of: bytes) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

/// What goes to and comes from a server in one request.
private final class HTTPExchange {
    /// What of the request's body is still to be sent; nil without a body.
    private var unsent: ArraySlice<UInt8>?
    let bodySize: Int64?
    private let limit: Int
    private let take: ((UnsafeRawBufferPointer) throws -> Void)?
    private var status = 0
    private(set) var headers: [String: String] = [:]
    private(set) var body: [UInt8] = []
    private(set) var failure: (any Error)?

    init(
        _ body: [UInt8]?,
        limit: Int,
        take: ((UnsafeRawBufferPointer) throws -> Void)?
    ) {
        (unsent, bodySize) = (body.map { $0[...] }, body.map { Int64($0.count) })
        (self.limit, self.take) = (limit, take)
    }

    static func of(_ context: UnsafeMutableRawPointer?) -> HTTPExchange? {
        context.map { Unmanaged<HTTPExchange>.fromOpaque($0).takeUnretainedValue() }
    }

    func takeHeader(_ bytes: UnsafePointer<CChar>?, _ count: Int) {
        let line = String(
            decoding: UnsafeRawBufferPointer(start: bytes, count: count),
            as: UTF8.self
        )
        .filter { $0 != "\r" && $0 != "\n" && $0 != "\r\n" }
        if line.hasPrefix("HTTP/") {
            // Of an answer that others come before, such as 100, only the last counts.
            headers = [:]
            let parts = line.split(separator: " ")
            status = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        } else if let colon = line.firstIndex(of: ":"), headers.count < 200 {
            let name = line[..<colon].lowercased()
            if headers[name] == nil {
                headers[name] = String(line[line.index(after: colon)...].drop { $0 == " " })
            }
        }
    }

    func takeBytes(_ bytes: UnsafePointer<CChar>?, _ count: Int) -> Int {
        let buffer = UnsafeRawBufferPointer(start: bytes, count: count)
        if let take, (200..<300).contains(status) {
            do {
                try take(buffer)
                return count
            } catch {
                failure = error
                return 0
            }
        }
        guard body.count + count <= limit else {
            failure = TransferFailure(
                words: "the answer has more than \(NumberText.count(limit)) bytes"
            )
            return 0
        }
        body.append(contentsOf: buffer)
        return count
    }

    func give(_ bytes: UnsafeMutablePointer<CChar>?, _ room: Int) -> Int {
        guard let unsent else { return -1 }
        let next = unsent.prefix(room)
        UnsafeMutableRawBufferPointer(start: bytes, count: room).copyBytes(from: next)
        self.unsent = unsent.dropFirst(next.count)
        return next.count
    }
}
