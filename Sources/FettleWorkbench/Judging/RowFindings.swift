public import FettleCore
import FettleData

/// Some rows of a dataset as a dataset of their own, with columns of what was found about them.
///
/// The column ``row`` has the numbers that the rows have in the dataset they come from, from 1.
public struct RowFindings {
    /// The name of the column with the rows' numbers.
    public static let row = "row"

    /// The columns that findings have beside those of the dataset.
    public static let columns: Set<String> = [
        row, "prediction", "probability", "probability_true", "suggested", "uncertainty",
    ]

    private let source: Dataset
    private var frame: Frame

    /// Starts with the rows at these positions of a dataset, from 0.
    public init(_ source: Dataset, _ positions: [Int]) {
        self.source = source
        frame = source.frame.showing(positions.map { source.frame.rows[$0] })
        var numbers = ColumnBuilder(.integer, reserving: positions.count)
        for position in positions { numbers.append(Int64(position + 1)) }
        frame = frame.setting(Self.row, to: numbers.build(over: frame))
    }

    /// Adds a column of numbers, one for each row.
    public mutating func add(_ numbers: [Double], as name: String) {
        var column = ColumnBuilder(.number, reserving: numbers.count)
        for number in numbers { column.append(number) }
        frame = frame.setting(name, to: column.build(over: frame))
    }

    /// Adds a column of completions without the blanks around them, one for each row; as whole numbers where all of
    /// them are, so that they compare with the column that they stand for.
    public mutating func add(labels: [String], as name: String) throws(Diagnostic) {
        let bare = labels.map(Judgement.bare)
        let numbers = bare.compactMap { label in
            Int64(label).flatMap { String($0) == label ? $0 : nil }
        }
        let isNumeric = numbers.count == bare.count
        var column = ColumnBuilder(isNumeric ? .integer : .text, reserving: bare.count)
        if isNumeric {
            for number in numbers { column.append(number) }
        } else {
            for label in bare { try column.append(label) }
        }
        frame = frame.setting(name, to: column.build(over: frame))
    }

    /// The dataset, as the command line `line` makes it.
    public func dataset(made line: String) -> Dataset {
        source.replacing(frame: frame, adding: line)
    }
}
