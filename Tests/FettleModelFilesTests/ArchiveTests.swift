import FettleCore
import Foundation
import Testing

@testable import FettleModelFiles

struct ArchiveTests {
    private static func unpack(_ archive: ModelArchive, to path: String) throws -> [[Int]] {
        var steps: [[Int]] = []
        try archive.unpack(to: path) { steps.append([$0, $1]) }
        return steps
    }

    @Test func deflatedModelOfAWheelIsUnpacked() throws {
        let archive = try ModelArchive(Fixtures.path("wheel.zip"))
        #expect(archive.fileName == "tiny-gpt2.gguf")
        #expect(!archive.isFolder)
        #expect(archive.byteCount == 6528)
        let folder = try TemporaryFolder()
        let path = folder.path + "/model.gguf"
        #expect(try Self.unpack(archive, to: path) == [[6528, 6528]])
        #expect(
            Array(try Data(contentsOf: URL(filePath: path)))
                == (try Fixtures.bytes("tiny-gpt2.gguf"))
        )
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["model.gguf"])
        #expect(try ModelFiles.open(path).configuration.architecture == .gpt2)
    }

    @Test func storedFolderIsUnpackedWithoutWhatIsBelowIt() throws {
        let archive = try ModelArchive(Fixtures.path("folder.zip"))
        #expect(archive.fileName == "gpt2")
        #expect(archive.isFolder)
        let folder = try TemporaryFolder()
        let path = folder.path + "/model"
        let steps = try Self.unpack(archive, to: path + "/")
        #expect(steps.last == [archive.byteCount, archive.byteCount])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: path).sorted() == [
                "chat_template.jinja", "config.json", "model-00001-of-00002.safetensors",
                "model-00002-of-00002.safetensors", "model.safetensors.index.json",
                "tokenizer.json",
            ]
        )
        #expect(try ModelFiles.open(path).weights.names.count == 16)
        let again = try diagnostic(in: folder.path) { _ = try Self.unpack(archive, to: path) }
        #expect(
            again.message == "cannot write the model 'model': it exists and is not an empty folder"
        )
    }

    @Test func sizesOfMoreThan32BitsAreRead() throws {
        let archive = try ModelArchive(Fixtures.path("wide.zip"))
        #expect(archive.byteCount == 17)
        let folder = try TemporaryFolder()
        _ = try Self.unpack(archive, to: folder.path + "/w.gguf")
        let text = try String(contentsOfFile: folder.path + "/w.gguf", encoding: .utf8)
        #expect(text == "GGUF, and no more")
    }

    @Test func archivesAreKnownByTheirBeginning() {
        #expect(ModelArchive.recognizes(Fixtures.path("wheel.zip")))
        #expect(!ModelArchive.recognizes(Fixtures.path("tiny-gpt2.gguf")))
        #expect(!ModelArchive.recognizes(Fixtures.folder))
        #expect(!ModelArchive.recognizes(Fixtures.path("none")))
    }

    /// Nothing is left where a model was to be when it does not unpack.
    @Test(arguments: [
        ("wheel", 200, "tiny/tiny-gpt2.gguf' in it cannot be unpacked"),
        ("wheel", 900, "tiny/tiny-gpt2.gguf' in it has more bytes than the 6528 of its directory"),
        ("folder", 400, "models/gpt2/config.json' in it does not match its checksum"),
    ])
    func damagedBytesLeaveNothing(_ name: String, _ place: Int, _ message: String) throws {
        let folder = try TemporaryFolder()
        var bytes = try Fixtures.bytes("\(name).zip")
        bytes[place] = 0x55
        let archive = try ModelArchive(try folder.write(bytes, as: "x.zip"))
        let error = try diagnostic(in: folder.path) {
            _ = try Self.unpack(archive, to: folder.path + "/model.gguf")
        }
        #expect(error.message == "'x.zip' is damaged: '\(message)")
        #expect(error.code == "model-corrupt")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["x.zip"])
    }

    /// Places are counted from the end: the directory's end has 22 bytes and a comment of 12.
    @Test(arguments: [
        (14, UInt8(9), "'x.zip' is damaged: it has no end of a zip directory"),
        (24, 3, "'x.zip' is damaged: file 2 of its directory does not begin with 'PK'"),
        (15, 0xFF, "'x.zip' is damaged: its directory begins at byte 4278191337, and it has 1418"),
    ])
    func damagedDirectoryIsRefused(_ place: Int, _ byte: UInt8, _ message: String) throws {
        let folder = try TemporaryFolder()
        var bytes = try Fixtures.bytes("wheel.zip")
        bytes[bytes.count - place] = byte
        let path = try folder.write(bytes, as: "x.zip")
        let error = try diagnostic(in: folder.path) { _ = try ModelArchive(path) }
        #expect(error.message == message)
    }

    @Test func archiveWithoutAModelIsForeign() throws {
        let folder = try TemporaryFolder()
        let bytes = try Fixtures.bytes("wheel.zip").map {
            $0 == UInt8(ascii: "g") ? UInt8(ascii: "h") : $0
        }
        let path = try folder.write(bytes, as: "x.zip")
        let error = try diagnostic(in: folder.path) { _ = try ModelArchive(path) }
        #expect(error.code == "model-foreign")
        #expect(
            error.message
                == "'x.zip' has no model in it: no '*.gguf', and no 'config.json' beside '*.safetensors'"
        )
    }

    @Test func everyShorterArchiveIsRefused() throws {
        let bytes = try Fixtures.bytes("wide.zip")
        for length in 0..<bytes.count {
            let cut = ModelBytes(copying: bytes[..<length], path: "x.zip")
            let error = #expect(throws: Diagnostic.self) { try ZipArchive(cut) }
            #expect(error?.message == "'x.zip' is damaged: it has no end of a zip directory")
        }
    }

    @Test func cancelledUnpackingLeavesNothing() async throws {
        let archive = try ModelArchive(Fixtures.path("folder.zip"))
        let folder = try TemporaryFolder()
        let path = folder.path + "/model"
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try archive.unpack(to: path) { _, _ in }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }

    @Test func unfinishedFolderGoesAway() throws {
        let folder = try TemporaryFolder()
        do {
            let new = try NewFolder(folder.path + "/new")
            let whole = try new.file("a")
            try whole.write([1, 2])
            try whole.finish()
            let part = try new.file("b")
            try part.write([3])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }
}
