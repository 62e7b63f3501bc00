import FettleCore
import FettleStore
import Testing

struct ServedJobTests {
    private let store: Store

    init() throws {
        store = try Store()
    }

    private func job(_ id: String, _ status: JobStatus = .queued) -> JobRecord {
        var job = JobRecord(
            id: id,
            status: status,
            base: "ngram",
            dataset: "file-1",
            datasetFingerprint: "ff",
            validation: nil,
            settings: [],
            createdAt: 1,
            process: "1:2"
        )
        job.wording = .legacy
        job.idBase = "ada"
        job.classification = ClassificationOptions(positiveClass: " 1", betas: [0.5])
        return job
    }

    private func served(_ id: String, at: Int64 = 5, key: String? = nil) -> ServedJobRecord {
        ServedJobRecord(
            job: id,
            apiID: "ft-\(id)",
            generation: "legacy",
            model: "ada",
            trainingFile: "file-1",
            validationFile: "file-2",
            options: "{}",
            idempotencyKey: key,
            queuedAt: at
        )
    }

    @Test func aJobAndWhatTheAPIKnowsOfItAreOneTransaction() throws {
        try store.insert(job("a"), messages: ["m"], served: served("a", key: "k"))
        #expect(
            throws: Diagnostic("job-exists", "job ft-a was made with the same idempotency key")
        ) { try store.insert(job("b"), messages: ["m"], served: served("b", key: "k")) }
        #expect(try store.jobs().map(\.record) == [job("a")])
        #expect(try store.servedJobs() == [served("a", key: "k")])
        #expect(try store.servedJob("ft-a") == served("a", key: "k"))
        #expect(try store.servedJob(ofJob: "a")?.apiID == "ft-a")
        #expect(try store.servedJob(idempotencyKey: "k")?.job == "a")
        #expect(try store.servedJob(idempotencyKey: "l") == nil)
        #expect(try store.lastEvent() == 1)
    }

    @Test func theQueueOfAProcessIsInTheOrderOfQueueing() throws {
        for (id, at) in [("a", 9), ("b", 7), ("c", 7)] as [(String, Int64)] {
            try store.insert(job(id), served: served(id, at: at))
        }
        try store.insert(job("shell"))
        #expect(try store.queuedJobs(of: "1:2").map(\.record.id) == ["b", "c", "a"])
        #expect(try store.queuedJobs(of: "1:3").isEmpty)
        try store.setStatus(.paused, of: job("b"), process: nil, message: "m", at: 10)
        #expect(try store.enqueue(job("b"), process: "1:2", message: "m", at: 11) == false)
        var paused = job("b", .paused)
        paused.process = nil
        #expect(try store.enqueue(paused, process: "1:3", message: "again", at: 11))
        #expect(try store.queuedJobs(of: "1:3").map(\.record.id) == ["b"])
        #expect(try store.servedJob(ofJob: "b")?.queuedAt == 11)
        #expect(try store.events(ofJob: "b").map(\.message) == ["m", "again"])
    }

    @Test func aJobThatWaitsEndsAtOnceWhenItIsToStop() throws {
        try store.insert(job("a"), served: served("a"))
        #expect(try store.requestStop(of: job("a"), at: 3))
        #expect(try store.job("a")?.record.status == .cancelled)
        #expect(try store.job("a")?.finishedAt == 3)
        #expect(try store.events(ofJob: "a").map(\.message) == ["Fine-tune cancelled"])
    }

    @Test func aResultIsSetOnce() throws {
        try store.insert(job("a"), served: served("a"))
        #expect(try store.setResult("file-3", ofJob: "a", messages: ["x", "y"], at: 4))
        #expect(try store.setResult("file-4", ofJob: "a", messages: ["x", "y"], at: 5) == false)
        #expect(try store.servedJob(ofJob: "a")?.resultFile == "file-3")
        #expect(try store.events(ofJob: "a").map(\.id) == [1, 2])
        #expect(try store.events(ofJob: "a", after: 1).map(\.message) == ["y"])
        #expect(try store.servedJob(ofJob: "a")?.isHidden == false)
        try store.hideServedJob("ft-a")
        #expect(try store.servedJob(ofJob: "a")?.isHidden == true)
    }

    @Test func rowsOfMetricsKeepTheirPlacesAmongTheEvents() throws {
        try store.insert(job("a"), messages: ["first"])
        func row(_ step: Int, _ loss: Double) -> TrainingMetrics {
            TrainingMetrics(
                step: step,
                totalSteps: 2,
                elapsedExamples: step,
                elapsedTokens: step,
                trainingLoss: loss,
                trainingAccuracy: 1
            )
        }
        try store.insert([row(1, 0.5)], job: "a", at: 7)
        try store.addEvent(job: "a", message: "second", at: 8)
        try store.insert([row(1, 0.25), row(2, 0.125)], job: "a", at: 9)
        let rows = try store.storedMetrics(ofJob: "a")
        #expect(rows.map(\.metrics) == [row(1, 0.25), row(2, 0.125)])
        #expect(rows.map(\.at) == [7, 9])
        #expect(rows.map(\.afterEvent) == [1, 2])
    }

    @Test func anEpochIsToldOnceAndItsFiguresAreReplaced() throws {
        try store.insert(job("a"))
        for value in [0.5, 0.75] {
            try store.insert(
                [
                    EpochMeasure(step: 4, name: "accuracy", value: value),
                    EpochMeasure(step: 4, name: "auroc", value: .nan),
                ],
                job: "a",
                message: "Completed epoch 1/2",
                at: 3
            )
        }
        #expect(
            try store.epochMeasures(ofJob: "a")
                == [EpochMeasure(step: 4, name: "accuracy", value: 0.75)]
        )
        #expect(try store.events(ofJob: "a").map(\.message) == ["Completed epoch 1/2"])
    }
}
