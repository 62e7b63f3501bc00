import Testing

/// The contract of jobs with every place where Fettle tunes.
@Suite(.serialized, .contractProviders)
struct ProviderContractTests {
    @Test(arguments: ContractProviders.tried, ProviderContract.allCases)
    func ruleIsKept(provider: TriedProvider, rule: ProviderContract) async throws {
        try await rule.check(provider.type)
    }

    @Test(
        .enabled(
            if: ContractProviders.lacks.isEmpty,
            Comment(rawValue: ContractProviders.lacks.joined(separator: "; "))
        )
    )
    func everyProviderIsTried() {
        #expect(ContractProviders.tried.count == ContractProviders.all.count)
    }
}
