public import FettleCore

/// A condition that divides numeric labels into two sides, such as `<=3`.
public struct BinaryCondition: Hashable, Sendable {
    /// How a label is compared with the threshold.
    public enum Comparison: String, CaseIterable, Hashable, Sendable {
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case equal = "=="
        case less = "<"
        case greater = ">"
    }

    /// How a label is compared.
    public let comparison: Comparison
    /// What it is compared with.
    public let threshold: Double

    /// Makes a condition.
    public init(_ comparison: Comparison, _ threshold: Double) {
        self.comparison = comparison
        self.threshold = threshold
    }

    /// Reads a condition such as `<=3` or `> 2.5`.
    ///
    /// - Throws: `bad-condition`, its span counting in `text`.
    public init(parsing text: String) throws(Diagnostic) {
        let trimmed = text.drop { $0.isWhitespace }
        let found = Comparison.allCases.first { trimmed.hasPrefix($0.rawValue) }
        guard let comparison = found else {
            throw BinaryCondition.unreadable(
                "condition '\(text)' does not begin with <, <=, >, >= or ==",
                SourceSpan(0, text.utf8.count)
            )
        }
        let number = trimmed.dropFirst(comparison.rawValue.count)
        guard let threshold = ordinalValue(String(number)) else {
            let found = number.contains { !$0.isWhitespace } ? "'\(number)'" : "nothing"
            throw BinaryCondition.unreadable(
                "condition '\(text)' has \(found) after \(comparison.rawValue), expected a number",
                SourceSpan(text.utf8.count - number.utf8.count, text.utf8.count)
            )
        }
        self.init(comparison, threshold)
    }

    /// The condition as the user writes it, `<= 3`.
    public var text: String {
        "\(comparison.rawValue) \(JSONValue.text(of: threshold))"
    }

    /// Returns whether the value is on the condition's side.
    public func holds(for value: Double) -> Bool {
        switch comparison {
        case .less: value < threshold
        case .lessOrEqual: value <= threshold
        case .greater: value > threshold
        case .greaterOrEqual: value >= threshold
        case .equal: value == threshold
        }
    }

    private static func unreadable(_ message: String, _ span: SourceSpan) -> Diagnostic {
        Diagnostic(
            "bad-condition",
            message,
            span: span,
            hint: "write a comparison with a number, such as binary=\"<=3\""
        )
    }
}
