import FettleCore
import Testing

@testable import FettleProviders

/// Whether a cluster has room for the workers of a job.
struct ClusterRoomTests {
    private typealias Workers = ClusterJob.Workers

    private static func machines(_ sizes: [(Int, Int)]) -> [ClusterRoom.Machine] {
        sizes.map { ClusterRoom.Machine(cpus: $0.0, gpus: $0.1) }
    }

    @Test func workersAreDividedAmongMachines() throws {
        let machines = Self.machines([(4, 1), (3, 2), (1, 0)])
        for fitting in [
            Workers(count: 8), Workers(count: 3, cpus: 2), Workers(count: 3, cpus: 1, gpus: 1),
            Workers(count: 1, cpus: 3, gpus: 2), Workers(count: 5, cpus: 0, gpus: 0),
        ] {
            try ClusterRoom.require(fitting, on: machines)
        }
    }

    @Test(arguments: [
        (
            ClusterJob.Workers(count: 9),
            "the job takes 9 workers of 1 processor each, and the cluster has room for 8 on its 3 machines",
            "take fewer: workers=8"
        ),
        (
            ClusterJob.Workers(count: 4, cpus: 1, gpus: 1),
            "the job takes 4 workers of 1 processor and 1 GPU each, and the cluster has room for 3 on its 3 machines",
            "take fewer: workers=3"
        ),
        (
            ClusterJob.Workers(count: 1, cpus: 5),
            "the job takes 1 worker of 5 processors each, and the cluster has room for 0 on its 3 machines",
            "give each less: cpus=, gpus="
        ),
    ])
    func whatDoesNotFitIsSaid(_ workers: ClusterJob.Workers, _ message: String, _ hint: String) {
        #expect(throws: Diagnostic("cluster-too-small", message, hint: hint)) {
            try ClusterRoom.require(workers, on: Self.machines([(4, 1), (3, 2), (1, 0)]))
        }
    }
}
