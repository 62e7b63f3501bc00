import FettleCore
import Glibc

/// Prompts that are far longer or shorter than most.
struct LengthOutliers: DatasetCheck {
    static let code = "length-outliers"
    static let summary = "no prompt is far longer or shorter than most"

    /// The lengths that are usual.
    ///
    /// A length is unusual when its logarithm lies further from that of the median than 3.5 standard deviations, these
    /// estimated from the median absolute deviation (the modified z-score of Iglewicz and Hoaglin 1993, of the
    /// logarithms, since lengths are skewed), and when it is more than three times the median or less than a
    /// third of it. One character is added to all lengths.
    struct Range: Equatable {
        let median: Int
        let least: Int
        let most: Int

        private static let mostDeviations = 3.5
        /// The median absolute deviation of normally distributed values, in standard deviations.
        private static let normal = 0.6745
        private static let leastFactor = 3.0

        /// Makes the range of some lengths, ascending and at least one.
        init(of sorted: [Int]) {
            median = sorted[(sorted.count - 1) / 2]
            let middle = log(Double(median + 1))
            let deviations = sorted.map { abs(log(Double($0 + 1)) - middle) }.sorted()
            let spread = deviations[(deviations.count - 1) / 2]
            let reach = max(spread * Self.mostDeviations / Self.normal, log(Self.leastFactor))
            // Rounded towards the median, so that the numbers shown are those that count.
            least = max(0, Int(ceil(exp(middle - reach) - 1 - 1e-9)))
            most = Int(min(exp(middle + reach) - 1 + 1e-9, 1e15))
        }
    }

    /// Of fewer prompts it cannot be said what is usual.
    private static let fewest = 20

    func findings(in examples: ExampleFacts) throws -> [Finding] {
        let prompt = examples.prompt
        guard examples.task != .openEnded else { return [] }
        let fixed = prompt.fixedLength
        // Blank prompts are a finding of their own.
        let lengths = prompt.groups.group.compactMap { group in
            prompt.blank[Int(group)] ? nil : prompt.lengths[Int(group)] - fixed
        }
        guard lengths.count >= Self.fewest else { return [] }
        let range = Range(of: lengths.sorted())
        func isOutside(_ group: Int) -> Bool {
            let length = prompt.lengths[group] - fixed
            return !prompt.blank[group] && (length < range.least || length > range.most)
        }
        let rows = prompt.rows(where: isOutside)
        guard rows.count > 0 else { return [] }
        let short = lengths.count { $0 < range.least }
        let parts = [
            short > 0
                ? "\(NumberText.count(short)) shorter than \(NumberText.count(range.least, "character"))"
                : nil,
            short < rows.count
                ? "\(NumberText.count(rows.count - short)) longer than"
                    + " \(NumberText.count(range.most, "character"))" : nil,
        ].compactMap(\.self)
        return [
            Finding(
                Self.code,
                .note,
                "\(NumberText.count(rows.count, "prompt"))"
                    + " \(rows.count == 1 ? "is" : "are") of unusual length, the median being"
                    + " \(NumberText.count(range.median, "character")) without the template's own: \(parts.joined(separator: ", "))",
                count: rows.count,
                rows: rows.numbers,
                fix: fix(examples, range)
            )
        ]
    }

    /// The step that keeps prompts of usual length.
    private func fix(_ examples: ExampleFacts, _ range: Range) -> CheckFix? {
        guard let length = CheckText.length(of: [examples.prompt]) else { return nil }
        let bounds = "\(length) >= \(range.least) and \(length) <= \(range.most)"
        guard let condition = try? Expression(parsing: bounds) else { return nil }
        return CheckFix([.step(Where(condition))], isAutomatic: false)
    }
}

extension PartFacts {
    /// The characters that the template adds to each text.
    var fixedLength: Int {
        template.segments.reduce(0) { sum, segment in
            if case .text(let text) = segment { sum + text.unicodeScalars.count } else { sum }
        }
    }
}

extension CheckText {
    /// The expression of the characters that columns give to texts; nil when a column has no name in expressions.
    static func length(of parts: [PartFacts]) -> String? {
        var terms: [String] = []
        for part in parts {
            for case .column(let name, _) in part.template.segments {
                guard let word = column(name),
                    let kind = part.columns.first(where: { $0.name == name })?.column.kind
                else { return nil }
                terms.append("coalesce(len(\(kind == .text ? word : "text(\(word))")), 0)")
            }
        }
        return terms.isEmpty ? nil : terms.joined(separator: " + ")
    }
}
