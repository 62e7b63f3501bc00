import FettleCore
import Testing

@testable import FettleWorker

struct WorkEventTests {
    private static let hash = String(repeating: "0a", count: 32)
    private static let node = WorkEvent.Node(
        version: "0.1.0",
        cores: 4,
        memory: 1 << 34,
        glibc: "2.36"
    )
    private static var row: TrainingMetrics {
        var row = TrainingMetrics(
            step: 10,
            totalSteps: 100,
            elapsedExamples: 160,
            elapsedTokens: 9000,
            trainingLoss: 0.1,
            trainingAccuracy: 1,
            validationLoss: 1.0 / 3,
            validationAccuracy: 0.5
        )
        row.share = 0.25
        return row
    }

    private static let events: [(event: WorkEvent, json: String)] = [
        (
            .node(node),
            #"{"event": "node", "run": "r", "version": "0.1.0", "cores": 4, "memory": 17179869184, "glibc": "2.36"}"#
        ),
        (
            .start(node, step: 7),
            #"{"event": "start", "run": "r", "version": "0.1.0", "cores": 4, "memory": 17179869184, "glibc": "2.36", "step": 7}"#
        ),
        (
            .message(.warn, "a\nb"),
            #"{"event": "message", "run": "r", "level": "warn", "text": "a\nb"}"#
        ),
        (
            .metrics(row),
            #"{"event": "metric", "run": "r", "step": 10, "total_steps": 100, "elapsed_examples": 160, "#
                + #""elapsed_tokens": 9000, "training_loss": 0.1, "training_accuracy": 1, "#
                + #""validation_loss": 0.3333333333333333, "validation_accuracy": 0.5, "share": 0.25}"#
        ),
        (
            .epoch(.init(number: 1, count: 3, step: 30)),
            #"{"event": "epoch", "run": "r", "epoch": 1, "epochs": 3, "step": 30}"#
        ),
        (
            .epoch(
                .init(
                    number: 1,
                    count: 3,
                    step: 30,
                    scores: .init(name: "e", bytes: 4, sha256: hash)
                )
            ),
            #"{"event": "epoch", "run": "r", "epoch": 1, "epochs": 3, "step": 30, "#
                + #""scores": {"name": "e", "bytes": 4, "sha256": "\#(hash)"}}"#
        ),
        (
            .setting(.init(name: "seed", value: "1", reason: "so")),
            #"{"event": "setting", "run": "r", "name": "seed", "value": "1", "reason": "so"}"#
        ),
        (
            .chunk(.init(name: "model", index: 1, count: 2, bytes: [0, 255, 254])),
            #"{"event": "chunk", "run": "r", "name": "model", "index": 1, "count": 2, "base64": "AP/+"}"#
        ),
        (
            .succeeded([.init(name: "model", bytes: 4, sha256: hash, folder: "/shared")]),
            #"{"event": "succeeded", "run": "r", "files": [{"name": "model", "bytes": 4, "#
                + #""sha256": "\#(hash)", "folder": "/shared"}]}"#
        ),
        (
            .failed(Diagnostic("one-class", "all", hints: ["do", "this"])),
            #"{"event": "failed", "run": "r", "code": "one-class", "message": "all", "hints": ["do", "this"]}"#
        ),
        (.stopped("signal 15"), #"{"event": "stopped", "run": "r", "reason": "signal 15"}"#),
    ]

    @Test(arguments: events.indices)
    func eventIsOneLineAndReadBack(place: Int) throws {
        let (event, json) = Self.events[place]
        #expect(event.line(run: "r") == "FTEVENT \(json)\n")
        let read = try Self.read(json)
        #expect(read.run == "r")
        #expect(read.event == event)
    }

    @Test func figuresThatAreNoNumbersAreToldAsNull() throws {
        var row = Self.row
        row.trainingLoss = .nan
        row.validationLoss = .infinity
        let line = WorkEvent.metrics(row).line(run: "r")
        #expect(line.contains(#""training_loss": null"#))
        guard case .metrics(let back) = try Self.read(String(line.dropFirst(8))).event else {
            Issue.record("no metrics")
            return
        }
        #expect(back.trainingLoss.isNaN)
        #expect(back.validationLoss == nil)
        #expect(back.trainingAccuracy == 1)
    }

    @Test func longTextsAreCutAtAWholeSign() throws {
        let text = "a" + String(repeating: "é", count: 10_000)
        let line = WorkEvent.failed(Diagnostic("x", text)).line(run: "r")
        guard case .failed(let error) = try Self.read(String(line.dropFirst(8))).event else {
            Issue.record("no failure")
            return
        }
        #expect(error.message == "a" + String(repeating: "é", count: 3999) + "…")
    }

    private static let chunk = #"{"event": "chunk", "run": "r", "name": "model", "#
    private static let faults: [(json: String, message: String)] = [
        ("7", "an event of the log is 7, expected an object in braces"),
        (
            #"{"run": "r"}"#,
            "an event of the log has no 'event', expected one of 'node', 'start', 'message', 'metric', "
                + "'epoch', 'setting', 'chunk', 'succeeded', 'failed', 'stopped'"
        ),
        (
            #"{"event": "stopped", "run": "a/b", "reason": ""}"#,
            "'run' of an event of the log is \"a/b\", expected " + WorkNames.expectedName
                + ", or nothing"
        ),
        (
            #"{"event": "stopped", "run": "r", "reason": 7}"#,
            "'reason' of an event of the log is 7, expected a text"
        ),
        (
            chunk + #""index": 2, "count": 2, "base64": ""}"#,
            "'index' of an event of the log is 2, expected a whole number from 0 to 1"
        ),
        (
            chunk + #""index": 0, "count": 0, "base64": ""}"#,
            "'count' of an event of the log is 0, expected a whole number from 1 to 9,007,199,254,740,992"
        ),
        (
            chunk + #""index": 0, "count": 9223372036854775807, "base64": ""}"#,
            "'count' of an event of the log is 9223372036854775807, expected a whole number from 1 to "
                + "9,007,199,254,740,992"
        ),
        (
            chunk + #""index": 0, "count": 1, "base64": "Zg="}"#,
            "'base64' of an event of the log is not the base64 of at most 36,864 bytes"
        ),
        (
            #"{"event": "chunk", "run": "r", "name": "../model", "index": 0, "count": 1, "base64": ""}"#,
            "'name' of an event of the log is \"../model\", expected " + WorkNames.expectedName
        ),
        (
            #"{"event": "chunk", "run": "r", "name": ".profile", "index": 0, "count": 1, "base64": ""}"#,
            "'name' of an event of the log is \".profile\", expected " + WorkNames.expectedName
        ),
        (
            #"{"event": "succeeded", "run": "r", "files": [3]}"#,
            "'files[0]' of an event of the log is 3, expected an object in braces"
        ),
        (
            #"{"event": "succeeded", "run": "r", "files": [{"name": "m", "bytes": 1, "sha256": "ab"}]}"#,
            "'files[0].sha256' of an event of the log is \"ab\", expected a SHA-256 in 64 lower-case hexadecimal digits"
        ),
        (
            #"{"event": "failed", "run": "r", "code": "No Code", "message": ""}"#,
            "'code' of an event of the log is \"No Code\", expected an error's code"
        ),
        (
            #"{"event": "epoch", "run": "r", "epoch": 0, "epochs": 1, "step": 1}"#,
            "'epoch' of an event of the log is 0, expected a whole number from 1 to 9,007,199,254,740,992"
        ),
    ]

    @Test(arguments: faults.indices)
    func wrongEventIsRefused(place: Int) {
        let (json, message) = Self.faults[place]
        let error = #expect(throws: Diagnostic.self) { try Self.read(json) }
        #expect(error?.code == "bad-event")
        #expect(error?.message == message)
    }

    private static func read(_ json: String) throws -> (run: String, event: WorkEvent) {
        var json = json
        return try json.withUTF8 { try WorkEvent.read(UnsafeRawBufferPointer($0)) }
    }
}
