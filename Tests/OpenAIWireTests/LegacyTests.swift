import FettleCore
import OpenAIWire
import Testing

/// Parts of the API that the book used.
struct LegacyTests {
    private static let file = """
        {"object": "file", "id": "file-a1b2c3d4e5f6g7h8i9j0k1l2", "purpose": "fine-tune",
         "filename": "../train.jsonl", "bytes": 1234, "created_at": 1680000000, "status": "processed",
         "status_details": null}
        """

    @Test func fileWritesItsDetailsAsNull() throws {
        let file = try expectRoundTrip(FileObject.self, Self.file)
        #expect(file.filename == "../train.jsonl")
        #expect(file.expiresAt == nil)
    }

    @Test func fineTuneIsReadAndWritten() throws {
        let job = try expectRoundTrip(
            FineTune.self,
            """
            {"object": "fine-tune", "id": "ft-0123456789abcdefghijklmn",
             "hyperparams": {"n_epochs": 4, "batch_size": 1, "prompt_loss_weight": 0.01,
                             "learning_rate_multiplier": 0.1},
             "organization_id": "org-fettle", "model": "ada", "training_files": [\(Self.file)],
             "validation_files": [], "result_files": [], "created_at": 1680000001,
             "updated_at": 1680000002, "status": "pending", "fine_tuned_model": null,
             "events": [{"object": "fine-tune-event", "level": "info",
                         "message": "Created fine-tune: ft-0123456789abcdefghijklmn",
                         "created_at": 1680000001}]}
            """
        )
        #expect(job.fineTunedModel == nil)
        #expect(job.events?.first?.level == "info")
        #expect(job.trainingFiles.first?.bytes == 1234)
    }

    @Test func jobsOfAListHaveNoEvents() throws {
        var job = try read(FineTune.self, #"{"id": "ft-1", "events": []}"#)
        #expect(job.json["events"] == .array([]))
        job.events = nil
        #expect(job.json["events"] == nil)
    }

    @Test func requestTakesEveryOption() throws {
        let request = try expectRoundTrip(
            FineTuneRequest.self,
            """
            {"training_file": "file-1", "validation_file": "file-2", "model": "curie", "n_epochs": 2,
             "batch_size": 8, "learning_rate_multiplier": 0.05, "prompt_loss_weight": 0,
             "compute_classification_metrics": true, "classification_n_classes": 5,
             "classification_positive_class": " yes", "classification_betas": [0.5, 1, 2],
             "suffix": "my stars"}
            """
        )
        #expect(request.classificationBetas == [0.5, 1, 2])
        #expect(request.classificationPositiveClass == " yes")
    }

    @Test func requestTakesNullForAbsent() throws {
        let request = try read(
            FineTuneRequest.self,
            #"{"training_file": "file-1", "model": null, "n_epochs": null, "suffix": null, "extra": 1}"#
        )
        #expect(request == FineTuneRequest(trainingFile: "file-1"))
        #expect(request.json.text() == #"{"training_file": "file-1"}"#)
    }

    @Test(arguments: [
        ("{}", "you must provide 'training_file'", "training_file"),
        (#"{"training_file": 7}"#, "'training_file' must be a string, found 7", "training_file"),
        (
            #"{"training_file": "f", "n_epochs": "four"}"#,
            "'n_epochs' must be a whole number from 1 to 50, found the string 'four'", "n_epochs"
        ),
        (
            #"{"training_file": "f", "n_epochs": 51}"#,
            "'n_epochs' must be a whole number from 1 to 50, found 51", "n_epochs"
        ),
        (
            #"{"training_file": "f", "learning_rate_multiplier": 0}"#,
            "'learning_rate_multiplier' must be a number above 0, found 0",
            "learning_rate_multiplier"
        ),
        (
            #"{"training_file": "f", "classification_betas": [1, "x"]}"#,
            "'classification_betas[1]' must be a number, found the string 'x'",
            "classification_betas[1]"
        ),
        (
            #"{"training_file": "f", "classification_n_classes": 1}"#,
            "'classification_n_classes' must be a whole number of at least 2, found 1",
            "classification_n_classes"
        ),
    ])
    func requestSaysWhichMemberIsWrong(text: String, message: String, param: String) {
        #expect(throws: WireProblem(message, param: param)) {
            try read(FineTuneRequest.self, text)
        }
    }

    @Test func wholeNumbersMayHaveAFraction() throws {
        let request = try read(FineTuneRequest.self, #"{"training_file": "f", "n_epochs": 3.0}"#)
        #expect(request.nEpochs == 3)
        #expect(request.json.text() == #"{"training_file": "f", "n_epochs": 3}"#)
    }

    @Test func enginesAndDeletionsAreReadAndWritten() throws {
        _ = try expectRoundTrip(
            EngineObject.self,
            #"{"object": "engine", "id": "ada", "owner": "fettle", "ready": true}"#
        )
        _ = try expectRoundTrip(
            Deletion.self,
            #"{"object": "model", "id": "ada:ft-personal-2026-11-22-10-30-00", "deleted": true}"#
        )
    }
}
