import FettleCore
import FettleStore
import FettleWorkbench
import Foundation
import Testing

struct JobStageTests {
    private let site: JobSite

    init() throws {
        site = try JobSite()
    }

    @Test func preparingStoresTheJobAndTrainsNothing() throws {
        var request = try Samples.longRequest()
        request.dataset = try Samples.dataset(
            bodies: ["awful", "plain", "lovely", "great"],
            stars: ["1", nil, "3", "3"],
            name: "reviews",
            format: Samples.format
        )
        let job = try site.runner.prepare(request)
        #expect(job.skippedRows == 1)
        #expect(job.record.process == ProcessIdentity.current.text)
        let stored = try site.job(job.record.id)
        #expect(stored.record == job.record)
        #expect(stored.number == 1)
        #expect(stored.record.status == .running)
        #expect(stored.record.name == "stars")
        #expect(stored.record.suffix == "s")
        #expect(stored.record.validation == "held")
        #expect(stored.record.format == (try Samples.format))
        #expect(stored.model == nil && stored.error == nil && stored.finishedAt == nil)
        #expect(
            try site.rows("SELECT job, at, level, message FROM event ORDER BY id")
                == ["Created fine-tune: \(job.record.id)", "Fine-tune started"].map {
                    [job.record.id, "\(Samples.moment)", "info", $0]
                }
        )
        #expect(try site.workspace.store().metrics(ofJob: job.record.id).isEmpty)
        let id = job.record.id
        #expect(site.jobFiles.sorted() == [id, "\(id)/train.jsonl", "\(id)/validation.jsonl"])
        let result = try site.runner.execute(job) { _ in }
        #expect(site.jobFiles.isEmpty)
        #expect(result.model.examplesSeen == 3 * 600)
        #expect(try site.job(job.record.id).record.status == .succeeded)
    }

    @Test func whatCannotBePreparedLeavesNoJob() throws {
        var request = try Samples.longRequest()
        request.dataset = try Samples.reviews()
        #expect(diagnostic { _ = try site.runner.prepare(request) }?.code == "no-format")
        request.base = "stars"
        #expect(diagnostic { _ = try site.runner.prepare(request) }?.code == "unknown-model")
        #expect(try site.workspace.existingStore() == nil)
    }

    @Test func aCancelledJobKeepsItsCheckpointAndMetrics() async throws {
        let job = try site.runner.prepare(Samples.longRequest())
        #expect(await site.cancelEarly(job) is CancellationError)
        let stored = try site.job(job.record.id)
        #expect(stored.record.status == .cancelled)
        #expect(stored.error == nil && stored.model == nil)
        #expect(stored.finishedAt == Samples.moment)
        #expect(
            try site.workspace.store().events(ofJob: job.record.id).map(\.message) == [
                "Created fine-tune: \(job.record.id)", "Fine-tune started", "Fine-tune cancelled",
            ]
        )
        let metrics = try site.workspace.store().metrics(ofJob: job.record.id)
        #expect(!metrics.isEmpty)
        #expect(metrics.allSatisfy { $0.totalSteps == 1800 && $0.step < 1800 })
        #expect(
            site.jobFiles == [
                job.record.id, "\(job.record.id)/checkpoint", "\(job.record.id)/train.jsonl",
                "\(job.record.id)/validation.jsonl",
            ]
        )
        #expect(try ModelLibrary(site.workspace).models().isEmpty)
    }

    @Test func aFailedJobWithoutACheckpointLeavesNoFiles() throws {
        var request = try Samples.longRequest()
        request.dataset = try Samples.dataset(
            bodies: ["a", "b"],
            stars: ["1", "1"],
            name: "one",
            format: Samples.format
        )
        let job = try site.runner.prepare(request)
        let error = diagnostic { _ = try site.runner.execute(job) { _ in } }
        let stored = try site.job(job.record.id)
        #expect(stored.record.status == .failed)
        #expect(stored.error != nil && stored.error == error?.message)
        #expect(site.jobFiles.isEmpty)
    }

    @Test func weightsThatCannotBeSavedFailTheJob() throws {
        var request = try Samples.longRequest(epochs: 2)
        request.suffix = nil
        let job = try site.runner.prepare(request)
        let file = try site.workspace.modelsFolder() + "/\(job.record.id).model"
        try FileManager.default.createDirectory(
            atPath: file + "/x",
            withIntermediateDirectories: true
        )
        let error = diagnostic { _ = try site.runner.execute(job) { _ in } }
        #expect(error?.message.contains(file) == true)
        let stored = try site.job(job.record.id)
        #expect(stored.record.status == .failed)
        #expect(stored.error == error?.message)
        #expect(try ModelLibrary(site.workspace).models().isEmpty)
        #expect(try site.rows("SELECT COUNT(*) > 0 FROM metric") == [["1"]])
    }

    @Test func aModelThatCannotBeRecordedLeavesNoWeights() throws {
        let job = try site.runner.prepare(Samples.longRequest(epochs: 2))
        try Samples.execute(
            "CREATE TRIGGER block BEFORE INSERT ON model BEGIN SELECT RAISE(FAIL, 'full'); END",
            in: site.folder.path
        )
        let error = diagnostic { _ = try site.runner.execute(job) { _ in } }
        #expect(error?.message == "the workspace could not be written: full")
        #expect(try site.job(job.record.id).error == error?.message)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: site.workspace.modelsFolder()) == []
        )
    }
}

struct ProcessIdentityTests {
    @Test func thisProcessIsAliveUnderItsOwnStartTimeOnly() {
        let current = ProcessIdentity.current
        #expect(current.isAlive)
        #expect(ProcessIdentity(text: current.text) == current)
        #expect(current.text.hasPrefix("\(getpid()):"))
        #expect(!ProcessIdentity(text: "\(getpid()):1").isAlive)
    }

    @Test(arguments: ["2147483647:1", "", ":", "1", "x:1", "-1:1", "1:2:3", "99999999999:1", "0:0"])
    func whatNamesNoProcessIsNotAlive(_ text: String) {
        #expect(!ProcessIdentity(text: text).isAlive)
    }
}
