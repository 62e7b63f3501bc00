import FettleCore
import FettleStore
import FettleWorkbench
import Foundation
import Synchronization
import Testing

struct JobCenterTests {
    /// The jobs whose end was told.
    private final class Ended: Sendable {
        private let jobs = Mutex<[(job: StoredJob, isAwaited: Bool)]>([])
        private let texts = Mutex<[String]>([])

        var all: [StoredJob] { jobs.withLock { $0.map(\.job) } }
        var areAwaited: [Bool] { jobs.withLock { $0.map(\.isAwaited) } }
        var warnings: [String] { texts.withLock { $0 } }

        func add(_ job: StoredJob, _ isAwaited: Bool) {
            jobs.withLock { $0.append((job, isAwaited)) }
        }

        func add(_ warning: String) { texts.withLock { $0.append(warning) } }
    }

    private let site: JobSite
    private let center: JobCenter
    private let ended = Ended()

    init() throws {
        site = try JobSite()
        center = JobCenter(
            site.workspace,
            clock: Samples.clock,
            listener: JobCenter.Listener(
                onEnd: { [ended] job, isAwaited in ended.add(job, isAwaited) },
                onWarning: { [ended] in ended.add($0) }
            )
        )
    }

    /// Starts a job that would take minutes, and returns its id once it has metrics.
    private func startEndless(seed: UInt64) async throws -> String {
        let job = try site.runner.prepare(Samples.longRequest(seed: seed, epochs: 1_000_000))
        center.start(job)
        while case .some(.none) = center.latest(of: job.record.id) { await Task.yield() }
        return job.record.id
    }

    @Test func aJobTrainsBesideTheCommandsAndItsEndIsTold() async throws {
        let job = try site.runner.prepare(Samples.longRequest(epochs: 20))
        center.start(job)
        try await center.wait(for: job.record.id)
        #expect(center.active.isEmpty)
        #expect(ended.all == [try site.job(job.record.id)])
        #expect(ended.all.map(\.record.status) == [.succeeded])
        #expect(ended.all.map(\.model) == ["ngram:ft-personal:s-2026-01-01-00-00-00"])
        #expect(!center.cancel(job.record.id))
        #expect(center.latest(of: job.record.id) == nil)
        try await center.wait(for: job.record.id)
        try await center.wait(for: "none")
    }

    @Test func twoJobsTrainAtOnceAndAreCancelledEach() async throws {
        let first = try await startEndless(seed: 1)
        let second = try await startEndless(seed: 2)
        #expect(center.active.map(\.id) == [first, second].sorted())
        #expect(center.active.allSatisfy { $0.latest?.totalSteps == 3_000_000 })
        #expect(center.cancel(first))
        try await center.wait(for: first)
        #expect(center.active.map(\.id) == [second])
        #expect(try site.job(second).record.status == .running)
        #expect(center.cancel(second))
        #expect(center.cancel("none") == false)
        try await center.wait(for: second)
        #expect(center.unclaimed == [first, second])
        center.claim(first)
        #expect(center.unclaimed == [second])
        #expect(center.failureCount == 0)
        #expect(ended.all.map(\.record.id) == [first, second])
        #expect(ended.all.map(\.record.status) == [.cancelled, .cancelled])
    }

    @Test func whoStopsWaitingLeavesTheJobAlone() async throws {
        let id = try await startEndless(seed: 1)
        let waiting = Task { [center] in try await center.wait(for: id) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(center.active.map(\.id) == [id])
        #expect(center.cancel(id))
        try await center.wait(for: id)
        #expect(ended.all.count == 1)
    }

    @Test func endsOfJobsThatAreFollowedAreToldOnceByWhoFollows() async throws {
        let ids = [try await startEndless(seed: 1), try await startEndless(seed: 2)]
        try await center.following(ids) {
            // The second ends while the first is waited for.
            for id in ids.reversed() {
                #expect(center.cancel(id))
                while center.latest(of: id) != nil { await Task.yield() }
            }
        }
        while ended.all.count < 2 { await Task.yield() }
        #expect(Set(ended.all.map(\.record.id)) == Set(ids))
        #expect(ended.areAwaited == [true, true])
    }

    @Test func endThatItsFollowerDidNotLiveToTellIsTold() async throws {
        let ids = [try await startEndless(seed: 1), try await startEndless(seed: 2)]
        await #expect(throws: CancellationError.self) {
            try await center.following(ids) {
                #expect(center.cancel(ids[1]))
                while ended.all.isEmpty { await Task.yield() }
                throw CancellationError()
            }
        }
        #expect(ended.all.map(\.record.id) == [ids[1], ids[1]])
        #expect(ended.areAwaited == [true, false])
        #expect(center.cancel(ids[0]))
        while ended.all.count < 3 { await Task.yield() }
        #expect(ended.areAwaited == [true, false, false])
    }

    @Test func aJobCancelledBeforeItsFirstStepEndsCancelled() async throws {
        let job = try site.runner.prepare(Samples.longRequest(epochs: 1_000_000))
        center.start(job)
        #expect(center.cancel(job.record.id))
        try await center.wait(for: job.record.id)
        #expect(try site.job(job.record.id).record.status == .cancelled)
    }

