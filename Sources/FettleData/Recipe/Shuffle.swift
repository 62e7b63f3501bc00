import FettleCore

/// Puts the rows into a random order.
public struct Shuffle: RecipeStep {
    /// The seed of the order.
    public let seed: UInt64

    /// Makes the step.
    public init(seed: UInt64) {
        self.seed = seed
    }

    /// The command line, such as `shuffle seed=7`.
    public var summary: String { "shuffle seed=\(seed)" }

    /// Returns the rows in the order that the seed decides.
    public func apply(to frame: Frame) throws -> Frame {
        var rows = frame.rows
        var generator = SeededGenerator(seed: seed)
        generator.shuffle(&rows)
        return frame.showing(rows)
    }
}
