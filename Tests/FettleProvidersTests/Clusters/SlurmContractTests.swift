import FettleCore
import FettleTestSupport
import Foundation
import Testing

@testable import FettleProviders

/// The contract with a real Slurm, whose programs are on this machine or by ssh.
@Suite(
    .serialized,
    .enabled(if: SlurmCluster.isUsable, Comment(rawValue: SlurmCluster.lack ?? "")),
    .slurmCluster
)
struct SlurmContractTests {
    @Test(arguments: ["slurm:", "slurm://"], ClusterEngineContract.allCases)
    func ruleIsKept(address: String, rule: ClusterEngineContract) throws {
        let cluster = try #require(SlurmCluster.current)
        let subject = ContractSubject(
            name: address,
            cpus: SlurmCluster.cpus,
            machines: 1,
            open: { try cluster.engine(bySSH: address == "slurm://") }
        )
        try rule.check(subject)
    }
}
