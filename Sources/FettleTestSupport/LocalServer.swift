import Foundation
import Synchronization

/// A server of this machine that answers each GET request by a closure and remembers the requests.
public final class LocalServer: Sendable {
    /// What was asked.
    public struct Request: Sendable, Equatable {
        /// The path with its query.
        public var path: String
        /// By their names in small letters.
        public var headers: [String: String]
    }

    /// What is answered.
    public struct Response: Sendable {
        /// The status.
        public var status: Int
        /// More headers than the length.
        public var headers: [String: String]
        /// The bytes.
        public var body: [UInt8]
        /// How many bytes of the body are sent before the connection is cut.
        public var cut: Int?

        /// Makes an answer.
        public init(
            status: Int = 200,
            headers: [String: String] = [:],
            body: [UInt8] = [],
            cut: Int? = nil
        ) {
            self.status = status
            self.headers = headers
            self.body = body
            self.cut = cut
        }
    }

    private let listener: LoopbackListener
    private let seen: Seen

    /// The requests so far, which the thread that answers notes.
    private final class Seen: Sendable {
        let requests = Mutex<[Request]>([])
    }

    /// Starts a server at a free port.
    ///
    /// - Throws: an error when there is none.
    public init(_ answer: @escaping @Sendable (Request) -> Response) throws {
        let seen = Seen()
        self.seen = seen
        listener = try LoopbackListener { connection in
            guard let request = Self.read(connection) else { return }
            seen.requests.withLock { $0.append(request) }
            Self.write(answer(request), connection)
        }
    }

    /// Its address without a last slash.
    public var address: String { listener.address }

    /// The requests so far.
    public var requests: [Request] { seen.requests.withLock { $0 } }

    private static func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while !String(decoding: bytes, as: UTF8.self).contains("\r\n\r\n") {
            let count = recv(connection, &block, block.count, 0)
            guard count > 0 else { return nil }
            bytes += block[..<count]
        }
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        let path = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...]
                .trimmingCharacters(in: .whitespaces)
        }
        return Request(path: path, headers: headers)
    }

    private static func write(_ response: Response, _ connection: Int32) {
        var head = "HTTP/1.1 \(response.status) X\r\nContent-Length: \(response.body.count)\r\n"
        for (name, value) in response.headers { head += "\(name): \(value)\r\n" }
        let body = response.cut.map { Array(response.body.prefix($0)) } ?? response.body
        let bytes = Array((head + "Connection: close\r\n\r\n").utf8) + body
        LoopbackListener.send(bytes, to: connection)
    }
}
