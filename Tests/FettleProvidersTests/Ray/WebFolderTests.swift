import FettleCore
import FettleTestSupport
import Foundation
import Synchronization
import Testing

@testable import FettleProviders

/// A folder of the web that large files go to.
struct WebFolderTests {
    /// What was put into a folder, by its path.
    private final class Files: Sendable {
        let all = Mutex<[String: String]>([:])
    }

    /// Returns a folder that keeps what is put into it, after the faults that it begins with.
    static func folder(
        _ faults: [FaultServer.Reply] = []
    ) throws -> (WebFolder, FaultServer) {
        let files = Files()
        let server = try FaultServer { request, number in
            if number <= faults.count { return faults[number - 1] }
            return files.all.withLock { files in
                if request.method == "PUT" {
                    files[request.path] = request.body
                    return .json(201, "")
                }
                return files[request.path].map { .json($0) } ?? .json(404, "no such file")
            }
        }
        var folder = try WebFolder(server.address + "/a/")
        folder.policy = RetryPolicy(attempts: 3, wait: { _ in })
        return (folder, server)
    }

    private static func file(_ scratch: ScratchFolder) throws -> String {
        try Data("rows".utf8).write(to: URL(filePath: scratch.file("rows")))
        return scratch.file("rows")
    }

    @Test func fileIsPutThereOnce() throws {
        let scratch = try ScratchFolder()
        let path = try Self.file(scratch)
        let (folder, server) = try Self.folder()
        var sent: [Int64] = []
        for _ in 1...2 {
            let url = try folder.keep(path, as: "fettle-1") { sent.append($0) }
            #expect(url == server.address + "/a/fettle-1")
        }
        #expect(server.requests.map(\.method) == ["HEAD", "PUT", "HEAD", "HEAD"])
        #expect(server.requests[1].body == "rows")
        #expect(sent == [4])
    }

    @Test func passingFaultIsMet() throws {
        let scratch = try ScratchFolder()
        let path = try Self.file(scratch)
        let (folder, server) = try Self.folder([.drop, .json(503, "later")])
        #expect(try folder.keep(path, as: "x") { _ in } == server.address + "/a/x")
        #expect(server.requests.count == 5)
    }

    @Test func whatIsNoSuchFolderIsSaid() throws {
        let scratch = try ScratchFolder()
        let path = try Self.file(scratch)
        func error(_ replies: [FaultServer.Reply]) throws -> (Diagnostic?, String) {
            let server = try FaultServer(replies)
            var folder = try WebFolder(server.address)
            folder.policy = RetryPolicy(attempts: 2, wait: { _ in })
            do {
                _ = try folder.keep(path, as: "x") { _ in }
                return (nil, server.address)
            } catch let diagnostic as Diagnostic {
                return (diagnostic, server.address)
            }
        }
        let hint =
            "it must be there, take files by PUT and tell their length by HEAD, both without a key"
        // None of them passes: no such method, no such folder.
        for status in [405, 409, 501] {
            let (refused, first) = try error([.json(404, ""), .json(status, "")])
            #expect(
                refused
                    == Diagnostic(
                        "web-folder",
                        "'\(first)' answers a PUT with status \(status)",
                        hint: hint
                    )
            )
        }
        let (short, there) = try error([.json("ro"), .json(201, ""), .json("ro")])
        #expect(
            short
                == Diagnostic("web-folder", "'\(there)' gives 2 bytes of a file of 4", hint: hint)
        )
        let (lost, second) = try error([.json(404, ""), .json(201, ""), .json(404, "")])
        #expect(
            lost
                == Diagnostic(
                    "web-folder",
                    "'\(second)' does not give the file that it took",
                    hint: hint
                )
        )
        let (down, third) = try error([.json(503, "")])
        #expect(
            down
                == Diagnostic(
                    "web-folder",
                    "'\(third)' cannot be reached: status 503",
                    hint: "the same command tries again"
                )
        )
    }

    @Test func addressIsChecked() {
        #expect(throws: Diagnostic.self) { try WebFolder("ftp://there") }
        #expect(throws: Diagnostic.self) { try WebFolder("https://a:b@there/x") }
    }
}
