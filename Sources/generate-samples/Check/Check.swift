import ArgumentParser
import FettleCore
import FettleEngine
import Foundation

/// `generate-samples check`: measures what `samples/README.md` promises of reviews.jsonl.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures reviews.jsonl and fails when it does not keep its promises.",
        discussion: """
            Trains the built-in model on 80 % of the English reviews and tests it on the rest, \
            beside a count of ten good and ten bad words. The test rows are the same each time.
            """
    )

    @Option(help: "The folder that holds reviews.jsonl.")
    var samples = "samples"

    @Option(help: "The seed of the split and of the training.")
    var seed: UInt64 = 1

    func run() throws {
        let reviews = try ReviewReader.read(samples + "/reviews.jsonl")
        let bounds = try counts(of: reviews) + accuracies(of: reviews)
        for bound in bounds { print(bound.line) }
        let broken = bounds.count { !$0.holds }
        guard broken == 0 else {
            print("\(broken) of \(bounds.count) bounds do not hold")
            throw ExitCode(1)
        }
        print("all \(bounds.count) bounds hold")
    }

    private func counts(of reviews: [Review]) -> [Bound] {
        let english = reviews.filter { $0.language == .en }
        let byLanguage = Dictionary(grouping: reviews, by: \.language.rawValue)
        print("\(reviews.count) rows:", Self.list(byLanguage.mapValues(\.count)))
        let byStars = Dictionary(grouping: reviews) {
            $0.stars == 1 ? "1 star" : "\($0.stars) stars"
        }
        print("stars:", Self.list(byStars.mapValues(\.count)))
        let byCategory = Dictionary(grouping: english, by: \.category).mapValues(\.count)
        print("English rows by category:", Self.list(byCategory))
        let smallest = byCategory.values.min() ?? 0
        let largest = byCategory.values.max() ?? 0
        let distinct = Set(reviews.map(\.body)).count
        return [
            Bound("categories in English", Double(byCategory.count), 31...31, .count),
            Bound("English rows in the smallest category", Double(smallest), 15...100, .count),
            Bound(
                "largest category, times the smallest",
                Double(largest) / Double(max(1, smallest)),
                30...50,
                .count
            ),
            Bound("English rows", share(english.count, of: reviews.count), 0.45...0.55, .share),
            Bound("distinct bodies", share(distinct, of: reviews.count), 0.95...1, .share),
        ]
    }

    private func accuracies(of reviews: [Review]) throws -> [Bound] {
        let others = try Language.allCases.filter { $0 != .en }.map { language in
            let (training, test) = split(reviews, in: language)
            let scores = try learnedScores(training, test)
            return "\(language.rawValue) \(Unit.share.text(scores.exact))"
        }
        print("built-in model, exact, each other language:", others.joined(separator: ", "))
        let (training, test) = split(reviews, in: .en)
        print("English stars: \(training.count) reviews to train on, \(test.count) to test")
        let learned = try learnedScores(training, test)
        let words = SentimentWords(training: training)
        let counted = StarScores(test, guess: words.stars(of:))
        return [
            Bound("built-in model, exact", learned.exact, 0.50...0.75, .share),
            Bound("built-in model, good or bad", learned.goodOrBad, 0.85...0.95, .share),
            Bound("built-in model, within one star", learned.withinOne, 0.88...0.97, .share),
            Bound("counting 20 sentiment words, exact", counted.exact, 0...1, .share),
            Bound("built-in model minus counting", learned.exact - counted.exact, 0.10...1, .share),
        ]
    }

    private func split(
        _ reviews: [Review],
        in language: Language
    ) -> (training: [LabelledPrompt], test: [LabelledPrompt]) {
        LabelledPrompt.split(reviews, in: language, trainingPercent: 80, seed: seed)
    }

    /// Trains the built-in model on `training` and scores it on `test`.
    private func learnedScores(
        _ training: [LabelledPrompt],
        _ test: [LabelledPrompt]
    ) throws -> StarScores {
        let trainer = NgramTrainer(Hyperparameters(seed: seed), threads: 2)
        let model = try trainer.train(
            training.map(\.example),
            validation: [],
            from: nil,
            onMetrics: { _ in }
        ).model
        let stars = model.labels.map { Int($0.filter(\.isNumber)) ?? 0 }
        return StarScores(test) { prompt in
            let logprobs = model.logprobs(of: LabelledPrompt.formatted(prompt))
            let best = logprobs.indices.max { logprobs[$0] < logprobs[$1] } ?? 0
            return stars[best]
        }
    }

    private func share(_ part: Int, of whole: Int) -> Double {
        Double(part) / Double(max(1, whole))
    }

    private static func list(_ counts: [String: Int]) -> String {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.key) \($0.value)" }
            .joined(separator: ", ")
    }
}

/// What a figure counts, and so how it is printed.
private enum Unit {
    case count, share

    func text(_ number: Double) -> String {
        switch self {
        case .share: String(format: "%.1f %%", number * 100)
        case .count:
            number == number.rounded() ? String(Int(number)) : String(format: "%.1f", number)
        }
    }
}

/// A measured figure and where it has to lie.
private struct Bound {
    let name: String
    let value: Double
    let range: ClosedRange<Double>
    let unit: Unit

    init(_ name: String, _ value: Double, _ range: ClosedRange<Double>, _ unit: Unit) {
        self.name = name
        self.value = value
        self.range = range
        self.unit = unit
    }

    var holds: Bool { range.contains(value) }

    var line: String {
        let limits = "\(unit.text(range.lowerBound)) to \(unit.text(range.upperBound))"
        return "\(holds ? "ok  " : "FAIL") \(name): \(unit.text(value)) (\(limits))"
    }
}
