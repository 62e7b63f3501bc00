import FettleCore
import OpenAIWire
import Testing

/// Jobs, events and checkpoints of the present API.
struct FineTuningTests {
    @Test func requestTakesTheMethodAndItsHyperparameters() throws {
        let request = try expectRoundTrip(
            FineTuningJobRequest.self,
            """
            {"model": "gpt-4o-mini", "training_file": "file-1", "validation_file": "file-2",
             "suffix": "stars", "seed": 7,
             "method": {"type": "supervised", "supervised": {"hyperparameters":
                {"n_epochs": 3, "batch_size": "auto", "learning_rate_multiplier": 0.5}}},
             "integrations": [{"type": "wandb", "wandb": {"project": "p", "tags": ["a"]}}],
             "metadata": {"team": "shop", "note": "é"}}
            """
        )
        #expect(
            request.method?.hyperparameters
                == FineTuningHyperparameters(
                    nEpochs: .value(3),
                    batchSize: .automatic,
                    learningRateMultiplier: .value(0.5)
                )
        )
    }

    @Test func requestTakesHyperparametersInTheOldPlace() throws {
        let request = try read(
            FineTuningJobRequest.self,
            """
            {"model": "davinci-002", "training_file": "file-1", "method": null,
             "hyperparameters": {"n_epochs": "auto"}}
            """
        )
        #expect(request.hyperparameters?.nEpochs == .automatic)
        #expect(request.method == nil)
    }

    @Test(arguments: [
        (
            #""method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 0}}}"#,
            "'method.supervised.hyperparameters.n_epochs' must be a whole number from 1 to 50, found 0",
            "method.supervised.hyperparameters.n_epochs"
        ),
        (
            #""method": {"type": "magic"}"#,
            "'method.type' must be 'supervised', 'dpo' or 'reinforcement', found 'magic'",
            "method.type"
        ),
        (#""method": []"#, "'method' must be an object, found a list", "method"),
        (
            #""seed": 2147483648"#,
            "'seed' must be a whole number from 0 to 2147483647, found 2147483648", "seed"
        ),
        (#""metadata": {"a": 1}"#, "'metadata.a' must be a string, found 1", "metadata.a"),
        (
            #""integrations": [7]"#, "'integrations[0]' must be an object, found 7",
            "integrations[0]"
        ),
    ])
    func requestNamesTheMemberByItsPath(members: String, message: String, param: String) {
        #expect(throws: WireProblem(message, param: param)) {
            try read(
                FineTuningJobRequest.self,
                #"{"model": "ada", "training_file": "file-1", \#(members)}"#
            )
        }
    }

    @Test func jobWritesNullWhereNothingIsToSay() throws {
        let job = try expectRoundTrip(
            FineTuningJob.self,
            """
            {"object": "fine_tuning.job", "id": "ftjob-1", "model": "ada", "created_at": 10,
             "finished_at": null, "fine_tuned_model": null, "organization_id": "org-fettle",
             "result_files": [], "status": "queued", "validation_file": null,
             "training_file": "file-1", "hyperparameters": {"n_epochs": "auto"},
             "trained_tokens": null, "error": null, "user_provided_suffix": null, "seed": 5,
             "estimated_finish": null, "integrations": [], "metadata": null,
             "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": "auto"}}}}
            """
        )
        #expect(job.error == nil)
    }

    /// What may not be asked for here, a server of others may have.
    @Test func aJobTellsMoreEpochsThanMayBeAskedFor() throws {
        let many = #"{"n_epochs": 60, "batch_size": 1024}"#
        let job = try read(
            FineTuningJob.self,
            """
            {"id": "ftjob-1", "hyperparameters": \(many),
             "method": {"type": "supervised", "supervised": {"hyperparameters": \(many)}}}
            """
        )
        let expected = FineTuningHyperparameters(nEpochs: .value(60), batchSize: .value(1024))
        #expect(job.hyperparameters == expected)
        #expect(job.method?.hyperparameters == expected)
    }

    @Test func failedJobSaysWhy() throws {
        let job = try read(
            FineTuningJob.self,
            """
            {"id": "ftjob-1", "status": "failed", "error": {"code": "invalid_training_file",
             "message": "line 3 has no completion", "param": "training_file"}}
            """
        )
        #expect(
            job.error
                == FineTuningJobError(
                    code: "invalid_training_file",
                    message: "line 3 has no completion",
                    param: "training_file"
                )
        )
    }

    @Test(arguments: ["{}", #"{"code": null, "message": null, "param": null}"#])
    func emptyErrorsOfRealJobsAreRead(error: String) throws {
        let job = try read(
            FineTuningJob.self,
            """
            {"id": "ftjob-1", "error": \(error), "hyperparameters": null, "usage_metrics": null,
             "shared_with_openai": false, "user_provided_suffix": "x"}
            """
        )
        #expect(job.error?.isEmpty == true)
        #expect(job.hyperparameters == FineTuningHyperparameters())
        #expect(job.userProvidedSuffix == "x")
    }

    @Test func eventsAndCheckpointsAreReadAndWritten() throws {
        let event = try expectRoundTrip(
            FineTuningJobEvent.self,
            """
            {"object": "fine_tuning.job.event", "id": "ftevent-1", "created_at": 12,
             "level": "info", "message": "Step 3/9: training loss=0.50", "type": "metrics",
             "data": {"step": 3, "total_steps": 9, "train_loss": 0.5}}
            """
        )
        #expect(event.data?["train_loss"] == .number(0.5))
        let checkpoint = try expectRoundTrip(
            FineTuningJobCheckpoint.self,
            """
            {"object": "fine_tuning.job.checkpoint", "id": "ftckpt_1", "created_at": 13,
             "fine_tuned_model_checkpoint": "ft:ada:me::abcd:ckpt-step-90",
             "fine_tuning_job_id": "ftjob-1", "step_number": 90,
             "metrics": {"step": 90, "train_loss": 0.25, "full_valid_loss": 0.5}}
            """
        )
        #expect(checkpoint.metrics.fullValidLoss == 0.5)
        #expect(checkpoint.metrics.validLoss == nil)
    }

    @Test func pageTellsWhereItEnds() throws {
        let events = ["b", "a"].map { FineTuningJobEvent(id: $0) }
        let page = WireList(page: events, hasMore: true) { $0.id }
        #expect(page.json["first_id"] == .string("b"))
        #expect(page.json["last_id"] == .string("a"))
        #expect(page.json["has_more"] == .boolean(true))
        let empty = WireList(page: [FineTuningJobEvent](), hasMore: false) { $0.id }
        #expect(
            empty.json.text()
                == #"{"object": "list", "data": [], "first_id": null, "last_id": null, "has_more": false}"#
        )
    }

    @Test func listWithoutPagesIsRead() throws {
        let list = try read(
            WireList<ModelObject>.self,
            #"{"object": "list", "data": [{"id": "ada", "object": "model", "permission": []}]}"#
        )
        #expect(list.hasMore == nil)
        #expect(list.data.map(\.id) == ["ada"])
        #expect(list.json["has_more"] == nil)
    }
}
