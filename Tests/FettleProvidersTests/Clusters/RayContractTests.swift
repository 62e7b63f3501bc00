import FettleCore
import FettleTestSupport
import Foundation
import Testing

@testable import FettleProviders

/// The contract with a stand-in of Ray's head.
struct RayContractTests {
    @Test(arguments: ClusterEngineContract.allCases)
    func ruleIsKept(rule: ClusterEngineContract) throws {
        let ray = try RayStandIn(cpus: 4, gpus: 1)
        let address = try ServerAddress(ray.address)
        let subject = ContractSubject(
            name: "ray",
            cpus: 4,
            machines: 1,
            open: { RayEngine(RayClient(name: "lab", address: address, token: nil)) }
        )
        try rule.check(subject)
        withExtendedLifetime(ray) {}
    }
}
