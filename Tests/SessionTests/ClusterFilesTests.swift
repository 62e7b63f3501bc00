import FettleTestSupport
import Foundation
import Testing

/// The Python of the system, which runs what is sent to a cluster's machines.
private enum SystemPython {
    static let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")
}

/// Large files of a cluster's jobs, which its machines fetch from a server of Fettle's.
@Suite(.serialized, .enabled(if: SystemPython.isThere, "no /usr/bin/python3"))
struct ClusterFilesTests {
    private static let key = "sk-depot-4c1f0a7e5b"

    /// A server with a key, and a workspace that has it as a provider and rows of more than a mebibyte.
    private struct Site {
        let there: TemporaryFolder
        let here: TemporaryFolder
        let server: ServedProgram

        init() async throws {
            there = try TemporaryFolder()
            here = try TemporaryFolder()
            try there.write(key + "\n", to: "keys")
            server = try await ServedProgram(
                there,
                arguments: ["--api-key-file", there.path + "/keys"]
            )
            var text = "text,label\n"
            let words = ["good", "poor", "fair", "odd", "fine", "dull", "warm", "cold"]
            for row in 0..<20_000 {
                let line = (0..<12).map { words[(row * 7 + $0 * $0 * 5 + row / 8) % 8] }
                text += line.joined(separator: " ") + ",\(row % 5)\n"
            }
            try here.write(text, to: "d.csv")
        }

        /// A cluster whose machines keep what they fetch in this site.
        func ray(_ more: [String: String] = [:]) throws -> RayStandIn {
            let usual = ["PATH": "/usr/bin:/bin", "TMPDIR": there.path]
            return try RayStandIn(environment: usual.merging(more) { $1 })
        }

        func run(_ lines: String...) async throws -> FettleProgram.Result {
            try await FettleProgram.run(
                lines.flatMap { ["-c", $0] },
                environment: ["FETTLE_SECRET_DEPOT": key],
                in: here
            )
        }

        var provider: String { "provider add depot url=\(server.baseURL) key=secret:depot" }
    }

    private static let loaded =
        #"load d.csv; format prompt="{{text}} ->" completion=" {{label}}""#

    /// Names and bytes of a server's files.
    private static func uploads(_ site: Site) async throws -> [String] {
        let result = try await FettleProgram.run(
            ["-sS", "-H", "Authorization: Bearer \(key)", "\(site.server.baseURL)/files"],
            of: "/usr/bin/curl",
            in: site.here
        )
        let pattern = #/"filename": "([^"]*)", "bytes": (\d+)/#
        return result.output.matches(of: pattern).map { "\($0.1) \($0.2)" }
    }