    @Test func aJobOfTheForegroundStopsWithItsCommand() async throws {
        let job = try site.runner.prepare(Samples.longRequest(epochs: 1_000_000))
        let command = Task { [center] in try await center.run(job) { _ in } }
        while center.active.first?.latest == nil { await Task.yield() }
        command.cancel()
        await #expect(throws: CancellationError.self) { try await command.value }
        #expect(try site.job(job.record.id).record.status == .cancelled)
        #expect(site.workspace.canResume(try site.job(job.record.id)))
        #expect(ended.all.isEmpty)
        #expect(center.active.isEmpty && center.unclaimed.isEmpty)
    }

    @Test(arguments: [false, true])
    func theEndOfTheProcessInterruptsItsJobs(atOnce: Bool) async throws {
        let id = try await startEndless(seed: 1)
        #expect(atOnce ? center.stopAll(within: 60) == [id] : await center.stopAll() == [id])
        let job = try site.job(id)
        #expect(job.record.status == .interrupted)
        #expect(job.finishedAt == nil)
        #expect(site.workspace.canResume(job))
        #expect(
            try site.workspace.store().events(ofJob: id).last?.message
                == "Fine-tune interrupted: its process ended"
        )
        #expect(ended.all.map(\.record.status) == [.interrupted])
        #expect(ended.areAwaited == [true])
        #expect(center.failureCount == 0)
        #expect(center.stopAll(within: 60).isEmpty)
    }

    @Test func aJobStopsWhenAnotherProcessAsksForIt() async throws {
        let id = try await startEndless(seed: 1)
        let other = try JobSite(in: site.folder)
        let job = try other.job(id)
        #expect(try other.workspace.store().requestStop(of: job.record, at: 5))
        #expect(try other.workspace.store().requestStop(of: job.record, at: 6))
        #expect(try other.workspace.store().isStopRequested(ofJob: id))
        try await center.wait(for: id)
        let stopped = try other.job(id)
        #expect(stopped.record.status == .cancelled)
        #expect(stopped.stopRequestedAt == nil)
        #expect(other.workspace.canResume(stopped))
        #expect(try other.workspace.store().requestStop(of: stopped.record, at: 7) == false)
        #expect(
            try other.workspace.store().events(ofJob: id).map(\.message) == [
                "Created fine-tune: \(id)", "Fine-tune started", "Cancellation requested",
                "Fine-tune cancelled",
            ]
        )
    }

    @Test func anEndThatTheDatabaseDoesNotTakeIsToldAndStoredLater() async throws {
        let id = try await startEndless(seed: 1)
        try Samples.execute(
            "CREATE TRIGGER block BEFORE UPDATE ON job BEGIN SELECT RAISE(FAIL, 'full'); END",
            in: site.folder.path
        )
        #expect(center.cancel(id))
        try await center.wait(for: id)
        #expect(try site.job(id).record.status == .running)
        #expect(ended.all.map(\.record.status) == [.cancelled])
        #expect(try site.workspace.jobs().map(\.record.status) == [.cancelled])
        try Samples.execute("DROP TRIGGER block", in: site.folder.path)
        #expect(try site.workspace.jobs() == ended.all)
        #expect(try site.job(id).record.status == .cancelled)
    }

    @Test func aCheckpointThatCannotBeWrittenIsAWarning() async throws {
        let job = try site.runner.prepare(Samples.longRequest(epochs: 1_000_000))
        let id = job.record.id
        // A file stands where the job's folder should be made.
        try FileManager.default.removeItem(atPath: "\(site.folder.path)/jobs/\(id)")
        try site.folder.write("", to: "jobs/\(id)")
        center.start(job)
        while case .some(.none) = center.latest(of: id) { await Task.yield() }
        #expect(center.cancel(id))
        try await center.wait(for: id)
        let events = try site.workspace.store().events(ofJob: id)
        #expect(events.map(\.level) == ["info", "info", "warn", "info"])
        let warning = try #require(ended.warnings.first)
        #expect(ended.warnings.count == 1)
        #expect(
            warning.hasPrefix(
                "job 1 goes on without a checkpoint: the folder '\(site.folder.path)/jobs/\(id)' "
                    + "cannot be made: "
            )
        )
        #expect(
            events[2].message
                == warning.replacing("job 1 goes on", with: "Training goes on")
        )
        #expect(try site.job(id).record.status == .cancelled)
        #expect(!site.workspace.canResume(try site.job(id)))
    }

    @Test func jobsThatEndInOneSecondKeepTheirOwnWeights() async throws {
        var jobs: [(seed: UInt64, id: String)] = []
        for seed in 1...4 as ClosedRange<UInt64> {
            let job = try site.runner.prepare(Samples.longRequest(seed: seed, epochs: 20))
            jobs.append((seed, job.record.id))
            center.start(job)
        }
        for job in jobs { try await center.wait(for: job.id) }
        let models = try ModelLibrary(site.workspace).models()
        #expect(
            models.map(\.id) == (0..<4).map { "ngram:ft-personal:s-2026-01-01-00-00-0\($0)" }
        )
        #expect(models.compactMap(\.name) == ["stars"])
        var different: Set<Data> = []
        for (seed, id) in jobs {
            let made = try site.job(id).model
            let model = try #require(models.first { $0.id == made })
            #expect(model.file == "\(id).model")
            let solo = try JobSite()
            let expected = try solo.runner.run(Samples.longRequest(seed: seed, epochs: 20))
            let weights = try site.weights(model)
            #expect(weights == (try solo.weights(expected.model)))
            different.insert(weights)
        }
        #expect(different.count == 4)
        #expect(site.jobFiles.isEmpty)
    }
}
