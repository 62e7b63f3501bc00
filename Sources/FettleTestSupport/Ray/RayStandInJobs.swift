import Foundation
import Synchronization

/// The jobs and packages of a stand-in, and the processes that run the jobs.
final class RayStandInJobs: Sendable {
    private struct Job {
        var entrypoint: String
        var metadata: [String: String]
        var variables: [String: String]
        var package: String?
        var runtime: [String: String]
        var cpus: Double
        var gpus: Double
        var status = "PENDING"
        var message =
            "Job has not started yet. It may be waiting for resources (CPUs, GPUs, memory, custom resources) to "
            + "become available."
        var errorType: String?
        var exitCode: Int?
        var startedAt: Int64
        var endedAt: Int64?
        var process: Process?
        var stopAskedAt: Int64?
        /// Whether somebody saw it wait, as a job does that was just asked for.
        var wasSeen = false

        var isEnd: Bool { ["SUCCEEDED", "FAILED", "STOPPED"].contains(status) }
    }

    private struct State {
        var order: [String] = []
        var jobs: [String: Job] = [:]
        var packages: [String: [UInt8]] = [:]
    }

    /// For how long a process may go on after it was asked to end, in milliseconds, as Ray lets it.
    private static let patience: Int64 = 3000

    private let settings: RayStandIn.Settings
    private let folder: String
    private let state = Mutex(State())

