import FettleTestSupport
import Foundation
import Testing

/// Jobs whose process is stopped, and jobs of other processes.
struct JobLifeTests {
    private static let format = #"format prompt="{{text}} ->" completion=" {{label}}""#

    /// A folder with rows enough to train on for as long as wanted.
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

    /// Starts a script that trains, and returns when there is a checkpoint or the script has ended.
    private static func startTraining(
        _ folder: TemporaryFolder,
        epochs: Int,
        blocks: Int? = nil
    ) async throws -> FettleProgram.Running {
        let tune = "tune ngram on many n_epochs=\(epochs) seed=4 as long --no-check"
        try folder.write("load many.csv\n\(format)\n\(tune)\n", to: "a.fettle")
        let running = try FettleProgram.start(["a.fettle"], in: folder, blocks: blocks)
        while running.process.isRunning,
            !Self.jobFiles(folder).contains(where: { $0.hasSuffix("/checkpoint") })
        {
            try await Task.sleep(for: .milliseconds(5))
        }
        return running
    }

    private static func models(_ folder: TemporaryFolder) -> [Data] {
        let path = folder.path + "/.fettle/models"
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
            .compactMap { FileManager.default.contents(atPath: path + "/" + $0) }
    }

    private static func jobFiles(_ folder: TemporaryFolder) -> [String] {
        FileManager.default.subpaths(atPath: folder.path + "/.fettle/jobs") ?? []
    }

    @Test(arguments: [(SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
    func aSignalLeavesAJobThatGoesOnToTheSameBytes(signal: Int32, status: Int32) async throws {
        let folder = try Self.folder()
        let running = try await Self.startTraining(folder, epochs: 1000)
        kill(running.process.processIdentifier, signal)
        var result = try await FettleProgram.finish(running, in: folder)
        #expect(result.status == status)
        #expect(
            result.errors.hasSuffix(
                "job 1 was interrupted; 'resume 1' goes on from its checkpoint\n"
            ),
            "\(result.errors)"
        )
        result = try await FettleProgram.run(["-c", "jobs", "-c", "resume"], in: folder)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("\n1  interrupted  ngram  many      long\n"), "\(result)")
        let other = try Self.folder()
        result = try await FettleProgram.finish(
            Self.startTraining(other, epochs: 1000),
            in: other
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(Self.models(folder).count == 1)
        #expect(Self.models(folder) == Self.models(other))
        #expect(Self.jobFiles(folder).isEmpty)
    }

    @Test func anotherProcessCancelsAJob() async throws {
        let folder = try Self.folder()
        let running = try await Self.startTraining(folder, epochs: 1000)
        let began = ContinuousClock.now
        let cancelled = "job 1 cancelled; 'resume 1' goes on from its checkpoint"
        var result = try await FettleProgram.run(["-c", "cancel"], in: folder)
        #expect(result.output == cancelled + "\n", "\(result.errors)")
        #expect(ContinuousClock.now - began < .seconds(9))
        result = try await FettleProgram.finish(running, in: folder)
        #expect(result.status == 1)
        #expect(
            result.errors.contains("error[job-cancelled]: \(cancelled)\n"),
            "\(result.errors)"
        )
        #expect(result.errors.hasSuffix("  hint: it was cancelled in another shell\n"))
        result = try await FettleProgram.run(["-c", "wait", "-c", "wait 1"], in: folder)
        #expect(result.output == "nothing is running\n\(cancelled)\n")
        result = try await FettleProgram.run(["-c", "jobs clean", "-c", "resume"], in: folder)
        #expect(result.status == 1)
        #expect(
            result.errors.hasSuffix(
                "  hint: start it anew: tune ngram on many n_epochs=1000 seed=4 as long\n"
            ),
            "\(result.errors)"
        )
        #expect(Self.jobFiles(folder).isEmpty)
    }

