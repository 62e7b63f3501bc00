import FettleCore
import FettleStore
import FettleWorkbench
import Foundation
import Testing

struct ServedQueueTests {
    private let site: ServedSite

    init() throws {
        site = try ServedSite()
    }

    @Test func jobsTrainOneAfterTheOtherAndTellTheirPlaces() async throws {
        let ids = try (0..<3).map { _ in try site.jobs.submit(try site.request(epochs: 1)).id }
        try site.jobs.start()
        var places: [[String]] = []
        for id in ids {
            places.append(try await site.follow(id).filter { $0.contains("Queue number") })
        }
        #expect(
            places == [
                ["Fine-tune enqueued. Queue number: 0"],
                [
                    "Fine-tune enqueued. Queue number: 1",
                    "Fine-tune is in the queue. Queue number: 0",
                ],
                [
                    "Fine-tune enqueued. Queue number: 2",
                    "Fine-tune is in the queue. Queue number: 1",
                    "Fine-tune is in the queue. Queue number: 0",
                ],
            ]
        )
        #expect(try site.jobs.jobs(.legacy).map(\.id) == ids)
    }

    @Test func aFullQueueTakesNoMore() throws {
        let site = try ServedSite(queueLimit: 2)
        for _ in 0..<2 { _ = try site.jobs.submit(try site.request()) }
        #expect(
            throws: Diagnostic(
                "queue-full",
                "2 jobs wait for their turn, and no more are taken",
                hint: "try again when one has ended, or cancel one that waits"
            )
        ) { try site.jobs.submit(try site.request()) }
        #expect(try site.jobs.jobs(.legacy).count == 2)
    }

    @Test func anIdempotencyKeyGivesTheFirstJobAgain() throws {
        var request = try site.request()
        request.idempotencyKey = "k"
        let first = try site.jobs.submit(request)
        #expect(try site.jobs.submit(request) == first)
        #expect(try site.next().jobs.submit(request).id == first.id)
        request.idempotencyKey = "other"
        #expect(try site.jobs.submit(request).id != first.id)
        #expect(try site.jobs.jobs(.legacy).count == 2)
    }

    @Test func manyRequestsWithOneKeyMakeOneJob() async throws {
        var request = try site.request()
        request.idempotencyKey = "k"
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 { group.addTask { [site, request] in try site.jobs.submit(request).id } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
        #expect(try site.jobs.jobs(.legacy).count == 1)
        #expect(site.site.jobFiles.count == 3)
    }

    // MARK: - Cancelling and pausing

    @Test func aJobThatTrainsIsCancelledAndLeavesNoModel() async throws {
        try site.jobs.start()
        let job = try site.jobs.submit(try site.request(epochs: 1_000_000))
        try await site.waitForProgress(job.id)
        let cancelled = try await site.jobs.cancel(job.id)
        #expect(cancelled.status == .cancelled)
        #expect(try ModelLibrary(site.site.workspace).models().isEmpty)
        #expect(try await site.follow(job.id).last == "Fine-tune cancelled")
        await #expect(
            throws: Diagnostic(
                "job-state",
                "job \(job.id) was cancelled, so nothing is left to cancel"
            )
        ) { try await site.jobs.cancel(job.id) }
        // The queue goes on.
        let next = try site.jobs.submit(try site.request(epochs: 1))
        #expect(try await site.follow(next.id).last == "Fine-tune succeeded")
    }

    @Test func aJobThatWaitsIsCancelledAtOnce() async throws {
        let job = try site.jobs.submit(try site.request())
        #expect(try await site.jobs.cancel(job.id).status == .cancelled)
        try site.jobs.start()
        let next = try site.jobs.submit(try site.request(epochs: 1))
        try await site.follow(next.id)
        #expect(try site.jobs.job(job.id).status == .cancelled)
        #expect(try site.jobs.messages(of: job.id).count == 4)
    }

    @Test func aPausedJobGoesOnToTheModelOfOneThatWasNeverStopped() async throws {
        let whole = try ServedSite()
        try whole.jobs.start()
        let expected = try whole.jobs.submit(try whole.request(.modern, epochs: 2000))
        try await whole.follow(expected.id)
        try site.jobs.start()
        let job = try site.jobs.submit(try site.request(.modern, epochs: 2000))
        try await site.waitForProgress(job.id)
        #expect(try await site.jobs.pause(job.id).status == .paused)
        #expect(try ModelLibrary(site.site.workspace).models().isEmpty)
        await #expect(throws: Diagnostic.self) { try await site.jobs.pause(job.id) }
        #expect(try site.jobs.resume(job.id).status != .paused)
        let messages = try await site.follow(job.id)
        #expect(
            messages.suffix(5).dropLast(2) == [
                "Fine-tuning job paused", "Fine-tuning job queued again", "Fine-tuning job resumed",
            ]
        )
        let models = try [whole, site].map { site in
            let model = try #require(try ModelLibrary(site.site.workspace).models().first)
            return try site.site.weights(model)
        }
        #expect(models[0] == models[1])
        #expect(
            throws: Diagnostic(
                "job-state",
                "job \(job.id) has succeeded, so it cannot be resumed",
                hint: "to train more, tune the model that it made"
            )
        ) { try site.jobs.resume(job.id) }
    }

    @Test func aJobThatWaitsIsPausedAndResumed() async throws {
        let job = try site.jobs.submit(try site.request(epochs: 1))
        #expect(try await site.jobs.pause(job.id).status == .paused)
        try site.jobs.start()
        let other = try site.jobs.submit(try site.request(epochs: 1))
        try await site.follow(other.id)
        #expect(try site.jobs.job(job.id).status == .paused)
        _ = try site.jobs.resume(job.id)
        #expect(try await site.follow(job.id).last == "Fine-tune succeeded")
    }

    // MARK: - Processes

    @Test(arguments: ["queued", "running"])
    func aJobOfADeadServerIsQueuedAgain(_ status: String) async throws {
        let job = try site.jobs.submit(try site.request(epochs: 1))
        let shell = try site.site.runner.prepare(Samples.longRequest())
        try Samples.execute(
            "UPDATE job SET status = '\(status)', process = '2147483647:1'",
            in: site.site.folder.path
        )
        let next = try site.next()
        try next.jobs.start()
        let messages = try await next.follow(job.id)
        #expect(
            messages.dropFirst(2) == [
                "Fine-tune enqueued. Queue number: 0", "Process lost",
                "Fine-tune enqueued. Queue number: 0", "Fine-tune started", "Completed epoch 1/1",
                "Uploaded model: ada:ft-personal-2026-01-01-00-00-00",
                "Uploaded result file: file-2", "Fine-tune succeeded",
            ]
        )
        // A job of the shell's is its user's to take up again.
        #expect(try next.site.job(shell.record.id).record.status == .interrupted)
    }

    @Test func aServerThatStopsLeavesItsJobsToTheNext() async throws {
        try site.jobs.start()
        let first = try site.jobs.submit(try site.request(epochs: 1_000_000))
        let second = try site.jobs.submit(try site.request(epochs: 1))
        try await site.waitForProgress(first.id)
        let stream = try site.jobs.eventStream(of: first.id)
        await site.jobs.stop()
        for await _ in stream {}
        #expect(try site.jobs.jobs(.legacy).map(\.status) == [.interrupted, .interrupted])
        let next = try site.next()
        try next.jobs.start()
        for await event in try next.jobs.eventStream(of: first.id)
        where event.message == "Fine-tune resumed" {
            break
        }
        #expect(try await next.jobs.cancel(first.id).status == .cancelled)
        #expect(try await next.follow(second.id).last == "Fine-tune succeeded")
    }

    @Test func twoServersTrainNoJobTwice() async throws {
        let other = try site.next()
        let ids = try (0..<6).map { _ in try site.jobs.submit(try site.request(epochs: 1)).id }
        try site.jobs.start()
        try other.jobs.start()
        for id in ids {
            let messages = try await site.follow(id)
            #expect(messages.count { $0 == "Fine-tune started" } == 1)
            #expect(messages.count { $0.hasPrefix("Uploaded result file") } == 1)
        }
        #expect(try ModelLibrary(site.site.workspace).models().count == 6)
        #expect(site.files.results.count == 6)
    }

    @Test func theEndThatAKilledServerDidNotWriteIsWrittenByWhoeverLooks() async throws {
        try site.jobs.start()
        let job = try site.jobs.submit(try site.request(epochs: 1))
        try await site.follow(job.id)
        try Samples.execute(
            """
            UPDATE apiJob SET resultFile = NULL;
            DELETE FROM event WHERE message = 'Fine-tune succeeded' OR message LIKE '%result file%';
            """,
            in: site.site.folder.path
        )
        let next = try site.next()
        let seen = try next.jobs.job(job.id)
        #expect(seen.served?.resultFile == "file-3")
        #expect(try next.jobs.job(job.id) == seen)
        #expect(
            try next.jobs.messages(of: job.id).suffix(2).map(\.message)
                == ["Uploaded result file: file-3", "Fine-tune succeeded"]
        )
    }

    @Test func aJobWhoseExamplesAreGoneFailsAndTheQueueGoesOn() async throws {
        let job = try site.jobs.submit(try site.request(epochs: 1))
        let files = site.site.folder.file("jobs/\(job.stored.record.id)")
        try FileManager.default.removeItem(atPath: files)
        let next = try site.jobs.submit(try site.request(epochs: 1))
        try site.jobs.start()
        #expect(try await site.follow(next.id).last == "Fine-tune succeeded")
        let ended = try site.jobs.job(job.id)
        #expect(ended.status == .failed)
        #expect(ended.failure?.code == "server_error")
        #expect(
            ended.failure?.message == "job 1 has no checkpoint, and its examples are not kept"
        )
    }
}
