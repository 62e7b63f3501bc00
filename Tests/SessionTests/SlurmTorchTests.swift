import FettleTestSupport
import Foundation
import Testing

private let torchHome = ProcessInfo.processInfo.environment["FETTLE_TORCH_HOME"]

/// The training of a language model by torchrun on a real Slurm, where FETTLE_TORCH_HOME names a Python environment with
/// PyTorch ('make test-cluster').
struct SlurmTorchTests {
    @Test(.enabled(if: torchHome != nil && SlurmCluster.lack == nil))
    func adapterOfTwoWorkersAnswersAsTheOneOfThisMachine() async throws {
        let cluster = try SlurmCluster()
        defer { cluster.end() }
        let here = try ContractWorkspace()
        var environment = cluster.environment
        let path = environment["PATH"] ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
        environment["PATH"] = "\(try #require(torchHome))/bin:\(path)"
        let tiny = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../samples/tiny-llama").standardizedFileURL.path
        let tune = "tune tiny on measure n_epochs=2 rank=4 seed=5 --no-check"
        let result = try await here.run(
            [
                "cluster add hpc slurm: shared='\(cluster.share)'", "model add '\(tiny)' as tiny",
                ContractWorkspace.load("measure"), "\(tune) as here",
                "\(tune) cluster=hpc workers=2 as there",
            ],
            environment
        )
        try #require(result.status == 0, "\(result.errors)")
        func measured(_ model: String) async throws -> String {
            let lines = [ContractWorkspace.load("measure"), "evaluate \(model) on measure"]
            let result = try await here.run(lines)
            #expect(result.status == 0, "\(result.errors)")
            return result.output.replacing(model, with: "it")
        }
        #expect(try await measured("there") == measured("here"))
        let job = try #require(try here.jobs().last)
        #expect(job.status == "succeeded")
    }
}
