import FettleCore
import FettleStore
import FettleTestSupport
import Foundation
import Testing

@testable import FettleWorkbench

struct ClusterLibraryTests {
    private static func library(
        secrets: [String: String] = [:],
        environment: [String: String] = [:]
    ) -> ClusterLibrary {
        let workspace = Workspace(.ephemeral, session: "test")
        workspace.findSecrets { name in secrets[name] }
        workspace.findClusterToken { () throws(Diagnostic) in
            try ClusterToken.ofRay(in: environment)
        }
        return ClusterLibrary(workspace)
    }

    private static func keep(
        _ library: ClusterLibrary,
        _ url: String,
        secret: String? = nil,
        shared: String? = nil,
        isInsecure: Bool = false
    ) throws(Diagnostic) -> ClusterRecord {
        try library.keep(
            "lab",
            url: url,
            secret: secret,
            sharedFolder: shared,
            isInsecure: isInsecure,
            at: 7
        )
    }

    @Test func addressWithoutEncryptionIsOfThisMachine() throws {
        let library = Self.library()
        for url in ["http://127.0.0.1:8265/", "http://localhost:1", "https://lab.example.com/ray"] {
            #expect(try Self.keep(library, url, isInsecure: true).isInsecure == false)
        }
        let error = #expect(throws: Diagnostic.self) {
            try Self.keep(library, "http://lab.example.com:8265")
        }
        #expect(error?.code == "insecure-cluster")
        #expect(
            error?.message
                == "what goes to 'http://lab.example.com:8265' can be read on the way, and whoever reads the token of "
                + "a cluster there runs any code on it"
        )
        let allowed = try Self.keep(library, "http://lab.example.com:8265", isInsecure: true)
        #expect(allowed.isInsecure)
        #expect(try library.clusters() == [allowed])
        let bad = #expect(throws: Diagnostic.self) { try Self.keep(library, "127.0.0.1:8265") }
        #expect(bad?.code == "bad-address")
        #expect(
            bad?.hints == ["such as http://127.0.0.1:8265; the token is token=secret:NAME"]
        )
    }

    @Test func sharedFolderIsAWholePathThatIsThere() throws {
        let library = Self.library()
        let record = try Self.keep(
            library,
            "http://127.0.0.1:1",
            shared: NSTemporaryDirectory() + "../tmp/"
        )
        #expect(record.sharedFolder == "/tmp")
        let error = #expect(throws: Diagnostic.self) {
            try Self.keep(library, "http://127.0.0.1:1", shared: "/no/such/folder")
        }
        #expect(error?.code == "no-folder")
        #expect(error?.message == "there is no folder '/no/such/folder' on this machine")
    }

    @Test func secretGoesBeforeRaysOwnPlaces() throws {
        let library = Self.library(
            secrets: ["lab": "of-secret"],
            environment: ["RAY_AUTH_TOKEN": "of-variable"]
        )
        let own = try Self.keep(library, "http://127.0.0.1:1")
        #expect(try library.tokenSource(of: own) == "RAY_AUTH_TOKEN")
        let named = try Self.keep(library, "http://127.0.0.1:1", secret: "lab")
        #expect(try library.tokenSource(of: named) == "the secret 'lab'")
        let missing = try Self.keep(library, "http://127.0.0.1:1", secret: "none")
        let error = #expect(throws: Diagnostic.self) { try library.tokenSource(of: missing) }
        #expect(error?.code == "unknown-variable")
        #expect(error?.message == "no secret 'none', which is the token of the cluster 'lab'")
    }

    // MARK: - Checking

    /// Returns a folder with a program `python` that does as told.
    private static func python(_ script: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let path = folder.file("python")
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: path))
        chmod(path, 0o755)
        return folder
    }

    private static let facts =
        #"{"python": "3.12.1", "found": {"ray": "2.60.0", "torch": "2.9.0", "ray.train": ""}, "#
        + #""missing": {"transformers": "ModuleNotFoundError: no"}, "gpus": 2}"#

    @Test func reportTellsMachinesAndPackages() throws {
        let folder = try Self.python("echo 'FETTLE-PROBE \(Self.facts)'")
        let ray = try RayStandIn(
            token: "of-secret",
            cpus: 4,
            memory: 1 << 30,
            environment: ["PATH": "\(folder.path):/usr/bin:/bin"]
        )
        let library = Self.library(secrets: ["lab": "of-secret"])
        _ = try Self.keep(library, ray.address, secret: "lab")
        let report = try library.check("lab")
        #expect(report.ray == "2.60.0")
        #expect(report.isKnownAPI)
        #expect(report.takesEverybody == false)
        #expect(report.tokenSource == "the secret 'lab'")
        #expect(report.isReadable == false)
        #expect(report.nodes.map(\.cpus) == [.init(total: 4, free: 4)])
        #expect(report.nodes.map(\.memory) == [.init(total: 1_073_741_824, free: 1_073_741_824)])
        #expect(report.nodes.map(\.gpus) == [.init(total: 0, free: 0)])
        let python = try #require(report.python)
        #expect(python.version == "3.12.1")
        #expect(python.gpus == 2)
        #expect(
            python.packages == [
                .init(name: "ray", version: "2.60.0"), .init(name: "torch", version: "2.9.0"),
                .init(name: "transformers", problem: "ModuleNotFoundError: no"),
                .init(name: "peft", problem: "it was not looked for"),
                .init(name: "ray.train", version: ""),
            ]
        )
        #expect(report.problem == nil)
        #expect(report.leftJob == nil)
        #expect(ray.jobs == [])
    }

    @Test func clusterThatAsksForNoTokenIsKnown() throws {
        let folder = try Self.python("exit 0")
        let ray = try RayStandIn(
            api: "5",
            environment: ["PATH": "\(folder.path):/usr/bin:/bin"]
        )
        let library = Self.library(environment: ["RAY_AUTH_TOKEN": "not-asked-for"])
        _ = try Self.keep(library, ray.address)
        let report = try library.check("lab")
        #expect(report.takesEverybody)
        #expect(report.tokenSource == "RAY_AUTH_TOKEN")
        #expect(report.isKnownAPI == false)
        #expect(report.api == "5")
        #expect(report.python == nil)
        #expect(report.problem == "it said nothing")
    }

    @Test(arguments: [
        ("echo broken; exit 3", "it ended with exit code 3: broken"),
        ("kill -9 $$", "it was ended by signal 9"),
    ])
    func probeThatFailsIsNoError(script: String, problem: String) throws {
        let folder = try Self.python(script)
        let ray = try RayStandIn(environment: ["PATH": "\(folder.path):/usr/bin:/bin"])
        let library = Self.library()
        _ = try Self.keep(library, ray.address)
        let report = try library.check("lab")
        #expect(report.python == nil)
        #expect(report.problem == problem)
        #expect(ray.jobs == [])
    }

    @Test func jobGoesWhenTheCheckIsCancelled() async throws {
        let folder = try Self.python("sleep 60")
        let ray = try RayStandIn(environment: ["PATH": "\(folder.path):/usr/bin:/bin"])
        let library = Self.library()
        _ = try Self.keep(library, ray.address)
        let task = Task.detached { try library.check("lab") }
        // On a thread of its own: the waiting may hold those that tests run on.
        Thread.detachNewThread {
            while ray.jobs.isEmpty { usleep(5000) }
            task.cancel()
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ray.jobs == [])
        #expect(ray.requests.suffix(1).map(\.method) == ["DELETE"])
    }

    /// Whatever the Python of this machine has, the script of the job says it.
    @Test func scriptRunsInAPython() throws {
        let ray = try RayStandIn(
            environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
        )
        let library = Self.library()
        _ = try Self.keep(library, ray.address)
        let report = try library.check("lab")
        let python = try #require(report.python, "\(report.problem ?? "")")
        #expect(python.version.hasPrefix("3."))
        #expect(python.packages.map(\.name) == ClusterProbe.packages)
        let told = python.packages.filter {
            $0.version != nil || $0.problem?.contains(": ") == true
        }
        #expect(told.count == ClusterProbe.packages.count, "\(python.packages)")
    }

    @Test func clusterThatIsAwayIsSaidAtOnce() throws {
        let address = try RayStandIn().address
        let library = Self.library()
        _ = try Self.keep(library, address)
        let error = #expect(throws: Diagnostic.self) { try library.check("lab") }
        #expect(error?.code == "cluster-unreachable")
        let unknown = #expect(throws: Diagnostic.self) { try library.check("lb") }
        #expect(unknown?.message == "no cluster 'lb'")
        #expect(unknown?.hints == ["did you mean 'lab'?", "clusters: lab"])
    }
}
