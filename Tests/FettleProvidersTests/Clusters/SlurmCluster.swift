import FettleCore
import FettleTestSupport
import Foundation
import Synchronization
import Testing

@testable import FettleProviders

/// A Slurm cluster of one machine, this one, with servers, keys and ports of its own, and a server of ssh to reach
/// it by; all of them listen on the loopback interface alone.
final class SlurmCluster: Sendable {
    /// The one that the suite runs with.
    @TaskLocal static var current: SlurmCluster?

    /// Debian's package of each program that is needed.
    private static let packages: [(program: String, package: String)] = [
        ("slurmctld", "slurmctld"), ("slurmd", "slurmd"), ("sbatch", "slurm-client"),
        ("munged", "munge"), ("sshd", "openssh-server"), ("ssh", "openssh-client"),
    ]

    /// What is missing here, in words; nil where nothing is.
    static var lack: String? {
        let missing = packages.filter { path(of: $0.program) == nil }.map(\.package)
        return missing.isEmpty ? nil : "not installed: \(missing.joined(separator: " "))"
    }

    /// Whether tests that need it are to run: all is there, or its absence is to fail.
    static var isUsable: Bool {
        ProcessInfo.processInfo.environment["FETTLE_REQUIRE_PEERS"] == "1" || lack == nil
    }

    /// Its folder, with `share` for jobs.
    let folder: String
    private let sshPort: Int
    private let servers: Mutex<[StartedChild]>

    /// Processors and GPUs that it says it has.
    static let (cpus, gpus) = (2, 1)