    @Test(.enabled(if: ServedProgram.hasCurl, "no /usr/bin/curl"))
    func rowsGoToTheServerOnceAndTheModelIsThatOfThisMachine() async throws {
        let site = try await Site()
        let ray = try site.ray()
        let line = "tune ngram on d n_epochs=2 seed=3 --no-check"
        let tuned = try await site.run(
            site.provider,
            "cluster add lab \(ray.address) files=depot",
            Self.loaded,
            "\(line) as here",
            "\(line) cluster=lab as there",
            "model export here here.model",
            "model export there there.model"
        )
        #expect(tuned.status == 0, "\(tuned.errors)")
        let models = ["here", "there"].map {
            FileManager.default.contents(atPath: "\(site.here.path)/\($0).model")
        }
        #expect(models[0] != nil && models[0] == models[1])
        // The rows are at the server under their hash, and not in the package.
        let uploads = try await Self.uploads(site)
        try #require(uploads.count == 2)
        #expect(uploads[0].wholeMatch(of: #/fettle-[0-9a-f]{64} \d{7}/#) != nil, "\(uploads)")
        // What shows whether links are followed.
        #expect(uploads[1].hasSuffix(" 36"), "\(uploads)")
        let package = try #require(ray.requests.first { $0.method == "PUT" })
        #expect(
            try UnpackedZip.files(package.body).map(\.name)
                == ["fettle-worker", "fettle_fetch.py", "fettle_files.json"]
        )
        // Trials of a search share it, as they do the package.
        let swept = try await site.run(
            Self.loaded + "; split 80/20 seed=1",
            "sweep ngram on d.train validate=d.test n_epochs=1 learning_rate_multiplier=0.5,1 cluster=lab workers=2 as best --no-check"
        )
        #expect(swept.status == 0, "\(swept.errors)")
        // What both learn from; what they are measured on is smaller.
        let all = try await Self.uploads(site)
        #expect(all.count == 3 && Set(all).count == 3, "\(all)")
        #expect(Set(ray.requests.filter { $0.method == "PUT" }.map(\.path)).count == 2)
        // The key went to the server alone.
        for request in ray.requests {
            #expect(Data(request.body).firstRange(of: Data(Self.key.utf8)) == nil)
        }
        let stopped = try await site.server.stop()
        let log = stopped.output + stopped.errors
        #expect(!log.contains("signature") && !log.contains(Self.key), "\(log)")
    }

    @Test func checkFetchesAFileAndSaysWhereThatFails() async throws {
        let site = try await Site()
        let ray = try site.ray()
        let checked = try await site.run(
            site.provider,
            "cluster add lab \(ray.address) files=depot",
            "cluster check lab"
        )
        #expect(checked.status == 0, "\(checked.errors)")
        #expect(
            checked.output.contains("\nits jobs can fetch files from 'depot'\n"),
            "\(checked.output)"
        )
        #expect(!checked.output.contains("signature"))
        // A machine from which the address leads elsewhere.
        let far = try site.ray(["http_proxy": "http://127.0.0.1:9"])
        let blind = try await site.run(
            "cluster add far \(far.address) files=depot",
            "cluster check far"
        )
        #expect(blind.status == 0, "\(blind.errors)")
        let said = (blind.output + blind.errors).replacing("\n", with: " ")
        #expect(
            said.contains(
                "jobs with files from 1 MiB on fail, as these cannot go by 'depot': its jobs cannot fetch from there: "
            ),
            "\(said)"
        )
        #expect(said.contains("Connection refused"), "\(said)")
        _ = try await site.server.stop()
        // Without it the cluster is still told of.
        let gone = try await site.run("cluster check lab")
        #expect(gone.status == 0, "\(gone.errors)")
        #expect(gone.output.contains("'lab' answers: Ray "), "\(gone.output)")
        let words = (gone.output + gone.errors).replacing("\n", with: " ")
        #expect(words.contains("cannot go by 'depot': 'depot' at 'http://127.0.0.1:"), "\(words)")
    }

    @Test func serverThatIsGoneIsSaidAndResumeGoesOn() async throws {
        let site = try await Site()
        let ray = try site.ray()
        let added = try await site.run(
            "provider add depot url=http://127.0.0.1:9/v1 key=secret:depot",
            "cluster add lab \(ray.address) files=depot"
        )
        #expect(added.status == 0, "\(added.errors)")
        let failed = try await site.run(
            Self.loaded,
            "tune ngram on d n_epochs=1 cluster=lab as there --no-check"
        )
        #expect(failed.status == 1)
        #expect(
            failed.errors.hasPrefix(
                "error[provider-unreachable]: 'depot' at 'http://127.0.0.1:9' cannot be reached: "
            ),
            "\(failed.errors)"
        )
        #expect(ray.jobs == [])
        // A provider that is gone is named with the cluster that has it.
        let forgotten = try await site.run("provider remove depot", "resume 1")
        #expect(forgotten.status == 1)
        #expect(
            forgotten.errors.contains("the cluster 'lab' has it for large files: files=depot\n"),
            "\(forgotten.errors)"
        )
        let resumed = try await site.run(
            site.provider,
            "resume 1",
            Self.loaded,
            "evaluate there on d"
        )
        #expect(resumed.status == 0, "\(resumed.errors)")
        _ = try await site.server.stop()
    }

    @Test func folderOfTheWebKeepsThemToo() async throws {
        let site = try await Site()
        let ray = try site.ray()
        let folder = try FettleProgram.start(
            [FettleProgram.root + "/Tests/SessionTests/Clients/web_folder.py"],
            of: "/usr/bin/python3",
            in: site.there,
            as: "-web"
        )
        // Foundation starts programs with SIGTERM blocked.
        defer { kill(folder.process.processIdentifier, SIGKILL) }
        while try !site.there.text("standard-output-web").hasSuffix("\n") {
            try #require(folder.process.isRunning)
            try await Task.sleep(for: .milliseconds(20))
        }
        let address = try site.there.text("standard-output-web").split(separator: "\n")[0]
        let line = "tune ngram on d n_epochs=1 seed=3 --no-check"
        let tuned = try await site.run(
            "cluster add lab \(ray.address) files=\(address)/files",
            "cluster check lab",
            Self.loaded,
            "\(line) as here",
            "\(line) cluster=lab as there",
            "model export here here.model",
            "model export there there.model"
        )
        #expect(tuned.status == 0, "\(tuned.errors)")
        #expect(tuned.output.contains("\nits jobs can fetch files from '\(address)/files'\n"))
        let models = ["here", "there"].map {
            FileManager.default.contents(atPath: "\(site.here.path)/\($0).model")
        }
        #expect(models[0] != nil && models[0] == models[1])
        let names = try FileManager.default.contentsOfDirectory(
            atPath: site.there.path + "/files"
        )
        #expect(names.count == 2)
        #expect(names.allSatisfy { $0.wholeMatch(of: #/fettle-[0-9a-f]{64}/#) != nil }, "\(names)")
        _ = try await site.server.stop()
    }
}
