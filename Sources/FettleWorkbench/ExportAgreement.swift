import FettleCore

/// What a model answers to some prompts.
struct ExportAnswers: Sendable {
    /// The answer to one prompt.
    struct Answer: Sendable {
        /// The likeliest completion, or what was written.
        var completion: String
        /// Natural-log probabilities: of all completions, or of the tokens of what was written.
        var logprobs: [Double]
        /// The tokens of what was written; empty where the model chooses among completions.
        var tokens: [Int32] = []
        /// How far a token that was to be written is from the likeliest one, at most over the places.
        var distance: Double = 0
    }

    /// The answers in the order of the prompts.
    var answers: [Answer]

    /// The answers of a model that chooses among completions.
    ///
    /// - Parameters:
    ///   - labels: the completions.
    ///   - scores: their log probabilities, `[prompts, labels]` row-major.
    init(labels: [String], scores: [Double]) {
        answers = stride(from: 0, to: scores.count, by: max(1, labels.count)).map { start in
            let own = Array(scores[start..<start + labels.count])
            let best = own.indices.max { (own[$0], $1) < (own[$1], $0) } ?? 0
            return Answer(completion: labels[best], logprobs: own)
        }
    }

    /// Takes the answers as they are.
    init(_ answers: [Answer]) {
        self.answers = answers
    }
}

/// How the answers of an exported file compare with those of the model.
public struct ExportAgreement: Sendable {
    /// An answer that differs.
    public struct Difference: Sendable {
        /// What was asked.
        public var prompt: String
        /// The model's answer.
        public var expected: String
        /// The file's.
        public var found: String
        /// How far the log probabilities are apart, at most.
        public var distance: Double
    }

    /// How many prompts were asked.
    public var count: Int
    /// The answers that differ.
    public var differences: [Difference] = []
    /// How far log probabilities are apart, at most; those below −1 as a share of the model's.
    public var furthest: Double = 0
    /// How far they may be; nil where only the answers must be the same.
    public var tolerance: Double?

    /// How far log probabilities may be apart for each way to store numbers, and from which distance on of
    /// two tokens another one counts as another answer.
    ///
    /// Both sides compute in single precision, so that what differs is what storing changed: half precision
    /// rounds a weight by up to 1/2048 of it, Q8_0 by up to 1/254 of its block's largest. That moves a logit in
    /// proportion to its size, so that the distance of log probabilities below −1 is counted as a share of them.
    static func tolerance(
        of numbers: ModelExport.Numbers
    ) -> (logprobs: Double?, tie: Double) {
        switch numbers {
        case .f32: (0.001, 0.001)
        case .f16: (0.05, 0.05)
        case .q8_0: (nil, 0.25)
        }
    }

    /// Compares answers to the same prompts.
    init(
        _ prompts: [String],
        expected: ExportAnswers,
        found: ExportAnswers,
        _ numbers: ModelExport.Numbers
    ) {
        let limits = Self.tolerance(of: numbers)
        count = prompts.count
        tolerance = limits.logprobs
        for (place, prompt) in prompts.enumerated() {
            let (one, other) = (expected.answers[place], found.answers[place])
            // What is no number is as far away as can be; it would be lost among the numbers' largest.
            let distances = zip(one.logprobs, other.logprobs).map { abs($0 - $1) / max(1, abs($0)) }
            let distance =
                distances.contains(where: \.isNaN) ? .infinity : distances.max() ?? .infinity
            furthest = max(furthest, distance)
            let isTie = !one.tokens.isEmpty && other.distance <= limits.tie
            guard one.completion != other.completion, !isTie else { continue }
            differences.append(
                Difference(
                    prompt: prompt,
                    expected: one.completion,
                    found: other.completion,
                    distance: distance
                )
            )
        }
    }

    /// Whether the file may take its name.
    public var holds: Bool {
        differences.isEmpty && furthest.isFinite && furthest <= tolerance ?? .infinity
    }

    /// What was found, in one sentence without a full stop.
    public var summary: String {
        // Rounded up, so that what is said is true.
        let shown = NumberText.decimal((furthest * 1e4).rounded(.up) / 1e4, digits: 4)
        return "\(count - differences.count) of \(count) answers are the same, "
            + (furthest == 0
                ? "with the same log probabilities"
                : furthest.isFinite
                    ? "log probabilities differ by at most \(shown)"
                    : "some log probabilities are no numbers")
    }

    /// The error that the file answers otherwise, with the first cases.
    func diagnostic(_ path: String, _ numbers: ModelExport.Numbers) -> Diagnostic {
        func quoted(_ text: String) -> String {
            var result = ""
            JSONValue.quote(text.count > 40 ? "…" + text.suffix(40) : text, into: &result)
            return result
        }
        let cases = differences.prefix(3).map { difference in
            "after \(quoted(difference.prompt)) it gives \(quoted(difference.found)) for "
                + "\(quoted(difference.expected)), log probabilities "
                + "\(NumberText.decimal(difference.distance, digits: 4)) apart"
        }
        let limit = tolerance.map { ", limit \(NumberText.decimal($0, digits: 3))" } ?? ""
        return Diagnostic(
            "export-differs",
            ([
                "'\(path)' would answer otherwise than the model, and was not kept: "
                    + summary + limit
            ] + cases).joined(separator: "; "),
            hint: numbers == .f32
                ? "tell of it as an error of Fettle"
                : "store more of each number: type=f32; or keep it as it is with --no-check"
        )
    }
}
