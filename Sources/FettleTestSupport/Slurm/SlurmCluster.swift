import Foundation
import Synchronization

/// A Slurm cluster of one machine, this one, with servers, keys and ports of its own, and a server of ssh to reach
/// it by; all of them listen on the loopback interface alone.
public final class SlurmCluster: Sendable {
    /// What did not come, or did not go.
    public struct Failure: Error, CustomStringConvertible {
        /// In words.
        public let description: String
    }

    /// Debian's package of each program that is needed.
    private static let packages: [(program: String, package: String)] = [
        ("slurmctld", "slurmctld"), ("slurmd", "slurmd"), ("sbatch", "slurm-client"),
        ("munged", "munge"), ("sshd", "openssh-server"), ("ssh", "openssh-client"),
    ]

    /// What is missing here, in words; nil where nothing is.
    public static var lack: String? {
        let missing = packages.filter { path(of: $0.program) == nil }.map(\.package)
        return missing.isEmpty ? nil : "not installed: \(missing.joined(separator: " "))"
    }

    /// Whether tests that need it are to run: all is there, or its absence is to fail.
    public static var isUsable: Bool {
        ProcessInfo.processInfo.environment["FETTLE_REQUIRE_PEERS"] == "1" || lack == nil
    }

    /// Its folder, with `share` for jobs.
    public let folder: String
    /// The port that it is reached at by ssh.
    public let sshPort: Int
    private let servers: Mutex<[SpawnedProgram]>

    /// Processors and GPUs that it says it has.
    public static let (cpus, gpus) = (2, 1)

    private static func path(of program: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        // Those of servers are not on the PATH of everybody.
        return (folders.map(String.init) + ["/usr/sbin", "/sbin"]).map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    // MARK: - Start and end

    /// Starts its servers and waits until its machine takes jobs.
    ///
    /// - Throws: ``Failure``.
    public init() throws {
        if let lack = Self.lack { throw Failure(description: lack) }
        folder = NSTemporaryDirectory() + "fettle-slurm-" + UUID().uuidString.prefix(8)
        let ports = try Self.freePorts(3)
        sshPort = ports[2]
        try Self.write(folder, ports)
        var servers: [SpawnedProgram] = []
        do {
            for (name, words) in try Self.servers(folder) {
                servers.append(try Self.start(words, log: "\(folder)/\(name).out"))
                guard name == "munged" else { continue }
                let socket = "\(folder)/munge.socket"
                try Self.wait(for: "munged's socket") {
                    FileManager.default.fileExists(atPath: socket)
                }
            }
        } catch {
            Self.end(&servers)
            throw error
        }
        self.servers = Mutex(servers)
        do {
            try Self.wait(for: "an idle machine") {
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
    public func end() {
        _ = try? run("scancel", "--user=\(NSUserName())")
        try? Self.wait(for: "the end of all jobs") {
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

    private static func end(_ servers: inout [SpawnedProgram]) {
        for index in servers.indices.reversed() {
            servers[index].closeInput()
            _ = try? servers[index].end(within: 120)
        }
        servers = []
    }

    /// Waits until something is so, for at most two minutes.
    private static func wait(for what: String, _ isSo: () throws -> Bool) throws {
        let begin = ContinuousClock.now
        while try !isSo() {
            guard ContinuousClock.now - begin < .seconds(120) else {
                throw Failure(description: "two minutes have passed without \(what)")
            }
            usleep(50_000)
        }
    }

    /// Starts a server beside a shell that ends it when this process ends or closes the shell's input.
    ///
    /// It holds on to nothing that other tests have open: Foundation knows of a program's end by that.
    private static func start(_ words: [String], log: String) throws -> SpawnedProgram {
        let script = """
            for end in /proc/$$/fd/*; do
              end=${end##*/}
              [ "$end" -gt 2 ] && eval "exec $end>&-"
            done
            "$@" < /dev/null &
            server=$!
            read -r line
            kill -TERM $server
            for wait in 1 2 3 4 5 6 7 8 9 10; do
              kill -0 $server || exit 0
              sleep 0.5
            done
            kill -KILL $server
            """
        return try SpawnedProgram(
            ["bash", "-c", script, "bash"] + words,
            hasInput: true,
            output: log
        )
    }

    private static func freePorts(_ count: Int) throws -> [Int] {
        let listeners = try (0..<count).map { _ in try LoopbackListener { _ in } }
        return listeners.map { Int($0.port) }
    }

    // MARK: - Its files

    private static func servers(_ folder: String) throws -> [(String, [String])] {
        func program(_ name: String) throws -> String {
            guard let path = path(of: name) else { throw Failure(description: "no '\(name)'") }
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
            var making = try SpawnedProgram([
                "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/\(name).key",
            ])
            guard try making.end(within: 20) == 0 else {
                throw Failure(description: "ssh-keygen fails")
            }
        }
        let host = try String(contentsOfFile: "\(folder)/host.key.pub", encoding: .utf8)
        try Data("[127.0.0.1]:\(ports[2]) \(host)".utf8).write(
            to: URL(filePath: "\(folder)/known_hosts")
        )
        // What sshd drops its rights in; a service makes it before it starts one.
        if getuid() == 0, mkdir("/run/sshd", 0o755) != 0, errno != EEXIST {
            throw Failure(description: "cannot make /run/sshd")
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
    public var environment: [String: String] { ["SLURM_CONF": "\(folder)/slurm.conf"] }

    /// The folder that jobs are put into.
    public var share: String { "\(folder)/share" }

    /// Words that have ssh know it; later ones of the same kind are not heeded.
    public var sshOptions: [String] { ["-F", "\(folder)/ssh.conf"] }

    /// Runs one of Slurm's programs and returns what it writes.
    ///
    /// - Throws: ``Failure`` with what it writes where it fails.
    @discardableResult
    public func run(_ words: String...) throws -> String {
        try output(words, environment)
    }

    private func ssh(_ command: String) throws -> String {
        try output(["ssh"] + sshOptions + ["-p", "\(sshPort)", "127.0.0.1", command], [:])
    }

    private func output(_ words: [String], _ environment: [String: String]) throws -> String {
        let file = "\(folder)/output-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: file) }
        var program = try SpawnedProgram(words, environment, output: file)
        let status = try program.end(within: 20)
        let text = try String(contentsOfFile: file, encoding: .utf8)
        guard status == 0 else { throw Failure(description: text) }
        return text
    }
}
