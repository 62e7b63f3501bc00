import Dispatch
import FettleCore
import Foundation

/// An answer as it came over the wire.
struct RawResponse: Sendable {
    var status = 0
    /// The headers by their names in lower case.
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    /// Whether the body came in chunks.
    var isChunked = false

    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON.
    var json: JSONValue {
        get throws { try JSONValue.parse(body) }
    }

    /// A member of the error object that the body is.
    func error(_ name: String) throws -> JSONValue? { try json["error"]?[name] }
}

/// A connection that sends any bytes, well-formed or not, and reads what comes back.
///
/// Its calls wait on threads of their own, since a server of the same process needs the pool of tasks.
final class RawConnection: Sendable {
    /// The server closed the connection, or nothing came for ten seconds.
    struct Closed: Error {}

    private let descriptor: Int32
    private let queue = DispatchQueue(label: "raw-connection")
    private let held = Held()

    private final class Held: @unchecked Sendable {
        // Used on the connection's queue alone.
        var bytes: [UInt8] = []
    }

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_RCVTIMEO,
            &patience,
            socklen_t(MemoryLayout<timeval>.size)
        )
        setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_SNDTIMEO,
            &patience,
            socklen_t(MemoryLayout<timeval>.size)
        )
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Closed() }
    }

    deinit {
        close(descriptor)
    }

    private func onQueue<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }

    /// Sends bytes.
    func send(_ bytes: [UInt8]) async throws {
        try await onQueue { [self] in
            var rest = bytes[...]
            while !rest.isEmpty {
                let sent = rest.withUnsafeBytes {
                    Foundation.send(
                        descriptor,
                        $0.baseAddress,
                        $0.count,
                        Int32(MSG_NOSIGNAL)
                    )
                }
                guard sent > 0 else { throw Closed() }
                rest = rest.dropFirst(sent)
            }
        }
    }

    /// Sends a text.
    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    /// Reads one answer.
    ///
    /// - Throws: ``Closed``.
    func receive(withoutBody: Bool = false) async throws -> RawResponse {
        try await onQueue { [self] in
            var response = RawResponse()
            let status = try line()
            response.status = Int(status.split(separator: " ").dropFirst().first ?? "") ?? 0
            while true {
                let header = try line()
                if header.isEmpty { break }
                let parts = header.split(separator: ":", maxSplits: 1)
                response.headers[parts[0].lowercased()] =
                    parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
            }
            if withoutBody || response.status < 200 { return response }
            if response.headers["transfer-encoding"] == "chunked" {
                response.isChunked = true
                while true {
                    guard let count = Int(try line(), radix: 16) else { throw Closed() }
                    response.body += try take(count)
                    _ = try line()
                    if count == 0 { break }
                }
            } else if let length = response.headers["content-length"].flatMap({ Int($0) }) {
                response.body = try take(length)
            }
            return response
        }
    }

    /// Whether the server closes the connection.
    func isClosed() async throws -> Bool {
        try await onQueue { [self] in
            do {
                _ = try take(1)
                return false
            } catch {
                return true
            }
        }
    }

    private func line() throws -> String {
        var line: [UInt8] = []
        while true {
            let byte = try take(1)[0]
            if byte == 0x0A { break }
            line.append(byte)
        }
        if line.last == 0x0D { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while held.bytes.count < count {
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            let read = recv(descriptor, &buffer, buffer.count, 0)
            guard read > 0 else { throw Closed() }
            held.bytes += buffer[..<read]
        }
        defer { held.bytes.removeFirst(count) }
        return Array(held.bytes[..<count])
    }
}
