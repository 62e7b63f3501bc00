import FettleCore
import Glibc

/// A program that runs, and this process's ends of what it reads and writes.
struct StartedChild {
    /// Which of its ends there is something to do for.
    struct Ready {
        var input = false
        var output = false
        var errors = false

        var isAny: Bool { input || output || errors }
    }

    /// This end of its standard input; -1 once closed.
    private(set) var input: Int32
    private var output: Int32
    private var errors: Int32
    private let process: pid_t
    /// Its exit status, 128 and the number of a signal; nil while it runs.
    private(set) var status: Int32?

    /// The time that a program has to end by itself when it is asked to.
    private static let patience = Duration.milliseconds(500)

    /// Starts a program in a process group of its own, as from a fresh shell: no signal is ignored or blocked.
    ///
    /// - Throws: ``ChildProgram/Failure``.
    init(_ words: [String], _ environment: [String: String]) throws {
        let variables = Self.variables(environment)
        guard let name = words.first, let path = Self.path(of: name, variables["PATH"] ?? "") else {
            throw ChildProgram.Failure.absent(words.first ?? "")
        }
        // Writing to a socket whose other end is gone can be an error without a signal.
        var pairs: [[Int32]] = []
        for _ in 0..<3 {
            var pair: [Int32] = [-1, -1]
            let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else {
                let reason = String(cString: strerror(errno))
                for end in pairs.joined() { Glibc.close(end) }
                throw ChildProgram.Failure.notStarted(reason.lowercased())
            }
            pairs.append(pair)
        }
        let started = Self.spawn(path, words, variables, pairs.map { $0[1] })
        for pair in pairs { Glibc.close(pair[1]) }
        (input, output, errors) = (pairs[0][0], pairs[1][0], pairs[2][0])
        process = started.process
        guard started.error == 0 else {
            close()
            throw ChildProgram.Failure.notStarted(
                String(cString: strerror(started.error)).lowercased()
            )
        }
    }

    private static func variables(_ more: [String: String]) -> [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            next += 1
        }
        return variables.merging(more) { $1 }
    }

    private static func path(of name: String, _ folders: String) -> String? {
        guard !name.contains("/") else { return name }
        return folders.split(separator: ":").map { "\($0)/\(name)" }.first {
            access($0, X_OK) == 0
        }
    }

    private static func spawn(
        _ path: String,
        _ words: [String],
        _ variables: [String: String],
        _ ends: [Int32]
    ) -> (process: pid_t, error: Int32) {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (number, end) in ends.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, end, Int32(number))
        }
        var (all, none) = (sigset_t(), sigset_t())
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))
        let arguments = words.map { strdup($0) } + [nil]
        let environment = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + environment).forEach { free($0) } }
        var process: pid_t = -1
        let error = posix_spawn(&process, path, &actions, &attributes, arguments, environment)
        return (process, error)
    }

    // MARK: - Its ends

    /// Whether what it writes may go on.
    var isOpen: Bool { output >= 0 || errors >= 0 }

    /// Waits until something can be read or sent, at most so many milliseconds.
    func wait(_ milliseconds: Int32) -> Ready {
        var ends = [
            pollfd(fd: input, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: output, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&ends, 3, milliseconds) > 0 else { return Ready() }
        return Ready(
            input: ends[0].revents != 0,
            output: ends[1].revents != 0,
            errors: ends[2].revents != 0
        )
    }

    /// Sends as much of a piece as goes at once; nothing more where nobody reads.
    mutating func send(_ piece: inout ArraySlice<UInt8>) {
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        let sent = piece.withUnsafeBytes { Glibc.send(input, $0.baseAddress, $0.count, flags) }
        if sent > 0 {
            piece.removeFirst(sent)
        } else if sent < 0, ![EAGAIN, EINTR].contains(errno) {
            closeInput()
        }
    }

    /// Reads what it has written.
    mutating func readOutput(atMost count: Int) -> ArraySlice<UInt8> {
        Self.read(&output, count)
    }

    /// Reads what it has written to standard error.
    mutating func readErrors(atMost count: Int) -> ArraySlice<UInt8> {
        Self.read(&errors, count)
    }

    private static func read(_ end: inout Int32, _ count: Int) -> ArraySlice<UInt8> {
        var buffer = [UInt8](repeating: 0, count: count)
        let got = Glibc.read(end, &buffer, count)
        if got > 0 { return buffer[..<got] }
        if got == 0 || errno != EINTR { closeEnd(&end) }
        return []
    }

    /// Tells it that nothing more comes.
    mutating func closeInput() { Self.closeEnd(&input) }

    /// Closes all ends of this process.
    mutating func close() {
        Self.closeEnd(&input)
        Self.closeEnd(&output)
        Self.closeEnd(&errors)
    }

    private static func closeEnd(_ end: inout Int32) {
        if end >= 0 { Glibc.close(end) }
        end = -1
    }

    // MARK: - Its end

    /// Whether it has ended; then its status is known.
    var hasEnded: Bool {
        mutating get {
            guard status == nil else { return true }
            var raw: Int32 = 0
            let got = waitpid(process, &raw, WNOHANG)
            guard got == process else {
                // Somebody else has waited for it, and its status is lost.
                if got < 0, errno == ECHILD { status = 1 }
                return status != nil
            }
            let signal = raw & 0x7F
            status = signal == 0 ? (raw >> 8) & 0xFF : 128 + signal
            return true
        }
    }

    /// Ends it and what it started, by force where asking does not help.
    mutating func end() {
        kill(-process, SIGTERM)
        let begin = ContinuousClock.now
        while !hasEnded, ContinuousClock.now - begin < Self.patience { usleep(1000) }
        kill(-process, SIGKILL)
        while !hasEnded { usleep(1000) }
    }
}
