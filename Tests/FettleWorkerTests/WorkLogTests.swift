import FettleCore
import Foundation
import Testing

@testable import FettleWorker

struct WorkLogTests {
    private static let node = WorkEvent.Node(version: "1", cores: 2, memory: 8, glibc: "2.36")

    private static func row(_ step: Int, loss: Double = 1) -> WorkEvent {
        .metrics(
            TrainingMetrics(
                step: step,
                totalSteps: 9,
                elapsedExamples: step,
                elapsedTokens: step,
                trainingLoss: loss,
                trainingAccuracy: 0
            )
        )
    }

    private static func chunks(_ bytes: [UInt8], _ name: String, of size: Int) -> [WorkEvent] {
        let pieces = stride(from: 0, to: bytes.count, by: size).map {
            Array(bytes[$0..<min(bytes.count, $0 + size)])
        }
        return pieces.enumerated().map { index, piece in
            .chunk(.init(name: name, index: index, count: pieces.count, bytes: piece))
        }
    }

    private static func text(_ events: [WorkEvent], run: String = "r") -> String {
        events.map { $0.line(run: run) }.joined()
    }

    @Test func onlyLinesOfTheRunThatBeginAsEventsAreRead() {
        var log = WorkLog(run: "r")
        let news = log.read(
            "booting\n" + Self.text([Self.row(1)]) + " " + Self.text([Self.row(2)])
                + "(pid=3) " + Self.text([Self.row(3)]) + Self.text([Self.row(4)], run: "other")
                + "\u{1B}[36m" + Self.text([Self.row(5)]) + "FTEVENTS {}\nftevent {}\n\n"
                + Self.text([Self.row(6)]).replacing("\n", with: "\r\n")
        )
        #expect(news == [Self.row(1), Self.row(6)])
        #expect(log.metrics.map(\.step) == [1, 6])
        #expect(log.problems.count == 0)
    }

    @Test func wholeLogIsReadFromWhereItWas() {
        let first = Self.text([.start(Self.node, step: 0), Self.row(1)])
        let second = Self.text([Self.row(2), .succeeded([])])
        var log = WorkLog(run: "r")
        #expect(log.read(first + second.prefix(20)) == [.start(Self.node, step: 0), Self.row(1)])
        #expect(log.node == Self.node)
        #expect(log.end == nil)
        #expect(log.read(first + second.prefix(20)) == [])
        #expect(log.read(first + second) == [Self.row(2), .succeeded([])])
        #expect(log.end == .succeeded([]))
        #expect(log.read(first + second) == [])
        #expect(log.end == .succeeded([]))
    }

    @Test func anotherAttemptsLogIsReadFromItsStart() {
        var log = WorkLog(run: "r")
        _ = log.read(
            Self.text([.start(Self.node, step: 0), Self.row(1), Self.row(2), .stopped("x")])
        )
        #expect(log.end == .stopped("x"))
        let again = Self.text([.start(Self.node, step: 1)])
        #expect(log.read(again) == [.start(Self.node, step: 1)])
        #expect(log.end == nil)
        // The step that is done again has another loss, which stands.
        #expect(log.read(again + Self.text([Self.row(2, loss: 3)])) == [Self.row(2, loss: 3)])
        #expect(log.metrics.map(\.trainingLoss) == [1, 3])
    }

    @Test func piecesOfAnySizeGiveTheSame() {
        let events: [WorkEvent] =
            [.start(Self.node, step: 0), .message(.info, "hé"), Self.row(1), Self.row(2)]
            + Self.chunks(Array(0..<200), "model", of: 70) + [.succeeded([])]
        let text = events.map { "noise of a cluster\n" + $0.line(run: "r") + "\nFTEV\n" }.joined()
        for size in [1, 2, 7, 8, 9, 50, 1000] {
            var log = WorkLog(run: "r")
            var news: [WorkEvent] = []
            var rest = Array(text.unicodeScalars)[...]
            while !rest.isEmpty {
                var piece = String.UnicodeScalarView()
                piece.append(contentsOf: rest.prefix(size))
                news += log.append(String(piece))
                rest = rest.dropFirst(size)
            }
            #expect(news == events, "\(size)")
        }
    }

    @Test func replaysAreToldOnce() {
        let text = Self.text([
            .message(.warn, "w"), Self.row(1, loss: .nan),
            .setting(.init(name: "seed", value: "1")), .epoch(.init(number: 1, count: 2, step: 3)),
            .chunk(.init(name: "m", index: 0, count: 1, bytes: [1])), .failed(Diagnostic("x", "y")),
        ])
        var log = WorkLog(run: "r")
        #expect(log.append(text).count == 6)
        #expect(log.append(text) == [])
        #expect(log.messages.map(\.text) == ["w"])
        let changed = WorkEvent.setting(.init(name: "seed", value: "2"))
        #expect(log.append(Self.text([changed])) == [changed])
        #expect(log.settings == [.init(name: "seed", value: "2")])
        #expect(log.epochs == [.init(number: 1, count: 2, step: 3)])
    }

    @Test func failureBeforeTheRunIsKnownIsTheRuns() {
        var log = WorkLog(run: "r")
        let failure = WorkEvent.failed(Diagnostic("bad-order", "no"))
        #expect(log.append(Self.text([failure], run: "")) == [failure])
        #expect(log.append(Self.text([Self.row(1)], run: "")) == [])
    }

    // MARK: - Results

