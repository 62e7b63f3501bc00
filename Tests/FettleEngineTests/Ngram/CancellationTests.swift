import FettleCore
import Synchronization
import Testing

@testable import FettleEngine

#if canImport(Glibc)
import Glibc
#endif

/// What a run does before its first step takes seconds on many examples, so each part of it must see by
/// itself that the task was cancelled.
struct CancellationTests {
    private static let features = FeatureSettings(
        wordOrder: 2,
        characterMinimum: 0,
        characterMaximum: 0,
        titles: false
    )

    /// More examples than any part takes between two looks.
    private static let examples: [Example] = {
        let long = String(repeating: "word ", count: 60)
        return (0..<20_000).map { Example(prompt: long, completion: " \($0 % 2)") }
    }()

    /// Parts of a run up to its first step.
    enum Part: String, CaseIterable {
        case labels, prompts, identity, merge, sort, information, index
    }

    private static func run(_ part: Part) throws {
        switch part {
        case .labels: _ = try LabelSet(examples, base: nil)
        case .prompts: _ = try PromptBytes(examples)
        case .identity:
            let labels = try LabelSet(Array(examples.prefix(2)), base: nil)
            let hyperparameters = Hyperparameters()
            _ = try RunIdentity(
                plan: TrainingPlan(
                    hyperparameters,
                    examples: examples.count,
                    labels: labels,
                    base: nil
                ),
                hyperparameters: hyperparameters,
                classes: 2,
                training: examples,
                validation: [],
                base: nil
            )
        case .merge:
            var (one, other) = (FeatureCounter(limit: 1 << 20), FeatureCounter(limit: 1 << 20))
            defer {
                one.free()
                other.free()
            }
            for number in 0..<UInt64(200_000) { other.add(number << 20) }
            try one.merge(other)
        case .sort:
            var hashes: [UInt64] = [3, 1, 2]
            try hashes.sortHashes(threads: 1)
        case .information:
            let parameters = NgramParameters(featureCount: 200_000, classCount: 2, bucketBits: 8)
            let matrix = try emptyMatrix(parameters.index)
            try parameters.scaleByInformation(
                matrix,
                labels: [],
                isFresh: [Bool](repeating: true, count: 200_000),
                exponent: 1
            )
        case .index:
            let parameters = NgramParameters(featureCount: 1, classCount: 2, bucketBits: 8)
            _ = try emptyMatrix(parameters.index)
        }
    }

    private static func emptyMatrix(_ index: FeatureIndex) throws -> ExampleMatrix {
        try ExampleMatrix(
            try PromptBytes([]),
            settings: features,
            index: index,
            threads: 1
        )
    }

    @Test(arguments: Part.allCases)
    func everyPartSeesThatTheTaskWasCancelled(_ part: Part) async throws {
        try Self.run(part)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try Self.run(part)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func aHelperSeesItWhileTheCallingThreadHasNothingLeftToDo() async {
        let told = Mutex(0)
        let task = Task {
            let caller = pthread_self()
            return withUnsafeCurrentTask { own in
                let own = UncheckedSendable(own)
                return mapShards([0..<1, 1..<2, 2..<3], threads: 2) { range, stop in
                    guard pthread_equal(pthread_self(), caller) == 0 else { return 0 }
                    own.value?.cancel()
                    while !stop() {}
                    told.withLock { $0 += 1 }
                    return 1
                }
            }
        }
        let results = await task.value
        #expect(results.count == 3)
        #expect(results.reduce(0, +) == told.withLock { $0 })
    }

    @Test(arguments: [1, 2])
    func hashesAreSorted(threads: Int) throws {
        var generator = SeededGenerator(seed: 7)
        var hashes = (0..<10_000).map { _ in generator.next() } + [0, .max, 0, .max]
        let expected = hashes.sorted()
        try hashes.sortHashes(threads: threads)
        #expect(hashes == expected)
        var none: [UInt64] = []
        try none.sortHashes(threads: threads)
        #expect(none.isEmpty)
    }
}
