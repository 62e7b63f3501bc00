import FettleCore
import FettleTestSupport
import Foundation
import Testing

@testable import FettleProviders

/// The client against a stand-in of Ray's head with its odd shapes.
struct RayClientTests {
    private static let secret = "ray-token-0123456789"
    private static let quick = RetryPolicy(attempts: 3, wait: { _ in }, random: { 0 })

    private static func client(
        _ address: String,
        token: String? = nil
    ) throws -> RayClient {
        try RayClient(
            name: "lab",
            address: ServerAddress(address),
            token: token.map { try RayToken($0, source: "the secret 'lab'") },
            policy: quick
        )
    }

    /// Asks for a job's state until it has ended, for at most twenty seconds.
    private static func end(of id: String, _ client: RayClient) throws -> RayJob {
        for _ in 0..<400 {
            let job = try client.job(id)
            if job.status.isEnd { return job }
            usleep(50_000)
        }
        throw Diagnostic("test", "the job '\(id)' has not ended")
    }

    private static func failure(_ work: () throws -> Void) -> Diagnostic? {
        #expect(throws: Diagnostic.self, performing: work)
    }

    // MARK: - The cluster

    @Test func versionHealthAndNodesAreRead() throws {
        let ray = try RayStandIn(token: Self.secret, cpus: 4, gpus: 1, memory: 1 << 30)
        let client = try Self.client(ray.address, token: Self.secret)
        #expect(try client.version() == RayVersion(api: "4", ray: "2.60.0"))
        #expect(try client.isHealthy())
        #expect(try client.isOpen() == false)
        let node = try #require(try client.nodes().first)
        #expect(node.address == "127.0.0.1")
        #expect(node.isHead)
        #expect(node.free("CPU") == 4)
        #expect(node.free("GPU") == 1)
        #expect(node.free("memory") == 1_073_741_824)
        #expect(node.free("TPU") == 0)
        let request = try #require(ray.requests.first)
        #expect(request.headers["authorization"] == "Bearer \(Self.secret)")
        #expect(request.headers["user-agent"] == "fettle")
        #expect(request.headers["origin"] == nil)
    }

