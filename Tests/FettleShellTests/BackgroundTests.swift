import FettleStore
import FettleWorkbench
import Testing

@testable import FettleShell

/// Training in the background and the commands about jobs.
struct BackgroundTests {
    private struct NeverCancelled: Error {}

    /// Starts a job in the background, cancels it once it has trained for a while and returns its
    /// number; on a busy machine a job may end before it is cancelled, and another one is started.
    private static func cancelledJob(
        _ tune: String,
        in shell: inout TestShell
    ) async throws -> Int {
        for attempt in 1...20 {
            await shell.run("\(tune) as parts\(attempt) &")
            while let job = shell.services.jobs.active.first, job.latest == nil {
                await Task.yield()
            }
            let store = try shell.services.workspace.store()
            let number = try #require(try store.jobs().map(\.number).max())
            let result = await shell.run("cancel \(number)")
            if result.output
                == "job \(number) cancelled; 'resume \(number)' goes on from its checkpoint\n"
            {
                return number
            }
            #expect(
                result.errors.hasPrefix("error[job-state]: job \(number) has succeeded")
                    || result.output.hasPrefix("job \(number) succeeded"),
                "\(result.output)\(result.errors)"
            )
        }
        throw NeverCancelled()
    }

    /// A shell with rows that a job trains on for a second or more.
    private static func shellWithMoreRows() async throws -> TestShell {
        var shell = try await SmallData.shell(TemporaryFolder())
        await shell.run("concat d d d d d d d d as more")
        await shell.run(SmallData.format)
        return shell
    }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init)
    }

    @Test func jobTrainsBesideThePromptAndIsWaitedFor() async throws {
        var shell = try await SmallData.shell(TemporaryFolder())
        var result = await shell.run("tune ngram on d n_epochs=3 as quick &")
        #expect(result.status == .success, "\(result.errors)")
        #expect(
            result.output.hasSuffix("job 1 trains in the background: watch 1, cancel 1\n"),
            "\(result.output)"
        )
        result = await shell.run("rows 1")
        #expect(result.status == .success)
        result = await shell.run("wait")
        #expect(result.output == "job 1 succeeded: quick\n")
        result = await shell.run("wait")
        #expect(result.output == "nothing is running\n")
        result = await shell.run("watch quick")
        #expect(result.output == "job 1 succeeded: quick\n")
        result = await shell.run("wait 1")
        #expect(result.output == "job 1 succeeded: quick\n")
        result = await shell.run("evaluate quick on d")
        #expect(result.status == .success, "\(result.errors)")
    }

    @Test func jobsListsThemWithTheirStates() async throws {
        var shell = try await SmallData.shell(TemporaryFolder())
        await shell.run("tune ngram on d n_epochs=1 as first; tune first on d n_epochs=1 as second")
        let result = await shell.run("jobs")
        let lines = Self.lines(result.output)
        #expect(lines.count == 4, "\(result.output)")
        #expect(lines.first?.hasPrefix("#  status") == true)
        #expect(lines[2].hasPrefix("1  succeeded  ngram"))
        #expect(lines[2].hasSuffix("  d         first"), "\(lines[2])")
        #expect(lines[3] == "2  succeeded  first  d         second")
    }

    @Test func jobShowsSettingsAndLastMetrics() async throws {
        var shell = try await SmallData.shell(TemporaryFolder())
        await shell.run("tune ngram on d validate=d n_epochs=2 seed=5 as first")
        for name in ["job", "job 1", "job first"] {
            let result = await shell.run(name)
            #expect(result.status == .success, "\(result.errors)")
            let lines = Self.lines(result.output)
            #expect(lines.contains { $0.hasPrefix("status ") && $0.hasSuffix(" succeeded") })
            #expect(lines.contains { $0.hasPrefix("n_epochs ") && $0.hasSuffix(" 2") })
            #expect(lines.contains { $0.hasPrefix("seed ") && $0.hasSuffix(" 5") })
            #expect(lines.contains { $0.hasPrefix("step ") && $0.hasSuffix(" 400 of 400") })
            #expect(lines.contains { $0.hasPrefix("validation accuracy ") })
        }
    }

    @Test func eventsTellTheStoryOfAJob() async throws {
        var shell = try await SmallData.shell(TemporaryFolder())
        await shell.run("tune ngram on d n_epochs=1 as first")
        let result = await shell.run("events first")
        let messages = Self.lines(result.output)
        #expect(messages.count == 3, "\(result.output)")
        #expect(messages.allSatisfy { $0.hasPrefix("2026-01-01-00-00-00") }, "\(result.output)")
        for (line, text) in zip(
            messages,
            ["Created fine-tune: ftjob-", "Fine-tune started", "Uploaded"]
        ) {
            #expect(line.contains(text))
        }
    }

    @Test func curveHasAsManyPointsAsAskedFor() async throws {
        let folder = try TemporaryFolder()
        var shell = try await SmallData.shell(folder)
        await shell.run("tune ngram on d validate=d n_epochs=2 as first")
        var result = await shell.run("curve first points=4")
        let lines = Self.lines(result.output)
        #expect(lines.first == "job 1 (first), tuned on d")
        #expect(lines.count == 3 + 4 + 6, "\(result.output)")
        #expect(lines[6].split(separator: " ").first == "400", "\(result.output)")
        #expect(lines[7].hasPrefix("loss (nats), "))
        #expect(lines.last == "██ validation")
        result = await shell.run("curve first > \(folder.path)/curve.csv")
        #expect(result.status == .success, "\(result.errors)")
        let rows = Self.lines(try Files.text(folder.path + "/curve.csv"))
        #expect(
            rows.first?.hasPrefix("step,examples,loss,validation loss,accuracy,validation accuracy")
                == true,
            "\(rows)"
        )
    }

    @Test func cancelledJobGoesOnToTheSameWeights() async throws {
        var shell = try await Self.shellWithMoreRows()
        let tune = "tune ngram on more n_epochs=1000 seed=3"
        await shell.run("\(tune) as whole")
        let number = try await Self.cancelledJob(tune, in: &shell)
        var result = await shell.run("resume \(number)")
        #expect(result.status == .success, "\(result.errors)")
        let name = "parts\(number - 1)"
        #expect(result.output.hasPrefix("\(name): ngram:ft-personal-"))
        let library = ModelLibrary(shell.services.workspace)
        let paths = try ["whole", name].map { try library.path(of: library.model($0)) }
        #expect(try Files.bytes(paths[0]) == Files.bytes(paths[1]))
        result = await shell.run("events \(number)")
        #expect(result.output.contains("Fine-tune cancelled"))
        #expect(result.output.contains("Fine-tune resumed"))
    }

    @Test func resumeInTheBackgroundToo() async throws {
        var shell = try await Self.shellWithMoreRows()
        let number = try await Self.cancelledJob("tune ngram on more n_epochs=1000", in: &shell)
        var result = await shell.run("resume &")
        #expect(
            result.output
                == "job \(number) trains in the background: watch \(number), cancel \(number)\n"
        )
        result = await shell.run("wait \(number)")
        #expect(result.output == "job \(number) succeeded: parts\(number)\n")
    }

    @Test(arguments: [
        ("cancel", "error[nothing-running]: no job is running\n"),
        ("cancel 1", "error[job-state]: job 1 has succeeded, so nothing is left to cancel\n"),
        ("resume", "error[job-state]: job 1 has succeeded, so it cannot be resumed\n"),
        ("jobs 1", "error[bad-value]: 'action' is '1', expected clean, or nothing for the list\n"),
        ("model delete fist", "error[unknown-model]: no model 'fist'\n"),
        ("model delete ngram", "error[base-model]: 'ngram' is built in and cannot be deleted\n"),
        ("model rename first", "error[missing-argument]: 'model rename' needs a new name\n"),
        ("model rename first ngram", "error[bad-name]: 'ngram' is a base model's name\n"),
        (
            "model show first second",
            "error[unexpected-word]: 'model show' takes one model, and 'second' is one word more\n"
        ),
        ("job 7", "error[unknown-job]: no job '7'\n"),
        ("cancel other", "error[unknown-job]: no job 'other'\n"),
        ("wait other", "error[unknown-job]: no job 'other'\n"),
        ("curve first other", "error[unknown-job]: no job 'other'\n"),
        (
            "rows &",
            "error[no-background]: only 'tune', 'resume' and 'serve' run in the background\n"
        ),
    ])
    func wrongUseIsAnError(line: String, error: String) async throws {
        var shell = try await SmallData.shell(TemporaryFolder())
        await shell.run("tune ngram on d n_epochs=1 as first")
        let result = await shell.run(line)
        #expect(result.status == .failure || result.status == .usage)
        #expect(result.errors.hasPrefix(error), "\(result.errors)")
        #expect(result.errors.contains("    1 | \(line)\n"))
    }

    @Test func cancelWithoutAJobAsksWhichOfSeveral() async throws {
        var shell = try await SmallData.shell(TemporaryFolder())
        await shell.run("concat d d d d d d d d as more\nconcat more more more more more as many")
        await shell.run(SmallData.format)
        await shell.run("tune ngram on many n_epochs=1000 seed=1 as one --no-check &")
        await shell.run("tune ngram on many n_epochs=1000 seed=2 as two --no-check &")
        var result = await shell.run("cancel")
        #expect(result.status == .failure)
        #expect(
            result.errors == """
                error[which-job]: 2 jobs are running: 1 (one), 2 (two)
                    1 | cancel
                      | ^^^^^^
                  hint: name one: cancel 1

                """
        )
        await shell.run("cancel two")
        result = await shell.run("cancel")
        #expect(result.output.hasPrefix("job 1 cancelled"), "\(result.errors)")
    }

    @Test func failedJobsMakeWaitingAnErrorWheneverTheyEnded() async throws {
        var shell = TestShell()
        await shell.run("load \(Files.root)/samples/tickets.tsv as t")
        await shell.run(#"format prompt="{{body}}" completion=" {{ticket_id}}""#)
        await shell.run("tune ngram on t as bad --no-check &")
        var result = await shell.run("wait")
        #expect(result.status == .failure)
        #expect(result.errors.hasPrefix("error[job-failed]: job 1 failed: "), "\(result.errors)")
        result = await shell.run("wait")
        #expect(result.output == "nothing is running\n")
        result = await shell.run("wait 1")
        #expect(result.errors.hasPrefix("error[job-failed]: job 1 failed: "))
    }

    @Test func longMessagesAreShownWhole() async throws {
        var shell = try await SmallData.shell(TemporaryFolder())
        await shell.run("tune ngram on d n_epochs=1 as first")
        let store = try shell.services.workspace.store()
        let id = try #require(try store.jobs().first).record.id
        let words = (1...60).map { "word\($0)" }
        try store.addEvent(
            job: id,
            level: "warn",
            message: words.joined(separator: " "),
            at: 0
        )
        let result = await shell.run("events")
        let shown = result.output.split { $0.isWhitespace }.map(String.init)
        #expect(shown.suffix(61) == ["warn:"] + words)
        #expect(Self.lines(result.output).allSatisfy { $0.count <= 80 })
    }

    @Test(arguments: ["job", "events", "curve", "watch", "cancel", "resume"])
    func withoutJobsThereIsNoLatest(line: String) async {
        var shell = TestShell()
        let result = await shell.run(line)
        #expect(result.status == .failure)
        #expect(
            result.errors == """
                error[no-job]: no job was started in this workspace
                    1 | \(line)
                      | \(String(repeating: "^", count: line.count))
                  hint: start one: tune ngram on DATASET as NAME

                """
        )
    }

    @Test(arguments: ["exit", "q"])
    func wordsOfOtherShellsLeadToQuit(word: String) async {
        var shell = TestShell()
        let result = await shell.run(word)
        #expect(result.status == .usage)
        #expect(result.errors.contains("  hint: did you mean 'quit'?\n"))
    }
}
