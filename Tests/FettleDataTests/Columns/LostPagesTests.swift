import FettleCore
import Foundation
#if canImport(Glibc)
import Glibc
#endif
import Testing

@testable import FettleData

struct LostPagesTests {
    @Test func cuttingALoadedFileShortIsNoticedAndDoesNotCrash() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            UUID().uuidString
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("rows.jsonl").path
        let line = #"{"text": "\#(String(repeating: "a", count: 100))"}"# + "\n"
        try Data(String(repeating: line, count: 1000).utf8).write(to: URL(fileURLWithPath: path))
        let loaded = try DatasetLoader.load(.path(path))
        let before = ByteHeap.lostPages
        #expect(loaded.frame.cell(0, at: 999) == .text(String(repeating: "a", count: 100)))
        #expect(ByteHeap.lostPages == before)

        #expect(truncate(path, 10) == 0)
        let zeros = String(repeating: "\0", count: 100)
        #expect(loaded.frame.cell(0, at: 999) == .text(zeros))
        #expect(ByteHeap.lostPages > before)
    }
}
