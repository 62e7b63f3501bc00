import Foundation
import Testing

/// What the README shows is what the program does.
struct ReadmeTests {
    @Test func scriptsOfTheReadmeShowWhatItSays() async throws {
        let readme = try String(contentsOfFile: FettleProgram.root + "/README.md", encoding: .utf8)
        var blocks: [String] = []
        var rest = readme[...]
        while let start = rest.firstRange(of: "```fettle\n"),
            let end = rest[start.upperBound...].firstRange(of: "```")
        {
            blocks.append(String(rest[start.upperBound..<end.lowerBound]))
            rest = rest[end.upperBound...]
        }
        #expect(blocks.count == 2)
        let folder = try TemporaryFolder()
        try folder.link("samples")
        try folder.write(blocks.joined(separator: "\n"), to: "readme.fettle")
        let result = try await FettleProgram.run(["run", "--check", "readme.fettle"], in: folder)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }

    @Test func readmeIsShort() throws {
        let readme = try String(contentsOfFile: FettleProgram.root + "/README.md", encoding: .utf8)
        #expect(readme.split(separator: "\n", omittingEmptySubsequences: false).count < 200)
    }
}
