import FettleCore

/// Adds a column that is calculated from each row, or replaces the column of that name.
public struct Derive: RecipeStep {
    /// The column's name.
    public let name: String
    /// What is calculated.
    public let expression: Expression

    /// Makes the step.
    public init(_ name: String, _ expression: Expression) {
        self.name = name
        self.expression = expression
    }

    /// The command line, such as `derive good = stars > 3`.
    public var summary: String { "derive \(CommandText.word(name)) = \(expression.source)" }

    /// Returns the frame with the column; rows that it does not show are missing in it.
    public func apply(to frame: Frame) throws -> Frame {
        let bound = try expression.bind(to: frame)
        var builder = ColumnBuilder(bound.kind ?? .text, reserving: frame.count)
        for (position, row) in frame.rows.enumerated() {
            if position & 0xF == 0 { try Task.checkCancellation() }
            do {
                try Self.append(Int(row), bound.evaluator, &builder)
            } catch let failure as Diagnostic {
                throw failure.inRow(position + 1)
            }
        }
        return frame.setting(name, to: builder.build(over: frame))
    }

    private static func append(
        _ row: Int,
        _ evaluator: Evaluator,
        _ builder: inout ColumnBuilder
    ) throws {
        switch evaluator {
        case .boolean(let value):
            if let value = try value(row) { return builder.append(value) }
        case .integer(let value):
            if let value = try value(row) { return builder.append(value) }
        case .number(let value):
            if let value = try value(row) { return builder.append(value) }
        case .text(let value), .json(let value):
            if let value = try value(row) { return try builder.append(bytes: value) }
        case .null: break
        }
        builder.appendNull()
    }
}
