import FettleTestSupport
import Glibc
import Testing

struct InterruptTests {
    @Test func controlCClearsTheLine() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("数据" + Key.left + Key.control("C"))
        try await terminal.wait(forText: "> 数据^C\ninterrupted\n>", cursorColumn: 2)
        try terminal.send("ok" + Key.enter)
        try await terminal.wait(for: "a line after it") { $0.text.hasSuffix("line: ok\n>") }
    }

    @Test func controlDOnAnEmptyLineEndsTheProgram() async throws {
        let terminal = try await PseudoTerminal.probe()
        #expect(!terminal.isCanonical)
        try terminal.send(Key.control("D"))
        #expect(try await terminal.waitForExit() == 0)
        #expect(terminal.screen.text == ">\nend")
        #expect(terminal.isCanonical && terminal.isEchoing)
        #expect(!terminal.screen.isPasteBracketed)
    }

    @Test func controlDInALineDeletes() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("abc" + Key.home + Key.control("D"))
        try await terminal.wait(forText: "> bc", cursorColumn: 2)
    }

    @Test func interruptFromOutsideClearsTheLine() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("abc")
        try await terminal.wait(forText: "> abc", cursorColumn: 5)
        kill(terminal.process, SIGINT)
        try await terminal.wait(forText: "> abc^C\ninterrupted\n>", cursorColumn: 2)
    }

    @Test(arguments: [SIGTERM, SIGHUP])
    func terminationRestoresTheTerminal(signal: Int32) async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("abc")
        try await terminal.wait(forText: "> abc", cursorColumn: 5)
        kill(terminal.process, signal)
        #expect(try await terminal.waitForExit() == 128 + signal)
        #expect(terminal.screen.text == "> abc\nterminated \(signal)")
        #expect(terminal.isCanonical && terminal.isEchoing)
        #expect(!terminal.screen.isPasteBracketed)
    }

    @Test(arguments: [SIGSEGV, SIGABRT, SIGQUIT])
    func crashRestoresTheTerminal(signal: Int32) async throws {
        let terminal = try await PseudoTerminal.probe(
            environment: ["SWIFT_BACKTRACE": "enable=no"]
        )
        kill(terminal.process, signal)
        #expect(try await terminal.waitForExit() == 128 + signal)
        #expect(terminal.isCanonical && terminal.isEchoing)
        #expect(!terminal.screen.isPasteBracketed)
    }

    @Test func controlCCancelsACommandAndNotTheProgram() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("busy" + Key.enter)
        try await terminal.wait(forText: "> busy\nbusy…", cursorColumn: 0)
        try terminal.send(Key.control("C"))
        try await terminal.wait(forText: "> busy\nbusy…\ncancelled\n>", cursorColumn: 2)
    }

    @Test func controlCReachesAChildThatReadsTheTerminal() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("!cat" + Key.enter)
        try await terminal.wait(for: "the terminal's own modes") { _ in terminal.isCanonical }
        try terminal.send("数 echo" + Key.enter)
        try await terminal.wait(forText: "> !cat\n数 echo\n数 echo", cursorColumn: 0)
        try terminal.send(Key.control("C"))
        try await terminal.wait(forText: "> !cat\n数 echo\n数 echo\n^Cstatus 130\n>")
    }

    @Test func stoppedCommandGoesOn() async throws {
        let terminal = try await outerShell()
        try terminal.send("busy" + Key.enter)
        try await terminal.wait(for: "the command") { $0.text.hasSuffix("busy…") }
        try terminal.send(Key.control("Z"))
        try await terminal.wait(for: "the outer shell") { $0.currentLine == "sh$" }
        #expect(terminal.isCanonical && terminal.isEchoing)
        try terminal.send("fg" + Key.enter)
        try await terminal.wait(for: "the busy modes") { _ in
            !terminal.isCanonical && !terminal.isEchoing
        }
        try terminal.send(Key.control("C"))
        try await terminal.wait(for: "the prompt") { $0.text.hasSuffix("cancelled\n>") }
    }

    /// Starts the probe as a job of an interactive shell.
    private func outerShell() async throws -> PseudoTerminal {
        let probe = PseudoTerminal.builtProgram(named: "line-editor-probe")
        let terminal = try PseudoTerminal(
            program: "/bin/sh",
            arguments: ["-i"],
            environment: ["PS1": "sh$ ", "PROBE": probe]
        )
        try await terminal.wait(forText: "sh$", cursorColumn: 4)
        try terminal.send("\"$PROBE\"" + Key.enter)
        try await terminal.wait(for: "the prompt") { $0.currentLine == ">" }
        return terminal
    }

    @Test func stoppedProgramComesBackWithItsLine() async throws {
        let terminal = try await outerShell()
        try terminal.send("数据" + Key.left)
        try await terminal.wait(for: "the line") {
            $0.currentLine == "> 数据" && $0.cursorColumn == 4
        }
        try terminal.send(Key.control("Z"))
        try await terminal.wait(for: "the outer shell") { $0.currentLine == "sh$" }
        #expect(!terminal.screen.isPasteBracketed)
        try terminal.send("fg" + Key.enter)
        try await terminal.wait(for: "the line again") {
            $0.currentLine == "> 数据" && $0.cursorColumn == 4 && $0.isPasteBracketed
        }
        try terminal.send("x" + Key.enter)
        try await terminal.wait(for: "the line submitted") {
            $0.text.hasSuffix("line: 数x据\n>")
        }
        let prompts = terminal.screen.lines.filter { $0.hasPrefix("> ") }
        #expect(prompts == ["> 数据", "> 数x据"])
    }
}
