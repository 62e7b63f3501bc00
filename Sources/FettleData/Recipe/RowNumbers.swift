import FettleCore

/// Numbers of rows as people count them, from 1, each once and in ascending order.
public struct RowNumbers: Hashable, Sendable {
    /// Runs of numbers that follow each other, none touching the next.
    private let runs: [ClosedRange<Int>]

    /// Makes a set of numbers, each at least 1.
    public init(_ numbers: some Sequence<Int>) {
        self.init(ranges: numbers.map { $0...$0 })
    }

    private init(ranges: [ClosedRange<Int>]) {
        var runs: [ClosedRange<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = runs.last, range.lowerBound <= last.upperBound + 1 {
                let end = max(last.upperBound, range.upperBound)
                runs[runs.count - 1] = last.lowerBound...end
            } else {
                runs.append(range)
            }
        }
        self.runs = runs
    }

    /// Reads numbers and ranges with commas between them, such as `3,17,40-60`; nil for anything else.
    public init?(parsing text: String) {
        var ranges: [ClosedRange<Int>] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard let first = ends[0], let last = ends[ends.count - 1], ends.count <= 2,
                first >= 1, first <= last, last < 1 << 32
            else { return nil }
            ranges.append(first...last)
        }
        self.init(ranges: ranges)
    }

    /// The numbers as a command line has them: `3,17,40-60`.
    public var text: String {
        runs.map { run in
            switch run.count {
            case 1: "\(run.lowerBound)"
            case 2: "\(run.lowerBound),\(run.upperBound)"
            default: "\(run.lowerBound)-\(run.upperBound)"
            }
        }.joined(separator: ",")
    }

    /// Returns for each of `count` positions whether its row is named.
    ///
    /// - Throws: `no-row` when a number is larger than `count`.
    func areNamed(among count: Int) throws(Diagnostic) -> [Bool] {
        if let last = runs.last, last.upperBound > count {
            throw Diagnostic(
                "no-row",
                "no row \(NumberText.count(last.upperBound)) among \(NumberText.count(count, "row"))",
                hint: "rows count from 1"
            )
        }
        var named = [Bool](repeating: false, count: count)
        for run in runs {
            for number in run { named[number - 1] = true }
        }
        return named
    }
}

/// Takes rows away by their numbers.
public struct DropRows: RecipeStep {
    /// The numbers.
    public let rows: RowNumbers

    /// Makes the step.
    public init(_ rows: RowNumbers) {
        self.rows = rows
    }

    /// The command line, such as `drop rows=3,17,40-60`.
    public var summary: String { "drop rows=\(rows.text)" }

    /// Returns the rows that are not named, in their order.
    public func apply(to frame: Frame) throws -> Frame {
        let named = try rows.areNamed(among: frame.count)
        return frame.showing(zip(frame.rows, named).filter { !$0.1 }.map(\.0))
    }
}
