import Glibc

/// A program that runs in a process group of its own, started without Foundation, which knows of a program's end by
/// what it and its children hold open, and takes one that leaves a server behind for one that goes on.
struct SpawnedProgram {
    /// It could not be started, or did not end.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// This process's end of its standard input; -1 once closed or where it has none.
    private var input: Int32 = -1
    private let process: pid_t
    /// Its exit status, 128 and the number of a signal; nil while it runs.
    private var status: Int32?

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - words: its path or its name, which is looked for along PATH, and its arguments.
    ///   - environment: variables beside this process's own, or in the place of those.
    ///   - hasInput: whether its standard input stays open until ``closeInput()`` or the end of this process.
    ///   - output: the file that takes what it writes to both streams.
    /// - Throws: ``Failure``.
    init(
        _ words: [String],
        _ environment: [String: String] = [:],
        hasInput: Bool = false,
        output: String = "/dev/null"
    ) throws {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        if hasInput, socketpair(AF_UNIX, kind, 0, &ends) != 0 {
            throw Failure(description: "no pair of sockets: error \(errno)")
        }
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        if hasInput {
            posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var (all, none) = (sigset_t(), sigset_t())
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        let kinds = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(kinds))
        let arguments = words.map { strdup($0) } + [nil]
        let variables = Self.variables(environment).map { strdup($0) } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var process: pid_t = -1
        let error = posix_spawnp(
            &process,
            words.first ?? "",
            &actions,
            &attributes,
            arguments,
            variables
        )
        if hasInput { close(ends[0]) }
        (input, self.process) = (ends[1], process)
        guard error == 0 else {
            closeInput()
            throw Failure(description: "'\(words.first ?? "")' does not start: error \(error)")
        }
    }

    private static func variables(_ more: [String: String]) -> [String] {
        var variables: [String] = []
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            let name = text.prefix { $0 != "=" }
            if more[String(name)] == nil { variables.append(text) }
            next += 1
        }
        return variables + more.map { "\($0)=\($1)" }
    }

    /// Tells it that nothing more comes.
    mutating func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    /// Whether it has ended.
    var hasEnded: Bool {
        mutating get {
            guard status == nil else { return true }
            var raw: Int32 = 0
            guard waitpid(process, &raw, WNOHANG) == process else { return false }
            let signal = raw & 0x7F
            status = signal == 0 ? (raw >> 8) & 0xFF : 128 + signal
            return true
        }
    }

    /// Waits for its end and returns its status.
    ///
    /// - Throws: ``Failure`` after so many seconds; it is killed then.
    mutating func end(within seconds: Int) throws -> Int32 {
        let begin = ContinuousClock.now
        while !hasEnded {
            guard ContinuousClock.now - begin < .seconds(seconds) else {
                kill(-process, SIGKILL)
                while !hasEnded { usleep(1000) }
                throw Failure(description: "a program has run for \(seconds) seconds")
            }
            usleep(2000)
        }
        return status ?? 0
    }
}