    @Test(arguments: ["wait 1", "watch"])
    func aJobOfAnotherProcessIsFollowedUntilThatDies(command: String) async throws {
        let folder = try Self.folder()
        let training = try await Self.startTraining(folder, epochs: 1000)
        var result = try await FettleProgram.run(["-c", "wait"], in: folder)
        #expect(
            result.output
                == "nothing is running here; job 1 trains in another process: 'wait 1' waits\n"
        )
        let following = try FettleProgram.start(
            ["-c", "models", "-c", command],
            in: folder,
            as: "-follow"
        )
        while following.process.isRunning, try folder.text("standard-output-follow").isEmpty {
            await Task.yield()
        }
        result = try await FettleProgram.run(["-c", "jobs"], in: folder)
        #expect(result.output.contains("\n1  running "), "\(result)")
        #expect(following.process.isRunning)
        kill(training.process.processIdentifier, SIGKILL)
        _ = try await FettleProgram.finish(training, in: folder)
        result = try await FettleProgram.finish(following, in: folder)
        #expect(result.status == (command == "watch" ? 0 : 1))
        #expect((result.output + result.errors).contains("job 1 was interrupted"), "\(result)")
    }

    @Test func aJobOfAnotherProcessIsFollowedToItsEnd() async throws {
        let folder = try Self.folder()
        let training = try await Self.startTraining(folder, epochs: 1000)
        let result = try await FettleProgram.run(["-c", "wait 1"], in: folder)
        #expect(result.output == "job 1 succeeded: long\n", "\(result.errors)")
        #expect(try await FettleProgram.finish(training, in: folder).status == 0)
    }

    @Test func interruptStopsTheWatchingAndNotTheJob() async throws {
        let folder = try Self.folder()
        let prompt = try Prompt(folder)
        try await prompt.wait(for: "Ctrl-D leaves")
        try await prompt.run("load many.csv", until: "4,000 rows")
        try await prompt.run(Self.format, until: "format of many")
        try await prompt.run(
            "tune ngram n_epochs=1000 as long --no-check &",
            until: "in the background"
        )
        try prompt.terminal.send("watch\r")
        try await prompt.terminal.wait(for: "progress") { $0.currentLine.contains("loss") }
        try prompt.terminal.send("\u{3}")
        try await prompt.wait(for: "\nstopped watching; job 1 goes on\n")
        try await prompt.run("jobs", until: "\n1  running ")
        // Another shell in the same folder does the same.
        let other = try Prompt(folder)
        try await other.wait(for: "Ctrl-D leaves")
        try other.terminal.send("watch\r")
        try await other.terminal.wait(for: "progress") { $0.currentLine.contains("loss") }
        try other.terminal.send("\u{3}")
        try await other.wait(for: "\nstopped watching; job 1 goes on\n")
        try await other.run("cancel", until: "\njob 1 cancelled; 'resume 1' goes on")
        try await prompt.wait(for: "\njob 1 cancelled; 'resume 1' goes on")
        try await other.quit()
        try await prompt.quit()
    }

    @Test func filesThatCannotGrowFailTheJobAtItsEndOnly() async throws {
        let folder = try Self.folder()
        let training = try await Self.startTraining(folder, epochs: 1000, blocks: 1200)
        var result = try await FettleProgram.finish(training, in: folder)
        #expect(result.status == 1)
        #expect(
            result.errors.contains("warning: job 1 goes on without a checkpoint: cannot write "),
            "\(result.errors)"
        )
        #expect(result.errors.contains("error[model-unwritable]: cannot write the model "))
        #expect(result.errors.contains("': File too large\n"))
        #expect(Self.models(folder).isEmpty)
        #expect(Self.jobFiles(folder).isEmpty)
        result = try await FettleProgram.run(["-c", "events", "-c", "jobs"], in: folder)
        #expect(result.output.contains("  warn: Training goes on without a checkpoint: "))
        #expect(result.output.contains("  error: Fine-tune failed: cannot write"))
        #expect(result.output.contains("\n1  failed "))
    }

    @Test func theGreetingSaysWhatCanBeDone() async throws {
        let folder = try Self.folder()
        let training = try await Self.startTraining(folder, epochs: 1000)
        kill(training.process.processIdentifier, SIGKILL)
        _ = try await FettleProgram.finish(training, in: folder)
        try FileManager.default.removeItem(atPath: folder.path + "/.fettle/jobs")
        let prompt = try Prompt(folder)
        try await prompt.wait(
            for:
                "job 1 was interrupted before its first checkpoint; start it anew: tune ngram on many"
        )
        try await prompt.run("cancel 1", until: "\njob 1 cancelled\n")
        try await prompt.quit()
    }
}
