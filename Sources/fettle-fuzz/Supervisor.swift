import ArgumentParser
import CTerminal
import FettleFuzz
import Foundation

/// Starts a process for each target, and tells of findings, crashes and inputs that take too long.
struct Supervisor {
    private let options: FuzzCommand

    init(_ options: FuzzCommand) {
        self.options = options
    }

    func run() throws {
        // Memory instead of a disk, where there is one: files are written by the hundred thousand.
        let shared = FileManager.default.isWritableFile(atPath: "/dev/shm")
        let folder = (shared ? "/dev/shm/" : NSTemporaryDirectory()) + "fettle-fuzz-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var failures = 0
        let names = options.targets.isEmpty ? FuzzTargets.names : options.targets
        for name in names where try !run(name, "\(folder)/\(name)") { failures += 1 }
        if failures > 0 { throw ExitCode(1) }
    }

    /// Runs a target; returns whether all was well.
    private func run(_ name: String, _ folder: String) throws -> Bool {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let note = try Note(path: folder + "/note")
        let arguments =
            [
                program, name, "--worker", folder, "--count", "\(options.count)",
                "--seed", "\(options.seed)", "--root", options.root,
            ] + (options.input.map { ["--input", $0] } ?? [])
        let start = ContinuousClock.now
        let (status, hangs) = try wait(for: arguments, said: folder + "/said", note)
        guard status != 0 else {
            let seconds = Double((ContinuousClock.now - start) / .milliseconds(100)).rounded() / 10
            print(
                "\(name): \(options.count) inputs from seed \(options.seed), "
                    + "\(note.good) well-formed, no finding, \(seconds) s"
            )
            return true
        }
        let text = (try? String(contentsOfFile: folder + "/said", encoding: .utf8)) ?? ""
        let what =
            hangs
            ? "took longer than \(options.limit) s"
            : status > 128 ? "crashed with signal \(status - 128)" : "finding"
        try tell(name, folder, number: note.current, "\(what)\n\(text.prefix(4000))")
        return false
    }

    /// Runs a worker to its end, or kills it when one case takes too long; returns its status.
    private func wait(
        for arguments: [String],
        said: String,
        _ note: Note
    ) throws -> (status: Int32, hangs: Bool) {
        let output = open(said, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(output) }
        var argv = arguments.map { strdup($0) } + [nil]
        defer { argv.forEach { free($0) } }
        let process = fettle_spawn(&argv, -1, output)
        guard process > 0 else { throw FuzzFinding("'\(program)' could not be started") }
        var last = (number: -1, since: ContinuousClock.now)
        var hangs = false
        while true {
            let status = fettle_poll_child(process)
            if status != -2 { return (status, hangs) }
            usleep(20_000)
            let number = note.current
            if number != last.number {
                last = (number, .now)
            } else if .now - last.since > .seconds(options.limit), !hangs {
                hangs = true
                kill(process, SIGKILL)
            }
        }
    }

    private var program: String {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path
    }

    private func tell(_ name: String, _ folder: String, number: Int, _ what: String) throws {
        let seed = options.seed &+ UInt64(number)
        let file = "\(options.failures)/fuzz-\(name)-\(seed).input"
        if options.input == nil, let target = try options.target(name, in: folder) {
            try FileManager.default.createDirectory(
                atPath: options.failures,
                withIntermediateDirectories: true
            )
            try Data(FuzzCase(target, seed: seed).input).write(to: URL(filePath: file))
        }
        print(
            """
            \(name): case \(number) \(what)
              input: \(options.input ?? file)
              again: fettle-fuzz \(name) --seed \(seed) --count 1
            """
        )
    }
}
