import CTransfer
import FettleCore
import Glibc

/// A request to a hub, and the requests that redirects make of it.
struct HubTransfer {
    private static let redirectLimit = 8

    /// What came of a request.
    struct Answer {
        var status: Int
        /// The headers of all answers by their names in small letters; of two the first one counts.
        var headers: [String: String]
    }

    /// Where the token may go: scheme, host and port.
    let origin: String
    let token: String?

    /// Makes a GET request and gives what comes to the receiver.
    ///
    /// The token goes to the hub's own origin alone, and a redirect from https to http is refused.
    ///
    /// - Parameters:
    ///   - url: the address.
    ///   - start: the first byte that is wanted; 0 for all.
    ///   - receiver: takes the bytes of the last answer.
    /// - Returns: the last answer.
    /// - Throws: `hub-unreachable`, `CancellationError`, or what the receiver throws.
    func get(_ url: String, from start: Int, into receiver: HubReceiver) throws -> Answer {
        guard fettle_can_transfer() != 0 else {
            throw Diagnostic(
                "hub-unreachable",
                "libcurl, which fetches models, is not installed",
                hint: "install it: apt-get install libcurl4"
            )
        }
        var url = url
        for _ in 0...Self.redirectLimit {
            var lines = ["Accept: */*"]
            if start > 0 { lines.append("Range: bytes=\(start)-") }
            if let token, WebAddress.origin(of: url) == origin {
                lines.append("Authorization: Bearer \(token)")
            }
            let redirect = try once(url, lines, receiver)
            guard (300..<400).contains(receiver.status), !redirect.isEmpty else {
                return Answer(status: receiver.status, headers: receiver.headers)
            }
            guard !(url.hasPrefix("https:") && redirect.hasPrefix("http:")) else {
                throw Diagnostic(
                    "hub-unreachable",
                    "'\(HubAddress.shown(url))' sends to '\(HubAddress.shown(redirect))', "
                        + "which is not encrypted"
                )
            }
            url = redirect
        }
        throw Diagnostic(
            "hub-unreachable",
            "'\(HubAddress.shown(url))' is the end of more than \(Self.redirectLimit) redirects"
        )
    }

    /// Makes one request; returns where it sends to, or nothing.
    private func once(
        _ url: String,
        _ lines: [String],
        _ receiver: HubReceiver
    ) throws -> String {
        receiver.begin()
        var answer = fettle_answer()
        let copies = lines.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        let result = copies.map { $0.map { UnsafePointer($0) } }.withUnsafeBufferPointer {
            headers in
            url.withCString { address in
                var request = fettle_request()
                request.url = address
                request.headers = headers.baseAddress
                request.header_count = Int32(headers.count)
                request.context = Unmanaged.passUnretained(receiver).toOpaque()
                request.take_header = { context, bytes, count in
                    HubReceiver.of(context)?.takeHeader(bytes, count)
                }
                request.take_bytes = { context, bytes, count in
                    HubReceiver.of(context)?.takeBytes(bytes, count) ?? 0
                }
                request.should_stop = { _ in Task.isCancelled ? 1 : 0 }
                return fettle_transfer(&request, &answer)
            }
        }
        withExtendedLifetime(receiver) {}
        try Task.checkCancellation()
        if let failure = receiver.failure { throw failure }
        guard result == 0 else {
            let words = withUnsafeBytes(of: answer.error) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            throw Diagnostic(
                "hub-unreachable",
                "cannot fetch '\(HubAddress.shown(url))': \(words)",
                hint: "give the command again: it goes on where it stopped"
            )
        }
        return withUnsafeBytes(of: answer.redirect) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}

/// Takes the answer of a request: headers, and the bytes where the status is one of success.
final class HubReceiver {
    private let take: (UnsafeRawBufferPointer) throws -> Void
    private let begins: (Int, [String: String]) throws -> Void
    private(set) var status = 0
    private(set) var headers: [String: String] = [:]
    private(set) var failure: (any Error)?
    private var hasBegun = false

    /// - Parameters:
    ///   - begins: called with status and headers before the first bytes of a success.
    ///   - take: called with bytes.
    init(
        begins: @escaping (Int, [String: String]) throws -> Void = { _, _ in },
        take: @escaping (UnsafeRawBufferPointer) throws -> Void
    ) {
        self.begins = begins
        self.take = take
    }

    static func of(_ context: UnsafeMutableRawPointer?) -> HubReceiver? {
        context.map { Unmanaged<HubReceiver>.fromOpaque($0).takeUnretainedValue() }
    }

    func begin() {
        status = 0
        hasBegun = false
    }

    func takeHeader(_ bytes: UnsafePointer<CChar>?, _ count: Int) {
        let line = String(
            decoding: UnsafeRawBufferPointer(start: bytes, count: count),
            as: UTF8.self
        )
        .filter { $0 != "\r" && $0 != "\n" && $0 != "\r\n" }
        if line.hasPrefix("HTTP/") {
            let parts = line.split(separator: " ")
            status = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        } else if let colon = line.firstIndex(of: ":"), headers.count < 200 {
            let name = line[..<colon].lowercased()
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            if headers[name] == nil { headers[name] = String(value) }
        }
    }

    func takeBytes(_ bytes: UnsafePointer<CChar>?, _ count: Int) -> Int {
        guard status == 200 || status == 206 else { return count }
        do {
            if !hasBegun { try begins(status, headers) }
            hasBegun = true
            try take(UnsafeRawBufferPointer(start: bytes, count: count))
            return count
        } catch {
            failure = error
            return 0
        }
    }
}
