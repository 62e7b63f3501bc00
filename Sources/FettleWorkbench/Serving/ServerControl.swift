import FettleCore
import Dispatch
import Synchronization

/// How a server is to run.
public struct ServerSettings: Hashable, Sendable {
    /// The name or address to listen at.
    public var host: String
    /// The port; 0 takes any that is free.
    public var port: Int
    /// The keys of which a request must have one; none lets every request in.
    public var keys: [String]
    /// The longest upload in bytes.
    public var maximumUpload: Int64
    /// Whether predictions are kept, to be judged later.
    public var recordsPredictions: Bool
    /// Whether labels are told with the probabilities that they have at the models' fitted temperatures.
    public var isCalibrated: Bool

    /// Makes settings.
    public init(
        host: String = "127.0.0.1",
        port: Int = 8080,
        keys: [String] = [],
        maximumUpload: Int64 = 512 << 20,
        recordsPredictions: Bool = false,
        isCalibrated: Bool = false
    ) {
        self.host = host
        self.port = port
        self.keys = keys
        self.maximumUpload = maximumUpload
        self.recordsPredictions = recordsPredictions
        self.isCalibrated = isCalibrated
    }
}

/// What a server works on.
public struct ServerParts: Sendable {
    /// Where records and weights are kept.
    public var workspace: Workspace
    /// The jobs that train in this process.
    public var jobs: JobCenter
    /// Where times come from.
    public var clock: WorkClock
    /// Takes a line for each request and for what goes wrong, from any thread.
    public var log: @Sendable (String) -> Void

    /// Makes parts.
    public init(
        workspace: Workspace,
        jobs: JobCenter,
        clock: WorkClock,
        log: @escaping @Sendable (String) -> Void
    ) {
        self.workspace = workspace
        self.jobs = jobs
        self.clock = clock
        self.log = log
    }
}

/// A server that listens.
public struct RunningServer: Sendable {
    /// The name or address that it listens at.
    public let host: String
    /// The port that it listens at, also where any was asked for.
    public let port: Int
    /// Whether requests need a key.
    public let needsKey: Bool
    /// Stops it: no new requests are taken, and those that run get some seconds to end.
    public let stop: @Sendable () async -> Void
    /// Returns when it has stopped.
    public let wait: @Sendable () async -> Void

    /// Makes one.
    public init(
        host: String,
        port: Int,
        needsKey: Bool,
        stop: @escaping @Sendable () async -> Void,
        wait: @escaping @Sendable () async -> Void
    ) {
        self.host = host
        self.port = port
        self.needsKey = needsKey
        self.stop = stop
        self.wait = wait
    }

    /// The address that clients are given, up to the version of the API.
    public var baseURL: String {
        let name =
            switch host {
            case "0.0.0.0": "127.0.0.1"
            case "::", "[::]": "[::1]"
            case _ where host.contains(":") && !host.hasPrefix("["): "[\(host)]"
            default: host
            }
        return "http://\(name):\(port)/v1"
    }
}

/// The server of this process, of which there is at most one.
public final class ServerControl: Sendable {
    /// Starts a server; returns when it listens.
    public typealias Start = @Sendable (ServerSettings, ServerParts) async throws -> RunningServer

    private enum State {
        case stopped, starting
        case running(RunningServer)
    }

    private let state = Mutex(State.stopped)
    private let startServer: Start

    /// Makes a control of servers that `start` starts.
    public init(start: @escaping Start) {
        startServer = start
    }

    /// The server, or nil when none listens.
    public var running: RunningServer? {
        state.withLock { state in
            if case .running(let server) = state { server } else { nil }
        }
    }

    /// Starts the server.
    ///
    /// - Throws: `server-runs` when there is one already, `server-address` when the port cannot be had,
    ///   `server-key` when the address is not this machine's own and no key is asked for.
    public func start(
        _ settings: ServerSettings,
        _ parts: ServerParts
    ) async throws -> RunningServer {
        let isFree = state.withLock { state in
            guard case .stopped = state else { return false }
            state = .starting
            return true
        }
        guard isFree else {
            throw Diagnostic(
                "server-runs",
                running.map { "a server runs already at \($0.baseURL)" }
                    ?? "a server is being started already",
                hint: "'serve stop' ends it"
            )
        }
        do {
            let server = try await startServer(settings, parts)
            state.withLock { $0 = .running(server) }
            return server
        } catch {
            state.withLock { $0 = .stopped }
            throw error
        }
    }

    /// Stops the server and returns it; nil when none listens, or another caller has stopped it.
    @discardableResult
    public func stop() async -> RunningServer? {
        guard let server = taken() else { return nil }
        await server.stop()
        return server
    }

    /// Does the same without giving the thread up; called when a signal ends the process.
    public func stopAndWait() -> RunningServer? {
        guard let server = taken() else { return nil }
        let hasStopped = DispatchSemaphore(value: 0)
        Task.detached {
            await server.stop()
            hasStopped.signal()
        }
        hasStopped.wait()
        return server
    }

    private func taken() -> RunningServer? {
        state.withLock { state in
            guard case .running(let server) = state else { return nil }
            state = .stopped
            return server
        }
    }
}
