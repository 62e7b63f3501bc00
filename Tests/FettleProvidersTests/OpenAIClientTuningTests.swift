import FettleCore
import FettleTestSupport
import Foundation
import OpenAIWire
import Synchronization
import Testing

@testable import FettleProviders

/// What fine-tuning asks of a server, against one with faults.
struct OpenAIClientTuningTests {
    private static func client(_ server: FaultServer) throws -> OpenAIClient {
        try OpenAIClient(
            name: "there",
            address: ServerAddress(server.address + "/v1"),
            key: "sk-very-secret-key",
            policy: RetryPolicy(attempts: 4, wait: { _ in }, random: { 0 })
        )
    }

    private static func file(_ id: String, _ name: String, bytes: Int) -> String {
        #"{"id":"\#(id)","object":"file","filename":"\#(name)","bytes":\#(bytes),"purpose":"fine-tune"}"#
    }

    private static func list(_ items: String...) -> String {
        #"{"object":"list","data":[\#(items.joined(separator: ","))]}"#
    }

    // MARK: - Files

    /// A file with a row of nine bytes, which is removed with the value.
    private final class Rows {
        let path = NSTemporaryDirectory() + "fettle-rows-" + UUID().uuidString

        init() throws {
            try Data("{\"a\": 1}\n".utf8).write(to: URL(filePath: path))
        }

        deinit {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    @Test func fileIsSentAsAForm() throws {
        let rows = try Rows()
        let server = try FaultServer([
            .json(Self.list()), .json(Self.file("file-1", "x.jsonl", bytes: 9)),
        ])
        let sent = Mutex<[Int64]>([])
        let file = try Self.client(server).upload(rows.path, as: "x.jsonl") {
            done,
            total in
            #expect(total == 9)
            sent.withLock { $0.append(done) }
        }
        #expect(file.id == "file-1")
        #expect(sent.withLock { $0 } == [9])
        #expect(server.requests.map(\.path) == ["/v1/files?purpose=fine-tune", "/v1/files"])
        let request = server.requests[1]
        let type = try #require(request.headers["content-type"])
        let boundary = try #require(
            type.firstMatch(of: #/^multipart\/form-data; boundary=(fettle-[0-9a-z]{32})$/#)?.1
        )
        #expect(
            request.body == """
                --\(boundary)\r
                Content-Disposition: form-data; name="purpose"\r
                \r
                fine-tune\r
                --\(boundary)\r
                Content-Disposition: form-data; name="file"; filename="x.jsonl"\r
                Content-Type: application/octet-stream\r
                \r
                {"a": 1}
                \r
                --\(boundary)--\r

                """
        )
        #expect(request.headers["content-length"] == "\(request.body.utf8.count)")
    }

    @Test func fileThatIsThereIsNotSentAgain() throws {
        let rows = try Rows()
        let server = try FaultServer([
            .json(
                Self.list(
                    Self.file("file-other", "x.jsonl", bytes: 8),
                    Self.file("file-same", "x.jsonl", bytes: 9)
                )
            )
        ])
        let file = try Self.client(server).upload(rows.path, as: "x.jsonl") {
            _,
            _ in
        }
        #expect(file.id == "file-same")
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [FaultServer.Reply.drop, .cut("{}", after: 1), .json(502, "<html>")])
    func fileWhoseAnswerWasLostIsFoundAndNotSentTwice(fault: FaultServer.Reply) throws {
        let rows = try Rows()
        let server = try FaultServer([
            .json(Self.list()), fault, .json(Self.list(Self.file("file-1", "x.jsonl", bytes: 9))),
        ])
        let file = try Self.client(server).upload(rows.path, as: "x.jsonl") {
            _,
            _ in
        }
        #expect(file.id == "file-1")
        #expect(server.requests.map(\.method) == ["GET", "POST", "GET"])
    }

    // MARK: - Jobs

    private static let request = FineTuningJobRequest(model: "ada", trainingFile: "file-1")

