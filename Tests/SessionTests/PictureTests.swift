import Foundation
import Testing

/// Pictures that other programs make or show.
struct PictureTests {
    private static let line = "load samples/reviews.csv; plot balance column=stars > stars.png"

    @Test(
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: "/usr/bin/rsvg-convert"),
            "no rsvg-convert (Debian librsvg2-bin)"
        )
    )
    func imageIsMadeOfTheDrawing() async throws {
        let folder = try TemporaryFolder()
        try folder.link("samples")
        let result = try await FettleProgram.run(["-c", Self.line], in: folder)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.hasSuffix("wrote stars.png\n"))
        let file = URL(filePath: folder.path + "/stars.png")
        let bytes = [UInt8](try Data(contentsOf: file))
        #expect(bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        // The width of the first chunk, two dots for each of 720 units.
        #expect(bytes[16..<20].reduce(0) { $0 << 8 | Int($1) } == 1440)
    }

    @Test func anImageWithoutTheProgramIsAnErrorThatNamesThePackage() async throws {
        let folder = try TemporaryFolder()
        try folder.link("samples")
        let result = try await FettleProgram.run(
            ["-c", Self.line],
            environment: ["PATH": folder.path],
            in: folder
        )
        #expect(result.status == 1)
        #expect(
            result.errors.hasPrefix(
                "error[no-program]: a PNG is made by the program 'rsvg-convert', which is not there\n"
            ),
            "\(result.errors)"
        )
        #expect(result.errors.contains("  hint: install it: apt install librsvg2-bin\n"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/stars.png"))
    }

    @Test func aProgramThatFailsLeavesTheFileAsItWas() async throws {
        let folder = try TemporaryFolder()
        try folder.link("samples")
        let program = try folder.write("#!/bin/sh\nexit 3\n", to: "bin/rsvg-convert")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        try folder.write("old", to: "stars.png")
        let result = try await FettleProgram.run(
            ["-c", Self.line],
            environment: ["PATH": folder.path + "/bin:/usr/bin:/bin"],
            in: folder
        )
        #expect(
            result.errors.contains(
                "error[program-failed]: the program 'rsvg-convert' failed: it ended with status 3\n"
            ),
            "\(result.errors)"
        )
        let kept = try String(contentsOfFile: folder.path + "/stars.png", encoding: .utf8)
        #expect(kept == "old")
    }
}
