import FettleTestSupport
import Foundation
import Testing

/// What is left when the program is killed, and how it goes on.
struct SurvivalTests {
    private static let format = #"format prompt="{{text}} ->" completion=" {{label}}""#

    /// A folder with rows enough to train on for some seconds, once over.
    private static func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let words = ["good", "poor", "fair", "odd", "fine", "dull", "warm", "cold"]
        var text = "text,label\n"
        for row in 0..<4000 {
            let line = (0..<12).map { words[(row * 7 + $0 * $0 * 5 + row / 8) % 8] }
            text += line.joined(separator: " ") + " \(row),\(row % 5)\n"
        }
        try folder.write(text, to: "many.csv")
        return folder
    }

    private static func models(_ folder: TemporaryFolder) -> [Data] {
        let path = folder.path + "/.fettle/models"
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
            .compactMap { FileManager.default.contents(atPath: path + "/" + $0) }
    }

    private static func hasCheckpoint(_ folder: TemporaryFolder) -> Bool {
        let path = folder.path + "/.fettle/jobs"
        return (FileManager.default.subpaths(atPath: path) ?? []).contains {
            $0.hasSuffix("/checkpoint")
        }
    }

    @Test func killedTrainingGoesOnToTheSameBytes() async throws {
        let folder = try Self.folder()
        let tune = "tune ngram on many n_epochs=1000 seed=4 as long --no-check"
        try folder.write("load many.csv\n\(Self.format)\n\(tune)\n", to: "a.fettle")
        let running = try FettleProgram.start(["a.fettle"], in: folder)
        while running.process.isRunning, !Self.hasCheckpoint(folder) {
            try await Task.sleep(for: .milliseconds(5))
        }
        kill(running.process.processIdentifier, SIGKILL)
        let killed = try await FettleProgram.finish(running, in: folder)
        #expect(killed.status == 128 + SIGKILL)
        #expect(Self.models(folder).isEmpty)
        var result = try await FettleProgram.run(["-c", "jobs"], in: folder)
        #expect(result.output.contains("\n1  interrupted  ngram  many      long\n"), "\(result)")
        result = try await FettleProgram.run(["-c", "resume long", "-c", "events"], in: folder)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("Process lost"), "\(result.output)")
        let other = try Self.folder()
        try other.write("load many.csv\n\(Self.format)\n\(tune)\n", to: "a.fettle")
        result = try await FettleProgram.run(["a.fettle"], in: other)
        #expect(result.status == 0, "\(result.errors)")
        let models = [Self.models(folder), Self.models(other)]
        #expect(models[0].count == 1 && models[1].count == 1)
        #expect(models[0] == models[1])
        #expect(!Self.hasCheckpoint(folder))
    }

    @Test(arguments: ["y", "n"])
    func unfinishedSessionIsOffered(answer: String) async throws {
        let folder = try Self.folder()
        var prompt = try Prompt(folder)
        try await prompt.wait(for: "Ctrl-D leaves")
        try await prompt.run("load many.csv", until: "many: 4,000 rows")
        try await prompt.run("where label < 3", until: "many: 2,400 of 4,000 rows")
        try await prompt.run(Self.format, until: "format of many")
        try await prompt.run("tune ngram n_epochs=1 as once --no-check", until: "examples")
        try await prompt.kill()
        prompt = try Prompt(folder)
        try await prompt.terminal.wait(for: "the offer") {
            $0.currentLine == "bring its datasets and formats back? [y/N]"
        }
        #expect(
            prompt.terminal.screen.text.contains(
                "the last session here ended without 'quit' after 4 commands"
            )
        )
        try prompt.terminal.send(answer + "\r")
        if answer == "y" {
            try await prompt.wait(for: "format of many")
            #expect(prompt.terminal.screen.currentLine == "fettle many[2.4k]>")
            try await prompt.run("preview 1", until: "->\", \"completion\"")
            // What was tuned before the end is in the script, though it was not tuned again.
            try await prompt.run("session save whole.fettle", until: "wrote 5 commands")
            #expect(
                try folder.text("whole.fettle")
                    == "load many.csv\nwhere label < 3\n\(Self.format)\n"
                    + "tune ngram n_epochs=1 as once --no-check\npreview 1\n"
            )
        } else {
            try await prompt.terminal.wait(for: "an empty prompt") { $0.currentLine == "fettle>" }
        }
        try await prompt.run("jobs", until: "succeeded")
        #expect(!prompt.terminal.screen.text.contains("2  succeeded"))
        try await prompt.quit()
        prompt = try Prompt(folder)
        try await prompt.wait(for: "Ctrl-D leaves")
        #expect(!prompt.terminal.screen.text.contains("bring"))
        try await prompt.quit()
    }

    /// Starts the prompt in a folder whose last session was killed after these lines, each of which shows
    /// the text beside it.
    private static func killed(
        _ folder: TemporaryFolder,
        _ lines: [(line: String, shows: String)]
    ) async throws {
        let prompt = try Prompt(folder)
        try await prompt.wait(for: "Ctrl-D leaves")
        for (line, shows) in lines { try await prompt.run(line, until: shows) }
        try await prompt.kill()
    }

    private static func offered(_ folder: TemporaryFolder) async throws -> Prompt {
        let prompt = try Prompt(folder)
        try await prompt.terminal.wait(for: "the offer") {
            $0.currentLine == "bring its datasets and formats back? [y/N]"
        }
        return prompt
    }

    private static let load = ("load many.csv", "many: 4,000 rows")

    @Test(arguments: [false, true])
    func aFileWithOtherBytesIsNamedWhenItComesBack(changes: Bool) async throws {
        let folder = try Self.folder()
        try await Self.killed(folder, [Self.load, (Self.format, "format of many")])
        if changes { try folder.write(folder.text("many.csv") + "more,1\n", to: "many.csv") }
        let prompt = try await Self.offered(folder)
        try prompt.terminal.send("y\r")
        try await prompt.wait(for: "format of many")
        #expect(
            prompt.terminal.screen.text.contains(
                "warning: 'many.csv' has other bytes than when the session loaded it"
            ) == changes
        )
        try await prompt.quit()
    }

    @Test func whatAScriptLoadedComesBackAndIsOfferedAgainUntilTheSessionEnds() async throws {
        let folder = try Self.folder()
        try folder.write(
            "load many.csv\nwhere label < 3\n\(Self.format)\nlet a = 5\n!echo ran >> ran.txt\n",
            to: "a.fettle"
        )
        try await Self.killed(folder, [("run a.fettle", "format of many")])
        try folder.write("load nothing\n", to: "a.fettle")
        var prompt = try await Self.offered(folder)
        try prompt.terminal.send("yes\r")
        try await prompt.wait(for: "format of many")
        #expect(prompt.terminal.screen.currentLine == "fettle many[2.4k]>")
        try await prompt.run("sample $a", until: "many: 5 of 2,400 rows")
        try await prompt.kill()
        prompt = try await Self.offered(folder)
        try prompt.terminal.send("y\r")
        try await prompt.wait(for: "many: 5 of 2,400 rows")
        try await prompt.run("history", until: "sample $a")
        #expect(prompt.terminal.screen.text.contains("1    run a.fettle\n"))
        #expect(!prompt.terminal.screen.text.contains("    where label < 3\n"))
        try await prompt.run("session save b.fettle", until: "wrote 2 commands to b.fettle")
        try await prompt.quit()
        #expect(
            try folder.text("b.fettle")
                == "run a.fettle\nsample $a\n"
        )
        #expect(try folder.text("ran.txt") == "ran\n")
        prompt = try Prompt(folder)
        try await prompt.wait(for: "Ctrl-D leaves")
        #expect(!prompt.terminal.screen.text.contains("bring"))
        try await prompt.quit()
    }

    @Test func olderSessionsAreNotOfferedAfterTheLatestWasAnswered() async throws {
        let folder = try Self.folder()
        try await Self.killed(folder, [Self.load, ("sample 7", "many: 7 of 4,000 rows")])
        var prompt = try await Self.offered(folder)
        try prompt.terminal.send("\u{3}")
        try await prompt.wait(for: "it is offered again at the next start")
        try await prompt.run(Self.load.0, until: Self.load.1)
        try await prompt.run("sample 9", until: "many: 9 of 4,000 rows")
        try await prompt.kill()
        prompt = try await Self.offered(folder)
        #expect(
            prompt.terminal.screen.text.contains(
                "1 session before it ended so too; 'history' has their commands\n"
            )
        )
        try prompt.terminal.send("what?\r")
        try await prompt.terminal.wait(for: "the offer again") {
            $0.text.contains("y or n; Ctrl-C asks again at the next start\nbring its datasets")
        }
        try prompt.terminal.send("\r")
        try await prompt.wait(for: "it is not offered again; 'history' has its commands")
        #expect(prompt.terminal.screen.currentLine == "fettle>")
        try await prompt.quit()
        prompt = try Prompt(folder)
        try await prompt.wait(for: "Ctrl-D leaves")
        #expect(!prompt.terminal.screen.text.contains("bring"))
        try await prompt.run("history", until: "sample 9")
        #expect(prompt.terminal.screen.text.contains("sample 7"))
        try await prompt.quit()
    }

    @Test func sessionOfALivingProcessIsNeitherOfferedNorEnded() async throws {
        let folder = try Self.folder()
        let living = try Prompt(folder)
        try await living.wait(for: "Ctrl-D leaves")
        try await living.run(Self.load.0, until: Self.load.1)
        let other = try Prompt(folder)
        try await other.wait(for: "Ctrl-D leaves")
        #expect(!other.terminal.screen.text.contains("bring"))
        try await other.quit()
        try await living.kill()
        let script = try await FettleProgram.run(["-c", "models"], in: folder)
        #expect(!script.output.contains("without 'quit'"))
        let prompt = try await Self.offered(folder)
        try prompt.terminal.send("\u{4}")
        #expect(try await prompt.terminal.waitForExit() == 0)
        let again = try await Self.offered(folder)
        try again.terminal.send("y\r")
        try await again.wait(for: Self.load.1)
        try await again.quit()
    }

    @Test func fileThatIsGoneIsSaidAndTheRestGoesOn() async throws {
        let folder = try Self.folder()
        try folder.write("a\n1\n2\n", to: "few.csv")
        try folder.write("b\n1\n", to: "more.csv")
        try await Self.killed(
            folder,
            [
                ("load few.csv", "few: 2 rows"), ("load more.csv", "more: 1 row"),
                ("shuffle seed=1", "more: 1 row, version 2"), ("let size = 3", "more[1]>"),
                ("use few", "few: 2 rows"), ("where a == 1", "few: 1 of 2 rows"),
            ]
        )
        try FileManager.default.removeItem(atPath: folder.path + "/more.csv")
        let prompt = try await Self.offered(folder)
        try prompt.terminal.send("y\r")
        try await prompt.wait(for: "2 commands of 6 could not be repeated")
        let screen = prompt.terminal.screen.text
        #expect(screen.contains("error[no-such-file]: no file 'more.csv'\n"), "\(screen)")
        #expect(screen.contains("not repeated, what it builds on is gone: shuffle seed=1\n"))
        #expect(prompt.terminal.screen.currentLine == "fettle few[1]>")
        try await prompt.run("sample $size", until: "cannot draw 3 of 1 row")
        try await prompt.quit()
    }

    @Test func endOfABackgroundJobIsToldAboveAHalfTypedLine() async throws {
        let folder = try Self.folder()
        let prompt = try Prompt(folder, options: "--ephemeral")
        try await prompt.wait(for: "Ctrl-D leaves")
        try await prompt.run("load many.csv", until: "4,000 rows")
        try await prompt.run(Self.format, until: "format of many")
        try await prompt.run(
            "tune ngram n_epochs=100 as soon --no-check &",
            until: "in the background"
        )
        try prompt.terminal.send("rows 1 | sel")
        try await prompt.terminal.wait(for: "the notice") { screen in
            screen.text.contains("job 1 succeeded: soon\n")
                && screen.currentLine == "fettle many[4k]> rows 1 | sel"
        }
        try prompt.terminal.send("ect label\r")
        try await prompt.wait(for: "\n1      0\n")
        try await prompt.quit()
    }

    @Test func leavingWarnsOfAJobFirst() async throws {
        let folder = try Self.folder()
        let prompt = try Prompt(folder)
        try await prompt.wait(for: "Ctrl-D leaves")
        try await prompt.run("load many.csv", until: "4,000 rows")
        try await prompt.run(Self.format, until: "format of many")
        try await prompt.run(
            "tune ngram n_epochs=1000 as long --no-check &",
            until: "in the background"
        )
        try prompt.terminal.send("\u{4}")
        try await prompt.wait(for: "job 1 still running; 'quit' or Ctrl-D again stops and leaves")
        try prompt.terminal.send("\u{4}")
        #expect(try await prompt.terminal.waitForExit() == 0)
        let result = try await FettleProgram.run(["-c", "jobs"], in: folder)
        #expect(result.output.contains("\n1  interrupted  ngram  many      long\n"), "\(result)")
    }
}