    init(_ settings: RayStandIn.Settings) throws {
        self.settings = settings
        folder = NSTemporaryDirectory() + "fettle-ray-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    /// Ends all processes and removes their folders.
    func end() {
        state.withLock { state in
            for job in state.jobs.values {
                if let process = job.process, process.isRunning {
                    // The shell and what it started.
                    kill(-process.processIdentifier, SIGKILL)
                    kill(process.processIdentifier, SIGKILL)
                }
            }
        }
        try? FileManager.default.removeItem(atPath: folder)
    }

    // MARK: - Packages

    var packageNames: [String] { state.withLock { $0.packages.keys.sorted() } }

    func keep(package name: String, _ bytes: [UInt8]) {
        state.withLock { $0.packages[name] = bytes }
    }

    func collectPackages() {
        state.withLock { $0.packages = [:] }
    }

    // MARK: - Jobs

    /// The ids in the order in which they were asked for.
    var ids: [String] { state.withLock { $0.order } }

    /// What the jobs that run take.
    var used: (cpus: Double, gpus: Double) {
        state.withLock { state in
            advance(&state)
            let running = state.jobs.values.filter { $0.status == "RUNNING" }
            return (running.map(\.cpus).reduce(0, +), running.map(\.gpus).reduce(0, +))
        }
    }

    /// Takes a job; returns false where there is one of the id.
    func submit(_ id: String, _ entrypoint: String, _ value: [String: Any]) -> Bool {
        let runtime = value["runtime_env"] as? [String: Any] ?? [:]
        let address = runtime["working_dir"] as? String
        func number(_ name: String) -> Double { (value[name] as? NSNumber)?.doubleValue ?? 0 }
        return state.withLock { state in
            guard state.jobs[id] == nil else { return false }
            state.order.append(id)
            state.jobs[id] = Job(
                entrypoint: entrypoint,
                metadata: value["metadata"] as? [String: String] ?? [:],
                variables: runtime["env_vars"] as? [String: String] ?? [:],
                package: address.map { String($0.drop { $0 != "/" }.drop { $0 == "/" }) },
                runtime: address.map { ["working_dir": $0] } ?? [:],
                cpus: number("entrypoint_num_cpus"),
                gpus: number("entrypoint_num_gpus"),
                startedAt: Self.now
            )
            return true
        }
    }

    /// What the API tells of a job; nil where there is none of the id.
    func facts(of id: String) -> [String: Any]? {
        state.withLock { state in
            if state.jobs[id]?.wasSeen == true { advance(&state) }
            guard let job = state.jobs[id] else { return nil }
            state.jobs[id]?.wasSeen = true
            return [
                "type": "SUBMISSION", "job_id": NSNull(), "submission_id": id,
                "status": job.status, "entrypoint": job.entrypoint, "message": job.message,
                "error_type": job.errorType ?? NSNull() as Any, "start_time": job.startedAt,
                "end_time": job.endedAt ?? NSNull() as Any,
                "metadata": job.metadata.isEmpty ? NSNull() as Any : job.metadata,
                "runtime_env": job.runtime.isEmpty ? NSNull() as Any : job.runtime,
                "driver_node_id": RayStandInRoutes.node,
                "driver_exit_code": job.exitCode ?? NSNull() as Any,
            ]
        }
    }

    /// All that a job wrote, from its first line, whenever it is asked for.
    func log(of id: String) -> String {
        state.withLock { state in
            if state.jobs[id]?.wasSeen == true { advance(&state) }
            guard let job = state.jobs[id], job.process != nil else { return "" }
            return
                "2026-01-01 00:00:00,000\tINFO job_manager.py:581 -- Runtime env is setting up.\n"
                + "Running entrypoint for job \(id): \(job.entrypoint)\n" + written(id)
        }
    }

    /// Asks a job to end; returns whether it had not before.
    func stop(_ id: String) -> Bool {
        state.withLock { state in
            advance(&state)
            guard var job = state.jobs[id], !job.isEnd else { return false }
            // One that waits for resources waits on until it would start.
            if job.stopAskedAt == nil { job.stopAskedAt = Self.now }
            if let process = job.process { kill(-process.processIdentifier, SIGTERM) }
            state.jobs[id] = job
            return true
        }
    }

    /// Forgets a job; returns false for one that has not ended.
    func delete(_ id: String) -> Bool {
        state.withLock { state in
            advance(&state)
            guard state.jobs[id]?.isEnd == true else { return false }
            state.jobs[id] = nil
            state.order.removeAll { $0 == id }
            return true
        }
    }

    /// Kills a job and forgets it.
    func forget(_ id: String) {
        state.withLock { state in
            if let process = state.jobs[id]?.process, process.isRunning {
                kill(-process.processIdentifier, SIGKILL)
            }
            state.jobs[id] = nil
            state.order.removeAll { $0 == id }
        }
    }

    // MARK: - Running

    private static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

    private func place(_ id: String) -> String {
        folder + "/" + (id.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")
    }

    private func written(_ id: String) -> String {
        let data = FileManager.default.contents(atPath: place(id) + ".log") ?? Data()
        return String(decoding: data, as: UTF8.self)
    }

    /// Notes which processes have ended, and starts those jobs that there is room for.
    private func advance(_ state: inout State) {
        for id in state.order {
            guard var job = state.jobs[id], let process = job.process, !job.isEnd else { continue }
            if process.isRunning {
                if let asked = job.stopAskedAt, Self.now - asked > Self.patience {
                    kill(-process.processIdentifier, SIGKILL)
                }
                continue
            }
            finish(&job, id, process)
            state.jobs[id] = job
            let isUsed = state.jobs.values.contains { $0.package == job.package && !$0.isEnd }
            if let package = job.package, !isUsed { state.packages[package] = nil }
        }
        for id in state.order {
            guard var job = state.jobs[id], job.status == "PENDING" else { continue }
            let running = state.jobs.values.filter { $0.status == "RUNNING" }
            guard running.map(\.cpus).reduce(job.cpus, +) <= Double(settings.cpus),
                running.map(\.gpus).reduce(job.gpus, +) <= Double(settings.gpus)
            else { continue }
            start(&job, id, state.packages)
            state.jobs[id] = job
        }
    }

    private func finish(_ job: inout Job, _ id: String, _ process: Process) {
        job.endedAt = Self.now
        let isSignal = process.terminationReason == .uncaughtSignal
        let code = Int(process.terminationStatus) * (isSignal ? -1 : 1)
        if job.stopAskedAt != nil {
            job.status = "STOPPED"
            job.message = "Job was intentionally stopped."
        } else if code == 0 {
            job.status = "SUCCEEDED"
            job.message = "Job finished successfully."
            job.exitCode = 0
        } else {
            job.status = "FAILED"
            job.exitCode = code
            job.errorType = "JOB_ENTRYPOINT_COMMAND_ERROR"
            job.message =
                "Job entrypoint command failed with exit code \(code), last available logs (truncated to 20,000 "
                + "chars):\n" + written(id).suffix(20_000)
        }
    }

    private func start(_ job: inout Job, _ id: String, _ packages: [String: [UInt8]]) {
        guard job.stopAskedAt == nil else {
            job.status = "STOPPED"
            job.message = "Job was intentionally stopped."
            job.endedAt = Self.now
            return
        }
        do {
            try FileManager.default.createDirectory(
                atPath: place(id),
                withIntermediateDirectories: true
            )
            if let package = job.package {
                guard let bytes = packages[package] else { return fail(&job, package) }
                try UnpackedZip.unpack(bytes, into: place(id))
            }
            let process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", job.entrypoint]
            process.currentDirectoryURL = URL(filePath: place(id))
            process.environment = settings.environment.merging(job.variables) { $1 }
            _ = FileManager.default.createFile(atPath: place(id) + ".log", contents: nil)
            let log = try FileHandle(forWritingTo: URL(filePath: place(id) + ".log"))
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = log
            process.standardError = log
            try process.run()
            job.process = process
            job.status = "RUNNING"
            job.message = "Job is currently running."
        } catch {
            fail(&job, job.package ?? "", "\(error)")
        }
    }

    private func fail(_ job: inout Job, _ package: String, _ reason: String? = nil) {
        job.status = "FAILED"
        job.endedAt = Self.now
        job.errorType = "RUNTIME_ENV_SETUP_FAILURE"
        let error =
            reason
            ?? "Failed to download runtime_env file package gcs://\(package) from the GCS to the Ray worker node. "
            + "The package may have prematurely been deleted from the GCS due to a long upload time or a problem "
            + "with Ray."
        job.message = """
            runtime_env setup failed: Failed to set up runtime environment.
            Could not create the actor because its associated runtime env failed to be created.
            [Node 127.0.0.1] Traceback (most recent call last):
              File "/opt/ray/_private/runtime_env/packaging.py", line 957, in download_and_unpack_package
                raise IOError(
            OSError: \(error)

            """
    }
}
