import FettleCore
import Foundation
import Testing

@testable import FettleProviders

/// A real Ray, which `Tests/Cluster/with-ray` starts and names in the environment.
private enum RealRay {
    static let url = ProcessInfo.processInfo.environment["FETTLE_RAY_URL"]
    static let token = ProcessInfo.processInfo.environment["FETTLE_RAY_TOKEN"]
}

/// The client against a real Ray.
@Suite(.serialized, .enabled(if: RealRay.url != nil, "no FETTLE_RAY_URL"))
struct RayClusterTests {
    private static func client(token: String? = RealRay.token) throws -> RayClient {
        try RayClient(
            name: "real",
            address: ServerAddress(#require(RealRay.url)),
            token: token.map { try RayToken($0, source: "FETTLE_RAY_TOKEN") }
        )
    }

    private static func end(of id: String, _ client: RayClient) throws -> RayJob {
        for _ in 0..<600 {
            let job = try client.job(id)
            if job.status.isEnd { return job }
            usleep(100_000)
        }
        throw Diagnostic("test", "the job '\(id)' has not ended")
    }

    @Test func clusterTellsWhatItIsAndHas() throws {
        let client = try Self.client()
        #expect(try client.version().api == RayVersion.knownAPI)
        #expect(try client.isHealthy())
        #expect(try client.isOpen() == (RealRay.token == nil))
        var nodes: [RayNode] = []
        for _ in 0..<100 where nodes.first?.used == nil {
            nodes = try client.nodes()
            usleep(200_000)
        }
        #expect(nodes.count == 1)
        #expect(nodes.first?.isHead == true)
        #expect(nodes.first?.free("CPU") == nodes.first?.total["CPU"])
        #expect(nodes.first?.free("GPU") == 0)
        #expect((nodes.first?.free("memory") ?? 0) > 100_000_000)
        let summary = try client.value(client.answer(.get, "/nodes?view=summary"))
        let usage = RayNode.usage(summary: summary)
        let isWhole = usage.values.allSatisfy { $0["CPU"] != nil && $0["memory"] != nil }
        #expect(isWhole)
    }

    @Test(.enabled(if: RealRay.token != nil)) func tokenIsAskedFor() throws {
        let missing = #expect(throws: Diagnostic.self) { try Self.client(token: nil).version() }
        #expect(
            missing?.message
                == "the cluster 'real' asks for a token, and none is known: Unauthorized: Missing authentication token"
        )
        let wrong = #expect(throws: Diagnostic.self) { try Self.client(token: "wrong").version() }
        #expect(
            wrong?.message
                == "the cluster 'real' does not take the token of FETTLE_RAY_TOKEN: Forbidden: Invalid "
                + "authentication token"
        )
    }

    @Test func packageAndJobGoAndCome() throws {
        let folder = try ScratchFolder()
        let client = try Self.client()
        let package = try RayPackage(
            [
                PackagedFile(
                    "ft",
                    .bytes(Array("#!/bin/sh\ncat rows/a.jsonl\necho $MODE\nexit $1\n".utf8)),
                    isExecutable: true
                ),
                PackagedFile("rows/a.jsonl", .bytes(Array("{\"a\": \"ä\"}\n".utf8))),
            ],
            at: folder.file("package.zip")
        )
        #expect(try client.holds(package: package.name) == false)
        try client.upload(package)
        #expect(try client.holds(package: package.name))
        let request = RayJobRequest(
            id: "fettle-1",
            entrypoint: "./ft 0",
            package: package.name,
            environment: ["MODE": "mode-1"],
            metadata: ["run": "abc"],
            cpus: 1
        )
        try client.submit(request)
        try client.submit(request)
        var other = request
        other.entrypoint = "./ft 3"
        let taken = #expect(throws: Diagnostic.self) { try client.submit(other) }
        #expect(taken?.code == "cluster-job-exists")
        other.id = "fettle-2"
        try client.submit(other)
        let job = try Self.end(of: "fettle-1", client)
        #expect(job.status == .succeeded, "\(job.message)")
        #expect(job.exitCode == 0)
        #expect(job.metadata == ["run": "abc"])
        #expect(try client.log(of: "fettle-1").contains("{\"a\": \"ä\"}\nmode-1\n"))
        let failed = try Self.end(of: "fettle-2", client)
        #expect(failed.reason == "it ended with exit code 3")
        #expect(try client.jobs().map(\.id).suffix(2) == ["fettle-1", "fettle-2"])
        try client.delete("fettle-1")
        try client.delete("fettle-1")
        try client.delete("fettle-2")
        let unknown = #expect(throws: Diagnostic.self) { try client.job("fettle-1") }
        #expect(unknown?.code == "unknown-cluster-job")
    }

    @Test func jobIsStoppedBeforeItIsDeleted() throws {
        let client = try Self.client()
        try client.submit(RayJobRequest(id: "fettle-3", entrypoint: "sleep 100"))
        while try client.job("fettle-3").status == .pending { usleep(100_000) }
        let refused = #expect(throws: Diagnostic.self) { try client.delete("fettle-3") }
        #expect(
            refused?.message
                == "the cluster 'real' refuses: Attempted to delete job 'fettle-3', but it is in a non-terminal state "
                + "RUNNING"
        )
        #expect(refused?.hints.first?.hasPrefix("Ray says so in job_manager.py:") == true)
        #expect(try client.stop("fettle-3"))
        #expect(try Self.end(of: "fettle-3", client).status == .stopped)
        // What ran it takes a moment longer to go than it.
        while try client.stop("fettle-3") { usleep(100_000) }
        try client.delete("fettle-3")
    }

    @Test func packageThatIsNotThereFailsTheJob() throws {
        let client = try Self.client()
        try client.submit(
            RayJobRequest(
                id: "fettle-4",
                entrypoint: "true",
                package: "_ray_pkg_0123456789abcdef0123456789abcdef.zip"
            )
        )
        let job = try Self.end(of: "fettle-4", client)
        #expect(job.errorType == "RUNTIME_ENV_SETUP_FAILURE")
        #expect(job.message.contains("_ray_pkg_"))
        #expect(
            job.reason?.hasPrefix("Failed to download runtime_env file package gcs://_ray_pkg_")
                == true,
            "\(job.reason ?? "")"
        )
        try client.delete("fettle-4")
    }

    @Test func jobThatFitsNowhereWaitsOn() throws {
        let client = try Self.client()
        try client.submit(RayJobRequest(id: "fettle-5", entrypoint: "true", gpus: 64))
        usleep(3_000_000)
        #expect(try client.job("fettle-5").status == .pending)
        #expect(try client.stop("fettle-5"))
        usleep(3_000_000)
        #expect(try client.job("fettle-5").status == .pending)
    }
}