    private static func path(of program: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        // Those of servers are not on the PATH of everybody.
        return (folders.map(String.init) + ["/usr/sbin", "/sbin"]).map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    // MARK: - Start and end

    /// Starts its servers and waits until its machine takes jobs.
    init() throws {
        if let lack = Self.lack { throw Diagnostic("test", lack) }
        folder = NSTemporaryDirectory() + "fettle-slurm-" + UUID().uuidString.prefix(8)
        let ports = try Self.freePorts(3)
        sshPort = ports[2]
        try Self.write(folder, ports)
        var servers: [StartedChild] = []
        do {
            for (name, words) in try Self.servers(folder) {
                servers.append(try Self.start(words, log: "\(folder)/\(name).out"))
                guard name == "munged" else { continue }
                let socket = "\(folder)/munge.socket"
                try ContractSubject.wait(for: "munged's socket") {
                    FileManager.default.fileExists(atPath: socket)
                }
            }
        } catch {
            Self.end(&servers)
            throw error
        }
        self.servers = Mutex(servers)
        do {
            try ContractSubject.wait(for: "an idle machine") {
                let nodes = try? self.run("sinfo", "--noheader", "--format=%T")
                let port = try? self.ssh("true")
                return nodes == "idle\n" && port != nil
            }
        } catch {
            end()
            throw error
        }
    }

    /// Ends its jobs, then its servers, each by its id, and removes its folder.
    func end() {
        _ = try? run("scancel", "--user=\(NSUserName())")
        try? ContractSubject.wait(for: "the end of all jobs") {
            try run("squeue", "--noheader") == ""
        }
        // As many users have it, one connection serves all calls.
        _ = try? output(
            ["ssh"] + sshOptions + ["-p", "\(sshPort)", "-O", "exit", "127.0.0.1"],
            [:]
        )
        servers.withLock { Self.end(&$0) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func end(_ servers: inout [StartedChild]) {
        for index in servers.indices.reversed() {
            servers[index].closeInput()
            try? ContractSubject.wait(for: "the end of a server") { servers[index].hasEnded }
            servers[index].close()
        }
        servers = []
    }

    /// Starts a server beside a shell that ends it when this process ends or closes the shell's input.
    ///
    /// It holds on to nothing that other tests have open: Foundation knows of a program's end by that.
    private static func start(_ words: [String], log: String) throws -> StartedChild {
        let script = """
            for end in /proc/$$/fd/*; do
              end=${end##*/}
              [ "$end" -gt 2 ] && eval "exec $end>&-"
            done
            log=$1; shift
            "$@" < /dev/null > "$log" 2>&1 &
            server=$!
            exec > /dev/null 2>&1
            read -r line
            kill -TERM $server
            for wait in 1 2 3 4 5 6 7 8 9 10; do
              kill -0 $server || exit 0
              sleep 0.5
            done
            kill -KILL $server
            """
        return try StartedChild(["bash", "-c", script, "bash", log] + words, [:])
    }

    private static func freePorts(_ count: Int) throws -> [Int] {
        let listeners = try (0..<count).map { _ in try LoopbackListener { _ in } }
        return try listeners.map { listener in
            guard let port = listener.address.split(separator: ":").last.flatMap({ Int($0) }) else {
                throw Diagnostic("test", "'\(listener.address)' has no port")
            }
            return port
        }
    }

    // MARK: - Its files

    private static func servers(_ folder: String) throws -> [(String, [String])] {
        func program(_ name: String) throws -> String {
            guard let path = path(of: name) else { throw Diagnostic("test", "no '\(name)'") }
            return path
        }
        return [
            (
                "munged",
                [
                    try program("munged"), "--foreground", "--force",
                    "--key-file=\(folder)/munge.key", "--socket=\(folder)/munge.socket",
                    "--pid-file=\(folder)/munge.pid", "--log-file=\(folder)/munge.log",
                    "--seed-file=\(folder)/munge.seed",
                ]
            ),
            ("slurmctld", [try program("slurmctld"), "-D", "-f", "\(folder)/slurm.conf"]),
            ("slurmd", [try program("slurmd"), "-D", "-N", "n1", "-f", "\(folder)/slurm.conf"]),
            ("sshd", [try program("sshd"), "-D", "-e", "-f", "\(folder)/sshd.conf"]),
        ]
    }

    private static func write(_ folder: String, _ ports: [Int]) throws {
        for name in ["", "/state", "/spool", "/share"] {
            try FileManager.default.createDirectory(
                atPath: folder + name,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o755]
            )
        }
        let user = NSUserName()
        var key = [UInt8](repeating: 0, count: 128)
        for index in key.indices { key[index] = .random(in: 0...255) }
        let texts: [(String, [UInt8], Int)] = [
            ("munge.key", key, 0o400),
            ("slurm.conf", Array(slurmText(folder, user, ports).utf8), 0o644),
            ("gres.conf", Array("NodeName=n1 Name=gpu File=/dev/zero\n".utf8), 0o644),
            ("sshd.conf", Array(sshdText(folder, ports[2]).utf8), 0o644),
            ("ssh.conf", Array(sshText(folder).utf8), 0o644),
        ]
        for (name, bytes, mode) in texts {
            try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
            chmod("\(folder)/\(name)", mode_t(mode))
        }
        for name in ["host", "user"] {
            let made = try ChildProgram.run([
                "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/\(name).key",
            ])
            guard made.status == 0 else { throw Diagnostic("test", "ssh-keygen fails") }
        }
        let host = try String(contentsOfFile: "\(folder)/host.key.pub", encoding: .utf8)
        try Data("[127.0.0.1]:\(ports[2]) \(host)".utf8).write(
            to: URL(filePath: "\(folder)/known_hosts")
        )
        // What sshd drops its rights in; a service makes it before it starts one.
        if getuid() == 0, mkdir("/run/sshd", 0o755) != 0, errno != EEXIST {
            throw Diagnostic("test", "cannot make /run/sshd")
        }
    }

    private static func slurmText(_ folder: String, _ user: String, _ ports: [Int]) -> String {
        """
        ClusterName=fettle
        SlurmctldHost=localhost(127.0.0.1)
        SlurmUser=\(user)
        SlurmdUser=\(user)
        CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
        AuthType=auth/munge
        AuthInfo=socket=\(folder)/munge.socket
        CredType=cred/munge
        SlurmctldPort=\(ports[0])
        SlurmdPort=\(ports[1])
        StateSaveLocation=\(folder)/state
        SlurmdSpoolDir=\(folder)/spool
        SlurmctldPidFile=\(folder)/slurmctld.pid
        SlurmdPidFile=\(folder)/slurmd.pid
        ProctrackType=proctrack/linuxproc
        TaskPlugin=task/none
        SelectType=select/cons_tres
        SelectTypeParameters=CR_CPU
        SwitchType=switch/none
        MpiDefault=none
        JobAcctGatherType=jobacct_gather/none
        AccountingStorageType=accounting_storage/none
        JobCompType=jobcomp/none
        SchedulerParameters=sched_interval=1,batch_sched_delay=0
        ReturnToService=2
        KillWait=10
        SlurmdParameters=config_overrides
        GresTypes=gpu
        NodeName=n1 NodeHostname=localhost NodeAddr=127.0.0.1 CPUs=\(cpus) RealMemory=500 Gres=gpu:\(gpus)
        PartitionName=main Nodes=n1 Default=YES MaxTime=30 State=UP

        """
    }

    private static func sshdText(_ folder: String, _ port: Int) -> String {
        """
        ListenAddress 127.0.0.1
        Port \(port)
        HostKey \(folder)/host.key
        AuthorizedKeysFile \(folder)/user.key.pub
        PidFile none
        StrictModes no
        UsePAM no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        PermitRootLogin prohibit-password
        SetEnv SLURM_CONF=\(folder)/slurm.conf

        """
    }

    private static func sshText(_ folder: String) -> String {
        """
        Host *
        UserKnownHostsFile \(folder)/known_hosts
        GlobalKnownHostsFile /dev/null
        IdentityFile \(folder)/user.key
        IdentitiesOnly yes
        IdentityAgent none
        ControlMaster auto
        ControlPath \(folder)/%C
        ControlPersist 600

        """
    }

    // MARK: - Use

    /// Variables that Slurm's programs find it by.
    var environment: [String: String] { ["SLURM_CONF": "\(folder)/slurm.conf"] }

    /// The folder that jobs are put into.
    var share: String { "\(folder)/share" }

    /// Its address by ssh.
    func sshAddress() throws -> SlurmAddress { try SlurmAddress("slurm://127.0.0.1:\(sshPort)") }

    /// Words that have ssh know it; later ones of the same kind are not heeded.
    var sshOptions: [String] { ["-F", "\(folder)/ssh.conf"] }

    /// Opens it on this machine or by ssh.
    func engine(
        bySSH: Bool = false,
        choices: SlurmEngine.Choices = .init()
    ) throws -> SlurmEngine {
        try SlurmEngine(
            name: "lab",
            address: bySSH ? sshAddress() : .here,
            folder: share,
            choices: choices,
            environment: bySSH ? [:] : environment,
            sshOptions: sshOptions
        )
    }

    /// Runs one of Slurm's programs and returns what it writes.
    @discardableResult
    func run(_ words: String...) throws -> String {
        try output(words, environment)
    }

    private func ssh(_ command: String) throws -> String {
        try output(["ssh"] + sshOptions + ["-p", "\(sshPort)", "127.0.0.1", command], [:])
    }

    private func output(_ words: [String], _ environment: [String: String]) throws -> String {
        let result = try ChildProgram.run(words, environment: environment, seconds: 20)
        guard result.status == 0 else {
            throw Diagnostic("test", String(decoding: result.errors, as: UTF8.self))
        }
        return String(decoding: result.output, as: UTF8.self)
    }
}

/// Starts a Slurm cluster before a suite's tests and ends it after them.
struct SlurmClusterTrait: SuiteTrait, TestScoping {
    @concurrent
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let cluster = try SlurmCluster()
        defer { cluster.end() }
        try await SlurmCluster.$current.withValue(cluster) { try await function() }
    }
}

extension Trait where Self == SlurmClusterTrait {
    /// A Slurm cluster while the suite runs.
    static var slurmCluster: Self { Self() }
}
