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

    private let port: UInt16
    private let listener: Int32
    private let seen = Mutex<[Request]>([])

    /// Starts a server at a free port.
    ///
    /// - Throws: an error when there is none.
    public init(_ answer: @escaping @Sendable (Request) -> Response) throws {
        // Programs that tests start must not hold it open.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        listener = socket(AF_INET, kind, 0)
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
                    // Not before: the next file that is opened gets its number.
                    close(listener)
                    return
                }
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                guard let request = Self.read(connection) else {
                    close(connection)
                    continue
                }
                self?.seen.withLock { $0.append(request) }
                Self.write(answer(request), connection)
                close(connection)
            }
        }.start()
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// Its address without a last slash.
    public var address: String { "http://127.0.0.1:\(port)" }

    /// The requests so far.
    public var requests: [Request] { seen.withLock { $0 } }

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
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                send(
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
