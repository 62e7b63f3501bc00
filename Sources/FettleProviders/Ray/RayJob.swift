import FettleCore
import OpenAIWire

/// What a cluster is asked to run.
public struct RayJobRequest: Hashable, Sendable {
    /// The job's id, which the asker chooses; the same is never run twice.
    public var id: String
    /// A line of the system's shell.
    public var entrypoint: String
    /// The package whose files are in the folder that the line runs in; nil for a folder of Ray's choosing.
    public var package: String?
    /// Variables of the environment.
    public var environment: [String: String]
    /// What is noted with the job.
    public var metadata: [String: String]
    /// What the line itself takes, in pieces; a job of workers takes more.
    public var cpus: Double
    /// As ``cpus``.
    public var gpus: Double

    /// Makes a request.
    public init(
        id: String,
        entrypoint: String,
        package: String? = nil,
        environment: [String: String] = [:],
        metadata: [String: String] = [:],
        cpus: Double = 0,
        gpus: Double = 0
    ) {
        (self.id, self.entrypoint, self.package) = (id, entrypoint, package)
        (self.environment, self.metadata) = (environment, metadata)
        (self.cpus, self.gpus) = (cpus, gpus)
    }

    var json: JSONValue {
        func texts(_ values: [String: String]) -> JSONValue {
            .object(values.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
        }
        var runtime: [JSONValue.Member] = []
        if let package { runtime.append(.init("working_dir", .string("gcs://\(package)"))) }
        if !environment.isEmpty { runtime.append(.init("env_vars", texts(environment))) }
        var members: [JSONValue.Member] = [
            .init("entrypoint", .string(entrypoint)),
            .init("submission_id", .string(id)),
        ]
        if !runtime.isEmpty { members.append(.init("runtime_env", .object(runtime))) }
        if !metadata.isEmpty { members.append(.init("metadata", texts(metadata))) }
        if cpus > 0 { members.append(.init("entrypoint_num_cpus", .number(cpus))) }
        if gpus > 0 { members.append(.init("entrypoint_num_gpus", .number(gpus))) }
        return .object(members)
    }
}

/// A job of a cluster, as it stands.
public struct RayJob: Hashable, Sendable {
    /// How far a job is.
    public enum Status: String, Sendable {
        /// It waits for its environment, or for resources, which may be for ever.
        case pending = "PENDING"
        case running = "RUNNING"
        case succeeded = "SUCCEEDED"
        case failed = "FAILED"
        case stopped = "STOPPED"

        /// Whether nothing more happens.
        public var isEnd: Bool { [.succeeded, .failed, .stopped].contains(self) }
    }

    /// The id that it was given.
    public var id: String
    /// How far it is.
    public var status: Status
    /// The line that it runs.
    public var entrypoint: String
    /// What Ray says of it: of a failed one its error, with up to 20,000 characters of traceback or log.
    public var message: String
    /// What kind of failure, of an open set, such as `RUNTIME_ENV_SETUP_FAILURE`.
    public var errorType: String?
    /// When it was asked for, in milliseconds since 1970.
    public var startedAt: Int64?
    /// When it ended.
    public var endedAt: Int64?
    /// What was noted with it.
    public var metadata: [String: String]
    /// The id of the machine that it runs on; nil before it does.
    var node: String?
    /// The exit status of its line; negative for a signal.
    public var exitCode: Int?

    /// Why it failed, on one line; nil for one that did not.
    public var reason: String? {
        guard status == .failed else { return nil }
        if let exitCode, exitCode < 0 { return "it was ended by signal \(exitCode.magnitude)" }
        if let exitCode { return "it ended with exit code \(exitCode)" }
        let words = RayWords(message).sentence
        return words.isEmpty ? errorType ?? "no reason is given" : words
    }

    /// Reads a job; nil for one that was not asked for by this API.
    init?(_ object: WireObject) throws(WireProblem) {
        guard let id = try object.string("submission_id") else { return nil }
        self.id = id
        let text = try object.required("status", object.string("status"))
        guard let status = Status(rawValue: text) else {
            throw WireProblem("'status' is '\(text)', which no job is known to have")
        }
        self.status = status
        entrypoint = try object.string("entrypoint") ?? ""
        message = try object.string("message") ?? ""
        errorType = try object.string("error_type")
        startedAt = try object.integer("start_time").map { Int64($0) }
        endedAt = try object.integer("end_time").map { Int64($0) }
        metadata = try object.texts("metadata") ?? [:]
        node = try object.string("driver_node_id")
        exitCode = try object.integer("driver_exit_code")
    }
}