    @Test(arguments: [FaultServer.Reply.drop, .cut("{}", after: 1), .json(500, "{}")])
    func jobWhoseAnswerWasLostIsFoundAndNotMadeTwice(fault: FaultServer.Reply) throws {
        let mine = #"{"id":"ftjob-mine","status":"queued","metadata":{"fettle_job":"wish"}}"#
        let other = #"{"id":"ftjob-other","status":"queued","metadata":null}"#
        let server = try FaultServer([
            .json(Self.list(other)), fault, .json(Self.list(other, mine)),
        ])
        let made = try Self.client(server).makeJob(Self.request, key: "wish")
        #expect(made.job.id == "ftjob-mine")
        #expect(made.generation == .modern)
        #expect(server.requests.map(\.method) == ["GET", "POST", "GET"])
        #expect(server.requests[1].headers["idempotency-key"] == "wish")
    }

    @Test func jobThatAKilledProcessMadeIsTaken() throws {
        let job = #"{"id":"ftjob-mine","status":"running","metadata":{"fettle_job":"wish"}}"#
        let server = try FaultServer([.json(Self.list(job))])
        let made = try Self.client(server).makeJob(Self.request, key: "wish")
        #expect(made.job.id == "ftjob-mine")
        #expect(server.requests.map(\.method) == ["GET"])
    }

