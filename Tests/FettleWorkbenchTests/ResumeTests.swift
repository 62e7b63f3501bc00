import FettleCore
import FettleStore
import FettleWorkbench
import Foundation
import Synchronization
import Testing

struct ResumeTests {
    private let site: JobSite

    init() throws {
        site = try JobSite()
    }

    /// Texts that a file of examples must give back exactly.
    private func oddRequest() throws -> JobRunner.Request {
        let words = [
            "awful \"\u{0}\\", "plain\r\n\t评论 😀", "", "null", " 1e5 ", "\u{FEFF}\u{2028}é",
        ]
        var request = try Samples.longRequest(epochs: 900)
        request.dataset = try Samples.dataset(
            bodies: (0..<60).map { "\(words[$0 % 6])\($0 % 6 == 2 ? "" : " item \($0)")" },
            stars: (0..<60).map { ["1", " \n2", "", "null", "5.0"][$0 % 5] },
            name: "odd",
            format: Samples.format
        )
        return request
    }

    @Test(arguments: [false, true])
    func aResumedJobEndsAsOneThatWasNeverStopped(isOdd: Bool) async throws {
        let request = isOdd ? try oddRequest() : try Samples.longRequest()
        let whole = try JobSite()
        let expected = try whole.runner.run(request)
        let job = try site.runner.prepare(request)
        #expect(await site.cancelEarly(job) is CancellationError)

        // Another process, which has the folder and nothing else.
        let next = try JobSite(in: site.folder)
        let stored = try next.job(job.record.id)
        let steps = try next.workspace.store().metrics(ofJob: job.record.id).count
        let goingOn = try next.runner.prepareToResume(stored)
        #expect(goingOn.skippedRows == 0)
        let running = try next.job(job.record.id)
        #expect(running.record.status == .running)
        #expect(running.finishedAt == nil)
        var seen: [TrainingMetrics] = []
        let result = try next.runner.execute(goingOn) { seen.append($0) }

        #expect(result.model.id == expected.model.id)
        #expect(result.model.settings == expected.model.settings)
        #expect(result.model.examplesSeen == expected.model.examplesSeen)
        #expect(result.metrics == expected.metrics)
        #expect(try next.weights(result.model) == whole.weights(expected.model))
        let id = try #require(try whole.workspace.store().jobs().first).record.id
        let metrics = try next.workspace.store().metrics(ofJob: job.record.id)
        #expect(try whole.workspace.store().metrics(ofJob: id) == metrics)
        #expect(!seen.isEmpty)
        #expect(Array(metrics.dropFirst(steps)) == seen)
        #expect(next.jobFiles.isEmpty)
        #expect(
            try next.workspace.store().events(ofJob: job.record.id).map(\.message) == [
                "Created fine-tune: \(job.record.id)", "Fine-tune started", "Fine-tune cancelled",
                "Fine-tune resumed", "Uploaded model: \(expected.model.id)",
            ]
        )
    }

    /// Returns a clock that shows 0 seconds at first and `seconds` ever after.
    private func clock(_ seconds: Double) -> WorkClock {
        let isStarted = Mutex(false)
        var clock = Samples.clock
        clock.seconds = {
            isStarted.withLock { isStarted in
                defer { isStarted = true }
                return isStarted ? seconds : 0
            }
        }
        return clock
    }

    @Test func timeBeforeAnInterruptionCounts() async throws {
        let site = try JobSite(clock: clock(100))
        let job = try site.runner.prepare(Samples.longRequest())
        #expect(await site.cancelEarly(job) is CancellationError)
        let next = try JobSite(in: site.folder, clock: clock(50.25))
        let stored = try next.job(job.record.id)
        #expect(stored.trainingMilliseconds == 100_000)
        let result = try next.runner.execute(next.runner.prepareToResume(stored)) { _ in }
        #expect(result.seconds == 150.25)
        #expect(result.model.trainingMilliseconds == 150_250)
    }

    @Test func aKilledJobGoesOnFromACheckpointBehindItsMetrics() async throws {
        let whole = try JobSite()
        let expected = try whole.runner.run(Samples.longRequest())
        let job = try site.runner.prepare(Samples.longRequest())
        let id = job.record.id
        #expect(await site.cancelEarly(job) is CancellationError)
        let files = site.folder.file("jobs/\(id)")
        try FileManager.default.copyItem(atPath: files, toPath: site.folder.file("earlier"))
        let store = try site.workspace.store()
        let rowsAtCheckpoint = try store.metrics(ofJob: id).count
        _ = await site.cancelEarly(try site.runner.prepareToResume(site.job(id)))
        #expect(try store.metrics(ofJob: id).count > rowsAtCheckpoint)
        // As `kill -9` leaves it: running, with rows that are later than the checkpoint.
        try FileManager.default.removeItem(atPath: files)
        try FileManager.default.moveItem(atPath: site.folder.file("earlier"), toPath: files)
        try store.setStatus(
            .running,
            of: site.job(id).record,
            process: "2147483647:1",
            message: "x",
            at: 1
        )

        let next = try JobSite(in: site.folder)
        let stored = try next.job(id)
        #expect(stored.record.status == .interrupted)
        #expect(stored.record.process == nil)
        #expect(try next.workspace.store().events(ofJob: id).last?.message == "Process lost")
        let result = try next.runner.execute(next.runner.prepareToResume(stored)) { _ in }
        #expect(try next.weights(result.model) == whole.weights(expected.model))
        let solo = try #require(try whole.workspace.store().jobs().first).record.id
        #expect(
            try next.workspace.store().metrics(ofJob: id)
                == whole.workspace.store().metrics(ofJob: solo)
        )
        #expect(try next.job(id).model == result.model.id)
    }

    @Test func onlyJobsOfLostProcessesAreInterrupted() throws {
        let store = try site.workspace.store()
        let mine = ProcessIdentity.current.text
        for (id, status, process) in [
            ("a", JobStatus.running, "2147483647:1"), ("b", .running, mine), ("c", .queued, nil),
            ("d", .failed, "2147483647:1"), ("e", .paused, "2147483647:1"),
        ] {
            try store.insert(Samples.job(id, status, process: process))
        }
        let next = try JobSite(in: site.folder)
        #expect(
            try next.workspace.store().jobs().map { "\($0.number) \($0.record.status)" }
                == ["1 interrupted", "2 running", "3 interrupted", "4 failed", "5 paused"]
        )
        #expect(
            try next.rows("SELECT job, level, message FROM event ORDER BY id")
                == [["a", "info", "Process lost"], ["c", "info", "Process lost"]]
        )
        #expect(try next.workspace.store().jobs()[0].finishedAt == nil)
    }

    @Test func aJobWithoutACheckpointStartsFromTheExamplesThatWereKept() throws {
        let request = try oddRequest()
        let whole = try JobSite()
        let expected = try whole.runner.run(request)
        let job = try site.runner.prepare(request)
        try site.workspace.store().setStatus(
            .interrupted,
            of: job.record,
            process: nil,
            message: "Process lost",
            at: Samples.moment
        )
        let next = try JobSite(in: site.folder)
        let stored = try next.job(job.record.id)
        #expect(next.workspace.canResume(stored))
        let result = try next.runner.execute(next.runner.prepareToResume(stored)) { _ in }
        #expect(result.metrics == expected.metrics)
        #expect(try next.weights(result.model) == whole.weights(expected.model))
        #expect(next.jobFiles.isEmpty)
    }

    @Test func aJobWhoseExamplesAreNotKeptCannotGoOn() throws {
        var job = try Samples.job("ftjob-a", .interrupted)
        job.validation = "held"
        job.settings = [
            .init(name: "n_epochs", value: "7"), .init(name: "shuffle", value: "none"),
            .init(name: "seed", value: "0"),
        ]
        (job.suffix, job.name) = ("s", "stars")
        try site.workspace.store().insert(job)
        #expect(
            throws: Diagnostic(
                "no-checkpoint",
                "job 1 has no checkpoint, and its examples are not kept",
                hint: "start it anew: tune ngram on reviews validate=held n_epochs=7 shuffle=none "
                    + "suffix=s as stars"
            )
        ) { try site.runner.prepareToResume(site.job("ftjob-a")) }
        #expect(try site.job("ftjob-a").record.status == .interrupted)
    }

    @Test(arguments: [
        (JobStatus.succeeded, "has succeeded", "to train more, tune the model that it made"),
        (.running, "is running", "follow it with 'watch 1'"),
        (.queued, "is waiting for its turn", "follow it with 'watch 1'"),
    ])
    func aJobThatHasNothingToGoOnWithIsRefused(
        _ status: JobStatus,
        _ state: String,
        _ hint: String
    ) throws {
        try site.workspace.store().insert(Samples.job("ftjob-a", status))
        #expect(
            throws: Diagnostic(
                "job-state",
                "job 1 \(state), so it cannot be resumed",
                hint: hint
            )
        ) { try site.runner.prepareToResume(site.job("ftjob-a")) }
    }

    @Test func onlyOneProcessTakesAJobOn() async throws {
        let job = try site.runner.prepare(Samples.longRequest())
        _ = await site.cancelEarly(job)
        let stored = try site.job(job.record.id)
        _ = try site.runner.prepareToResume(stored)
        let other = try JobSite(in: site.folder)
        #expect(
            throws: Diagnostic(
                "job-state",
                "job 1 was just taken on or changed by another process",
                hint: "see how it stands with 'job 1'"
            )
        ) { try other.runner.prepareToResume(stored) }
        #expect(try site.workspace.store().events(ofJob: job.record.id).count == 4)
    }

    @Test func filesThatAreGoneAreNamedAndTheJobStaysAsItWas() async throws {
        let job = try site.runner.prepare(Samples.longRequest())
        _ = await site.cancelEarly(job)
        let file = site.folder.file("jobs/\(job.record.id)/train.jsonl")
        try FileManager.default.removeItem(atPath: file)
        let error = diagnostic {
            _ = try site.runner.prepareToResume(site.job(job.record.id))
        }
        #expect(error?.message.contains("'\(file)'") == true)
        #expect(try site.job(job.record.id).record.status == .cancelled)
    }

    @Test func aDamagedCheckpointFailsTheJob() async throws {
        let job = try site.runner.prepare(Samples.longRequest())
        _ = await site.cancelEarly(job)
        let file = site.folder.file("jobs/\(job.record.id)/checkpoint")
        try Data("no checkpoint".utf8).write(to: URL(fileURLWithPath: file))
        let goingOn = try site.runner.prepareToResume(site.job(job.record.id))
        #expect(
            diagnostic { _ = try site.runner.execute(goingOn) { _ in } }?.code
                == "checkpoint-foreign"
        )
        #expect(try site.job(job.record.id).record.status == .failed)
        #expect(
            try site.job(job.record.id).error
                == "'\(file)' is not an 'ngram' checkpoint: it does not begin with 'FETTLCKP'"
        )
    }
}
