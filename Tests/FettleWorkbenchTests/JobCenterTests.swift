import FettleCore
import FettleStore
import FettleWorkbench
import Foundation
import Synchronization
import Testing

struct JobCenterTests {
    /// The jobs whose end was told.
    private final class Ended: Sendable {
        private let jobs = Mutex<[StoredJob]>([])

        var all: [StoredJob] { jobs.withLock { $0 } }

        func add(_ job: StoredJob) { jobs.withLock { $0.append(job) } }
    }

    private let site: JobSite
    private let center: JobCenter
    private let ended = Ended()

    init() throws {
        site = try JobSite()
        center = JobCenter(site.workspace, clock: Samples.clock) { [ended] in ended.add($0) }
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

    @Test func aJobCancelledBeforeItsFirstStepEndsCancelled() async throws {
        let job = try site.runner.prepare(Samples.longRequest(epochs: 1_000_000))
        center.start(job)
        #expect(center.cancel(job.record.id))
        try await center.wait(for: job.record.id)
        #expect(try site.job(job.record.id).record.status == .cancelled)
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
