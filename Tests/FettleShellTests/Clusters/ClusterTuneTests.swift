import FettleCore
import FettleStore
import FettleTestSupport
import FettleWorkbench
import Foundation
import Synchronization
import Testing

@testable import FettleShell

/// Tuning on a cluster, of which a server of this machine that runs its jobs stands for the head.
struct ClusterTuneTests {
    private static func shell(
        _ folder: TemporaryFolder,
        _ ray: RayStandIn,
        workspace: Workspace = Workspace(.ephemeral, session: "test")
    ) async throws -> TestShell {
        let file = try folder.write(SmallData.csv, to: "d.csv")
        var shell = TestShell(workspace: workspace, environment: ["HOME": folder.path])
        let result = await shell.run(
            "cluster add lab \(ray.address)\nload \(file)\n\(SmallData.format)\nsplit 70/30"
        )
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    private static func weights(_ name: String, _ shell: TestShell) throws -> [UInt8] {
        let model = try shell.services.models.model(name)
        return Array(try Data(contentsOf: URL(filePath: try shell.services.models.path(of: model))))
    }

    private static func jobs(_ shell: TestShell) throws -> [StoredJob] {
        try shell.services.workspace.jobs()
    }

    @Test func aModelOfAClusterIsTheOneOfThisMachineBitForBit() async throws {
        let folder = try TemporaryFolder()
        let ray = try RayStandIn()
        var shell = try await Self.shell(folder, ray)
        let line = "tune ngram on d.train validate=d.test n_epochs=3 seed=5"
        let here = await shell.run("\(line) as here")
        let there = await shell.run("\(line) cluster=lab as there")
        #expect(there.status == .success, "\(there.errors)")
        #expect(try Self.weights("there", shell) == Self.weights("here", shell))
        let name = there.output.replacing("there: ", with: "here: ")
        #expect(
            name.split(separator: "\n").dropFirst()
                == here.output.split(separator: "\n").dropFirst()
        )
        let jobs = try Self.jobs(shell)
        let store = try shell.services.workspace.store()
        let rows = try jobs.map { try store.metrics(ofJob: $0.record.id) }
        #expect(rows[0] == rows[1])
        #expect(rows[0].count > 10)
        #expect(jobs[1].record.command == "\(line) cluster=lab as there")
        #expect(ray.jobs == [jobs[1].record.id])
        let more = await shell.run("tune there on d.train n_epochs=1 cluster=lab cpus=2 as more")
        #expect(more.status == .success, "\(more.errors)")
        await shell.run("tune here on d.train n_epochs=1 as same")
        #expect(try Self.weights("more", shell) == Self.weights("same", shell))
    }

    @Test func aSearchOnAClusterEndsAsOneOfThisMachine() async throws {
        let folder = try TemporaryFolder()
        let ray = try RayStandIn()
        var shell = try await Self.shell(folder, ray)
        let line = "sweep ngram on d.train validate=d.test n_epochs=1,2,3,4"
        let here = await shell.run("\(line) as best")
        let local = try Self.weights("best", shell)
        var other = try await Self.shell(TemporaryFolder(), ray)
        let there = await other.run("\(line) cluster=lab workers=3 as best")
        #expect(there.output == here.output, "\(there.errors)")
        #expect(try Self.weights("best", other) == local)
        #expect(ray.jobs.count == 4)
        // The program and the rows are sent once for all trials.
        let uploads = ray.requests.count { $0.method == "PUT" }
        #expect(uploads <= 3)
    }