    @Test func jobThatWasNotMadeIsMadeAgain() throws {
        let server = try FaultServer([
            .json(Self.list()), .drop, .json(Self.list()), .json(429, "{}"),
            .json(#"{"id":"ftjob-1","status":"queued"}"#),
        ])
        let made = try Self.client(server).makeJob(Self.request, key: "wish")
        #expect(made.job.id == "ftjob-1")
        // After a 429 nothing can have been made.
        #expect(server.requests.map(\.method) == ["GET", "POST", "GET", "POST", "POST"])
    }

    @Test func closedAccountIsRefusedInItsWords() throws {
        let server = try FaultServer([
            .json(Self.list()),
            .json(403, #"{"error":{"message":"You are not allowed to create fine-tuning jobs."}}"#),
        ])
        #expect(
            throws: Diagnostic(
                "provider-forbids",
                "'there' refuses: You are not allowed to create fine-tuning jobs."
            )
        ) {
            try Self.client(server).makeJob(Self.request, key: "wish")
        }
        #expect(server.requests.count == 2)
    }

    @Test func serverWithTheOldAPIAloneIsAskedByThat() throws {
        let job = #"{"id":"ft-1","model":"ada","status":"pending","training_files":[]}"#
        let server = try FaultServer { request, _ in
            switch (request.method, request.path) {
            case ("GET", "/v1/fine-tunes"): .json(Self.list())
            case ("POST", "/v1/fine-tunes"): .json(job)
            case ("GET", "/v1/fine-tunes/ft-1/events"):
                .json(
                    Self.list(
                        #"{"object":"fine-tune-event","message":"a","level":"info","created_at":1}"#,
                        #"{"object":"fine-tune-event","message":"b","level":"warn","created_at":2}"#
                    )
                )
            default: .json(404, #"{"error":{"message":"Invalid URL"}}"#)
            }
        }
        let client = try Self.client(server)
        var request = Self.request
        request.suffix = "mine"
        request.method = FineTuningMethod(
            type: "supervised",
            hyperparameters: FineTuningHyperparameters(nEpochs: .value(2), batchSize: .automatic)
        )
        let made = try client.makeJob(request, key: "wish")
        #expect(made.job.id == "ft-1")
        #expect(made.generation == .legacy)
        #expect(made.job.state == .active("pending"))
        let body = try #require(server.requests.last?.body)
        #expect(
            body == #"{"training_file": "file-1", "model": "ada", "n_epochs": 2, "suffix": "mine"}"#
        )
        let events = try client.events(ofJob: "ft-1", .legacy, after: "1")
        #expect(events == [RemoteEvent(mark: "2", level: "warn", message: "b", metrics: nil)])
    }

    @Test(arguments: [
        (##""status":"succeeded","fine_tuned_model":"ft:ada:me""##, "succeeded"),
        (#""status":"succeeded","fine_tuned_model":null"#, "no model"),
        (#""status":"failed","error":{"code":"c","message":"line 3"}"#, "failed"),
        (#""status":"failed","error":{},"hyperparameters":null"#, "no reason"),
        (#""status":"cancelled","error":{"code":null,"message":null,"param":null}"#, "cancelled"),
        (##""status":"paused""##, "paused"),
        (##""status":"validating_files""##, "active"),
    ])
    func stateIsReadAsServersWriteIt(members: String, kind: String) throws {
        let server = try FaultServer([.json(#"{"id":"ftjob-1",\#(members)}"#)])
        let state = try Self.client(server).job("ftjob-1", .modern).state
        let expected: [String: RemoteJob.State] = [
            "succeeded": .succeeded("ft:ada:me"),
            "no model": .failed("it succeeded, and made no model"), "failed": .failed("line 3"),
            "no reason": .failed("no reason is given"), "cancelled": .cancelled,
            "paused": .paused, "active": .active("validating_files"),
        ]
        #expect(state == expected[kind])
        #expect(server.requests[0].path == "/v1/fine_tuning/jobs/ftjob-1")
    }

    // MARK: - Events and results

    @Test func eventsAfterTheLastOneComeOldestFirst() throws {
        @Sendable func event(_ number: Int, _ more: String = "") -> String {
            #"{"id":"ftevent-\#(number)","message":"m\#(number)","level":"info"\#(more)}"#
        }
        let metrics =
            #","type":"metrics","data":{"step":3,"total_steps":9,"train_loss":0.5,"train_mean_token_accuracy":0.75,"#
            + #""valid_loss":0.625,"full_valid_loss":0.5625}"#
        let server = try FaultServer { request, _ in
            request.path.contains("after=")
                ? .json(
                    #"{"data":[\#(event(2)),\#(event(1))],"has_more":false}"#
                )
                : .json(
                    #"{"data":[\#(event(4)),\#(event(3, metrics))],"has_more":true}"#
                )
        }
        let client = try Self.client(server)
        let all = try client.events(ofJob: "ftjob-1", .modern, after: nil)
        #expect(all.map(\.message) == ["m1", "m2", "m3", "m4"])
        let figures = try #require(all[2].metrics)
        #expect(figures.step == 3)
        #expect(figures.totalSteps == 9)
        #expect(figures.trainingLoss == 0.5)
        #expect(figures.trainingAccuracy == 0.75)
        #expect(figures.validationLoss == 0.5625)
        #expect(figures.validationAccuracy == nil)
        #expect(
            server.requests.map(\.path) == [
                "/v1/fine_tuning/jobs/ftjob-1/events?limit=100",
                "/v1/fine_tuning/jobs/ftjob-1/events?limit=100&after=ftevent-3",
            ]
        )
        #expect(
            try client.events(ofJob: "ftjob-1", .modern, after: "ftevent-1").map(\.mark)
                == ["ftevent-2", "ftevent-3", "ftevent-4"]
        )
        #expect(try client.events(ofJob: "ftjob-1", .modern, after: "ftevent-4").isEmpty)
        #expect(server.requests.count == 5)
    }

    @Test func resultFileIsReadAsCSVAndAsBase64() throws {
        let text = """
            step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy
            1,2.5,0.25,,
            2,1.5,0.5,1.25,0.625

            """
        let rows = RemoteMetrics.rows(ofResultFile: Array(text.utf8))
        #expect(rows.map(\.step) == [1, 2])
        #expect(rows.map(\.trainingLoss) == [2.5, 1.5])
        #expect(rows.map(\.trainingAccuracy) == [0.25, 0.5])
        #expect(rows.map(\.validationLoss) == [nil, 1.25])
        #expect(rows.map(\.validationAccuracy) == [nil, 0.625])
        let encoded = Data(text.utf8).base64EncodedString(options: .lineLength64Characters)
        #expect(RemoteMetrics.rows(ofResultFile: Array(encoded.utf8)) == rows)
        #expect(RemoteMetrics.rows(ofResultFile: Array("nothing of the kind".utf8)).isEmpty)
    }
}
