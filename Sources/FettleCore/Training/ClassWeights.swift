/// What the examples of each class, which is a completion, count in the loss of a training run.
///
/// An example's loss is multiplied by its class's weight, so that a rare class can count as much as a frequent one.
public enum ClassWeights: Hashable, Sendable {
    /// The weight of one class.
    public struct Entry: Hashable, Sendable {
        /// The completion without the blanks at its ends.
        public var label: String
        /// What its examples count, more than 0; other classes' count 1.
        public var weight: Double

        /// Makes an entry.
        public init(label: String, weight: Double) {
            self.label = label
            self.weight = weight
        }
    }

    /// Every class counts as much as any other: n / (k · n_c) for n examples of k classes, n_c of them of class c.
    ///
    /// The formula is that of scikit-learn's `class_weight="balanced"` (King and Zeng: "Logistic regression in rare
    /// events data", Political Analysis 9, 2001); the weights of all examples then add up to n.
    case balanced
    /// These classes count so much, others 1.
    case given([Entry])

    /// The largest weight.
    public static let limit = 1_000_000.0
}

extension ClassWeights {
    /// The weights as they are written: `balanced`, or `LABEL:W,LABEL:W`.
    public var text: String {
        switch self {
        case .balanced: "balanced"
        case .given(let entries):
            entries.map { "\($0.label):\(LanguageHyperparameters.text($0.weight))" }
                .joined(separator: ",")
        }
    }

    /// Reads `balanced`, or labels and weights as in `dress:2,skirt:0.5`.
    ///
    /// A weight stands after the last colon before a comma, so that a label may have colons; one with a comma is read
    /// too, as long as no colon stands before the comma.
    /// - Throws: `bad-value` for a label without a weight, twice or empty, and for a weight that is no number of more
    ///   than 0 and at most ``limit``.
    public init(_ text: String) throws(Diagnostic) {
        guard text != "balanced" else {
            self = .balanced
            return
        }
        var entries: [Entry] = []
        var part = ""
        for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
            part += part.isEmpty ? String(piece) : "," + piece
            guard let colon = part.lastIndex(of: ":") else { continue }
            let label = Self.bare(part[..<colon])
            let number = Self.bare(part[part.index(after: colon)...])
            part = ""
            guard !label.isEmpty else {
                throw Self.bad("has a weight without a label: ':\(number)'")
            }
            guard let weight = Double(number), weight > 0, weight <= Self.limit else {
                throw Self.bad(
                    "gives '\(label)' the weight '\(number)', expected a number of more than 0 and at most "
                        + NumberText.count(Int(Self.limit))
                )
            }
            guard !entries.contains(where: { $0.label == label }) else {
                throw Self.bad("has the label '\(label)' twice")
            }
            entries.append(Entry(label: label, weight: weight))
        }
        guard part.isEmpty, !entries.isEmpty else {
            throw Self.bad("is '\(text)', expected 'balanced', or labels with weights")
        }
        self = .given(entries)
    }

    private static func bad(_ what: String) -> Diagnostic {
        var diagnostic = Diagnostic(
            "bad-value",
            "'class_weights' \(what)",
            hint: "write class_weights=balanced, or class_weights=LABEL:2,LABEL:0.5"
        )
        diagnostic.parameter = "class_weights"
        return diagnostic
    }

    /// Returns what the examples of each completion count.
    ///
    /// - Parameter counts: how many training examples each completion has.
    /// - Returns: a weight for each of these completions.
    /// - Throws: `unknown-value`, with `parameter` set to `class_weights`, for a label that no example has.
    public func values(of counts: [String: Int]) throws(Diagnostic) -> [String: Double] {
        switch self {
        case .balanced:
            let total = counts.values.reduce(0, +)
            return counts.mapValues { Double(total) / (Double(counts.count) * Double($0)) }
        case .given(let entries):
            var values = counts.mapValues { _ in 1.0 }
            for entry in entries {
                let completions = counts.keys.filter { Self.bare($0) == entry.label }
                guard !completions.isEmpty else { throw Self.unknown(entry.label, counts) }
                for completion in completions { values[completion] = entry.weight }
            }
            return values
        }
    }

    private static func unknown(_ label: String, _ counts: [String: Int]) -> Diagnostic {
        let known = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { bare($0.key) }
        let shown = 20
        let more = known.count > shown ? " and \(known.count - shown) more" : ""
        var diagnostic = Diagnostic(
            "unknown-value",
            "'class_weights' has the label '\(label)', which is no completion of the training examples",
            hints: [
                didYouMean(label, among: known),
                "completions: " + known.prefix(shown).joined(separator: ", ") + more,
            ].compactMap(\.self)
        )
        diagnostic.parameter = "class_weights"
        return diagnostic
    }

    /// What a run shows of the weights it used: of balanced ones the smallest and the largest.
    public func setting(_ values: [String: Double]) -> ChosenSetting {
        let sorted = values.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        guard self == .balanced, let least = sorted.first, let most = sorted.last else {
            return ChosenSetting(name: "class_weights", value: text)
        }
        func words(_ pair: (key: String, value: Double)) -> String {
            "\(NumberText.decimal(pair.value, digits: 3)) for '\(Self.bare(pair.key))'"
        }
        return ChosenSetting(
            name: "class_weights",
            value: text,
            reason: "from \(words(least)) to \(words(most))"
        )
    }

    private static func bare(_ text: some StringProtocol) -> String {
        var text = Substring(text)
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
