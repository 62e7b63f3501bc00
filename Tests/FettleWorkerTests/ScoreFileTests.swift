import FettleCore
import Testing

@testable import FettleWorker

struct ScoreFileTests {
    private static let file = ScoreFile(
        labels: [" a", "", "日本"],
        logprobs: [-0.5, -1e-300, -.infinity, -3, 0, -7.25]
    )

    @Test func bytesAreReadBack() throws {
        #expect(Self.file.rowCount == 2)
        #expect(Self.file.bytes.count == 32 + 24 + 48)
        #expect(try ScoreFile(Self.file.bytes, name: "scores") == Self.file)
        let empty = ScoreFile(labels: ["a"], logprobs: [])
        #expect(try ScoreFile(empty.bytes, name: "scores") == empty)
    }

    @Test func damagedBytesAreRefused() {
        let good = Self.file.bytes
        for count in 0..<good.count {
            #expect(throws: Diagnostic.self) { try ScoreFile(Array(good[..<count]), name: "x") }
        }
        var bad = good
        bad[8] = 2
        #expect(
            throws: Diagnostic(
                "result-damaged",
                "'x' is no file of scores: it has version 2, and this Fettle reads 1"
            )
        ) { try ScoreFile(bad, name: "x") }
        #expect(
            throws: Diagnostic(
                "result-damaged",
                "'x' is no file of scores: it has 112 bytes, and its header tells of others"
            )
        ) { try ScoreFile(good + [UInt8](repeating: 0, count: 8), name: "x") }
    }

    @Test func anyBytesAreReadOrRefused() {
        var generator = SeededGenerator(seed: 7)
        var isRead = 0
        for _ in 0..<20_000 {
            var bytes = Self.file.bytes
            for _ in 0...generator.below(3) {
                bytes[8 + generator.below(bytes.count - 8)] = UInt8(generator.below(256))
            }
            if (try? ScoreFile(bytes, name: "x")) != nil { isRead += 1 }
        }
        #expect(isRead > 1000 && isRead < 19_000)
    }
}
