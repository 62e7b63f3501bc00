import FettleCore

/// The different completions of some examples, and whether they are a closed set to choose among.
struct CompletionSet {
    /// Most completions that a model chooses among.
    static let limit = 1_000
    /// From so many examples on, completions of which most stand there once are no closed set.
    private static let someExamples = 20

    /// The completions: those of the model that is tuned on, then the others by their bytes.
    let names: [String]
    /// Whether they are few enough to choose among.
    let isClosed: Bool
    /// How many examples there are.
    let total: Int

    /// Finds the completions.
    ///
    /// - Parameters:
    ///   - completions: of each example.
    ///   - model: the name that errors say.
    ///   - known: those of the model that is tuned on.
    /// - Throws: `no-examples`, `one-class`, `CancellationError`.
    init(
        _ completions: some Sequence<String>,
        of model: String,
        known: [String] = []
    ) throws {
        var seen: Set<String> = []
        var total = 0
        for completion in completions {
            if total % 4096 == 0 { try Task.checkCancellation() }
            seen.insert(completion)
            total += 1
        }
        guard total > 0 else {
            throw Diagnostic(
                "no-examples",
                "there are no examples for '\(model)'",
                hint: "look at the dataset with 'rows': a filter may have left nothing"
            )
        }
        let isMostlyOnce = total >= Self.someExamples && seen.count * 2 > total
        let fresh = seen.subtracting(known).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        names = known + fresh
        self.total = total
        isClosed = names.count <= Self.limit && !isMostlyOnce
        guard names.count > 1 else {
            throw Diagnostic(
                "one-class",
                "all \(total) examples have the same completion '\(names.first ?? "")', "
                    + "and a model needs at least two to choose from",
                hint: "check the completion template, and the filters of the dataset"
            )
        }
    }

    /// Returns how many examples each completion has.
    ///
    /// - Throws: `CancellationError`.
    static func counts(_ examples: [Example]) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for (place, example) in examples.enumerated() {
            if place % 4096 == 0 { try Task.checkCancellation() }
            counts[example.completion, default: 0] += 1
        }
        return counts
    }
}
