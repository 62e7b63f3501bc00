import FettleCore
import FettleData
import FettleStore
import FettleWorkbench
import Foundation
import Testing

struct ServedJobsTests {
    private let site: ServedSite

    init() throws {
        site = try ServedSite()
    }

    @Test func aLegacyJobTellsItsEventsInTheOldWords() async throws {
        var request = try site.request()
        request.options.suffix = "My Stars!"
        let job = try site.jobs.submit(request)
        #expect(job.id.hasPrefix("ft-"))
        #expect(job.id.count == 27)
        #expect(job.status == .queued)
        #expect(job.model == "ada")
        try site.jobs.start()
        let messages = try await site.follow(job.id)
        let model = "ada:ft-personal:my-stars-2026-01-01-00-00-00"
        #expect(
            messages == [
                "Created fine-tune: \(job.id)", "Fine-tune costs $0.00 (local)",
                "Fine-tune enqueued. Queue number: 0", "Fine-tune started", "Completed epoch 1/2",
                "Completed epoch 2/2", "Uploaded model: \(model)", "Uploaded result file: file-2",
                "Fine-tune succeeded",
            ]
        )
        let ended = try site.jobs.job(job.id)
        #expect(ended.status == .succeeded)
        #expect(ended.stored.model == model)
        #expect(ended.served?.resultFile == "file-2")
        #expect(ended.trainedTokens ?? 0 > 0)
        #expect(try site.jobs.messages(of: job.id).map(\.message) == messages)
        let lines = try site.files.text("file-2").split(separator: "\n")
        #expect(
            lines[0] == """
                step,elapsed_tokens,elapsed_examples,training_loss,training_sequence_accuracy,\
                training_token_accuracy
                """
        )
        #expect(lines.count == 13)
        #expect(lines.last?.hasPrefix("12,") == true)
        #expect(lines.last?.split(separator: ",")[2] == "120")
    }

    @Test func aModernJobTellsItsEventsAndStepsInTheNewWords() async throws {
        var request = try site.request(.modern)
        request.validationFile = try site.files.add(ServedSite.lines(6), "valid.jsonl")
        let job = try site.jobs.submit(request)
        #expect(job.id.hasPrefix("ftjob-"))
        try site.jobs.start()
        try await site.follow(job.id)
        let model = "ada:ft-personal-2026-01-01-00-00-00"
        let events = try site.jobs.events(of: job.id)
        #expect(
            events.filter { $0.metrics == nil }.map(\.message) == [
                "Created fine-tuning job: \(job.id)",
                "Validating training file: file-1 and validation file: file-2",
                "Files validated, moving job to queued state", "Fine-tuning job started",
                "New fine-tuned model created: \(model)",
                "The job has successfully completed",
            ]
        )
        let steps = events.filter { $0.metrics != nil }
        #expect(steps.map(\.metrics?.step) == Array(1...12))
        #expect(steps.last?.message.hasPrefix("Step 12/12: training loss=0.") == true)
        #expect(steps.last?.message.contains(", validation loss=0.") == true)
        #expect(events.map(\.id).count == Set(events.map(\.id)).count)
        #expect(events.map(\.message).prefix(4).last == "Fine-tuning job started")
        #expect(events.suffix(2).first?.message == "New fine-tuned model created: \(model)")
        let ended = try site.jobs.job(job.id)
        let csv = try site.files.text(try #require(ended.served?.resultFile))
        #expect(
            csv.hasPrefix("step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy\n")
        )
        #expect(csv.split(separator: "\n").count == 13)
        #expect(try site.jobs.checkpoints(of: job.id).map(\.model) == [model])
        #expect(try site.jobs.checkpoints(of: job.id).map(\.metrics.step) == [12])
    }

    @Test func aClassifierIsMeasuredOnTheWholeValidationFileAtTheEndOfEachEpoch() async throws {
        var request = try site.request(epochs: 3)
        request.validationFile = try site.files.add(ServedSite.lines(9), "valid.jsonl")
        request.measuresClasses = true
        request.options.classification = ClassificationOptions(classCount: 3)
        let job = try site.jobs.submit(request)
        try site.jobs.start()
        try await site.follow(job.id)
        let rows = try Self.rows(of: try site.files.text(try #require(site.files.results.first)))
        #expect(
            rows.first?.keys.sorted() == [
                "classification/accuracy", "classification/weighted_f1_score", "elapsed_examples",
                "elapsed_tokens", "step", "training_loss", "training_sequence_accuracy",
                "training_token_accuracy", "validation_loss", "validation_sequence_accuracy",
                "validation_token_accuracy",
            ]
        )
        let measured = rows.filter { $0["classification/accuracy"] != "" }
        #expect(measured.compactMap { $0["step"] } == ["6", "12", "18"])
        let last = try #require(measured.last)
        #expect(last["classification/accuracy"] == last["validation_sequence_accuracy"])
        #expect(last["classification/accuracy"] == "1.0")
        #expect(last["classification/weighted_f1_score"] == "1.0")
    }

    @Test func aPositiveClassHasTheFiguresOfTwoClasses() async throws {
        var request = try site.request()
        request.trainingFile = try site.files.add(ServedSite.lines(60, classes: 2), "t.jsonl")
        request.validationFile = try site.files.add(ServedSite.lines(8, classes: 2), "v.jsonl")
        request.measuresClasses = true
        request.options.classification = ClassificationOptions(positiveClass: " 2", betas: [0.5])
        let job = try site.jobs.submit(request)
        try site.jobs.start()
        try await site.follow(job.id)
        let text = try site.files.text(try #require(site.files.results.first))
        let header = text.split(separator: "\n")[0]
        #expect(
            header.hasSuffix(
                "validation_token_accuracy,classification/accuracy,classification/precision,"
                    + "classification/recall,classification/auroc,classification/auprc,"
                    + "classification/f1.0,classification/f0.5"
            )
        )
        let last = try #require(try Self.rows(of: text).last)
        for name in ["accuracy", "precision", "recall", "auroc", "auprc", "f1.0", "f0.5"] {
            #expect(last["classification/\(name)"] == "1.0", "\(name)")
        }
    }

    private static func rows(of csv: String) throws -> [[String: String]] {
        let lines = csv.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let header = try #require(lines.first)
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
    }

    // MARK: - Names

    @Test func aModelIsNamedByTheAliasAndNamesNeverNest() async throws {
        try site.jobs.start()
        let first = try site.jobs.submit(try site.request(epochs: 1))
        try await site.follow(first.id)
        let model = try #require(try site.jobs.job(first.id).stored.model)
        #expect(model == "ada:ft-personal-2026-01-01-00-00-00")
        let second = try site.jobs.submit(try site.request(.modern, epochs: 1, model: model))
        try await site.follow(second.id)
        let ended = try site.jobs.job(second.id)
        #expect(ended.stored.model == "ada:ft-personal-2026-01-01-00-00-01")
        let record = try ModelLibrary(site.site.workspace).model(try #require(ended.stored.model))
        #expect(record.parent == model)
        #expect(record.base == "ngram")
        #expect(record.examplesSeen == 120)
        // The shell's own jobs go on from it under the same name.
        let shell = try site.site.runner.run(
            JobRunner.Request(
                base: model,
                dataset: try Samples.dataset(
                    bodies: ["a", "b"],
                    stars: ["1", "2"],
                    name: "d",
                    format: nil
                ).renamed(),
                hyperparameters: Hyperparameters(epochs: 1)
            )
        )
        #expect(shell.model.id == "ada:ft-personal-2026-01-01-00-00-02")
        let named = try site.jobs.submit(try site.request(epochs: 1, model: "ngram"))
        try await site.follow(named.id)
        #expect(try site.jobs.job(named.id).stored.model == "ngram:ft-personal-2026-01-01-00-00-00")
    }

    @Test func aModelOfTheShellLearnsFinishedTextsAndKeepsItsFormat() async throws {
        var request = try Samples.longRequest(epochs: 1)
        request.suffix = nil
        let shell = try site.site.runner.run(request)
        try site.jobs.start()
        let job = try site.jobs.submit(try site.request(epochs: 1, model: shell.model.id))
        try await site.follow(job.id)
        let ended = try site.jobs.job(job.id)
        let model = try ModelLibrary(site.site.workspace).model(try #require(ended.stored.model))
        #expect(model.format == (try Samples.format))
        // The modern API shows the shell's jobs under their own ids.
        let id = try #require(try site.jobs.jobs(.modern).first).id
        #expect(try site.jobs.jobs(.modern).count == 1)
        #expect(try site.jobs.job(id).stored.model == shell.model.id)
        #expect(try site.jobs.jobs(.legacy).map(\.id) == [job.id])
        #expect(
            diagnostic { _ = try site.jobs.job(ended.stored.record.id) }?.code == "unknown-job"
        )
    }

    // MARK: - Failing

    @Test func aJobThatFailsAfterTheQueueSaysWhatIsWrongWithItsFile() async throws {
        try site.jobs.start()
        let first = try site.jobs.submit(try site.request(epochs: 1))
        try await site.follow(first.id)
        var request = try site.request(
            .modern,
            epochs: 1,
            model: try #require(try site.jobs.job(first.id).stored.model)
        )
        let lines = (0..<30).map { #"{"prompt": "a \#($0)", "completion": " b \#($0)"}"# }
        request.trainingFile = try site.files.add(lines.joined(separator: "\n"), "free.jsonl")
        let job = try site.jobs.submit(request)
        let messages = try await site.follow(job.id)
        let reason =
            "30 different completions in 30 examples, and an 'ngram' model chooses among a closed set "
            + "of at most 1,000"
        #expect(messages.last == "The job failed: \(reason)")
        let ended = try site.jobs.job(job.id)
        #expect(ended.failure?.code == "invalid_training_file")
        #expect(ended.failure?.message == reason)
        #expect(ended.failure?.field == "training_file")
        #expect(ended.served?.resultFile == nil)
        #expect(try site.jobs.events(of: job.id).last?.level == "error")
        #expect(try site.jobs.checkpoints(of: job.id).isEmpty)
    }

    @Test func aJobIsDeletedFromTheListsOnlyWhenItHasEnded() async throws {
        let job = try site.jobs.submit(try site.request())
        #expect(
            throws: Diagnostic(
                "job-state",
                "job \(job.id) has not ended, so it cannot be deleted",
                hint: "cancel it first"
            )
        ) { try site.jobs.delete(job.id) }
        try site.jobs.start()
        try await site.follow(job.id)
        try site.jobs.delete(job.id)
        #expect(try site.jobs.jobs(.legacy).isEmpty)
        #expect(
            throws: Diagnostic(
                "unknown-job",
                "no job '\(job.id)'",
                hint: "list the jobs to see their ids"
            )
        ) { try site.jobs.job(job.id) }
        #expect(try ModelLibrary(site.site.workspace).models().count == 1)
    }
}

extension Dataset {
    /// Returns the rows with the columns of the API's files.
    fileprivate func renamed() throws -> Dataset {
        Dataset(
            name: name,
            source: source,
            recipe: recipe,
            frame: Frame(columns: [
                .init("prompt", frame.columns[0].column),
                .init("completion", frame.columns[1].column),
            ])
        )
    }
}
