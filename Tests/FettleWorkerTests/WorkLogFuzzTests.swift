import FettleCore
import Testing

@testable import FettleWorker

/// Logs that anything may have written.
struct WorkLogFuzzTests {
    private static let values = [
        "0", "-1", "1e308", "9223372036854775807", "99999999999999999999", "null", "true", "\"\"",
        "\"../../etc/passwd\"", "\"a\\u0000\"", "[]", "{}", "[[[[[[[[[[[[", "\"\\ud800\"", "\"=\"",
        "\"r\"", "0.5", "\"\u{202E}\"", "{\"name\": \"m\"}", "1", "3",
    ]
    private static let names = [
        "event", "run", "step", "count", "index", "base64", "files", "name", "bytes", "sha256",
        "epoch", "epochs", "scores", "text", "code", "message", "hints", "folder", "cores",
    ]
    private static let kinds = [
        "node", "start", "message", "metric", "epoch", "setting", "chunk", "succeeded", "failed",
        "stopped",
    ]

    private static let seeds: [String] = {
        let node = WorkEvent.Node(version: "1", cores: 2, memory: 8, glibc: "2.36")
        let file = WorkEvent.File("model", of: [1, 2])
        let row = TrainingMetrics(
            step: 1,
            totalSteps: 2,
            elapsedExamples: 3,
            elapsedTokens: 4,
            trainingLoss: 0.5,
            trainingAccuracy: 1
        )
        let events: [WorkEvent] = [
            .start(node, step: 3), .node(node), .message(.warn, "hé"), .metrics(row),
            .epoch(.init(number: 1, count: 2, step: 3, scores: file)),
            .setting(.init(name: "seed", value: "1", reason: "so")),
            .chunk(.init(name: "model", index: 0, count: 1, bytes: [1, 2])),
            .chunk(.init(name: "model", index: 1, count: 3, bytes: [3])),
            .succeeded([file]), .failed(Diagnostic("x", "y", hint: "z")), .stopped("signal 15"),
        ]
        return events.map { $0.line(run: "r") }
    }()

    /// Returns a line of some members with some values, or an event with some bytes changed.
    private static func line(_ generator: inout SeededGenerator) -> [UInt8] {
        if generator.below(3) == 0 {
            var members = ["\"event\": \"\(kinds[generator.below(kinds.count)])\", \"run\": \"r\""]
            for _ in 0..<generator.below(8) {
                let name = names[generator.below(names.count)]
                members.append("\"\(name)\": \(values[generator.below(values.count)])")
            }
            return Array("FTEVENT {\(members.joined(separator: ", "))}\n".utf8)
        }
        var bytes = Array(seeds[generator.below(seeds.count)].utf8)
        for _ in 0..<generator.below(4) {
            let place = generator.below(bytes.count + 1)
            switch generator.below(4) {
            case 0 where place < bytes.count: bytes[place] = UInt8(generator.below(256))
            case 1: bytes.removeSubrange(place..<min(bytes.count, place + generator.below(6)))
            case 2:
                let end = min(bytes.count, place + generator.below(20))
                bytes.insert(contentsOf: bytes[place..<end], at: place)
            default:
                bytes.insert(
                    contentsOf: Array(values[generator.below(values.count)].utf8),
                    at: place
                )
            }
        }
        return bytes
    }

    @Test func hostileLogsAreReadOrRefusedInWords() {
        var generator = SeededGenerator(seed: 20)
        var (told, refused) = (0, 0)
        for _ in 0..<400 {
            var log = WorkLog(run: "r", resultLimit: 4096, eventLimit: 50)
            for _ in 0..<60 {
                let text = String(decoding: Self.line(&generator), as: UTF8.self)
                told += log.append(text).count
            }
            refused += log.problems.count
            for problem in log.problems.first {
                #expect(["bad-event", "bad-json", "invalid-utf8"].contains(problem.code))
                #expect(!problem.message.isEmpty && problem.message.utf8.count < 600)
            }
            for file in log.epochs.compactMap(\.scores) {
                _ = try? log.content(of: file)
            }
            if case .succeeded(let files)? = log.end {
                for file in files { _ = try? log.content(of: file) }
            }
        }
        #expect(told > 2000 && refused > 2000, "\(told) \(refused)")
    }

    @Test func hostileOrdersAreReadOrRefusedInWords() {
        var order = WorkOrder(run: "r", kind: .tune, threads: 2)
        order.hyperparameters.epochs = 3
        order.files[.train] = .init("train.jsonl", of: [1])
        order.checkpoints = .init(folder: "/a")
        let good = Array(order.json.text().utf8)
        var generator = SeededGenerator(seed: 21)
        var isRead = 0
        for _ in 0..<5000 {
            var bytes = good
            for _ in 0...generator.below(3) {
                let place = generator.below(bytes.count)
                switch generator.below(3) {
                case 0: bytes[place] = UInt8(generator.below(256))
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + generator.below(9)))
                default:
                    bytes.insert(
                        contentsOf: Array(Self.values[generator.below(Self.values.count)].utf8),
                        at: place
                    )
                }
            }
            do throws(Diagnostic) {
                _ = try WorkOrder(text: bytes)
                isRead += 1
            } catch {
                let codes = ["bad-order", "bad-json", "invalid-utf8"]
                #expect(codes.contains(error.code) && !error.message.isEmpty)
            }
        }
        #expect(isRead > 20)
    }
}
