import FettleCore

/// The machine with a cluster's Slurm programs: this one, or one that ssh goes to.
struct SlurmHost: Sendable {
    /// What a program there gave.
    struct Answer {
        var status: Int32
        var output: String
        var errors: String
    }

    /// What errors call the cluster.
    let name: String
    let address: SlurmAddress
    /// Variables for the programs that are started on this machine.
    let environment: [String: String]
    /// Further words for ssh.
    let sshOptions: [String]
    /// Whether a program ends when the task was cancelled.
    var isCancellable = true

    /// Slurm's programs that are used.
    static let programs = ["sbatch", "squeue", "scontrol", "sacct", "scancel", "sinfo", "srun"]

    /// Runs a program there, whatever its status.
    ///
    /// - Throws: `no-slurm` where the program is absent, `cluster-unreachable` for what keeps ssh or Slurm's
    ///   servers away, `cluster-answer` for more than `limit` bytes; `CancellationError`; what `input` throws.
    func run(
        _ words: [String],
        limit: Int = 1 << 20,
        seconds: Int = 60,
        input: (() throws -> [UInt8]?)? = nil
    ) throws -> Answer {
        let program = words.first ?? ""
        let result: ChildProgram.Result
        do {
            result = try ChildProgram.run(
                address.login.map { ssh(to: $0, words) } ?? words,
                environment: environment,
                limit: limit,
                seconds: seconds,
                isCancellable: isCancellable,
                input: input
            )
        } catch let failure as ChildProgram.Failure {
            throw diagnostic(failure, program)
        }
        let answer = Answer(
            status: result.status,
            output: String(decoding: result.output, as: UTF8.self),
            errors: String(decoding: result.errors, as: UTF8.self)
        )
        if address.login != nil, answer.status == 255 { throw sshFailure(answer.errors) }
        // The status of a shell that finds no such program; srun has that of what it runs.
        if answer.status == 127, program != "srun" { throw absent(program) }
        let words = SlurmWords(answer.errors, of: program)
        if answer.status != 0, words.isOfServers {
            throw unreachable(words.sentence, [Self.servers])
        }
        return answer
    }

    /// Runs a program there and returns what it writes.
    ///
    /// - Throws: `cluster-refused` with the program's words for another status than 0, and as
    ///   ``run(_:limit:seconds:input:)``.
    @discardableResult
    func output(
        _ words: [String],
        limit: Int = 1 << 20,
        seconds: Int = 60,
        input: (() throws -> [UInt8]?)? = nil
    ) throws -> String {
        let answer = try run(words, limit: limit, seconds: seconds, input: input)
        guard answer.status == 0 else { throw refusal(answer, words.first ?? "") }
        return answer.output
    }

    // MARK: - By ssh

    /// Returns the words that have ssh run others, each quoted for the shell there.
    private func ssh(to login: SlurmAddress.Login, _ words: [String]) -> [String] {
        let settings = [
            "BatchMode=yes", "ConnectTimeout=15", "ServerAliveInterval=15",
            "ServerAliveCountMax=3", "ClearAllForwardings=yes",
        ].flatMap { ["-o", $0] }
        let command = words.map { ShellWord.quoted($0) }.joined(separator: " ")
        return ["ssh", "-T", "-a", "-x"] + settings + sshOptions
            + (login.user.map { ["-l", $0] } ?? []) + (login.port.map { ["-p", "\($0)"] } ?? [])
            + ["--", login.host, command]
    }

    private func sshFailure(_ errors: String) -> Diagnostic {
        let words = SlurmWords(errors, of: "ssh").sentence
        let host = address.login.map { ($0.user.map { "\($0)@" } ?? "") + $0.host } ?? ""
        let port = address.login?.port.map { "-p \($0) " } ?? ""
        let hint =
            if errors.contains("Host key verification failed") {
                "see that it is the right machine, and have ssh remember its key: ssh \(port)\(host)"
            } else if errors.contains("Permission denied") {
                "ssh asks for no password here: set up a key, and see that this goes through: ssh \(port)\(host)"
            } else {
                "see that this goes through: ssh \(port)\(host)"
            }
        return unreachable(words.isEmpty ? "ssh ends without a word" : words, [hint])
    }

    // MARK: - What is wrong

    private static let servers = "see whether its slurmctld and munged run: sinfo"

    private var place: String { "the cluster '\(name)' at '\(address.text)'" }

    private func unreachable(_ why: String, _ hints: [String]) -> Diagnostic {
        Diagnostic("cluster-unreachable", "\(place) cannot be reached: \(why)", hints: hints)
    }

    private func absent(_ program: String) -> Diagnostic {
        let machine = address.login.map { "the machine '\($0.host)'" } ?? "this machine"
        return Diagnostic(
            "no-slurm",
            "\(machine) has no program '\(program)' on its PATH, which the cluster '\(name)' needs",
            hint: address.login == nil
                ? "install it (Debian: slurm-client), or go to a machine that has it: slurm://HOST"
                : "name a login node of the cluster, where this finds it: ssh HOST command -v \(program)"
        )
    }

    private func diagnostic(_ failure: ChildProgram.Failure, _ program: String) -> Diagnostic {
        switch failure {
        case .absent("ssh"):
            unreachable("this machine has no program 'ssh' on its PATH", ["install openssh-client"])
        case .absent: absent(program)
        case .notStarted(let reason): unreachable("'\(program)' does not start: \(reason)", [])
        case .quiet(let seconds):
            unreachable(
                "'\(program)' says nothing for \(NumberText.count(seconds, "second"))",
                ["try again later"]
            )
        case .tooMuch(let limit):
            Diagnostic(
                "cluster-log-too-large",
                "'\(program)' of the cluster '\(name)' writes more than \(NumberText.count(limit, "byte"))",
                hint: "a job whose results are as large is better done on this machine"
            )
        }
    }

    /// Says what a program did not do, in its words.
    func refusal(_ answer: Answer, _ program: String) -> Diagnostic {
        let words = SlurmWords(answer.errors, of: program).sentence
        return Diagnostic(
            "cluster-refused",
            "the cluster '\(name)' refuses: "
                + (words.isEmpty ? "'\(program)' ended with exit code \(answer.status)" : words)
        )
    }

    /// Says that a program's answer is not as it should be.
    func foreign(_ what: String) -> Diagnostic {
        Diagnostic(
            "cluster-answer",
            "what answers at '\(address.text)' for the cluster '\(name)' is no Slurm: \(what)"
        )
    }
}
