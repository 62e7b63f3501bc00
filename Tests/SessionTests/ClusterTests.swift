import FettleTestSupport
import Foundation
import Testing

/// Clusters from the program, and what of their tokens is left behind.
@Suite(.serialized) struct ClusterTests {
    private static let token = "ray-token-8c1f0a7e5b"

    /// Returns the files of a folder, all the way down, that hold the token.
    private static func leaks(in folder: TemporaryFolder) -> [String] {
        let names = FileManager.default.subpaths(atPath: folder.path) ?? []
        return names.filter { name in
            let bytes = FileManager.default.contents(atPath: folder.path + "/" + name)
            return bytes?.firstRange(of: Data(token.utf8)) != nil
        }
    }

    @Test func tokenIsInNoFileAndOnNoScreen() async throws {
        let folder = try TemporaryFolder()
        // A head that tells the token in its errors, and gives it to jobs.
        let ray = try RayStandIn(
            token: Self.token,
            environment: ["PATH": "/usr/bin:/bin", "RAY_AUTH_TOKEN": Self.token]
        ) { request, _ in
            request.path.hasSuffix("/stop")
                ? .answer(500, "ValueError: \(request.headers["authorization"] ?? "")") : nil
        }
        func run(
            _ environment: [String: String],
            _ lines: String...
        ) async throws
            -> FettleProgram.Result
        {
            try await FettleProgram.run(
                lines.flatMap { ["-c", $0] },
                environment: environment,
                in: folder
            )
        }
        let checked = try await run(
            ["FETTLE_SECRET_LAB": Self.token],
            "cluster add lab \(ray.address) token=secret:lab",
            "cluster check lab",
            "cluster list",
            "history"
        )
        #expect(checked.status == 0, "\(checked.errors)")
        #expect(
            checked.output.contains("it takes the token of the secret 'lab'\n"),
            "\(checked.output)"
        )
        let own = try await run(
            ["RAY_AUTH_TOKEN": Self.token],
            "cluster add own \(ray.address)",
            "cluster check own"
        )
        #expect(own.status == 0, "\(own.errors)")
        #expect(own.output.contains("it takes the token of RAY_AUTH_TOKEN\n"), "\(own.output)")
        let wrong = try await run(
            ["FETTLE_SECRET_LAB": Self.token + "-wrong"],
            "cluster check lab"
        )
        #expect(wrong.status == 1)
        #expect(
            wrong.errors.hasPrefix(
                "error[cluster-token]: the cluster 'lab' does not take the token of the secret 'lab': Forbidden: "
                    + "Invalid authentication token\n"
            ),
            "\(wrong.errors)"
        )
        let typed = try await run(
            [:],
            "cluster add typed http://127.0.0.1:1 token=\(Self.token)",
            "history"
        )
        #expect(typed.status == 2)
        #expect(
            typed.errors.hasPrefix(
                "error[bad-value]: 'token' is no name of a secret, expected secret:NAME\n"
            ),
            "\(typed.errors)"
        )
        let shown = [checked, own, wrong, typed].map { $0.output + $0.errors }
        #expect(!shown.joined().contains(Self.token), "\(shown.joined())")
        #expect(Self.leaks(in: folder) == [])
    }

    @Test func checkThatIsInterruptedTakesItsJobAway() async throws {
        let folder = try TemporaryFolder()
        try folder.write("#!/bin/sh\nsleep 60\n", to: "bin/python")
        chmod(folder.path + "/bin/python", 0o755)
        let ray = try RayStandIn(
            environment: ["PATH": "\(folder.path)/bin:/usr/bin:/bin"]
        )
        let running = try FettleProgram.start(
            ["-c", "cluster add lab \(ray.address)", "-c", "cluster check lab"],
            in: folder
        )
        while ray.jobs.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        try await Task.sleep(for: .milliseconds(300))
        kill(running.process.processIdentifier, SIGINT)
        let result = try await FettleProgram.finish(running, in: folder)
        #expect(result.status == 130, "\(result.errors)")
        #expect(ray.jobs == [])
    }

    @Test func namesAreCompleted() async throws {
        let folder = try TemporaryFolder()
        let prompt = try Prompt(folder, options: "--ephemeral")
        try await prompt.wait(for: "Ctrl-D leaves")
        try await prompt.run(
            "cluster add laboratory http://127.0.0.1:8265",
            until: "'cluster check laboratory' asks it"
        )
        try prompt.terminal.send("cluster rem\tlab\t")
        try await prompt.terminal.wait(for: "the whole name") {
            $0.currentLine == "fettle> cluster remove laboratory"
        }
        try prompt.terminal.send("\r")
        try await prompt.wait(for: "cluster 'laboratory' is forgotten")
        try await prompt.quit()
    }
}

/// A real Ray, which `Tests/Cluster/with-ray` starts and names in the environment.
private enum RealRay {
    static let url = ProcessInfo.processInfo.environment["FETTLE_RAY_URL"]
    static let token = ProcessInfo.processInfo.environment["FETTLE_RAY_TOKEN"]
}

/// `cluster check` of a real Ray.
@Suite(.enabled(if: RealRay.url != nil, "no FETTLE_RAY_URL"))
struct RealClusterTests {
    @Test func checkFindsMachineAndPython() async throws {
        let folder = try TemporaryFolder()
        let url = try #require(RealRay.url)
        let result = try await FettleProgram.run(
            ["-c", "cluster add real \(url)", "-c", "cluster check real"],
            environment: RealRay.token.map { ["RAY_AUTH_TOKEN": $0] } ?? [:],
            in: folder
        )
        #expect(result.status == 0, "\(result.errors)")
        let shown = result.output
        #expect(shown.contains("\n'real' answers: Ray 2."), "\(shown)")
        #expect(shown.contains("\n127.0.0.1 (head) "), "\(shown)")
        #expect(shown.contains(#/\nPython +3\./#), "\(shown)")
        #expect(shown.contains(#/\nray +2\./#), "\(shown)")
        let all = shown + result.errors
        #expect(all.contains("it asks for no token") == (RealRay.token == nil), "\(all)")
        #expect(!all.contains("is still there"), "\(all)")
        if let token = RealRay.token { #expect(!all.contains(token)) }
    }
}
