import Foundation
import Synchronization

/// A stand-in for the head of a Ray cluster: a server of this machine that answers as the jobs API of Ray 2.60
/// does, odd shapes among it, and runs the jobs as processes of this machine.
///
///     let ray = try RayStandIn(token: "secret", cpus: 4)
///     let client = try RayClient(name: "lab", address: ServerAddress(ray.address), token: …)
///
/// A job's line runs by the system's shell in the unpacked package, with the job's variables. A job for which
/// the resources are never enough waits for ever, others wait for their turn. A package goes with the last job
/// that refers to it.
public final class RayStandIn: Sendable {
    /// What was asked.
    public struct Request: Sendable, Equatable {
        /// `GET`, `POST`, `PUT` or `DELETE`.
        public var method: String
        /// The path with its query.
        public var path: String
        /// By their names in small letters.
        public var headers: [String: String]
        /// The bytes.
        public var body: [UInt8]
    }

    /// What happens to a request instead of, or beside, its usual answer.
    public enum Fault: Sendable {
        /// Another answer; nothing is done.
        case answer(Int, String)
        /// The connection ends before anything is done.
        case drop
        /// What is asked is done, and its answer is lost.
        case loseAnswer
        /// No answer comes, as long as somebody waits for one.
        case silence
        /// All packages are thrown away before it is done.
        case collectPackages
    }

    /// What is in force.
    struct Settings: Sendable {
        var token: String?
        var cpus: Int
        var gpus: Int
        var memory: Int64
        var api: String
        var environment: [String: String]
    }

    private let listener: LoopbackListener
    private let cluster: RayStandInJobs
    private let seen: Seen

    /// The requests so far, which the thread that answers notes.
    private final class Seen: Sendable {
        let requests = Mutex<[Request]>([])
    }

    /// Starts one.
    ///
    /// - Parameters:
    ///   - token: what requests must show; nil when all may.
    ///   - cpus: what the one node has.
    ///   - gpus: what the one node has.
    ///   - memory: what the one node has, in bytes.
    ///   - api: the version of the jobs API that it says it has.
    ///   - environment: what jobs find in their environment beside what they ask for.
    ///   - fault: asked for each request with its number from 1; nil for the usual answer.
    /// - Throws: an error when there is no free port or folder.
    public init(
        token: String? = nil,
        cpus: Int = 2,
        gpus: Int = 0,
        memory: Int64 = 8 << 30,
        api: String = "4",
        environment: [String: String] = ["PATH": "/usr/bin:/bin"],
        fault: @escaping @Sendable (Request, _ number: Int) -> Fault? = { _, _ in nil }
    ) throws {
        let settings = Settings(
            token: token,
            cpus: cpus,
            gpus: gpus,
            memory: memory,
            api: api,
            environment: environment
        )
        let cluster = try RayStandInJobs(settings)
        let seen = Seen()
        (self.cluster, self.seen) = (cluster, seen)
        listener = try LoopbackListener { connection in
            guard let request = RayStandInWire.read(connection) else { return }
            let number = seen.requests.withLock { requests in
                requests.append(request)
                return requests.count
            }
            var keepsAnswer = true
            switch fault(request, number) {
            case .answer(let status, let text):
                return RayStandInWire.write(.text(status, text), connection)
            case .drop: return
            case .silence:
                var byte: UInt8 = 0
                _ = recv(connection, &byte, 1, 0)
                return
            case .loseAnswer: keepsAnswer = false
            case .collectPackages: cluster.collectPackages()
            case nil: break
            }
            let answer = RayStandInRoutes.answer(request, settings, cluster)
            if keepsAnswer { RayStandInWire.write(answer, connection) }
        }
    }

    deinit {
        cluster.end()
    }

    /// Its address without a last slash.
    public var address: String { listener.address }

    /// The requests so far.
    public var requests: [Request] { seen.requests.withLock { $0 } }

    /// The ids of the jobs that it knows.
    public var jobs: [String] { cluster.ids }

    /// What it says of a job, such as `RUNNING`; nil where it knows none of the id.
    public func status(of id: String) -> String? {
        cluster.facts(of: id)?["status"] as? String
    }

    /// Ends a job at once and forgets it, as a cluster whose head was set up anew.
    public func forget(_ id: String) {
        cluster.forget(id)
    }

    /// The names of the packages that it has.
    public var packages: [String] { cluster.packageNames }

    /// Throws all packages away, as a cluster does some time after they were of use.
    public func collectPackages() {
        cluster.collectPackages()
    }
}

/// An answer of the stand-in.
struct RayStandInAnswer {
    var status: Int
    var type: String
    var body: [UInt8]

    static func json(_ value: Any) -> RayStandInAnswer {
        let data = try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys])
        return RayStandInAnswer(status: 200, type: "application/json", body: Array(data ?? Data()))
    }

    static func text(_ status: Int, _ text: String) -> RayStandInAnswer {
        RayStandInAnswer(status: status, type: "text/plain", body: Array(text.utf8))
    }

    /// A Python error as Ray's head passes it on from the agent beside it: one traceback within another, and the
    /// full stop of the outer one on a line of its own.
    static func traceback(_ call: String, _ error: String, inner: Int) -> RayStandInAnswer {
        text(
            500,
            """
            Traceback (most recent call last):
              File "/opt/ray/dashboard/modules/job/job_head.py", line 419, in \(call)
                resp = await job_agent_client.\(call)_internal(submit_request)
              File "/opt/ray/dashboard/modules/job/job_head.py", line 134, in _raise_error
                raise RuntimeError(f"Request failed with status code {status}: {error_text}.")
            RuntimeError: Request failed with status code \(inner): Traceback (most recent call last):
              File "/opt/ray/dashboard/modules/job/job_agent.py", line 45, in \(call)
                await self.get_job_manager().\(call)()
              File "/opt/ray/dashboard/modules/job/job_manager.py", line 553, in \(call)
                raise
            \(error)
            .

            """
        )
    }
}

/// Requests and answers as bytes.
enum RayStandInWire {
    static func read(_ connection: Int32) -> RayStandIn.Request? {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        let end = Data("\r\n\r\n".utf8)
        var head: (request: RayStandIn.Request, length: Int, start: Int)?
        while true {
            if head == nil, let range = Data(bytes).firstRange(of: end) {
                let request = request(Array(bytes[..<range.lowerBound]))
                let length = request.headers["content-length"].flatMap { Int($0) } ?? 0
                head = (request, length, range.upperBound)
            }
            if var head, bytes.count >= head.start + head.length {
                head.request.body = Array(bytes[head.start...])
                return head.request
            }
            let count = recv(connection, &block, block.count, 0)
            guard count > 0 else { return nil }
            bytes += block[..<count]
        }
    }

    private static func request(_ head: [UInt8]) -> RayStandIn.Request {
        let lines = String(decoding: head, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ").map(String.init)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...]
                .trimmingCharacters(in: .whitespaces)
        }
        return RayStandIn.Request(
            method: words.first ?? "",
            path: words.count > 1 ? words[1] : "",
            headers: headers,
            body: []
        )
    }

    static func write(_ answer: RayStandInAnswer, _ connection: Int32) {
        let head =
            "HTTP/1.1 \(answer.status) X\r\nContent-Type: \(answer.type); charset=utf-8\r\n"
            + "Content-Length: \(answer.body.count)\r\nConnection: close\r\n\r\n"
        LoopbackListener.send(Array(head.utf8) + answer.body, to: connection)
    }
}