    @Test func whatACusterLosesIsAskedForAgain() async throws {
        let folder = try TemporaryFolder()
        // The package is collected between its upload and the request for the job.
        let isFirst = Mutex(true)
        let ray = try RayStandIn(fault: { request, _ in
            guard request.method == "POST", request.path == "/api/jobs/" else { return nil }
            let collects = isFirst.withLock { first in
                defer { first = false }
                return first
            }
            return collects ? .collectPackages : nil
        })
        var shell = try await Self.shell(folder, ray)
        let result = await shell.run("tune ngram on d.train n_epochs=1 cluster=lab as there")
        #expect(result.status == .success, "\(result.errors)")
        let job = try #require(try Self.jobs(shell).first)
        #expect(ray.jobs == [job.record.id, job.record.id + "-r2"])
        let events = try shell.services.workspace.store().events(ofJob: job.record.id)
        #expect(
            events.contains { $0.message.hasPrefix("attempt 1 failed: ") && $0.level == "warn" }
        )
        #expect(shell.warnings.map { $0.prefix(34) } == ["warning: job 1: attempt 1 failed: "])
        let written = await shell.run("events 1 --verbose")
        #expect(!events.contains { $0.message.contains("Running entrypoint") })
        #expect(written.output.contains("\nRunning entrypoint for job \(job.record.id)-r2: "))
        #expect(!written.output.contains("FTEVENT"))
    }

    @Test func aLogThatIsGoneWithItsMachineIsNoEnd() async throws {
        let folder = try TemporaryFolder()
        let ray = try RayStandIn(fault: { request, _ in
            // As Ray answers for a machine that it has lost.
            request.path.contains("/logs") && !request.path.contains("-r2")
                ? .answer(500, "Traceback:\naiohttp.InvalidURL: http://127.0.0.1:-1/logs") : nil
        })
        var shell = try await Self.shell(folder, ray)
        let result = await shell.run("tune ngram on d.train n_epochs=1 cluster=lab as there")
        #expect(result.status == .success, "\(result.errors)")
        let job = try #require(try Self.jobs(shell).first)
        #expect(ray.jobs == [job.record.id, job.record.id + "-r2"])
        let events = try shell.services.workspace.store().events(ofJob: job.record.id)
        #expect(events.contains { $0.message.hasPrefix("attempt 1 failed: its log has no end: ") })
    }

    /// Whether a stand-in says of every job that it runs and has written nothing, whatever it does.
    private final class Hold: Sendable {
        private let isHeld = Mutex(true)

        func release() { isHeld.withLock { $0 = false } }

        func fault(_ request: RayStandIn.Request) -> RayStandIn.Fault? {
            guard isHeld.withLock({ $0 }), request.method == "GET",
                request.path.hasPrefix("/api/jobs/ftjob-")
            else { return nil }
            guard !request.path.hasSuffix("/logs") else { return .answer(200, #"{"logs": ""}"#) }
            let id = request.path.dropFirst("/api/jobs/".count)
            return .answer(200, #"{"submission_id": "\#(id)", "status": "RUNNING"}"#)
        }
    }

    @Test func aJobOutlivesTheProcessThatFollowsIt() async throws {
        let folder = try TemporaryFolder()
        let hold = Hold()
        let ray = try RayStandIn(fault: { request, _ in hold.fault(request) })
        let place = folder.path + "/workspace"
        var shell = try await Self.shell(
            folder,
            ray,
            workspace: Workspace(.folder(place), session: "first")
        )
        let line = "tune ngram on d.train n_epochs=2 cluster=lab"
        await shell.run("\(line) as there &")
        let id = try #require(try Self.jobs(shell).first?.record.id)
        while ray.jobs.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        #expect(await shell.services.jobs.stopAll() == [id])
        #expect(try Self.jobs(shell).first?.record.status == .interrupted)

        let kept = await shell.run("cluster remove lab")
        #expect(
            kept.errors.hasPrefix("error[cluster-in-use]: 1 job of 'lab' has not ended: 1\n"),
            "\(kept.errors)"
        )
        let moved = await shell.run("cluster add lab http://127.0.0.1:1")
        #expect(moved.errors.hasPrefix("error[cluster-in-use]: "), "\(moved.errors)")
        hold.release()
        var next = TestShell(
            workspace: Workspace(.folder(place), session: "next"),
            environment: ["HOME": folder.path]
        )
        let resumed = await next.run("resume 1")
        #expect(resumed.status == .success, "\(resumed.errors)")
        #expect(ray.jobs == [id])
        await shell.run("tune ngram on d.train n_epochs=2 as here")
        #expect(try Self.weights("there", next) == Self.weights("here", shell))
    }

    @Test func aSearchThatIsInterruptedIsFollowedAgain() async throws {
        let folder = try TemporaryFolder()
        let hold = Hold()
        let ray = try RayStandIn(fault: { request, _ in hold.fault(request) })
        var shell = try await Self.shell(folder, ray)
        let line = "sweep ngram on d.train validate=d.test n_epochs=1,2 cluster=lab as best"
        let interrupts = shell.interrupts
        let breaking = Task {
            while ray.jobs.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            return interrupts.interrupt()
        }
        let stopped = await shell.run(line)
        #expect(try await breaking.value)
        let way = "what was asked for goes on at 'lab'; the same command follows it, and goes on"
        #expect(stopped.errors.hasSuffix("interrupted: \(way) with the others\n"))
        hold.release()
        let whole = await shell.run(line)
        #expect(whole.status == .success, "\(whole.errors)")
        #expect(ray.jobs.count == 2)
    }

    @Test func workThatWasNeverSentIsSentOnceWhenItIsResumed() async throws {
        let folder = try TemporaryFolder()
        let isFirst = Mutex(true)
        let ray = try RayStandIn(fault: { request, _ in
            guard request.method == "PUT" else { return nil }
            return isFirst.withLock { first in
                defer { first = false }
                return first ? .silence : nil
            }
        })
        var shell = try await Self.shell(folder, ray)
        await shell.run("tune ngram on d.train n_epochs=1 cluster=lab as there &")
        while !ray.requests.contains(where: { $0.method == "PUT" }) {
            try await Task.sleep(for: .milliseconds(5))
        }
        let id = try #require(try Self.jobs(shell).first?.record.id)
        #expect(await shell.services.jobs.stopAll() == [id])
        #expect(ray.jobs == [])
        let resumed = await shell.run("resume 1")
        #expect(resumed.status == .success, "\(resumed.errors)")
        #expect(ray.jobs == [id])
    }

    @Test func cancelledJobEndsThere() async throws {
        let folder = try TemporaryFolder()
        let hold = Hold()
        let ray = try RayStandIn(fault: { request, _ in hold.fault(request) })
        var shell = try await Self.shell(folder, ray)
        let started = await shell.run("tune ngram on d.train n_epochs=2 cluster=lab &")
        try #require(started.status == .success, "\(started.errors)")
        while ray.jobs.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        let cancelled = await shell.run("cancel 1")
        #expect(cancelled.status == .success, "\(cancelled.errors)")
        #expect(try Self.jobs(shell).first?.record.status == .cancelled)
        #expect(ray.requests.contains { $0.method == "POST" && $0.path.hasSuffix("/stop") })
    }

    @Test(arguments: [
        (
            "tune ngram on d.train cluster=lap", "unknown-cluster", "no cluster 'lap'",
            "did you mean 'lab'?"
        ),
        (
            "tune ngram on d.train cpus=2", "missing-argument",
            "'cpus' says what a job on a cluster is given, and no cluster is named",
            "name one: cluster=NAME"
        ),
        (
            "tune ngram on d.train cluster=lab cpus=64", "cluster-too-small",
            "the job takes 64 processors, and the largest of the cluster's 1 machine has 2 processors",
            "take fewer: cpus=2"
        ),
        (
            "sweep ngram on d.train validate=d.test n_epochs=1,2 cluster=lab cpus=64",
            "cluster-too-small",
            "the job takes 64 processors, and the largest of the cluster's 1 machine has 2 processors",
            "take fewer: cpus=2"
        ),
        (
            "tune ngram on d.train cluster=lab workers=2", "bad-hyperparameter",
            "workers is a setting of language models on clusters, and 'ngram' is none",
            "leave it out; cpus= says how many processors the job is given"
        ),
        (
            "model add \(tiny) as tiny; tune tiny on d.train cluster=lab train=head",
            "bad-hyperparameter", "train is head, and clusters tune adapters",
            "leave train out, or tune on this machine: without cluster="
        ),
        (
            "model add \(tiny) as tiny; tune tiny on d.train cluster=lab workers=3",
            "cluster-too-small",
            "the job takes 3 workers of 1 processor each, and the cluster has room for 2 on its 1 machine",
            "take fewer: workers=2"
        ),
        (
            "model add \(tiny) as tiny; tune tiny on d.train cluster=lab memory=1GB",
            "bad-hyperparameter",
            "memory is what of this machine is taken, and the job is on 'lab'",
            "leave it out; a smaller batch_size or more workers= need less there"
        ),
        (
            "model add \(tiny) as tiny; tune tiny on d.train cluster=lab load=4bit parallel=fsdp",
            "bad-hyperparameter",
            "load is 4bit and parallel is fsdp, and a model of 4 bits is not divided among workers",
            "leave one of them out"
        ),
        (
            "model add \(tiny) as tiny; tune tiny on d.train cluster=lab workers=2 gpus=2",
            "bad-hyperparameter", "gpus is 2, and a worker computes on one GPU",
            "take as many workers: workers=4 gpus=1"
        ),
        (
            "model add \(tiny) as tiny; tune tiny on d.train cluster=lab gpus=1",
            "cluster-too-small",
            "the job takes 1 worker of 1 processor and 1 GPU each, and the cluster has room for 0 on its 1 machine",
            "give each less: cpus=, gpus="
        ),
    ])
    func whatCannotBeIsSaid(
        _ line: String,
        _ code: String,
        _ message: String,
        _ hint: String
    ) async throws {
        let folder = try TemporaryFolder()
        let ray = try RayStandIn()
        var shell = try await Self.shell(folder, ray)
        let result = await shell.run(line)
        #expect(ray.jobs == [])
        #expect(result.errors.contains("error[\(code)]: \(message)\n"), "\(result.errors)")
        #expect(result.errors.contains("hint: \(hint)\n"), "\(result.errors)")
    }

    private static let tiny = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../samples/tiny-llama").standardizedFileURL.path
}
