import FettleCore
import FettleStore
import FettleWorkbench
import Foundation
import Testing

struct LeftoverTests {
    private let site: JobSite

    init() throws {
        site = try JobSite()
    }

    private var models: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: site.folder.file("models")).sorted()
        }
    }

    /// Opens the workspace as another process would at its start.
    private func start() throws {
        _ = try JobSite(in: site.folder).workspace.store()
    }

    @Test func whatNothingNeedsGoesAtTheNextStart() throws {
        let mine = ProcessIdentity.current.text
        let store = try site.workspace.store()
        let states: [(String, JobStatus)] = [
            ("ftjob-done", .succeeded), ("ftjob-live", .running), ("ftjob-cancelled", .cancelled),
            ("ftjob-failed", .failed), ("ftjob-lost", .interrupted),
        ]
        for (id, status) in states {
            try store.insert(Samples.job(id, status, process: mine))
            try site.folder.write("", to: "jobs/\(id)/checkpoint")
            try site.folder.write("", to: "jobs/\(id)/train.jsonl")
        }
        for (id, status) in states.dropFirst() {
            try store.insert(Samples.job(id + "-bare", status, process: mine))
            try site.folder.write("", to: "jobs/\(id)-bare/train.jsonl")
        }
        try site.folder.write("", to: "jobs/ftjob-unknown/train.jsonl")
        for name in ["ftjob-done.model", "ftjob-failed.model.77.new", "ftjob-live.model.8.new"] {
            try site.folder.write("", to: "models/\(name)")
        }
        try site.folder.write("", to: "models/mine.bin")
        try start()
        #expect(
            site.jobFiles.filter { !$0.contains("/") } == [
                "ftjob-cancelled", "ftjob-failed", "ftjob-live", "ftjob-live-bare", "ftjob-lost",
                "ftjob-unknown",
            ]
        )
        #expect(try models == ["ftjob-live.model.8.new", "mine.bin"])
    }

    @Test func weightsInUseAndThoseOfAMovedDatabaseStay() throws {
        let result = try site.runner.run(Samples.longRequest(epochs: 2))
        try start()
        #expect(try models == [result.model.file])
        for file in ["fettle.sqlite", "fettle.sqlite-wal", "fettle.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: site.folder.file(file))
        }
        try start()
        #expect(try models == [result.model.file])
    }

    @Test func cleaningEndsWhatCouldBeResumed() async throws {
        let job = try site.runner.prepare(Samples.longRequest())
        _ = await site.cancelEarly(job)
        try site.workspace.store().insert(Samples.job("ftjob-lost", .interrupted))
        try site.folder.write("", to: "jobs/ftjob-lost/checkpoint")
        #expect(site.workspace.canResume(try site.job(job.record.id)))
        #expect(try site.workspace.removeOldCheckpoints() == [1])
        #expect(!site.workspace.canResume(try site.job(job.record.id)))
        #expect(site.jobFiles == ["ftjob-lost", "ftjob-lost/checkpoint"])
        #expect(try site.workspace.removeOldCheckpoints() == [])
    }

    @Test func aStoppedJobWhoseProcessDiedIsCancelled() throws {
        let store = try site.workspace.store()
        let job = try Samples.job("ftjob-a", .running)
        try store.insert(job)
        #expect(try store.requestStop(of: job, at: 3))
        #expect(try site.workspace.jobs().map(\.record.status) == [.cancelled])
    }
}

struct ModelChangeTests {
    private let site: JobSite
    private let library: ModelLibrary

    init() throws {
        site = try JobSite()
        library = ModelLibrary(site.workspace)
    }

    @Test func aDeletedModelIsGoneWithItsWeights() throws {
        let first = try site.runner.run(Samples.longRequest(epochs: 2)).model
        var request = try Samples.longRequest(epochs: 2)
        (request.base, request.name) = ("stars", "more")
        let second = try site.runner.run(request).model
        #expect(try library.delete("stars") == first)
        #expect(try library.models() == [second])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: site.workspace.modelsFolder())
                == [second.file]
        )
        #expect(try library.open(second).labels == [" 1", " 2", " 3"])
        #expect(try library.delete(second.id) == second)
        #expect(diagnostic { _ = try library.delete("more") }?.code == "unknown-model")
    }

    @Test func aNewNameLeadsToTheSameModel() throws {
        let model = try site.runner.run(Samples.longRequest(epochs: 2)).model
        #expect(try library.rename("stars", to: "best") == model)
        #expect(try library.model("best").id == model.id)
        #expect(diagnostic { _ = try library.model("stars") }?.code == "unknown-model")
        #expect(try library.rename("best", to: "best").name == "best")
        let other = try site.runner.run(Samples.longRequest(epochs: 1)).model
        #expect(
            throws: Diagnostic(
                "name-taken",
                "'best' is the name of \(model.id)",
                hint: "choose another name, or rename that model first"
            )
        ) { try library.rename(other.id, to: "best") }
        #expect(try library.model("stars") == other)
    }

    @Test func whatAJobGoesOnFromStays() throws {
        let model = try site.runner.run(Samples.longRequest(epochs: 2)).model
        var job = try Samples.job("ftjob-a", .running, process: ProcessIdentity.current.text)
        job.base = model.id
        try site.workspace.store().insert(job)
        let running = Diagnostic(
            "model-in-use",
            "'stars' is what job 2 goes on from, which is running",
            hint: "wait for it with 'wait 2', or stop it with 'cancel 2'"
        )
        #expect(throws: running) { try library.delete("stars") }
        #expect(throws: running) { try library.rename("stars", to: "x") }
        try site.workspace.store().setStatus(
            .interrupted,
            of: job,
            process: nil,
            message: "x",
            at: 1
        )
        #expect(
            throws: Diagnostic(
                "model-in-use",
                "'stars' is what job 2 goes on from, which has not ended",
                hint: "end it with 'cancel 2', or let it go on with 'resume 2'"
            )
        ) { try library.delete("stars") }
        #expect(try library.model("stars") == model)
    }

    @Test(arguments: [("delete", "deleted"), ("rename", "renamed")])
    func aBaseModelStays(_ action: String, _ verb: String) throws {
        #expect(
            throws: Diagnostic(
                "base-model",
                "'ngram' is built in and cannot be \(verb)",
                hint: "'models' lists the tuned models"
            )
        ) {
            _ =
                try action == "delete"
                ? library.delete("ngram") : library.rename("ngram", to: "x")
        }
    }
}
