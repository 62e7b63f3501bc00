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
    ///   - progress: called with how many bytes of a file are sent.
    ///   - take: takes the bytes of a good answer as they come; nil when the whole body is to be returned.
    /// - Returns: the answer, whatever its status.
    /// - Throws: ``TransferFailure``; `CancellationError` within a second when the task was cancelled; what `take`
    ///   throws.
    static func perform(
        _ request: HTTPRequest,
        limit: Int,
        progress: @escaping (Int64) -> Void = { _ in },
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
        var body: BodyReader?
        switch request.body {
        case .none:
            // The API's own clients send a length where there is no body, too.
            if request.method == .post { body = BodyReader([]) }
        case .json(let value):
            lines.append("Content-Type: application/json")
            body = BodyReader(Array(value.text().utf8))
        case .form(let form):
            lines.append("Content-Type: multipart/form-data; boundary=\(form.boundary)")
            body = try form.reader(progress)
        case .file(let path):
            lines.append("Content-Type: application/octet-stream")
            body = try BodyReader(file: path, progress)
        }
        let exchange = HTTPExchange(body, limit: limit, take: take)
        var answer = fettle_answer()
        let result = run(request, lines, exchange, &answer)
        try Task.checkCancellation()
        if let failure = exchange.failure { throw failure }
        guard result == 0 else {
            // 5, 6 and 7: no proxy, no host, no connection; 35 and 60: no agreement on encryption.
            throw TransferFailure(
                words: text(of: answer.error),
                isUnsent: [5, 6, 7, 35, 60].contains(result)
            )
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
    private let reader: BodyReader?
    private let limit: Int
    private let take: ((UnsafeRawBufferPointer) throws -> Void)?
    private var status = 0
    private(set) var headers: [String: String] = [:]
    private(set) var body: [UInt8] = []
    private(set) var failure: (any Error)?

    init(
        _ reader: BodyReader?,
        limit: Int,
        take: ((UnsafeRawBufferPointer) throws -> Void)?
    ) {
        (self.reader, self.limit, self.take) = (reader, limit, take)
    }

    var bodySize: Int64? { reader?.size }

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
                words: "the answer has more than \(NumberText.count(limit)) bytes",
                isUnsent: false,
                isTooLong: true
            )
            return 0
        }
        body.append(contentsOf: buffer)
        return count
    }

    func give(_ bytes: UnsafeMutablePointer<CChar>?, _ room: Int) -> Int {
        guard let reader else { return -1 }
        return reader.give(UnsafeMutableRawBufferPointer(start: bytes, count: room))
    }
}
