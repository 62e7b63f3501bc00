import FettleCore
import Foundation
import Testing

@testable import FettleProviders

/// Machines that cannot be asked, with stand-ins of ssh and of Slurm's programs.
struct SlurmHostTests {
    /// Makes an engine that finds these programs alone.
    private static func engine(
        _ address: String,
        _ programs: [String: String],
        in folder: ContractFolder
    ) throws -> SlurmEngine {
        for (name, script) in programs {
            let path = "\(folder.path)/\(name)"
            try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: path))
            chmod(path, 0o755)
        }
        return try SlurmEngine(
            name: "lab",
            address: SlurmAddress(address),
            folder: "/share/it's mine",
            environment: ["PATH": folder.path]
        )
    }

    @Test func programThatIsNotHereIsNamed() throws {
        let folder = try ContractFolder()
        let engine = try Self.engine("slurm:", ["readlink": "exit 1"], in: folder)
        #expect(
            throws: Diagnostic(
                "no-slurm",
                "this machine has no program 'squeue' on its PATH, which the cluster 'lab' needs",
                hint:
                    "install it (Debian: slurm-client), or go to a machine that has it: slurm://HOST"
            )
        ) { try engine.state(of: "ft-1") }
    }

    @Test func programThatIsNotThereIsNamed() throws {
        let folder = try ContractFolder()
        let ssh = """
            case "$*" in *squeue*) echo 'bash: line 1: squeue: command not found' >&2; exit 127;; esac
            exit 1
            """
        let engine = try Self.engine("slurm://me@login", ["ssh": ssh], in: folder)
        #expect(
            throws: Diagnostic(
                "no-slurm",
                "the machine 'login' has no program 'squeue' on its PATH, which the cluster 'lab' needs",
                hint:
                    "name a login node of the cluster, where this finds it: ssh HOST command -v squeue"
            )
        ) { try engine.state(of: "ft-1") }
    }

    @Test func sshThatIsNotHereIsNamed() throws {
        let folder = try ContractFolder()
        let engine = try Self.engine("slurm://login", [:], in: folder)
        #expect(
            throws: Diagnostic(
                "cluster-unreachable",
                "the cluster 'lab' at 'slurm://login' cannot be reached: this machine has no program 'ssh' on its PATH",
                hint: "install openssh-client"
            )
        ) { try engine.log(of: "ft-1") }
    }

    @Test func wayThatIsNotThereIsSshsWord() throws {
        let folder = try ContractFolder()
        let ssh = "echo 'ssh: connect to host login port 22: No route to host' >&2; exit 255"
        let engine = try Self.engine("slurm://me@login", ["ssh": ssh], in: folder)
        #expect(
            throws: Diagnostic(
                "cluster-unreachable",
                "the cluster 'lab' at 'slurm://me@login' cannot be reached: "
                    + "connect to host login port 22: No route to host",
                hint: "see that this goes through: ssh me@login"
            )
        ) { try engine.stop("ft-1") }
    }

    @Test func serversThatDoNotAnswerAreTold() throws {
        let folder = try ContractFolder()
        let squeue = """
            echo 'squeue: error: slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2
            exit 1
            """
        let engine = try Self.engine(
            "slurm:",
            ["readlink": "exit 1", "squeue": squeue],
            in: folder
        )
        #expect(
            throws: Diagnostic(
                "cluster-unreachable",
                "the cluster 'lab' at 'slurm:' cannot be reached: slurm_load_jobs error: Unable to contact slurm "
                    + "controller (connect failure)",
                hint: "see whether its slurmctld and munged run: sinfo"
            )
        ) { try engine.state(of: "ft-1") }
    }

    @Test func wordsForSshAreQuotedAndItsOwnAreFixed() throws {
        let folder = try ContractFolder()
        let ssh = "for word in \"$@\"; do echo \"$word\"; done > '\(folder.path)/words'; exit 1"
        let engine = try Self.engine("slurm://me@login:2222", ["ssh": ssh], in: folder)
        #expect(throws: Diagnostic.self) { try engine.state(of: "ft-1") }
        let squeue =
            "'squeue' '--me' '--states=all' '--noheader' '--name=ft-1' '--format=%i|%Z'"
        #expect(
            folder.lines("words") == [
                "-T", "-a", "-x", "-o", "BatchMode=yes", "-o", "ConnectTimeout=15", "-o",
                "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3", "-o",
                "ClearAllForwardings=yes", "-l", "me", "-p", "2222", "--", "login", squeue,
            ]
        )
        #expect(
            SlurmFolder("ft-1", in: engine.shared).readingNotes.map { ShellWord.quoted($0) } == [
                "'readlink'", "'--'", "'/share/it'\\''s mine/ft-1/number'",
                "'/share/it'\\''s mine/ft-1/exit'", "'/share/it'\\''s mine/ft-1/stopped'",
            ]
        )
    }

    @Test(arguments: ["", "../ft-1", "a/b", ".ft", "-rf", "ft 1", "ft'1", "ft\n1"])
    func idThatIsNoFoldersNameIsUnknown(id: String) throws {
        let folder = try ContractFolder()
        let engine = try Self.engine("slurm:", [:], in: folder)
        let unknown = Diagnostic(
            "unknown-cluster-job",
            "the cluster 'lab' has no job '\(id)' in '/share/it's mine'"
        )
        #expect(throws: unknown) { try engine.state(of: id) }
        #expect(throws: unknown) { try engine.log(of: id) }
        #expect(throws: unknown) { try engine.stop(id) }
    }

    @Test func filesAboveEightGibibytesHaveTheirSize() throws {
        let folder = try ContractFolder()
        let path = "\(folder.path)/large"
        try Data().write(to: URL(filePath: path))
        #expect(truncate(path, 9 << 30) == 0)
        var archive = try TarStream([PackagedFile("large", .file(path))])
        #expect(archive.total == 9_663_676_416)
        let header = try #require(try archive.piece())
        #expect(Array(header[124..<136]) == [0x80, 0, 0, 0, 0, 0, 0, 2, 0x40, 0, 0, 0])
    }
}
