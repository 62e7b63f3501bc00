import FettleTestSupport
import Foundation
import Testing

/// What is there after `kill -9`: a usable terminal, all that was acknowledged, and jobs that go on.
struct KillTests {
    private static let format = #"format prompt="{{text}} ->" completion=" {{label}}""#
    private static let tune = "tune ngram on many n_epochs=1000 seed=4 as long --no-check"
    private static let offer = "bring its datasets and formats back? [y/N]"
    private static let interrupted =
        "job 1 was interrupted; 'resume 1' goes on from its checkpoint; 'cancel 1' ends it\n"

    /// A folder with rows enough to train on for some seconds.
    private static func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let words = ["good", "poor", "fair", "odd", "fine", "dull", "warm", "cold"]
        var text = "text,label\n"
        for row in 0..<4000 {
            let line = (0..<12).map { words[(row * 7 + $0 * $0 * 5 + row / 8) % 8] }
            text += line.joined(separator: " ") + " \(row),\(row % 5)\n"
        }
        try folder.write(text, to: "many.csv")
        try folder.write("a\n1\n2\n", to: "few.csv")
        return folder
    }

    /// Returns when there is a checkpoint to go on from.
    private static func waitForCheckpoint(_ folder: TemporaryFolder) async throws {
        let path = folder.path + "/.fettle/jobs"
        func isThere() -> Bool {
            (FileManager.default.subpaths(atPath: path) ?? []).contains {
                $0.hasSuffix("/checkpoint")
            }
        }
        for _ in 0..<6000 where !isThere() { try await Task.sleep(for: .milliseconds(5)) }
        try #require(isThere(), "no checkpoint came")
    }

    private static func offered(_ folder: TemporaryFolder) async throws -> Prompt {
        let prompt = try Prompt(folder)
        try await prompt.terminal.wait(for: "the offer") { $0.currentLine == offer }
        return prompt
    }

    @Test func killWhileTypingLeavesTheTerminalToTheShellAboveAndLosesThatLineAlone() async throws {
        let folder = try Self.folder()
        let terminal = try PseudoTerminal(
            program: "/bin/bash",
            arguments: ["--norc", "--noprofile", "-i"],
            environment: [
                "HOME": folder.path, "NO_COLOR": "1", "PS1": "shell$ ", "PS2": "",
                "XDG_STATE_HOME": folder.path + "/state", "HISTFILE": "",
            ],
            columns: 100,
            rows: 40
        )
        try await terminal.wait(for: "the shell") { $0.currentLine == "shell$" }
        try terminal.send("cd '\(folder.path)'; clear\r")
        let start = "sh -c 'echo $$ > pid; exec \(FettleProgram.path)'\r"
        try terminal.send(start)
        try await terminal.wait(for: "the prompt") { $0.currentLine == "fettle>" }
        try terminal.send("load many.csv\r")
        try await terminal.wait(for: "the dataset") { $0.currentLine == "fettle many[4k]>" }
        try terminal.send("where label < 3")
        try await terminal.wait(for: "the line") { $0.currentLine.hasSuffix("> where label < 3") }
        let process = try #require(
            Int32(folder.text("pid").trimmingCharacters(in: .whitespacesAndNewlines))
        )
        kill(process, SIGKILL)
        try await terminal.wait(for: "the shell again") {
            $0.text.contains("Killed") && $0.currentLine.hasSuffix("shell$")
        }
        try terminal.send("stty -a > modes; echo $((40 + 2)) shown\r")
        try await terminal.wait(for: "an answer") { screen in
            screen.text.contains("shell$ stty -a > modes; echo $((40 + 2)) shown\n42 shown\n")
                && screen.currentLine == "shell$"
        }
        let modes = try folder.text("modes").split { " ;\n".contains($0) }
        for mode in ["icanon", "echo", "isig", "icrnl", "opost", "onlcr"] {
            #expect(modes.contains(Substring(mode)), "\(modes)")
        }
        try terminal.send(start)
        try await terminal.wait(for: "the offer") { $0.currentLine == Self.offer }
        #expect(
            terminal.screen.text.contains(
                "the last session here ended without 'quit' after 1 command\n"
            )
        )
        try terminal.send("y\r")
        try await terminal.wait(for: "the dataset") { $0.currentLine == "fettle many[4k]>" }
        try terminal.send("quit\r")
        try await terminal.wait(for: "the shell at last") { $0.currentLine == "shell$" }
        let history = try await FettleProgram.run(["-c", "history"], in: folder)
        #expect(history.output.contains("load many.csv"))
        #expect(!history.output.contains("where label"))
        try terminal.send("exit\r")
        #expect(try await terminal.waitForExit() == 0)
    }

    @Test func killWhileAJobTrainsLeavesTheSessionAndTheJobToGoOn() async throws {
        let folder = try Self.folder()
        var prompt = try Prompt(folder)
        try await prompt.wait(for: "Ctrl-D leaves")
        try await prompt.run("load many.csv", until: "many: 4,000 rows")
        try await prompt.run(Self.format, until: "format of many")
        try await prompt.run(Self.tune + " &", until: "job 1 trains in the background")
        try await Self.waitForCheckpoint(folder)
        try await prompt.kill()
        prompt = try await Self.offered(folder)
        #expect(
            prompt.terminal.screen.text.hasSuffix(
                Self.interrupted
                    + "the last session here ended without 'quit' after 3 commands\n\(Self.offer)"
            ),
            "\(prompt.terminal.screen.text)"
        )
        try prompt.terminal.send("y\r")
        try await prompt.wait(for: "format of many")
        #expect(prompt.terminal.screen.currentLine == "fettle many[4k]>")
        try await prompt.run("resume 1", until: "long: ngram:ft-personal-")
        try await prompt.run("jobs", until: "\n1  succeeded  ngram  many      long\n")
        try await prompt.quit()
    }

    @Test func killWhileAScriptRunsAtThePromptLeavesTheSessionAsBeforeTheScript() async throws {
        let folder = try Self.folder()
        try folder.write("load many.csv\n\(Self.format)\n\(Self.tune)\n", to: "a.fettle")
        var prompt = try Prompt(folder)
        try await prompt.wait(for: "Ctrl-D leaves")
        try await prompt.run("load few.csv", until: "few: 2 rows")
        try prompt.terminal.send("run a.fettle\r")
        try await Self.waitForCheckpoint(folder)
        try await prompt.kill()
        prompt = try await Self.offered(folder)
        #expect(
            prompt.terminal.screen.text.hasSuffix(
                Self.interrupted
                    + "the last session here ended without 'quit' after 1 command\n\(Self.offer)"
            ),
            "\(prompt.terminal.screen.text)"
        )
        try prompt.terminal.send("y\r")
        try await prompt.wait(for: "few: 2 rows")
        #expect(prompt.terminal.screen.currentLine == "fettle few[2]>")
        try await prompt.run("history", until: "running  run a.fettle\n")
        try await prompt.run("resume", until: "long: ngram:ft-personal-")
        try await prompt.quit()
    }

    @Test func killedScriptGoesOnAfterWhatItHadDone() async throws {
        let folder = try Self.folder()
        try folder.write(
            "load many.csv\n\(Self.format)\n!echo ran >> ran.txt\n\(Self.tune)\nmodels\n",
            to: "a.fettle"
        )
        let running = try FettleProgram.start(["run", "a.fettle"], in: folder)
        try await Self.waitForCheckpoint(folder)
        kill(running.process.processIdentifier, SIGKILL)
        #expect(try await FettleProgram.finish(running, in: folder).status == 128 + SIGKILL)
        let prompt = try Prompt(folder)
        try await prompt.wait(for: Self.interrupted)
        #expect(!prompt.terminal.screen.text.contains("bring its"))
        try await prompt.run("resume 1", until: "long: ngram:ft-personal-")
        try await prompt.quit()
        let result = try await FettleProgram.run(["run", "--resume", "a.fettle"], in: folder)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.hasPrefix("going on with line 4\n"), "\(result.errors)")
        #expect(result.output.hasPrefix("many: 4,000 rows"), "\(result.output)")
        #expect(try folder.text("ran.txt") == "ran\n")
    }
}
