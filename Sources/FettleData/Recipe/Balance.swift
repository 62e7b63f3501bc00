import FettleCore

/// Makes the classes of a column equally frequent.
public struct Balance: RecipeStep {
    /// How many rows each class gets.
    public enum Mode: Hashable, Sendable {
        /// As many as the rarest class has: the others lose rows.
        case under
        /// As many as the most frequent class has: the others repeat rows.
        case over
        /// That many: classes with more lose rows, classes with fewer repeat rows.
        case target(Int)
    }

    /// Rows that the step makes at most; more would not fit memory beside their texts.
    private static let mostRows = 100_000_000

    /// The column of the classes.
    public let column: String
    /// How many rows each class gets.
    public let mode: Mode
    /// The seed of the draw.
    public let seed: UInt64

    /// Makes the step.
    public init(by column: String, _ mode: Mode, seed: UInt64) {
        self.column = column
        self.mode = mode
        self.seed = seed
    }

    /// The command line, such as `balance under by=stars seed=7`.
    public var summary: String {
        let column = CommandText.word(column)
        return switch mode {
        case .under: "balance under by=\(column) seed=\(seed)"
        case .over: "balance over by=\(column) seed=\(seed)"
        case .target(let count): "balance by=\(column) target=\(count) seed=\(seed)"
        }
    }

    /// Returns the rows kept in their order, and after them the repeats, class by class.
    ///
    /// A row is repeated a second time only when each row of its class is repeated once.
    public func apply(to frame: Frame) throws -> Frame {
        let classes = try ClassMembers(frame, column)
        try check(classes, frame)
        let sizes = classes.members.map(\.count)
        let target =
            switch mode {
            case .under: sizes.min() ?? 0
            case .over: sizes.max() ?? 0
            case .target(let count): count
            }
        guard target <= Self.mostRows / max(1, sizes.count) else {
            throw Diagnostic(
                "bad-count",
                "\(NumberText.count(target)) rows for each of \(NumberText.count(sizes.count, "class", plural: "classes")) are too many",
                hint: "choose a smaller number"
            )
        }
        var generator = SeededGenerator(seed: seed)
        var kept: [Int] = []
        var repeats: [Int] = []
        for members in classes.members {
            try Task.checkCancellation()
            if members.count >= target {
                kept += Sample.draw(target, of: members, &generator)
                continue
            }
            kept += members
            let (rounds, rest) = (target - members.count).quotientAndRemainder(
                dividingBy: members.count
            )
            for _ in 0..<rounds { repeats += members }
            repeats += Sample.draw(rest, of: members, &generator)
        }
        return frame.showing((kept.sorted() + repeats).map { frame.rows[$0] })
    }

    private func check(_ classes: ClassMembers, _ frame: Frame) throws(Diagnostic) {
        if case .target(let count) = mode, count < 1 {
            throw Diagnostic(
                "bad-count",
                "cannot give each class \(NumberText.count(count, "row"))",
                hint: "choose 1 or more"
            )
        }
        guard classes.absent > 0 else { return }
        let name = CommandText.word(column)
        throw Diagnostic(
            "no-label",
            "column '\(column)' is null or missing in \(NumberText.count(classes.absent, "row"))",
            hint: "take them out first: where not (is_null(\(name)) or is_missing(\(name)))"
        )
    }
}
