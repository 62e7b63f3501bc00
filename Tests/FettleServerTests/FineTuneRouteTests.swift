import FettleCore
import FettleServer
import FettleStore
import FettleWorkbench
import Testing

struct FineTuneRouteTests {
    // MARK: - The old API

    @Test func aJobOfTheOldAPITellsItsEventsAndHasItsResults() async throws {
        try await TestServer.run { server in
            let training = try await server.file(Reviews.lines(60))
            let validation = try await server.file(Reviews.lines(9))
            let answer = try await server.ask(
                "POST",
                "/v1/fine-tunes",
                body: """
                    {"training_file": "\(training)", "validation_file": "\(validation)",
                    "model": "ada", "n_epochs": 2, "batch_size": 10, "suffix": "My Stars",
                    "compute_classification_metrics": true, "classification_n_classes": 3}
                    """
            )
            #expect(answer.status == 200)
            let id = try #require(try answer.json["id"]?.string)
            #expect(id.hasPrefix("ft-"))
            #expect(try answer.json["object"] == .string("fine-tune"))
            #expect(try answer.json["training_files"]?.items.first?["id"] == .string(training))
            let stream = try await server.ask("GET", "/v1/fine-tunes/\(id)/events?stream=true")
            #expect(stream.isChunked)
            #expect(stream.headers["content-type"]?.hasPrefix("text/event-stream") == true)
            let events = stream.text.split(separator: "\n\n").map(String.init)
            #expect(events.last == "data: [DONE]")
            let messages = try events.dropLast().map { event in
                let json = try JSONValue.parse(Array(event.dropFirst("data: ".count).utf8))
                #expect(json["object"] == .string("fine-tune-event"))
                return json["message"]?.string ?? ""
            }
            let ended = try await server.ask("GET", "/v1/fine-tunes/\(id)").json
            let model = "ada:ft-personal:my-stars-2026-01-01-00-00-00"
            let file = try #require(ended["result_files"]?.items.first)
            let result = file["id"]?.string ?? ""
            #expect(
                messages == [
                    "Created fine-tune: \(id)", "Fine-tune costs $0.00 (local)",
                    "Fine-tune enqueued. Queue number: 0", "Fine-tune started",
                    "Completed epoch 1/2", "Completed epoch 2/2", "Uploaded model: \(model)",
                    "Uploaded result file: \(result)", "Fine-tune succeeded",
                ]
            )
            #expect(ended["status"] == .string("succeeded"))
            #expect(ended["fine_tuned_model"] == .string(model))
            #expect(ended["events"]?.items.count == 9)
            #expect(file["filename"] == .string("compiled_results.csv"))
            #expect(file["purpose"] == .string("fine-tune-results"))
            let csv = try await server.ask("GET", "/v1/files/\(result)/content").text
            let lines = csv.split(separator: "\n")
            #expect(
                lines.first == """
                    step,elapsed_tokens,elapsed_examples,training_loss,training_sequence_accuracy,\
                    training_token_accuracy,validation_loss,validation_sequence_accuracy,\
                    validation_token_accuracy,classification/accuracy,\
                    classification/weighted_f1_score
                    """
            )
            #expect(lines.count == 13)
            #expect(lines.last?.hasPrefix("12,") == true)
            #expect(lines.last?.hasSuffix(",1.0,1.0") == true)
            let events2 = try await server.ask("GET", "/v1/fine-tunes/\(id)/events").json
            #expect(events2["data"]?.items.map { $0["message"]?.string ?? "" } == messages)
            let all = try await server.ask("GET", "/v1/fine-tunes").json
            #expect(all["data"]?.items.map { $0["id"]?.string } == [id])
            #expect(all["data"]?.items.first?["events"] == nil)
            let again = try await server.ask("POST", "/v1/fine-tunes/\(id)/cancel")
            #expect(again.status == 400)
            let gone = try await server.ask("DELETE", "/v1/fine-tunes/\(id)").json
            #expect(gone["deleted"] == .boolean(true))
            #expect(try await server.ask("GET", "/v1/fine-tunes/\(id)").status == 404)
        }
    }

    @Test(arguments: [
        (
            #"{"training_file": "train.jsonl"}"#, 400, "training_file",
            "no file 'train.jsonl' (upload it first, and give the id that the upload answers)"
        ),
        (
            #"{"training_file": "FILE", "model": "gpt-9"}"#, 404, "model", nil
        ),
        (
            #"{"training_file": "FILE", "compute_classification_metrics": true}"#, 400,
            "compute_classification_metrics", nil
        ),
        (
            #"{"training_file": "FILE", "validation_file": "FILE", "compute_classification_metrics": true, "#
                + #""classification_positive_class": "1"}"#,
            400, "classification_positive_class", nil
        ),
        (#"{"training_file": "FILE", "n_epochs": 0}"#, 400, "n_epochs", nil),
        (#"{"model": "ada"}"#, 400, "training_file", nil),
    ]) func aBadRequestIsRefusedBeforeTheQueue(
        _ body: String,
        _ status: Int,
        _ field: String,
        _ message: String?
    ) async throws {
        try await TestServer.run { server in
            let file = try await server.file(Reviews.lines(30))
            let answer = try await server.ask(
                "POST",
                "/v1/fine-tunes",
                body: body.replacing("FILE", with: file)
            )
            #expect(answer.status == status)
            #expect(try answer.error("param") == .string(field))
            if let message { #expect(try answer.error("message") == .string(message)) }
            #expect(
                try await server.ask("GET", "/v1/fine-tunes").json["data"]?.items.isEmpty == true
            )
        }
    }

    @Test func oneKeyMakesOneJob() async throws {
        try await TestServer.run { server in
            let file = try await server.file(Reviews.lines(30))
            var ids: Set<String> = []
            for _ in 0..<3 {
                let answer = try await server.ask(
                    "POST",
                    "/v1/fine-tunes",
                    headers: ["Idempotency-Key": "k"],
                    body: #"{"training_file": "\#(file)", "model": "ada"}"#
                )
                ids.insert(try #require(try answer.json["id"]?.string))
            }
            #expect(ids.count == 1)
        }
    }

    // MARK: - The present API

    @Test func aJobOfThePresentAPIRunsToItsEnd() async throws {
        try await TestServer.run { server in
            let training = try await server.file(Reviews.lines(60))
            let answer = try await server.ask(
                "POST",
                "/v1/fine_tuning/jobs",
                body: """
                    {"training_file": "\(training)", "model": "gpt-4o-mini", "seed": 7,
                    "metadata": {"team": "a b"}, "method": {"type": "supervised", "supervised":
                    {"hyperparameters": {"n_epochs": 2, "batch_size": 10,
                    "learning_rate_multiplier": "auto"}}}}
                    """
            )
            #expect(answer.status == 200)
            let id = try #require(try answer.json["id"]?.string)
            #expect(id.hasPrefix("ftjob-"))
            #expect(try answer.json["seed"] == .integer(7))
            #expect(try answer.json["hyperparameters"]?["n_epochs"] == .integer(2))
            let ended = try await server.ended("/v1/fine_tuning/jobs/\(id)")
            let model = "gpt-4o-mini:ft-personal-2026-01-01-00-00-00"
            #expect(ended["status"] == .string("succeeded"))
            #expect(ended["fine_tuned_model"] == .string(model))
            #expect(ended["error"] == .null)
            #expect(ended["metadata"] == .object([.init("team", .string("a b"))]))
            #expect(ended["result_files"]?.items.count == 1)
            // Newest first, in pages.
            var events: [JSONValue] = []
            var path = "/v1/fine_tuning/jobs/\(id)/events?limit=7"
            while true {
                let page = try await server.ask("GET", path).json
                events += page["data"]?.items ?? []
                guard page["has_more"] == .boolean(true) else { break }
                path =
                    "/v1/fine_tuning/jobs/\(id)/events?limit=7&after="
                    + (page["data"]?.items.last?["id"]?.string ?? "")
            }
            #expect(events.count == 18)
            #expect(Set(events.map { $0["id"]?.string }).count == 18)
            #expect(events.first?["message"] == .string("The job has successfully completed"))
            #expect(events.last?["message"] == .string("Created fine-tuning job: \(id)"))
            #expect(events.count { $0["type"] == .string("metrics") } == 12)
            let checkpoints = try await server.ask(
                "GET",
                "/v1/fine_tuning/jobs/\(id)/checkpoints"
            ).json
            #expect(
                checkpoints["data"]?.items.first?["fine_tuned_model_checkpoint"] == .string(model)
            )
            for (query, count) in [
                ("metadata%5Bteam%5D=a+b", 1), ("metadata%5Bteam%5D=c", 0), ("metadata=null", 0),
            ] {
                let list = try await server.ask("GET", "/v1/fine_tuning/jobs?\(query)").json
                #expect(list["data"]?.items.count == count, "\(query)")
                #expect(list["has_more"] == .boolean(false))
            }
        }
    }

    @Test func aJobIsPausedResumedAndCancelled() async throws {
        try await TestServer.run { server in
            let training = try await server.file(Reviews.lines(60))
            let body = """
                {"training_file": "\(training)", "model": "ada", "hyperparameters":
                {"n_epochs": 50, "batch_size": 1}}
                """
            // The first keeps the second waiting.
            var ids: [String] = []
            for _ in 0..<2 {
                let answer = try await server.ask("POST", "/v1/fine_tuning/jobs", body: body)
                ids.append(try #require(try answer.json["id"]?.string))
            }
            let path = "/v1/fine_tuning/jobs/\(ids[1])"
            let paused = try await server.ask("POST", path + "/pause")
            if paused.status == 200 {
                #expect(try paused.json["status"] == .string("paused"))
                #expect(try await server.ask("POST", path + "/pause").status == 400)
                #expect(try await server.ask("POST", path + "/resume").status == 200)
            }
            _ = try await server.ask("POST", path + "/cancel")
            let status = try await server.ended(path)["status"]
            #expect(status == .string("cancelled") || status == .string("succeeded"))
            #expect(try await server.ask("POST", path + "/cancel").status == 400)
            #expect(try await server.ended("/v1/fine_tuning/jobs/\(ids[0])")["error"] == .null)
            let list = try await server.ask("GET", "/v1/fine_tuning/jobs?limit=1").json
            #expect(list["data"]?.items.map { $0["id"]?.string } == [ids[1]])
            #expect(list["has_more"] == .boolean(true))
        }
    }

    @Test func unknownJobsHaveTheAPIsWords() async throws {
        try await TestServer.run { server in
            let answer = try await server.ask("GET", "/v1/fine_tuning/jobs/ftjob-none")
            #expect(answer.status == 404)
            #expect(
                answer.text
                    == #"{"error": {"message": "Could not find fine tune: ftjob-none", "type": "#
                    + #""invalid_request_error", "param": "fine_tune_id", "code": "#
                    + #""fine_tune_not_found"}}"# + "\n"
            )
            #expect(try await server.ask("GET", "/v1/fine-tunes/ft-none").status == 404)
        }
    }
}

/// Reviews whose words tell their stars.
enum Reviews {
    static func lines(_ count: Int) -> String {
        let words = ["awful broken", "lovely great", "plain okay"]
        return (0..<count).map { row in
            #"{"prompt": "\#(words[row % 3]) item \#(row) ->", "completion": " \#(row % 3 + 1)"}"#
                + "\n"
        }.joined()
    }
}

extension TestServer {
    /// Uploads a file and returns its id.
    func file(_ text: String) async throws -> String {
        try #require(try await upload(text).json["id"]?.string)
    }

    /// Returns a job once it has ended.
    func ended(_ path: String) async throws -> JSONValue {
        while true {
            let job = try await ask("GET", path).json
            let status = job["status"]?.string ?? ""
            if ["succeeded", "failed", "cancelled"].contains(status) { return job }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}

extension JSONValue {
    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    var items: [JSONValue] {
        if case .array(let items) = self { items } else { [] }
    }
}
