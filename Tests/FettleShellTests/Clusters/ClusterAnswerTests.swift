import FettleTestSupport
import FettleWorkbench
import Foundation
import Testing

@testable import FettleShell

/// 'evaluate', 'predict' and 'noise' with 'cluster=' give what they give on this machine.
struct ClusterAnswerTests {
    /// 5,000 rows with two labels, enough for several jobs.
    private static let rows: String = {
        var text = "text,label\n"
        for row in 0..<5000 {
            let isGood = row % 3 == 0
            let word = row % 17 == 0 ? "odd" : isGood ? "bright" : "dull"
            text += "number \(row) was \(word),\(isGood ? "good" : "bad")\n"
        }
        return text
    }()

    private static func shell(
        _ folder: TemporaryFolder,
        _ ray: RayStandIn,
        shared: String = ""
    ) async throws -> TestShell {
        let file = try folder.write(rows, to: "d.csv")
        var shell = TestShell(environment: ["HOME": folder.path])
        let result = await shell.run(
            """
            cluster add lab \(ray.address)\(shared)
            load \(file)
            \(SmallData.format)
            sample 300 seed=1 as few
            tune ngram on few n_epochs=2 as mine
            use d
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    @Test func rowsAreMeasuredThereAsHere() async throws {
        let folder = try TemporaryFolder()
        let ray = try RayStandIn()
        var shell = try await Self.shell(folder, ray)
        let here = await shell.run("evaluate mine on d metrics=all")
        #expect(ray.jobs == [])
        let there = await shell.run("evaluate mine on d metrics=all cluster=lab workers=3")
        #expect(there.errors == "")
        #expect(there.output == here.output)
        // A job has 2,048 rows at least.
        #expect(ray.jobs.count == 2)
        #expect(here.output.contains("5,000"))
    }

    @Test func rowsAreAnsweredThereAsHere() async throws {
        let folder = try TemporaryFolder()
        let ray = try RayStandIn()
        let shared = folder.path + "/shared"
        try FileManager.default.createDirectory(
            atPath: shared,
            withIntermediateDirectories: true
        )
        var shell = try await Self.shell(folder, ray, shared: " shared='\(shared)'")
        let here = await shell.run("predict mine on d | as csv")
        let there = await shell.run("predict mine on d cluster=lab workers=1 | as csv")
        #expect(there.errors == "")
        #expect(there.output == here.output)
        #expect(there.output.split(separator: "\n").count == 5001)
        #expect(ray.jobs.count == 1)
        // The model and the rows lie under their hashes, and are written once.
        let files = try FileManager.default.contentsOfDirectory(atPath: shared + "/fettle/files")
        #expect(files.count == 2)
        #expect(files.allSatisfy { $0.count == 64 })
        await shell.run("predict mine on d cluster=lab workers=1 | as csv")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: shared + "/fettle/files").sorted()
                == files.sorted()
        )
        let none = await shell.run(
            "where label == 'none' as none; predict mine on none cluster=lab"
        )
        #expect(none.errors == "")
        #expect(ray.jobs.count == 2)
    }

    @Test func wrongLabelsAreFoundThereAsHere() async throws {
        let folder = try TemporaryFolder()
        let ray = try RayStandIn()
        var shell = try await Self.shell(folder, ray)
        let here = await shell.run("noise few folds=3 n_epochs=1 seed=4")
        let there = await shell.run("noise few folds=3 n_epochs=1 seed=4 cluster=lab workers=2")
        #expect(there.errors == "")
        #expect(there.output == here.output)
        #expect(ray.jobs.count == 3)
    }

    @Test func anErrorOfOneJobEndsTheOthers() async throws {
        let folder = try TemporaryFolder()
        let ray = try RayStandIn(fault: { request, _ in
            // One part is lost for good, and no other ever ends.
            guard request.method == "GET", request.path.hasPrefix("/api/jobs/ftjob-") else {
                return nil
            }
            if request.path.hasSuffix("/logs") { return .answer(200, #"{"logs": ""}"#) }
            let id = request.path.dropFirst("/api/jobs/".count)
            let status = id.contains("part-1") ? "FAILED" : "RUNNING"
            return .answer(
                200,
                #"{"submission_id": "\#(id)", "status": "\#(status)", "message": "lost"}"#
            )
        })
        var shell = try await Self.shell(folder, ray)
        let result = await shell.run("evaluate mine on d cluster=lab workers=2")
        #expect(
            result.errors == """
                error[cluster-job-failed]: 'lab' could not do it in 3 attempts: lost
                    1 | evaluate mine on d cluster=lab workers=2
                      | ^^^^^^^^
                  hint: give the command again; 'cluster check lab' says how it is

                """
        )
        #expect(
            shell.warnings == [
                "warning: attempt 1 failed: lost",
                "warning: attempt 2 failed: lost",
            ]
        )
        let stopped = ray.requests.filter { $0.path.hasSuffix("part-2/stop") }
        #expect(stopped.count == 1)
    }

    @Test(arguments: [
        (
            "evaluate mine on d workers=2", "missing-argument",
            "'workers' says what a job on a cluster is given, and no cluster is named"
        ),
        ("noise few cluster=lap", "unknown-cluster", "no cluster 'lap'"),
        (
            "predict mine on d cluster=lab cpus=9", "cluster-too-small",
            "the job takes 9 processors, and the largest of the cluster's 1 machine has 2 processors"
        ),
        (
            "predict small on few cluster=lab", "cluster-base",
            "'small' is a language model, and clusters answer by those of 'ngram'"
        ),
    ])
    func whatCannotBeIsSaid(_ line: String, _ code: String, _ message: String) async throws {
        let folder = try TemporaryFolder()
        let ray = try RayStandIn()
        var shell = try await Self.shell(folder, ray)
        if line.contains("small") {
            let tiny = Files.root + "/samples/tiny-llama"
            await shell.run("model add '\(tiny)' as tiny; tune tiny on few n_epochs=1 as small")
        }
        let result = await shell.run(line)
        #expect(result.errors.hasPrefix("error[\(code)]: \(message)\n"), "\(result.errors)")
        #expect(ray.jobs == [])
    }
}
