import FettleTestSupport
import Testing

@testable import FettleProviders

extension SlurmCluster {
    /// The one that the suite runs with.
    @TaskLocal static var current: SlurmCluster?

    /// Its address by ssh.
    func sshAddress() throws -> SlurmAddress { try SlurmAddress("slurm://127.0.0.1:\(sshPort)") }

    /// Opens it on this machine or by ssh.
    func engine(
        bySSH: Bool = false,
        choices: SlurmEngine.Choices = .init()
    ) throws -> SlurmEngine {
        try SlurmEngine(
            name: "lab",
            address: bySSH ? sshAddress() : .here,
            folder: share,
            choices: choices,
            environment: bySSH ? [:] : environment,
            sshOptions: sshOptions
        )
    }
}

/// Starts a Slurm cluster before a suite's tests and ends it after them.
struct SlurmClusterTrait: SuiteTrait, TestScoping {
    @concurrent
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let cluster = try SlurmCluster()
        defer { cluster.end() }
        try await SlurmCluster.$current.withValue(cluster) { try await function() }
    }
}

extension Trait where Self == SlurmClusterTrait {
    /// A Slurm cluster while the suite runs.
    static var slurmCluster: Self { Self() }
}
