import FettleCore
import FettleTestSupport
import Foundation
import Testing

@testable import FettleModelFiles
@testable import FettleProviders

struct RayPackageTests {
    private static let text = String(repeating: "a line that repeats itself\n", count: 20_000)

    private static func files(_ folder: ScratchFolder) throws -> [PackagedFile] {
        try Data(text.utf8).write(to: URL(filePath: folder.file("long.txt")))
        return [
            PackagedFile("rows/train.jsonl", .bytes(Array("{\"a\": 1}\n".utf8))),
            PackagedFile("ft", .bytes([0x7F, 0x45, 0x4C, 0x46, 0, 1, 2, 255]), isExecutable: true),
            PackagedFile("empty", .bytes([])),
            PackagedFile("naïve – 数.txt", .bytes(Array("x".utf8))),
            PackagedFile("long.txt", .file(folder.file("long.txt"))),
        ]
    }

    @Test func sameFilesHaveTheSameNameWhateverTheirOrder() throws {
        let folder = try ScratchFolder()
        let files = try Self.files(folder)
        let first = try RayPackage(files, at: folder.file("1.zip"))
        let second = try RayPackage(files.reversed(), at: folder.file("2.zip"))
        #expect(first.name == second.name)
        #expect(first.name.wholeMatch(of: #/_ray_pkg_[0-9a-f]{32}\.zip/#) != nil)
        let bytes = try [first, second].map { try Data(contentsOf: URL(filePath: $0.path)) }
        #expect(bytes[0] == bytes[1])
        #expect(Int64(bytes[0].count) == first.size)
        #expect(first.size < 10_000)
        let salted = try RayPackage(files, at: folder.file("3.zip"), salt: "2")
        #expect(salted.name != first.name)
        let again = try Data(contentsOf: URL(filePath: salted.path))
        #expect(again == bytes[0])
        let plain = files.map { PackagedFile($0.name, $0.source) }
        let other = try RayPackage(plain, at: folder.file("4.zip"))
        #expect(other.name != first.name)
    }

    @Test func standInUnpacksNamesModesAndBytes() throws {
        let folder = try ScratchFolder()
        let package = try RayPackage(Self.files(folder), at: folder.file("a.zip"))
        let bytes = try Data(contentsOf: URL(filePath: package.path))
        let found = try UnpackedZip.files(Array(bytes))
        #expect(
            found.map(\.name) == ["empty", "ft", "long.txt", "naïve – 数.txt", "rows/train.jsonl"]
        )
        #expect(found.map(\.mode) == [0o100_644, 0o100_755, 0o100_644, 0o100_644, 0o100_644])
        #expect(found[0].bytes == [])
        #expect(found[1].bytes == [0x7F, 0x45, 0x4C, 0x46, 0, 1, 2, 255])
        #expect(found[2].bytes == Array(Self.text.utf8))
    }

    @Test func readerOfModelArchivesReadsIt() throws {
        let folder = try ScratchFolder()
        let package = try RayPackage(Self.files(folder), at: folder.file("a.zip"))
        let archive = try ZipArchive(ModelBytes(mapping: package.path))
        #expect(archive.entries.map(\.count) == [0, 8, Self.text.utf8.count, 1, 9])
        #expect(archive.entries.map(\.isDeflated) == [true, true, true, true, true])
    }

    /// Python's own module is what Ray unpacks with.
    @Test func pythonReadsIt() throws {
        let folder = try ScratchFolder()
        let package = try RayPackage(Self.files(folder), at: folder.file("a.zip"))
        let script = """
            import zipfile
            archive = zipfile.ZipFile(r"\(package.path)")
            print(archive.testzip())
            for entry in archive.infolist():
                print(entry.filename.encode("unicode_escape").decode(), oct(entry.external_attr >> 16), \
            entry.file_size, entry.date_time, len(archive.read(entry)))
            """
        let result = try Peers.runPython(["-c", script])
        #expect(result.status == 0, "\(result.output)")
        #expect(
            result.output == """
                None
                empty 0o100644 0 (1980, 1, 1, 0, 0, 0) 0
                ft 0o100755 8 (1980, 1, 1, 0, 0, 0) 8
                long.txt 0o100644 540000 (1980, 1, 1, 0, 0, 0) 540000
                na\\xefve \\u2013 \\u6570.txt 0o100644 1 (1980, 1, 1, 0, 0, 0) 1
                rows/train.jsonl 0o100644 9 (1980, 1, 1, 0, 0, 0) 9

                """
        )
    }

    @Test func fileThatCannotBeReadIsSaid() throws {
        let folder = try ScratchFolder()
        let error = #expect(throws: Diagnostic.self) {
            try RayPackage(
                [PackagedFile("a", .file(folder.file("none")))],
                at: folder.file("a.zip")
            )
        }
        #expect(error?.code == "no-file")
        #expect(error?.message == "'\(folder.path)/none' cannot be read")
        let place = #expect(throws: Diagnostic.self) {
            try RayPackage([], at: folder.file("none/a.zip"))
        }
        #expect(place?.code == "cannot-write")
    }
}
