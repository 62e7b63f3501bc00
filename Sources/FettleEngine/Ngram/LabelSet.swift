import FettleCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The completions of a run: a base model's first, then new ones by their text.
struct LabelSet {
    let names: [String]
    let numbers: [String: Int]
    private let counts: [Int]
    private let exampleCount: Int
    /// What each label's examples count in the loss; empty for all alike.
    let weights: [Float]
    /// The weights as the run shows them.
    let weightSetting: ChosenSetting?

    /// Most completions that a model can tell apart.
    static let limit = 1_000

    /// Finds the completions.
    ///
    /// - Throws: a `Diagnostic` when they are none or one, or no closed set, `unknown-value` for a weight of a label
    ///   that no example has, and `CancellationError`.
    init(
        _ examples: [Example],
        base: NgramModel?,
        weights classWeights: ClassWeights? = nil
    ) throws {
        guard !examples.isEmpty else {
            throw Diagnostic(
                "no-examples",
                "there are no examples to train on",
                hint: "look at the dataset with 'rows': a filter may have left nothing"
            )
        }
        var seen: [String: Int] = [:]
        var watch = CancellationWatch(every: 1 << 14)
        for example in examples {
            try watch.count()
            seen[example.completion, default: 0] += 1
        }
        try Self.checkClosed(distinct: seen.count, of: examples.count)
        var names = base?.labels ?? []
        let known = Set(names)
        names += seen.keys.filter { !known.contains($0) }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard names.count > 1 else {
            throw Diagnostic(
                "one-class",
                "all \(examples.count) examples have the same completion '\(names.first ?? "")', "
                    + "and a model needs at least two to choose from",
                hint: "check the completion template, and the filters of the dataset"
            )
        }
        guard names.count <= Self.limit else {
            throw Diagnostic(
                "open-ended-completions",
                "\(names.count) different completions with those of the base model, "
                    + "and an 'ngram' model chooses among at most \(NumberText.count(Self.limit))"
            )
        }
        self.names = names
        var numbers: [String: Int] = [:]
        for (number, name) in names.enumerated() { numbers[name] = number }
        self.numbers = numbers
        counts = names.map { seen[$0] ?? 0 }
        exampleCount = examples.count
        let values = try classWeights?.values(of: seen)
        weights = values.map { values in names.map { Float(values[$0] ?? 1) } } ?? []
        weightSetting = values.flatMap { classWeights?.setting($0) }
    }

    /// The labels' numbers in the order of the grades they stand for, such as 1 to 5 stars; empty
    /// when they are not whole numbers, one after the other, three at least and ten at most.
    var grades: [Int] {
        let values = names.compactMap { name in
            name.split(whereSeparator: \.isWhitespace).count == 1
                ? Int(name.filter { !$0.isWhitespace }) : nil
        }
        guard (3...10).contains(names.count), values.count == names.count else { return [] }
        let order = names.indices.sorted { values[$0] < values[$1] }
        let isRow = zip(order, order.dropFirst()).allSatisfy { lower, upper in
            values[upper].subtractingReportingOverflow(values[lower]) == (1, false)
        }
        return isRow ? order : []
    }

    private static func checkClosed(distinct: Int, of count: Int) throws(Diagnostic) {
        guard distinct > limit || (count >= 20 && distinct * 2 > count) else { return }
        throw Diagnostic(
            "open-ended-completions",
            "\(distinct) different completions in \(count) examples, and an 'ngram' model chooses "
                + "among a closed set of at most \(NumberText.count(limit))",
            hints: [
                "use a column with few values as the completion, such as stars or a category",
                "text that is written freely needs a language model as the base",
            ]
        )
    }

    /// Sets the biases that training starts with: the log share of each completion in the weights of the examples,
    /// which is best where prompts tell nothing; or the base model's, and for completions new to it the lowest of
    /// those.
    func startBias(_ row: UnsafeMutablePointer<Float>, from base: NgramModel?) {
        let header = NgramParameters.headerFloats
        row[0] = 1
        guard let base else {
            guard !weights.isEmpty else {
                for (number, count) in counts.enumerated() {
                    row[header + number] = logf(Float(count) / Float(exampleCount))
                }
                return
            }
            let sums = zip(counts, weights).map { Double($0) * Double($1) }
            let total = sums.reduce(0, +)
            for (number, sum) in sums.enumerated() {
                row[header + number] = Float(log(sum / total))
            }
            return
        }
        let old = base.parameters.biasRow
        row.update(from: old, count: base.labels.count + header)
        var lowest = old[header]
        for number in 1..<base.labels.count { lowest = min(lowest, old[header + number]) }
        for number in base.labels.count..<names.count { row[header + number] = lowest }
    }
}
