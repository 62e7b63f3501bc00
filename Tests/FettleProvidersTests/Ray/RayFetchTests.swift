import FettleCore
import FettleTestSupport
import Foundation
import Testing

@testable import FettleProviders

/// The Python of the system, which runs what is sent to a cluster's machines.
private enum SystemPython {
    static let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")
}

/// The program that fetches a job's large files on a cluster's machines.
@Suite(.enabled(if: SystemPython.isThere, "no /usr/bin/python3"))
struct RayFetchTests {
    private static let bytes = Array("one line\n".utf8)

    /// Runs the program where it is to fetch `name`; returns its status and what it says.
    private static func fetch(
        _ name: String,
        from url: String,
        in folder: ScratchFolder,
        temporary: String? = nil,
        _ content: [UInt8] = bytes
    ) throws -> (status: Int32, errors: String) {
        let temporary = temporary ?? folder.file("fettle_temporary")
        try FileManager.default.createDirectory(
            atPath: temporary,
            withIntermediateDirectories: true
        )
        let list = JSONValue.array([
            .object([
                .init("name", .string(name)), .init("url", .string(url)),
                .init("bytes", .integer(Int64(content.count))),
                .init("sha256", .string(SHA256.digits(of: content))),
            ])
        ])
        try Data(list.text().utf8).write(to: URL(filePath: folder.file("fettle_files.json")))
        let program = folder.file("fettle_fetch.py")
        try Data(PackageResources.fettle_fetch_py).write(to: URL(filePath: program))
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [program]
        process.environment = ["TMPDIR": temporary]
        let pipe = Pipe()
        process.standardError = pipe
        try process.run()
        let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: said, as: UTF8.self))
    }

    private static func names(_ folder: ScratchFolder) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { !$0.hasPrefix("fettle_") }.sorted()
    }

    @Test func machineFetchesAFileOnceForAllItsJobs() throws {
        let machine = try ScratchFolder()
        let server = try LocalServer { _ in .init(body: Self.bytes) }
        for name in ["model/a.bin", "model/a.bin", "train"] {
            let folder = try ScratchFolder()
            let url = server.address + "/x?s=1"
            let result = try Self.fetch(name, from: url, in: folder, temporary: machine.path)
            #expect(result.status == 0 && result.errors == "", "\(result.errors)")
            let data = try Data(contentsOf: URL(filePath: folder.file(name)))
            #expect(Array(data) == Self.bytes)
        }
        #expect(server.requests.map(\.path) == ["/x?s=1"])
        let store = machine.file("fettle-files-\(geteuid())")
        let facts = try FileManager.default.attributesOfItem(atPath: store)
        #expect(facts[.posixPermissions] as? Int == 0o700)
    }

    @Test func fileThatNobodyAskedForIsForgotten() throws {
        let (machine, folder) = (try ScratchFolder(), try ScratchFolder())
        let server = try LocalServer { _ in .init(body: Self.bytes) }
        let store = machine.file("fettle-files-\(geteuid())")
        func fetch() throws {
            let result = try Self.fetch(
                "a",
                from: server.address,
                in: folder,
                temporary: machine.path
            )
            #expect(result.status == 0, "\(result.errors)")
        }
        try fetch()
        let (old, late) = (store + "/" + String(repeating: "0", count: 64), store + "/1")
        for (path, days) in [(old, 9.0), (late, 7.0)] {
            _ = FileManager.default.createFile(atPath: path, contents: Data([1]))
            let date = Date(timeIntervalSinceNow: -days * 86_400)
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
        }
        try fetch()
        #expect(!FileManager.default.fileExists(atPath: old))
        #expect(FileManager.default.fileExists(atPath: late))
        #expect(server.requests.count == 1)
    }

    @Test func folderThatOthersCanReachIsNotUsed() throws {
        let (machine, folder) = (try ScratchFolder(), try ScratchFolder())
        let store = machine.file("fettle-files-\(geteuid())")
        try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: true)
        chmod(store, 0o755)
        let server = try LocalServer { _ in .init(body: Self.bytes) }
        let result = try Self.fetch("a", from: server.address, in: folder, temporary: machine.path)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: store) == [])
        let data = try Data(contentsOf: URL(filePath: folder.file("a")))
        #expect(Array(data) == Self.bytes)
    }

    @Test func passingFaultIsMet() throws {
        let folder = try ScratchFolder()
        let count = Counter()
        let server = try LocalServer { _ in
            switch count.next() {
            case 1: .init(status: 503)
            case 2: .init(body: Self.bytes, cut: 3)
            default: .init(body: Self.bytes)
            }
        }
        let result = try Self.fetch("a", from: server.address, in: folder)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try Self.names(folder) == ["a"])
        #expect(server.requests.count == 3)
    }

    @Test func refusalEndsItAtOnceAndTellsNoSignature() throws {
        let folder = try ScratchFolder()
        let server = try LocalServer { _ in .init(status: 401) }
        let result = try Self.fetch("a", from: server.address + "/f?signature=secret", in: folder)
        #expect(result.status == 1)
        let said = "a cannot be fetched from \(server.address)/f: HTTP Error 401: "
        #expect(result.errors.hasPrefix(said), "\(result.errors)")
        #expect(!result.errors.contains("secret"))
        #expect(try Self.names(folder) == [])
        #expect(server.requests.count == 1)
    }

    @Test func brokenAnswerIsSaidInTheEnd() throws {
        let folder = try ScratchFolder()
        let server = try LocalServer { _ in .init(body: Array(Self.bytes.dropLast(2))) }
        let result = try Self.fetch("a", from: server.address, in: folder)
        #expect(result.status == 1)
        let said = "a cannot be fetched from \(server.address): 7 bytes came of 9\n"
        #expect(result.errors == said)
        #expect(server.requests.count == 4)
    }

    @Test(arguments: ["two line\n", "one line\nmore"])
    func otherBytesAreNotTaken(body: String) throws {
        let folder = try ScratchFolder()
        let server = try LocalServer { _ in .init(body: Array(body.utf8)) }
        let result = try Self.fetch("a", from: server.address, in: folder)
        #expect(result.status == 1)
        #expect(
            result.errors
                == "a cannot be fetched from \(server.address): what came is another file\n"
        )
        #expect(try Self.names(folder) == [])
        #expect(server.requests.count == 1)
    }
}

/// A number that goes up.
private final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var value = 0

    func next() -> Int {
        lock.withLock {
            value += 1
            return value
        }
    }
}
