import FettleCore
import FettleData
import Foundation
import Testing

struct WholeFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func rights(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: folder.file(name))[.posixPermissions]
            as? Int
    }

    @Test func aFileIsReplacedInOnePieceAndKeepsItsRights() throws {
        let path = folder.file("a.txt")
        try WholeFile.write(Array("first, and long\n".utf8), to: path)
        #expect(chmod(path, 0o640) == 0)
        try WholeFile.write(Array("二\n".utf8), to: path)
        #expect(try folder.read("a.txt") == "二\n")
        #expect(try rights("a.txt") == 0o640)
        try WholeFile.write([], to: path)
        #expect(try folder.read("a.txt") == "")
        #expect(folder.names == ["a.txt"])
    }

    @Test func appendingAddsToTheEndAndMakesTheFile() throws {
        for text in ["a\n", "b", "c\n"] {
            try WholeFile.write(Array(text.utf8), to: folder.file("log"), appending: true)
        }
        #expect(try folder.read("log") == "a\nbc\n")
        #expect(folder.names == ["log"])
    }

    @Test func aLinkIsFollowed() throws {
        try folder.write("old", to: "target")
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link"),
            withDestinationPath: "target"
        )
        try WholeFile.write(Array("new".utf8), to: folder.file("link"))
        #expect(try folder.read("target") == "new")
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link"))
                == "target"
        )
    }

    @Test func aDeviceIsWrittenItself() throws {
        try WholeFile.write([1, 2], to: "/dev/null")
        try WholeFile.write([1, 2], to: "/dev/null", appending: true)
        let attributes = try FileManager.default.attributesOfItem(atPath: "/dev/null")
        #expect(attributes[.type] as? FileAttributeType == .typeCharacterSpecial)
    }

    @Test(arguments: [false, true])
    func whatCannotBeWrittenIsNamedAndLeftAsItWas(isAppending: Bool) {
        let missing = folder.file("none/a.txt")
        let error = #expect(throws: Diagnostic.self) {
            try WholeFile.write([1], to: missing, appending: isAppending)
        }
        #expect(error?.code == "cannot-write")
        #expect(error?.message.contains("'\(missing)'") == true)
        let atFolder = #expect(throws: Diagnostic.self) {
            try WholeFile.write([1], to: folder.path, appending: isAppending)
        }
        #expect(atFolder?.code == "cannot-write")
        #expect(folder.names.isEmpty)
    }
}
