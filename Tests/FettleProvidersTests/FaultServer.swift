import FettleTestSupport
import Foundation
import Synchronization

/// A server of this machine that answers requests one after the other as a test says, faults among them.
final class FaultServer: Sendable {
    /// What was asked.
    struct Request: Sendable, Equatable {
        var method: String
        var path: String
        /// By their names in small letters.
        var headers: [String: String]
        var body: String
    }

    /// What comes back.
    enum Reply: Sendable {
        case answer(Int, String, [String: String])
        case events(String)
        /// So many bytes of the body, and then nothing more.
        case cut(String, after: Int)
        /// The connection ends before any byte.
        case drop
        /// No answer comes, as long as somebody waits for one.
        case silence

        static func json(_ body: String) -> Reply { .answer(200, body, [:]) }

        static func json(
            _ status: Int,
            _ body: String,
            headers: [String: String] = [:]
        ) -> Reply {
            .answer(status, body, headers)
        }
    }

    private let listener: LoopbackListener
    private let seen: Seen

    /// The requests so far, which the thread that answers notes.
    private final class Seen: Sendable {
        let requests = Mutex<[Request]>([])
    }

    init(_ answer: @escaping @Sendable (Request, _ number: Int) -> Reply) throws {
        let seen = Seen()
        self.seen = seen
        listener = try LoopbackListener { connection in
            guard let request = Self.read(connection) else { return }
            let number = seen.requests.withLock { requests in
                requests.append(request)
                return requests.count
            }
            Self.write(answer(request, number), connection)
        }
    }

    /// Answers in this order, and the last one for ever.
    convenience init(_ replies: [Reply]) throws {
        try self.init { _, number in replies[min(number, replies.count) - 1] }
    }

    /// The address without a last slash.
    var address: String { listener.address }

    /// The requests so far.
    var requests: [Request] { seen.requests.withLock { $0 } }

    private static func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        let end = Array("\r\n\r\n".utf8)
        var head: Int?
        while true {
            if head == nil, bytes.count >= 4,
                let place = (0...(bytes.count - 4)).first(where: {
                    Array(bytes[$0..<$0 + 4]) == end
                })
            {
                head = place + 4
            }
            if let head {
                let request = self.request(Array(bytes[..<head]))
                let length = request.headers["content-length"].flatMap { Int($0) } ?? 0
                if bytes.count >= head + length {
                    var whole = request
                    whole.body = String(decoding: bytes[head...], as: UTF8.self)
                    return whole
                }
            }
            let count = recv(connection, &block, block.count, 0)
            guard count > 0 else { return nil }
            bytes += block[..<count]
        }
    }

    private static func request(_ head: [UInt8]) -> Request {
        let lines = String(decoding: head, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ").map(String.init)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...]
                .trimmingCharacters(in: .whitespaces)
        }
        return Request(
            method: words.first ?? "",
            path: words.count > 1 ? words[1] : "",
            headers: headers,
            body: ""
        )
    }

    private static func write(_ reply: Reply, _ connection: Int32) {
        switch reply {
        case .answer(let status, let body, let headers):
            let more = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
            send(
                "HTTP/1.1 \(status) X\r\nContent-Type: application/json\r\n\(more)"
                    + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)",
                connection
            )
        case .events(let text):
            send(
                "HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n\(text)",
                connection
            )
        case .cut(let body, let count):
            send(
                "HTTP/1.1 200 X\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n"
                    + String(body.prefix(count)),
                connection
            )
        case .drop: return
        case .silence:
            var byte: UInt8 = 0
            _ = recv(connection, &byte, 1, 0)
        }
    }

    private static func send(_ text: String, _ connection: Int32) {
        LoopbackListener.send(Array(text.utf8), to: connection)
    }
}
