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
        /// The answer comes after so many seconds.
        case slow(Double, String)

        static func json(_ body: String) -> Reply { .answer(200, body, [:]) }

        static func json(
            _ status: Int,
            _ body: String,
            headers: [String: String] = [:]
        ) -> Reply {
            .answer(status, body, headers)
        }
    }

    private let port: UInt16
    private let listener: Int32
    private let seen = Mutex<[Request]>([])

    init(_ answer: @escaping @Sendable (Request, _ number: Int) -> Reply) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw CocoaError(.fileNoSuchFile) }
        port = UInt16(bigEndian: address.sin_port)
        Thread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else {
                    close(listener)
                    return
                }
                defer { close(connection) }
                guard let request = Self.read(connection) else { continue }
                guard
                    let number = self?.seen.withLock({ seen in
                        seen.append(request)
                        return seen.count
                    })
                else { return }
                Self.write(answer(request, number), connection)
            }
        }.start()
    }

    /// Answers in this order, and the last one for ever.
    convenience init(_ replies: [Reply]) throws {
        try self.init { _, number in replies[min(number, replies.count) - 1] }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// The address without a last slash.
    var address: String { "http://127.0.0.1:\(port)" }

    /// The requests so far.
    var requests: [Request] { seen.withLock { $0 } }

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
        case .slow(let seconds, let body):
            Thread.sleep(forTimeInterval: seconds)
            write(.json(body), connection)
        }
    }

    private static func send(_ text: String, _ connection: Int32) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    connection,
                    buffer.baseAddress.map { $0 + sent },
                    bytes.count - sent,
                    Int32(MSG_NOSIGNAL)
                )
            }
            guard count > 0 else { return }
            sent += count
        }
    }
}
