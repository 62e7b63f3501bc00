import CTerminal
import Glibc

/// A program running on a pseudo-terminal of its own, for tests that type and look at the screen.
///
/// Waiting means reading until the screen shows what is expected, so a slow machine makes a test
/// slow, not wrong. The program is killed when the object goes away.
public final class PseudoTerminal {
    /// Why a wait ended without what it waited for.
    public struct Failure: Error, CustomStringConvertible {
        /// What was waited for, and the screen as it was.
        public let description: String
    }

    /// What the terminal shows.
    public private(set) var screen: ScreenModel

    /// Everything the program wrote.
    public private(set) var output: [UInt8] = []

    /// The program's process id.
    public let process: Int32

    private let master: Int32
    private var status: Int32?

    /// Starts a program; `environment` is added to PATH and TERM=xterm-256color, and no pager waits for keys.
    public init(
        program: String,
        arguments: [String] = [],
        environment: [String: String] = [:],
        columns: Int = 80,
        rows: Int = 24,
        joinsEmoji: Bool = false
    ) throws {
        let variables = [
            "PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LANG": "C.UTF-8",
            "FETTLE_PAGER": "off",
        ].merging(environment) { $1 }
        let path = strdup(program)
        defer { free(path) }
        var argv = ([program] + arguments).map { strdup($0) } + [nil]
        var envp = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var master: Int32 = -1
        process = fettle_pty_spawn(path, &argv, &envp, Int32(columns), Int32(rows), &master)
        guard process > 0 else {
            throw Failure(description: "cannot start \(program): error \(errno)")
        }
        self.master = master
        screen = ScreenModel(columns: columns, rows: rows, joinsEmoji: joinsEmoji)
    }

    deinit {
        if status == nil {
            kill(process, SIGKILL)
            _ = fettle_wait_child(process)
        }
        close(master)
    }

    /// Whether the terminal gathers whole lines for the program, as before any editor ran.
    public var isCanonical: Bool { hasLocalFlag(ICANON) }

    /// Whether the terminal echoes keys itself.
    public var isEchoing: Bool { hasLocalFlag(ECHO) }

    private func hasLocalFlag(_ flag: Int32) -> Bool {
        var modes = termios()
        return tcgetattr(master, &modes) == 0 && modes.c_lflag & tcflag_t(flag) != 0
    }

    /// Returns the path of an executable that the package builds beside the tests.
    public static func builtProgram(named name: String) -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        return "/\(folder)/\(name)"
    }

    /// Types keys, reading what the program writes where it cannot take more.
    public func send(_ keys: String) throws {
        var rest = Array(keys.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN || errno == EINTR {
                pump(milliseconds: 10)
            } else {
                throw Failure(description: "cannot type: error \(errno)\n\(screen.text)")
            }
        }
    }

    /// Changes the size of the window, once what is being drawn for the old size is on the screen.
    public func resize(columns: Int, rows: Int) {
        settle()
        screen.resize(columns: columns, rows: rows)
        fettle_pty_resize(master, Int32(columns), Int32(rows))
    }

    /// Reads until the screen is as expected.
    ///
    /// - Throws: ``Failure`` with the screen where that does not come in time.
    public func wait(
        for expectation: String,
        timeout: Duration = .seconds(30),
        until isMet: (ScreenModel) -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + timeout
        while !isMet(screen) {
            guard ContinuousClock.now < deadline else {
                let cursor = "cursor at \(screen.cursorRow),\(screen.cursorColumn)"
                throw Failure(
                    description: "never saw \(expectation); \(cursor) of\n\(screen.text)"
                )
            }
            pump(milliseconds: 20)
            await Task.yield()
        }
    }

    /// Reads until the screen's text is as expected and the cursor stands at a column of its row.
    public func wait(forText text: String, cursorColumn: Int? = nil) async throws {
        let place = cursorColumn.map { " with the cursor at column \($0)" } ?? ""
        try await wait(for: "this\(place):\n\(text)\nbut") { screen in
            screen.text == text && (cursorColumn.map { $0 == screen.cursorColumn } ?? true)
        }
    }

    /// Reads until the program has ended and returns its status, 128 + N after signal N.
    public func waitForExit(timeout: Duration = .seconds(30)) async throws -> Int32 {
        let deadline = ContinuousClock.now + timeout
        while status == nil {
            pump(milliseconds: 20)
            let polled = fettle_poll_child(process)
            if polled != -2 { status = polled }
            guard ContinuousClock.now < deadline else {
                throw Failure(description: "the program did not end; it shows\n\(screen.text)")
            }
            await Task.yield()
        }
        while pump(milliseconds: 0) {}
        return status ?? -1
    }

    /// Reads until all threads of the program sleep and write nothing more, or ten seconds are over.
    private func settle() {
        let deadline = ContinuousClock.now + .seconds(10)
        var quietRounds = 0
        while quietRounds < 3, ContinuousClock.now < deadline {
            let wrote = pump(milliseconds: 5)
            quietRounds = wrote || !isAsleep ? 0 : quietRounds + 1
        }
    }

    private var isAsleep: Bool {
        guard let tasks = opendir("/proc/\(process)/task") else { return true }
        defer { closedir(tasks) }
        while let entry = readdir(tasks) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard !name.hasPrefix("."),
                let file = fopen("/proc/\(process)/task/\(name)/stat", "r")
            else { continue }
            defer { fclose(file) }
            var line = [CChar](repeating: 0, count: 512)
            guard fgets(&line, Int32(line.count), file) != nil else { continue }
            let text = String(decoding: line.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            // The state follows the name, which is in brackets.
            if text.split(separator: ") ").dropFirst().first?.first == "R" { return false }
        }
        return true
    }

    /// Reads what there is, waiting so long for it, and returns whether there was anything.
    @discardableResult
    private func pump(milliseconds: Int32) -> Bool {
        guard fettle_wait_readable(master, -1, milliseconds) > 0 else { return false }
        var block = [UInt8](repeating: 0, count: 65536)
        let count = read(master, &block, block.count)
        guard count > 0 else {
            // Hung up: do not spin until the exit status comes.
            if count < 0, errno == EIO { usleep(1000) }
            return false
        }
        output += block.prefix(count)
        screen.feed(block.prefix(count))
        return true
    }
}