    @Test func piecesInAnyOrderMakeTheFile() throws {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let file = WorkEvent.File("model", of: bytes)
        var log = WorkLog(run: "r")
        _ = log.append(Self.text(Self.chunks(bytes, "model", of: 99).reversed()))
        #expect(try log.content(of: file) == bytes)
        let empty = WorkEvent.File("empty", of: [])
        _ = log.append(
            Self.text([.chunk(.init(name: "empty", index: 0, count: 1, bytes: []))])
        )
        #expect(try log.content(of: empty) == [])
    }

    private static func damaged(_ name: String, _ size: Int, _ what: String) -> Diagnostic {
        Diagnostic(
            "result-damaged",
            "the result '\(name)' of \(NumberText.count(size, "byte")) did not arrive whole: \(what)",
            hint:
                "start the job again, or give it a folder that it shares with this machine for its results"
        )
    }

    @Test func damagedResultsAreRefused() throws {
        let bytes = [UInt8](repeating: 5, count: 100)
        let file = WorkEvent.File("model", of: bytes)
        var log = WorkLog(run: "r")
        #expect(throws: Self.damaged("model", 100, "the log has none of its pieces")) {
            try log.content(of: file)
        }
        var pieces = Self.chunks(bytes, "model", of: 30)
        let second = pieces.remove(at: 1)
        _ = log.append(Self.text(pieces))
        #expect(throws: Self.damaged("model", 100, "the log has 3 of its 4 pieces")) {
            try log.content(of: file)
        }
        _ = log.append(
            Self.text([
                .chunk(
                    .init(
                        name: "model",
                        index: 1,
                        count: 4,
                        bytes: [UInt8](repeating: 6, count: 30)
                    )
                )
            ])
        )
        let changed = Self.damaged(
            "model",
            100,
            "its 100 bytes are not those that the worker wrote"
        )
        #expect(throws: changed) { try log.content(of: file) }
        #expect(log.append(Self.text([second])) == [second])
        #expect(try log.content(of: file) == bytes)
    }

    @Test func fileThatIsToldAgainInOtherPiecesBeginsAnew() throws {
        var log = WorkLog(run: "r", resultLimit: 2048)
        let old = [UInt8](repeating: 1, count: 1500)
        let new = [UInt8](repeating: 2, count: 2000)
        _ = log.append(Self.text(Self.chunks(old, "model", of: 500)))
        _ = log.append(Self.text(Self.chunks(new, "model", of: 500)))
        #expect(try log.content(of: .init("model", of: new)) == new)
        #expect(log.problems.count == 0)
        _ = log.append(Self.text(Self.chunks(old, "other", of: 500)))
        #expect(log.problems.count == 3)
        #expect(
            log.problems.first.first
                == Diagnostic("bad-event", "the results of the log have more than 2,048 bytes")
        )
    }

    @Test func sharedFileIsReadWhereItIs() throws {
        let program = try WorkerProgram()
        let bytes = Array("weights".utf8)
        try program.write(bytes, as: "model")
        let log = WorkLog(run: "r", folder: program.folder, resultLimit: 7)
        let file = WorkEvent.File("model", of: bytes, folder: program.folder)
        #expect(try log.content(of: file) == bytes)
        try program.write(Array("wrights".utf8), as: "model")
        #expect(
            throws: Self.damaged("model", 7, "its 7 bytes are not those that the worker wrote")
        ) { try log.content(of: file) }
        #expect(
            throws: Diagnostic(
                "cannot-read",
                "cannot read '\(program.folder)/x': No such file or directory"
            )
        ) { try log.content(of: .init("x", of: [], folder: program.folder)) }
        #expect(
            throws: Self.damaged(
                "model",
                7,
                "it is said to be in '/etc', where the order has no results"
            )
        ) { try log.content(of: .init("model", of: bytes, folder: "/etc")) }
        var large = file
        large.bytes = 1 << 50
        #expect(
            throws: Self.damaged(
                "model",
                1 << 50,
                "it has 1,125,899,906,842,624 bytes, limit 7"
            )
        ) { try log.content(of: large) }
    }

    // MARK: - Limits

    @Test func tooLongLinesAndTooManyEventsAreLeftOut() {
        var log = WorkLog(run: "r", eventLimit: 3)
        let long = "FTEVENT " + String(repeating: "a", count: 1 << 17)
        let expected = Diagnostic(
            "bad-event",
            "a line of an event has more than 131,072 bytes"
        )
        _ = log.append(long + "\n")
        _ = log.append(long)
        _ = log.append(long + "\n")
        #expect(log.problems.first == [expected, expected])
        #expect(log.append(Self.text((1...5).map { Self.row($0) })).count == 3)
        #expect(log.problems.count == 4)
        #expect(
            log.problems.first.last
                == Diagnostic("bad-event", "the log has more than 3 events of a kind")
        )
        for _ in 0..<100 { _ = log.append("FTEVENT {\n") }
        #expect(log.problems.count == 104)
        #expect(log.problems.first.count == 20)
    }

    @Test func countsThatCannotBeTakeNoMemory() {
        var log = WorkLog(run: "r", resultLimit: 1 << 20)
        for index in 0..<3000 {
            let chunk = WorkEvent.Chunk(name: "m", index: index, count: 1 << 50, bytes: [])
            _ = log.append(Self.text([.chunk(chunk)]))
        }
        #expect(log.problems.count == 3000 - 1024)
    }
}
