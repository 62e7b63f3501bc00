import FettleCore
import Foundation
import Testing

@testable import FettleWorkbench

struct JobFolderTests {
    private struct Stop: Error {}

    private let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("fettle-\(UUID().uuidString)").path

    private func examples(_ count: Int) -> [Example] {
        (0..<count).map { Example(prompt: "prompt \($0)", completion: " \($0 % 5)") }
    }

    @Test func examplesComeBackAsTheyWere() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = JobFolder(path)
        var looks = 0
        try folder.keep(examples(8_193), examples(2)) { looks += 1 }
        #expect(looks == 4)
        #expect(folder.canGoOn)
        let read = try folder.examples()
        #expect(read.training == examples(8_193))
        #expect(read.validation == examples(2))
    }

    @Test func writingThatIsStoppedLeavesNoFile() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = JobFolder(path)
        var looks = 0
        #expect(throws: Stop.self) {
            try folder.keep(examples(20_000), []) {
                looks += 1
                if looks == 3 { throw Stop() }
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [])
        #expect(!folder.canGoOn)
    }
}
