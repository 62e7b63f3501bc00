import FettleCore
import FettleTestSupport
import Foundation
import Testing

@testable import FettleProviders

/// Large files of a job, on a server from which they are fetched.
struct RayFilesTests {
    private static let large = [UInt8](repeating: 65, count: Int(RayFiles.leastBytes))
    private static let job = ClusterJob(
        id: "job-1",
        entrypoint: "./run it",
        files: [
            PackagedFile("run", .bytes(large), isExecutable: true),
            PackagedFile("large", .bytes(large)),
            PackagedFile("small", .bytes(Array(large.dropLast()))),
        ]
    )

    private static func files(_ server: FaultServer) throws -> RayFiles {
        let address = try ServerAddress(server.address + "/v1")
        var files = RayFiles(
            at: .server(try OpenAIClient(name: "depot", address: address, key: "sk-1"))
        )
        files.now = { Date(timeIntervalSince1970: 1_800_000_000) }
        return files
    }

    private static func file(_ name: String) -> String {
        """
        {"object": "file", "id": "file-1", "purpose": "user_data", "filename": "\(name)",
         "bytes": \(large.count), "created_at": 1, "status": "processed"}
        """
    }

    @Test func fileThatTheServerHasIsNotSentAgain() throws {
        let folder = try ScratchFolder()
        let name = "fettle-" + SHA256.digits(of: Self.large)
        let server = try FaultServer { request, _ in
            request.path.contains("/content")
                ? .json(String(repeating: "A", count: Self.large.count))
                : .json("{\"object\": \"list\", \"data\": [\(Self.file(name))]}")
        }
        let job = try Self.files(server).placing(Self.job, by: folder.path) { _, _ in }
        #expect(job.files.map(\.name) == ["run", "small", "fettle_fetch.py", "fettle_files.json"])
        #expect(
            job.entrypoint
                == "p=$(command -v python3 || command -v python) || { echo no Python is on the PATH of jobs; exit 127; }; "
                + "\"$p\" fettle_fetch.py && exec ./run it"
        )
        guard case .bytes(let list)? = job.files.last?.source else { throw CancellationError() }
        guard case .array(let links) = try JSONValue.parse(list), links.count == 1,
            let link = links.first, case .string(let url)? = link["url"]
        else { throw CancellationError() }
        #expect(link["name"] == .string("large"))
        #expect(link["bytes"] == .integer(1 << 20))
        #expect(link["sha256"] == .string(SHA256.digits(of: Self.large)))
        // Whole days from 2027-01-15: nine, so that eight are left at the day's end.
        let start = "\(server.address)/v1/files/file-1/content?expires=1800748800&signature="
        #expect(url.hasPrefix(start), "\(url)")
        #expect(server.requests.map(\.method) == ["GET", "HEAD"])
        #expect(server.requests[0].path == "/v1/files?purpose=user_data")
        #expect(server.requests[0].headers["authorization"] == "Bearer sk-1")
        #expect(server.requests[1].headers["authorization"] == nil)
        #expect(server.address + server.requests[1].path == url)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        // The package of the next trial is this one.
        let again = try Self.files(server).placing(Self.job, by: folder.path) { _, _ in }
        guard case .bytes(let same)? = again.files.last?.source else { throw CancellationError() }
        #expect(same == list)
    }

    @Test(arguments: [401, 200])
    func serverWithoutLinksIsRefusedBeforeAnythingRuns(status: Int) throws {
        let folder = try ScratchFolder()
        let server = try FaultServer { request, _ in
            if request.path.contains("/content") {
                return .json(status, "{\"error\": {\"message\": \"no key\"}}")
            }
            return request.method == "POST"
                ? .json(Self.file("x")) : .json("{\"object\": \"list\", \"data\": []}")
        }
        var sent: [Int64] = []
        #expect(
            throws: Diagnostic(
                "no-file-links",
                "'depot' does not give its files to those who have a link instead of its key, which stays here",
                hint:
                    "take a server of Fettle's: 'fettle serve host=0.0.0.0 --api-key-file FILE' on a machine that it reaches"
            )
        ) {
            _ = try Self.files(server).placing(Self.job, by: folder.path) { done, total in
                sent.append(done)
                #expect(total == 1 << 20)
            }
        }
        #expect(sent.last == 1 << 20)
        #expect(server.requests.map(\.method) == ["GET", "POST", "HEAD"])
        #expect(server.requests[1].body.contains("\r\n\r\nuser_data\r\n"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }

    @Test func filesOfThisMachineAreSentAndWorkersFetchForThemselves() throws {
        let folder = try ScratchFolder()
        try Data(Self.large).write(to: URL(filePath: folder.file("blob")))
        // As in a folder of a hub's cache.
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("model"),
            withDestinationPath: folder.file("blob")
        )
        let server = try FaultServer { request, _ in
            if request.method == "HEAD" {
                return .json(String(repeating: "A", count: Self.large.count))
            }
            return request.method == "POST"
                ? .json(Self.file("x")) : .json("{\"object\": \"list\", \"data\": []}")
        }
        let job = ClusterJob(
            id: "job-1",
            entrypoint: "python train.py",
            files: [PackagedFile("model/a", .file(folder.file("model")))],
            workers: .init(count: 2)
        )
        let placed = try Self.files(server).placing(job, by: folder.path) { _, _ in }
        #expect(placed.entrypoint == "python train.py")
        #expect(placed.files.map(\.name) == ["fettle_fetch.py", "fettle_files.json"])
        let sent = server.requests[1].body
        #expect(sent.contains("filename=\"fettle-\(SHA256.digits(of: Self.large))\""))
        #expect(sent.utf8.count > Self.large.count)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.sorted() == ["blob", "model"])
    }

    @Test func fileThatChangesHasAnotherHash() throws {
        let folder = try ScratchFolder()
        let files = try WebFolderTests.folder()
        let path = folder.file("model")
        var job = Self.job
        job.files = [PackagedFile("model", .file(path))]
        for byte in [1, 2] as [UInt8] {
            let content = [UInt8](repeating: byte, count: Self.large.count)
            try Data(content).write(to: URL(filePath: path))
            for _ in 1...2 {
                _ = try RayFiles(at: .folder(files.0)).placing(job, by: folder.path) { _, _ in }
                let name = "/a/fettle-" + SHA256.digits(of: content)
                #expect(files.1.requests.last?.path == name)
            }
        }
        #expect(files.1.requests.filter { $0.method == "PUT" }.count == 2)
    }

    @Test func jobOfSmallFilesAsksNoServer() throws {
        let folder = try ScratchFolder()
        let server = try FaultServer { _, _ in .drop }
        var job = Self.job
        job.files.removeAll { $0.name == "large" }
        let placed = try Self.files(server).placing(job, by: folder.path) { _, _ in }
        #expect(placed.files.map(\.name) == ["run", "small"])
        #expect(placed.entrypoint == "./run it")
        #expect(server.requests == [])
    }
}
