import FettleCore
import FettleTestSupport
import Foundation
import Synchronization
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

    /// A server that keeps files as OpenAI's API has it, and answers requests for their bytes with `status`.
    private final class Depot: Sendable {
        private let kept = Mutex<[(name: String, bytes: Int)]>([])

        var names: [String] { kept.withLock { $0.map(\.name) } }

        func start(status: Int = 200) throws -> (FaultServer, RayFiles) {
            let server = try FaultServer { [self] request, _ in answer(request, status) }
            let address = try ServerAddress(server.address + "/v1")
            var files = RayFiles(
                at: .server(try OpenAIClient(name: "depot", address: address, key: "sk-1"))
            )
            files.now = { Date(timeIntervalSince1970: 1_800_000_000) }
            return (server, files)
        }

        private func answer(_ request: FaultServer.Request, _ status: Int) -> FaultServer.Reply {
            kept.withLock { kept in
                if request.method == "HEAD" {
                    let digits = request.path.drop { $0 != "-" }.dropFirst().prefix { $0 != "/" }
                    guard status == 200, let place = Int(digits) else { return .json(status, "{}") }
                    return .json(String(repeating: "A", count: kept[place].bytes))
                }
                if request.method == "POST" {
                    let parts = request.body.components(separatedBy: "\r\n\r\n")
                    let name = parts[1].components(separatedBy: "filename=\"")[1].prefix {
                        $0 != "\""
                    }
                    let content = parts[2].components(separatedBy: "\r\n--")[0]
                    kept.append((String(name), content.utf8.count))
                    return .json(Self.file(kept.count - 1, kept[kept.count - 1]))
                }
                let all = kept.enumerated().map { Self.file($0.offset, $0.element) }
                return .json("{\"object\": \"list\", \"data\": [\(all.joined(separator: ","))]}")
            }
        }

        private static func file(_ place: Int, _ file: (name: String, bytes: Int)) -> String {
            """
            {"object": "file", "id": "file-\(place)", "purpose": "user_data", "filename": "\(file.name)",
             "bytes": \(file.bytes), "created_at": 1, "status": "processed"}
            """
        }
    }

    private static let probe = "fettle-" + SHA256.digits(of: Array(RayFiles.probeText.utf8))
    private static let name = "fettle-" + SHA256.digits(of: large)

    @Test func fileGoesToTheServerOnceAndALinkIntoThePackage() throws {
        let folder = try ScratchFolder()
        let depot = Depot()
        let (server, files) = try depot.start()
        var sent: [Int64] = []
        let job = try files.placing(Self.job, by: folder.path) { done, total in
            sent.append(done)
            #expect(total == 1 << 20)
        }
        #expect(sent.last == 1 << 20)
        #expect(job.files.map(\.name) == ["run", "small", "fettle_fetch.py", "fettle_files.json"])
        #expect(
            job.entrypoint
                == "p=$(command -v python || command -v python3) || { echo no Python is on the PATH of jobs; exit 127; }; "
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
        // First a file that tells nothing: whether links are followed.
        let requests = server.requests
        #expect(requests.map(\.method) == ["GET", "POST", "HEAD", "GET", "POST", "HEAD"])
        #expect(depot.names == [Self.probe, Self.name])
        #expect(requests[3].path == "/v1/files?purpose=user_data")
        #expect(requests[3].headers["authorization"] == "Bearer sk-1")
        #expect(requests[4].body.contains("\r\n\r\nuser_data\r\n"))
        #expect(requests[5].headers["authorization"] == nil)
        #expect(server.address + requests[5].path == url)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        // The package of the next trial is this one, and nothing is sent for it.
        let again = try files.placing(Self.job, by: folder.path) { _, _ in }
        guard case .bytes(let same)? = again.files.last?.source else { throw CancellationError() }
        #expect(same == list)
        #expect(server.requests.dropFirst(6).map(\.method) == ["GET", "HEAD", "GET", "HEAD"])
    }

    /// One that refuses those without a key, and one that answers them with something else.
    @Test(arguments: [401, 203])
    func serverWithoutLinksIsSentNothingThatTells(status: Int) throws {
        let folder = try ScratchFolder()
        let depot = Depot()
        let (server, files) = try depot.start(status: status)
        #expect(
            throws: Diagnostic(
                "no-file-links",
                "'depot' does not give its files to those who have a link instead of its key, which stays here",
                hint:
                    "take 'fettle serve host=0.0.0.0 --api-key-file FILE' on a machine that the cluster reaches, too"
            )
        ) {
            _ = try files.placing(Self.job, by: folder.path) { _, _ in }
        }
        #expect(depot.names == [Self.probe])
        withExtendedLifetime(server) {}
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
        let depot = Depot()
        let (server, files) = try depot.start()
        let job = ClusterJob(
            id: "job-1",
            entrypoint: "python train.py",
            files: [PackagedFile("model/a", .file(folder.file("model")))],
            workers: .init(count: 2)
        )
        let placed = try files.placing(job, by: folder.path) { _, _ in }
        #expect(placed.entrypoint == "python train.py")
        #expect(placed.files.map(\.name) == ["fettle_fetch.py", "fettle_files.json"])
        #expect(depot.names == [Self.probe, Self.name])
        withExtendedLifetime(server) {}
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
        let (server, files) = try Depot().start()
        var job = Self.job
        job.files.removeAll { $0.name == "large" }
        let placed = try files.placing(job, by: folder.path) { _, _ in }
        #expect(placed.files.map(\.name) == ["run", "small"])
        #expect(placed.entrypoint == "./run it")
        #expect(server.requests == [])
    }
}
