import FettleCore

/// Keeps the rows for which a condition is true.
public struct Where: RecipeStep {
    /// The condition.
    public let condition: Expression

    /// Makes the step.
    public init(_ condition: Expression) {
        self.condition = condition
    }

    /// The command line, such as `where stars <= 3`.
    public var summary: String { "where \(condition.source)" }

    /// Returns the rows for which the condition is true.
    public func apply(to frame: Frame) throws -> Frame {
        let bound = try condition.bindCondition(to: frame)
        var kept: [UInt32] = []
        for (position, row) in frame.rows.enumerated() {
            if position & 0xF == 0 { try Task.checkCancellation() }
            do {
                if try bound.isTrue(row: Int(row)) { kept.append(row) }
            } catch let failure as Diagnostic {
                throw failure.inRow(position + 1)
            }
        }
        return frame.showing(kept)
    }
}
