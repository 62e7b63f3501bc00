import FettleCore
import Synchronization
import Testing

@testable import FettleData

struct ChunksTests {
    private struct Full: Error, Equatable {
        var after: Int
    }

    private final class Written: Sendable {
        let bytes = Mutex<[UInt8]>([])
    }

    @Test(arguments: [0, 1, 99, 100, 101, 12_345])
    func eachRowIsWorkedOnOnce(rows: Int) throws {
        let seen = Mutex([Int](repeating: 0, count: rows))
        try Chunks.forEach(rows: rows, size: 100) { range in
            seen.withLock { seen in
                for row in range { seen[row] += 1 }
            }
        }
        #expect(seen.withLock { $0 } == Array(repeating: 1, count: rows))
    }

    @Test(arguments: [0, 1, 7, 1_000])
    func resultsComeInTheOrderOfTheRows(rows: Int) throws {
        let ranges = try Chunks.map(rows: rows, size: 7) { $0 }
        #expect(ranges.flatMap(\.self) == Array(0..<rows))
        #expect(ranges.count == (rows + 6) / 7)
    }

    @Test(arguments: [0, 1, 7, 1_000])
    func renderedRowsAreWrittenInTheirOrder(rows: Int) throws {
        let written = Written()
        var progress: [Int] = []
        try Chunks.render(rows: rows, size: 7, onProgress: { progress.append($0) }) { range, out in
            for row in range { out.append(UInt8(row % 251)) }
        } write: { bytes in
            written.bytes.withLock { $0 += bytes }
        }
        #expect(written.bytes.withLock { $0 } == (0..<rows).map { UInt8($0 % 251) })
        #expect(progress == progress.sorted() && progress.last == rows)
    }

    @Test func afterAFailureNothingMoreIsWritten() {
        let written = Written()
        #expect(throws: Full(after: 30)) {
            try Chunks.render(rows: 1_000, size: 10, onProgress: { _ in }) { range, out in
                for row in range { out.append(UInt8(row % 251)) }
            } write: { bytes in
                let count = written.bytes.withLock { $0.count }
                if count == 30 { throw Full(after: count) }
                written.bytes.withLock { $0 += bytes }
            }
        }
        #expect(written.bytes.withLock { $0 } == Array(0..<30))
    }

    @Test func aCancelledTaskStops() async {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try Chunks.forEach(rows: 10) { _ in Issue.record("a row was worked on") }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
