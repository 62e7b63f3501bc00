import FettleTestSupport
import Foundation
import Testing

/// A place where Fettle tunes, as the contract sees it: how a job is asked for there, held there, and looked at.
///
/// To add one, conform a type in a file of its own and name it in ``ContractProviders/all``.
protocol ContractProvider: AnyObject, SendableMetatype {
    /// What it is called in a failure.
    static var name: String { get }
    /// What is missing here to try it, in words; nil where nothing is.
    static var lack: String? { get }
    /// Does what a suite is to do while there is what all tests of the provider share.
    @concurrent static func during(
        _ body: @Sendable @concurrent () async throws -> Void
    )
        async throws

    /// Readies a place for the jobs of one workspace.
    init(_ here: ContractWorkspace) async throws

    /// A line that makes it known to the workspace; nil where it is known.
    var introduction: String? { get }
    /// What is tuned, and the settings that say where.
    var model: String { get }
    var settings: String { get }
    /// Variables of the program.
    var environment: [String: String] { get }

    /// How often a job that is interrupted shows the examples, so that it has not ended by then.
    var epochsOfHeld: Int { get }
    /// How often one that is cancelled does.
    var epochsOfCancelled: Int { get }
    /// Has jobs that are asked for from here on wait, where they would end too soon.
    func hold() throws
    /// Whether the job has begun, and its beginning is told here.
    func isUnderway() throws -> Bool
    /// Lets jobs go on.
    func release() throws

    /// What the place itself says of the jobs that it was asked for; nil for the process of the program itself.
    func states() throws -> [ContractState]?
    /// The bytes of the model of the job.
    func weights() async throws -> Data

    /// What the program says at its end by a signal while it trains or follows job 1.
    func farewell(_ signal: Int32) -> String
    /// What `cancel 1` says of such a job.
    var cancellation: String { get }
    /// What `resume 1` says after that; nil where it goes on.
    var endAfterCancellation: ContractError? { get }
    /// Has jobs from here on fail, and says how the program tells it.
    func fail() async throws -> ContractError
    /// Takes the job away from the place, and says how `resume 1` ends then; nil where that cannot be.
    func lose() async throws -> ContractLoss?
}

extension ContractProvider {
    static var lack: String? { nil }

    @concurrent static func during(
        _ body: @Sendable @concurrent () async throws -> Void
    )
        async throws
    {
        try await body()
    }

    var introduction: String? { nil }
    var settings: String { "" }
    var epochsOfCancelled: Int { epochsOfHeld }
    var environment: [String: String] { [:] }
}

/// How a place says that a job is.
enum ContractState: Equatable {
    case running
    case succeeded
    case cancelled
    /// In its own word.
    case other(String)
}

/// An error of a line of the program.
struct ContractError {
    var code: String
    var message: String
    /// None for no hint.
    var hints: [String] = []
    /// What is told before it.
    var warnings: [String] = []

    /// All that is shown of it, marks under the line's first word or its last.
    func text(of line: String, marksLast: Bool = false) -> String {
        let words = line.split(separator: " ")
        let word = (marksLast ? words.last : words.first) ?? ""
        let margin = marksLast ? line.utf8.count - word.utf8.count : 0
        let mark =
            String(repeating: " ", count: margin)
            + String(repeating: "^", count: word.utf8.count)
        let hints = hints.map { "  hint: \($0)\n" }.joined()
        return warnings.map { "warning: \($0)\n" }.joined()
            + "error[\(code)]: \(message)\n    1 | \(line)\n      | \(mark)\n" + hints
    }
}

/// What becomes of a job that its place knows no more.
enum ContractLoss {
    /// It is asked for again, and an event says why.
    case askedAgain(warning: String)
    /// It fails.
    case failed(ContractError)
}

/// The providers that the contract is tried with.
enum ContractProviders {
    /// All of them.
    static let all: [any ContractProvider.Type] = [
        LocalContract.self, OpenAIContract.self, RayContract.self, SlurmContract.self,
    ]

    /// Those that can be tried here, or whose absence is to fail.
    static let tried = all.filter { $0.lack == nil || requiresAll }.map(TriedProvider.init)

    /// What is missing here; empty where nothing is.
    static let lacks = all.compactMap { type in type.lack.map { "\(type.name): \($0)" } }

    private static let requiresAll =
        ProcessInfo.processInfo.environment["FETTLE_REQUIRE_PEERS"] == "1"
}

/// A provider as an argument of tests.
struct TriedProvider: Sendable, CustomTestStringConvertible {
    let type: any ContractProvider.Type

    var testDescription: String { type.name }
}

/// Has there be what the tests of each provider share while a suite runs.
struct ContractProvidersTrait: SuiteTrait, TestScoping {
    @concurrent
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        try await Self.share(ContractProviders.tried[...], function)
    }

    @concurrent
    private static func share(
        _ providers: ArraySlice<TriedProvider>,
        _ function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        guard let first = providers.first else { return try await function() }
        try await first.type.during { try await share(providers.dropFirst(), function) }
    }
}

extension Trait where Self == ContractProvidersTrait {
    /// What the tests of each provider share, while the suite runs.
    static var contractProviders: Self { Self() }
}
