import FettleCore
import FettleTestSupport
import Foundation
import Testing

@testable import FettleProviders

/// What is Slurm's own, with a real Slurm.
@Suite(
    .serialized,
    .enabled(if: SlurmCluster.isUsable, Comment(rawValue: SlurmCluster.lack ?? "")),
    .slurmCluster
)
struct SlurmEngineTests {
    private let cluster: SlurmCluster
    private let folder: ContractFolder

    init() throws {
        cluster = try #require(SlurmCluster.current)
        folder = try ContractFolder()
    }

    private func end(of id: String, _ engine: SlurmEngine) throws -> ClusterJobState {
        let subject = ContractSubject(name: "slurm:", cpus: 2, machines: 1, open: { engine })
        return try subject.end(of: id, engine)
    }

    private func job(_ line: String, cpus: Int = 1) -> ClusterJob {
        ClusterJob(id: folder.id(), entrypoint: line, files: [], cpus: cpus)
    }

    private func link(_ name: String, of id: String) -> String {
        "\(cluster.share)/\(id)/\(name)"
    }

    /// What is in the shared folder beside whole jobs.
    private func remains() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: cluster.share)
            .filter { !$0.hasPrefix("ft-") || $0.contains(".") }
    }

    // MARK: - Once

    @Test func jobWhoseAnswerWasLostIsFoundAgain() throws {
        let engine = try cluster.engine()
        let go = "\(folder.path)/go"
        let first = job("while [ ! -e '\(go)' ]; do sleep 0.1; done", cpus: 2)
        let second = job("echo run >> '\(folder.path)/runs'")
        try folder.submit(first, engine)
        try ContractSubject.wait(for: "the first job") {
            try engine.state(of: first.id) == .running
        }
        try folder.submit(second, engine)
        #expect(try engine.state(of: second.id) == .queued)
        #expect(try engine.log(of: second.id) == "")
        let number = try FileManager.default.destinationOfSymbolicLink(
            atPath: link("number", of: second.id)
        )
        try FileManager.default.removeItem(atPath: link("number", of: second.id))
        #expect(try engine.state(of: second.id) == .queued)
        try folder.submit(second, engine)
        #expect(
            try FileManager.default.destinationOfSymbolicLink(
                atPath: link("number", of: second.id)
            ) == number
        )
        let numbers = try cluster.run("squeue", "--noheader", "--name=\(second.id)", "--format=%i")
        #expect(numbers == number.dropFirst("slurm-".count) + "\n")
        try engine.stop(second.id)
        #expect(try engine.state(of: second.id) == .stopped)
        try Data().write(to: URL(filePath: go))
        #expect(try end(of: first.id, engine) == .succeeded)
        #expect(folder.lines("runs") == [])
    }

    @Test func secondNumberOfAFolderRunsNothing() throws {
        let engine = try cluster.engine()
        let once = job("echo run >> '\(folder.path)/runs'; echo said")
        try folder.submit(once, engine)
        #expect(try end(of: once.id, engine) == .succeeded)
        let place = "\(cluster.share)/\(once.id)"
        try cluster.run(
            "sbatch",
            "--wait",
            "--chdir=\(place)",
            "--output=other",
            "\(place)/run.sh"
        )
        #expect(folder.lines("runs") == ["run"])
        #expect(try engine.log(of: once.id) == "said\n")
        let other = try String(contentsOfFile: "\(place)/other", encoding: .utf8)
        #expect(other.hasPrefix("the job runs under another number: slurm-"))
        #expect(try engine.state(of: once.id) == .succeeded)
    }

    @Test func stoppedSendingLeavesNothing() throws {
        let engine = try cluster.engine()
        let path = "\(folder.path)/shrinks"
        try Data(count: 200_000).write(to: URL(filePath: path))
        let job = ClusterJob(
            id: folder.id(),
            entrypoint: "true",
            files: [PackagedFile("shrinks", .file(path))]
        )
        #expect(throws: Diagnostic("no-file", "'\(path)' cannot be read")) {
            try engine.submit(job, packedIn: folder.path) { _, _ in truncate(path, 100) }
        }
        #expect(!FileManager.default.fileExists(atPath: "\(cluster.share)/\(job.id)"))
        #expect(try remains() == [])
        #expect(throws: Diagnostic.self) { try engine.state(of: job.id) }
    }

    // MARK: - What becomes of a job

    @Test func endIsKnownWhenSlurmHasForgottenTheJob() throws {
        let engine = try cluster.engine()
        let (good, bad, long) = (job("true"), job("exit 3"), job("echo begun; sleep 60"))
        for job in [good, bad, long] { try folder.submit(job, engine) }
        #expect(try end(of: good.id, engine) == .succeeded)
        #expect(try end(of: bad.id, engine) == .failed("it ended with exit code 3"))
        // Slurm calls a job running before its script has begun.
        try ContractSubject.wait(for: "the long job") {
            try engine.log(of: long.id) == "begun\n"
        }
        try engine.stop(long.id)
        #expect(try end(of: long.id, engine) == .stopped)
        try ContractSubject.wait(for: "the long job's exit code") {
            (try? FileManager.default.destinationOfSymbolicLink(
                atPath: link("exit", of: long.id)
            )) == "exit-143"
        }
        for job in [good, bad, long] {
            try FileManager.default.removeItem(atPath: link("number", of: job.id))
            try FileManager.default.createSymbolicLink(
                atPath: link("number", of: job.id),
                withDestinationPath: "slurm-999999"
            )
        }
        #expect(try engine.state(of: good.id) == .succeeded)
        #expect(try engine.state(of: bad.id) == .failed("it ended with exit code 3"))
        #expect(try engine.state(of: long.id) == .stopped)
        try FileManager.default.removeItem(atPath: link("exit", of: bad.id))
        #expect(
            try engine.state(of: bad.id)
                == .failed("Slurm no longer has it, and it left no exit code")
        )
    }

    @Test func machineThatFailsIsNamed() throws {
        let engine = try cluster.engine()
        let long = job("sleep 60")
        try folder.submit(long, engine)
        try ContractSubject.wait(for: "the job") { try engine.state(of: long.id) == .running }
        try cluster.run("scontrol", "update", "nodename=n1", "state=down", "reason=test")
        #expect(try end(of: long.id, engine) == .failed("its machine 'n1' failed"))
        // A machine that tells of itself again is taken back at once, and need not be told.
        _ = try? cluster.run("scontrol", "update", "nodename=n1", "state=resume")
        try ContractSubject.wait(for: "an idle machine") {
            try cluster.run("sinfo", "--noheader", "--format=%T") == "idle\n"
        }
    }

    @Test func variablesOfThisMachineStayHere() throws {
        let engine = try SlurmEngine(
            name: "lab",
            address: .here,
            folder: cluster.share,
            environment: cluster.environment.merging(["FETTLE_SECRET": "sk-1"]) { $1 }
        )
        let job = ClusterJob(id: folder.id(), entrypoint: "env", files: [], gpus: 1)
        try folder.submit(job, engine)
        #expect(try end(of: job.id, engine) == .succeeded)
        let lines = try engine.log(of: job.id).split(separator: "\n")
        #expect(!lines.contains { $0.contains("sk-1") })
        #expect(lines.contains { $0.hasPrefix("PATH=/") })
        #expect(lines.contains("CUDA_VISIBLE_DEVICES=0"))
    }

    // MARK: - Looking

    @Test(arguments: [false, true])
    func lookFindsVersionMachinesAndWorker(bySSH: Bool) throws {
        let engine = try cluster.engine(bySSH: bySSH)
        let worker = PseudoTerminal.builtProgram(named: "fettle-worker")
        let report = try engine.check(worker: worker)
        let version = try cluster.run("sinfo", "--version").split(separator: " ").last ?? ""
        #expect(report.version + "\n" == version)
        #expect(
            report.nodes == [
                SlurmNodes(
                    partition: "main",
                    isDefault: true,
                    count: 1,
                    state: "idle",
                    cpus: 2,
                    gpus: 1,
                    memory: 524_288_000
                )
            ]
        )
        guard case .runs(let line)? = report.worker else {
            throw Diagnostic("test", "\(String(describing: report.worker))")
        }
        #expect(line.hasPrefix("FTEVENT {\"event\": \"node\""))
        #expect(try remains() == [])
        #expect(try engine.check().worker == nil)
    }

    @Test func workerThatDoesNotRunIsToldInASentence() throws {
        let path = "\(folder.path)/worker"
        let script = """
            #!/bin/sh
            echo "$0: /lib/libc.so.6: version \\`GLIBC_2.99' not found (required by $0)" >&2
            exit 1

            """
        try Data(script.utf8).write(to: URL(filePath: path))
        #expect(
            try cluster.engine().check(worker: path).worker
                == .fails(
                    "the machine's C library is older than the worker needs: it has no GLIBC_2.99"
                )
        )
        #expect(try remains() == [])
    }

    // MARK: - What is wrong

    @Test func refusalsAreSlurmsWords() throws {
        let engine = try cluster.engine(choices: .init(partition: "nix"))
        #expect(
            throws: Diagnostic(
                "cluster-refused",
                "the cluster 'lab' has no partition 'nix': it has 'main'"
            )
        ) { try folder.submit(job("true"), engine) }
        try cluster.run("scontrol", "update", "partitionname=main", "state=inactive")
        defer { _ = try? cluster.run("scontrol", "update", "partitionname=main", "state=up") }
        for bySSH in [false, true] {
            let engine = try cluster.engine(bySSH: bySSH)
            #expect(
                throws: Diagnostic(
                    "cluster-refused",
                    "the cluster 'lab' refuses: Batch job submission failed: Required partition not available "
                        + "(inactive or drain)"
                )
            ) { try folder.submit(job("true"), engine) }
        }
    }

    @Test func keyThatIsNotKnownIsTold() throws {
        let address = try cluster.sshAddress()
        let engine = try SlurmEngine(
            name: "lab",
            address: address,
            folder: cluster.share,
            sshOptions: ["-o", "UserKnownHostsFile=/dev/null", "-o", "ControlPath=none"]
                + cluster.sshOptions
        )
        let port = address.login?.port ?? 0
        #expect(
            throws: Diagnostic(
                "cluster-unreachable",
                "the cluster 'lab' at 'slurm://127.0.0.1:\(port)' cannot be reached: Host key verification failed",
                hint:
                    "see that it is the right machine, and have ssh remember its key: ssh -p \(port) 127.0.0.1"
            )
        ) { try engine.check() }
    }

    @Test func userThatIsNotTakenIsTold() throws {
        let port = try cluster.sshAddress().login?.port ?? 0
        let engine = try SlurmEngine(
            name: "lab",
            address: SlurmAddress("slurm://fettle-nobody@127.0.0.1:\(port)"),
            folder: cluster.share,
            sshOptions: cluster.sshOptions
        )
        #expect(
            throws: Diagnostic(
                "cluster-unreachable",
                "the cluster 'lab' at 'slurm://fettle-nobody@127.0.0.1:\(port)' cannot be reached: "
                    + "fettle-nobody@127.0.0.1: Permission denied (publickey)",
                hint:
                    "ssh asks for no password here: set up a key, and see that this goes through: "
                    + "ssh -p \(port) fettle-nobody@127.0.0.1"
            )
        ) { try engine.state(of: "ft-1") }
    }
}