    @Test func usageIsReadFromBothAutoscalers() throws {
        let id = "efb2d33196186109dd46e3fd7614b166a3034770df3ec49201a826d8"
        let older = """
            {"data": {"clusterStatus": {"loadMetricsReport": {"usageByNode": {"\(id)": {
            "node:InternalHead": [0.0, 1.0], "CPU": [1.0, 2.0], "memory": [0.0, 24699989760.0]}}}}}}
            """
        #expect(
            try RayNode.usage(status: JSONValue.parse(Array(older.utf8)))
                == [id: ["node:InternalHead": 0, "CPU": 1, "memory": 0]]
        )
        let newer = """
            {"data": {"summary": [], "nodeLogicalResources": {"\(id)":
            "1.5/2.0 CPU\\n0.0/1.0 GPU\\n1.50GiB/23.11GiB memory\\n0B/95.37MiB object_store_memory"}}}
            """
        #expect(
            try RayNode.usage(summary: JSONValue.parse(Array(newer.utf8)))
                == [id: ["CPU": 1.5, "GPU": 0, "memory": 1_610_612_736, "object_store_memory": 0]]
        )
        #expect(RayNode.usage(status: .null) == [:])
        #expect(RayNode.usage(summary: .object([])) == [:])
        let node = RayNode(id: "x", address: "", isHead: true, total: ["CPU": 2])
        #expect(node.free("CPU") == nil)
    }

    // MARK: - Jobs

    @Test func jobRunsAmongTheFilesOfItsPackage() throws {
        let folder = try ScratchFolder()
        let ray = try RayStandIn()
        let client = try Self.client(ray.address)
        let package = try RayPackage(
            [
                PackagedFile(
                    "ft",
                    .bytes(Array("#!/bin/sh\ncat rows.jsonl\necho $MODE\n".utf8)),
                    isExecutable: true
                ),
                PackagedFile("rows.jsonl", .bytes(Array("{}\n".utf8))),
            ],
            at: folder.file("package.zip")
        )
        #expect(try client.holds(package: package.name) == false)
        try client.upload(package)
        try client.upload(package)
        #expect(try client.holds(package: package.name))
        #expect(ray.requests.count { $0.method == "PUT" } == 1)
        try client.submit(
            RayJobRequest(
                id: "ft-1",
                entrypoint: "./ft",
                package: package.name,
                environment: ["MODE": "mode-1"],
                metadata: ["run": "abc"],
                cpus: 1
            )
        )
        #expect(try client.job("ft-1").status == .pending)
        let job = try Self.end(of: "ft-1", client)
        #expect(job.status == .succeeded)
        #expect(job.exitCode == 0)
        #expect(job.reason == nil)
        #expect(job.metadata == ["run": "abc"])
        let log = try client.log(of: "ft-1")
        #expect(log.hasSuffix("Running entrypoint for job ft-1: ./ft\n{}\nmode-1\n"), "\(log)")
        // It replays all, however often it is asked for.
        #expect(try client.log(of: "ft-1") == log)
        #expect(try client.jobs().map(\.id) == ["ft-1"])
        #expect(ray.packages == [], "no job refers to the package")
        try client.delete("ft-1")
        try client.delete("ft-1")
        #expect(ray.jobs == [])
    }

    @Test func failureSaysExitCodeOrSignal() throws {
        let ray = try RayStandIn()
        let client = try Self.client(ray.address)
        try client.submit(RayJobRequest(id: "a", entrypoint: "echo broken; exit 3"))
        try client.submit(RayJobRequest(id: "b", entrypoint: "kill -9 $$"))
        let first = try Self.end(of: "a", client)
        #expect(first.status == .failed)
        #expect(first.exitCode == 3)
        #expect(first.reason == "it ended with exit code 3")
        #expect(first.message.hasSuffix("\nbroken\n") || first.message.hasSuffix("broken\n"))
        #expect(try Self.end(of: "b", client).reason == "it was ended by signal 9")
    }

    @Test func packageThatIsGoneIsSaid() throws {
        let folder = try ScratchFolder()
        let ray = try RayStandIn { request, _ in
            request.method == "POST" ? .collectPackages : nil
        }
        let client = try Self.client(ray.address)
        let package = try RayPackage(
            [PackagedFile("a", .bytes([1]))],
            at: folder.file("package.zip")
        )
        try client.upload(package)
        try client.submit(RayJobRequest(id: "x", entrypoint: "true", package: package.name))
        let job = try Self.end(of: "x", client)
        #expect(job.errorType == "RUNTIME_ENV_SETUP_FAILURE")
        #expect(job.errorType == "RUNTIME_ENV_SETUP_FAILURE")
        #expect(job.message.contains("_ray_pkg_"))
        #expect(
            job.reason
                == "Failed to download runtime_env file package gcs://\(package.name) from the GCS to the Ray worker "
                + "node. The package may have prematurely been deleted from the GCS due to a long upload time or a "
                + "problem with Ray"
        )
    }

    @Test func jobThatFitsNowhereWaitsAndCannotBeDeleted() throws {
        let ray = try RayStandIn(cpus: 2)
        let client = try Self.client(ray.address)
        try client.submit(RayJobRequest(id: "big", entrypoint: "true", gpus: 4))
        for _ in 0..<3 { #expect(try client.job("big").status == .pending) }
        #expect(try client.log(of: "big") == "")
        #expect(try client.stop("big"))
        #expect(try client.job("big").status == .pending)
        let error = Self.failure { try client.delete("big") }
        #expect(error?.code == "cluster-refused")
        #expect(
            error?.message
                == "the cluster 'lab' refuses: Attempted to delete job 'big', but it is in a non-terminal state PENDING"
        )
        #expect(error?.hints == ["Ray says so in job_manager.py:553, in delete_job"])
    }

    @Test func jobsWaitForTheirTurnAndAreStopped() throws {
        let ray = try RayStandIn(cpus: 2)
        let client = try Self.client(ray.address)
        for id in ["a", "b"] {
            try client.submit(RayJobRequest(id: id, entrypoint: "sleep 60", cpus: 2))
            #expect(try client.job(id).status == .pending)
        }
        #expect(try client.job("a").status == .running)
        #expect(try client.job("b").status == .pending)
        #expect(try client.nodes().first?.free("CPU") == 0)
        #expect(try client.stop("a"))
        #expect(try Self.end(of: "a", client).status == .stopped)
        #expect(try client.stop("a") == false)
        #expect(try client.job("b").status == .running)
        #expect(try client.stop("b"))
        #expect(try Self.end(of: "b", client).status == .stopped)
    }

    // MARK: - Repeating

    @Test func jobWhoseAnswerWasLostIsMadeOnce() throws {
        let ray = try RayStandIn { request, number in
            request.method == "POST" && number == 1 ? .loseAnswer : nil
        }
        let client = try Self.client(ray.address)
        let request = RayJobRequest(id: "one", entrypoint: "true", metadata: ["run": "1"])
        try client.submit(request)
        #expect(ray.jobs == ["one"])
        // Another process, or this one after it was killed, may ask for the same.
        try client.submit(request)
        var other = request
        other.entrypoint = "false"
        let error = Self.failure { try client.submit(other) }
        #expect(error?.code == "cluster-job-exists")
        #expect(error?.message == "the cluster 'lab' has another job called 'one'")
    }

    @Test func connectionThatIsLostIsTriedAgain() throws {
        let ray = try RayStandIn { _, number in
            switch number {
            case 1: .drop
            case 2: .answer(503, "<html><body>Service Unavailable</body></html>")
            default: nil
            }
        }
        #expect(try Self.client(ray.address).version().ray == "2.60.0")
        #expect(ray.requests.count == 3)
    }

    @Test func headThatHasJustStartedIsAskedAgain() throws {
        let ray = try RayStandIn { _, number in
            number == 1
                ? .answer(500, "No available agent to submit job, please try again later.") : nil
        }
        try Self.client(ray.address).submit(RayJobRequest(id: "a", entrypoint: "true"))
        #expect(ray.requests.count == 2)
    }

    // MARK: - What is wrong

    @Test func tokenThatIsWrongOrMissingIsSaidWithoutIt() throws {
        let ray = try RayStandIn(token: Self.secret)
        let missing = Self.failure { _ = try Self.client(ray.address).version() }
        #expect(missing?.code == "cluster-token")
        #expect(
            missing?.message
                == "the cluster 'lab' asks for a token, and none is known: Unauthorized: Missing authentication token"
        )
        #expect(
            missing?.hints == [
                "give it one: secret set lab, and cluster add lab \(ray.address) token=secret:lab",
                "or Ray's own places: RAY_AUTH_TOKEN, RAY_AUTH_TOKEN_PATH or ~/.ray/auth_token",
            ]
        )
        let wrong = Self.failure {
            _ = try Self.client(ray.address, token: "wrong-token").version()
        }
        #expect(wrong?.code == "cluster-token")
        #expect(
            wrong?.message
                == "the cluster 'lab' does not take the token of the secret 'lab': Forbidden: Invalid authentication "
                + "token"
        )
        #expect(
            wrong?.hints == [
                "the right one is in the file ~/.ray/auth_token of the machine that runs its head"
            ]
        )
        #expect(ray.requests.count == 2, "a token does not become right by waiting")
    }

    @Test func tokenIsTakenOutOfWhatTheClusterSays() throws {
        let ray = try RayStandIn { _, _ in .answer(500, "ValueError: no \(Self.secret) here.") }
        let error = Self.failure {
            _ = try Self.client(ray.address, token: Self.secret).version()
        }
        #expect(error?.message == "the cluster 'lab' refuses: no ‹secret› here")
        let token = try RayToken(Self.secret, source: "RAY_AUTH_TOKEN")
        #expect("\(token)" == "token of RAY_AUTH_TOKEN")
        #expect(String(reflecting: token) == "token of RAY_AUTH_TOKEN")
    }

    @Test func unknownJobIsSaid() throws {
        let ray = try RayStandIn()
        let client = try Self.client(ray.address)
        let asks: [() throws -> Void] = [
            { _ = try client.job("none") }, { _ = try client.log(of: "none") },
            { try client.stop("none") },
        ]
        for ask in asks {
            let error = Self.failure(ask)
            #expect(error?.code == "unknown-cluster-job")
            #expect(error?.message == "the cluster 'lab' has no job 'none'")
        }
    }

    @Test func packageThatIsTooLargeIsNotSent() throws {
        let folder = try ScratchFolder()
        let ray = try RayStandIn { request, _ in
            request.method == "PUT"
                ? .answer(413, "Maximum request body size 104857600 exceeded.") : nil
        }
        let client = try Self.client(ray.address)
        var generator = SystemRandomNumberGenerator()
        let noise = (0..<((RayPackage.sizeLimit >> 3) + 1)).map { _ in generator.next() }
        let large = try RayPackage(
            [PackagedFile("noise", .bytes(noise.withUnsafeBytes { Array($0) }))],
            at: folder.file("large.zip")
        )
        let error = Self.failure { try client.upload(large) }
        #expect(error?.code == "package-too-large")
        #expect(
            error?.message
                == "the package for the cluster 'lab' has \(NumberText.count(Int(large.size))) bytes, limit 104,857,600"
        )
        #expect(ray.requests.isEmpty)
        let small = try RayPackage([PackagedFile("a", .bytes([]))], at: folder.file("small.zip"))
        let refused = Self.failure { try client.upload(small) }
        #expect(refused?.code == "package-too-large")
        #expect(
            refused?.message
                == "the cluster 'lab' does not take so much at once: Maximum request body size 104857600 exceeded"
        )
    }

    @Test func refusedConnectionIsSaid() throws {
        let address = try RayStandIn().address
        let error = Self.failure { _ = try Self.client(address).version() }
        #expect(error?.code == "cluster-unreachable")
        #expect(
            error?.message.hasPrefix("the cluster 'lab' at '\(address)' cannot be reached: ")
                == true,
            "\(error?.message ?? "")"
        )
        #expect(
            error?.hints == [
                "start its head, or the tunnel to it: ssh -L 8265:127.0.0.1:8265 HOST"
            ]
        )
    }

    @Test(arguments: [
        (404, "404: Not Found", "it has no '404: Not Found'"),
        (200, "<html>hello</html>", "its answer is no JSON"),
        (200, #"{"version": "1"}"#, "you must provide 'ray_version'"),
        (302, "", "it answers with a redirect"),
    ])
    func whatIsNoRayIsSaid(status: Int, body: String, words: String) throws {
        let ray = try RayStandIn { _, _ in .answer(status, body) }
        let error = Self.failure { _ = try Self.client(ray.address).version() }
        #expect(error?.code == "cluster-answer")
        #expect(
            error?.message
                == "what answers at '\(ray.address)' for the cluster 'lab' is no Ray: \(words)"
        )
    }

    @Test func silenceEndsWhenTheTaskIsCancelled() async throws {
        let ray = try RayStandIn { _, _ in .silence }
        let client = try Self.client(ray.address)
        let task = Task.detached { try client.version() }
        // On a thread of its own: the waiting may hold those that tests run on.
        Thread.detachNewThread {
            while ray.requests.isEmpty { usleep(5000) }
            task.cancel()
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func browsersAreRefusedByTheStandInAsByRay() throws {
        let ray = try RayStandIn()
        let answer = try HTTPTransfer.perform(
            HTTPRequest(
                method: .post,
                url: ray.address + "/api/jobs/",
                headers: ["User-Agent: Mozilla/5.0"],
                body: .json(.object([.init("entrypoint", .string("true"))]))
            ),
            limit: 1000
        )
        #expect(answer.status == 405)
        #expect(
            String(decoding: answer.body, as: UTF8.self)
                == "'POST' method not allowed for browser traffic."
        )
        #expect(ray.jobs == [])
    }
}
