import FettleCore

/// Puts the rows of other datasets after these; columns are matched by name.
///
/// A column that a dataset does not have is missing in its rows. Integers beside numbers become
/// numbers, and any other two kinds become text.
public struct Concat: RecipeStep {
    /// Another dataset's rows under its name.
    public struct Source: Sendable {
        /// The dataset's name.
        public let name: String
        /// Its rows.
        public let frame: Frame

        /// Makes a source.
        public init(_ name: String, _ frame: Frame) {
            self.name = name
            self.frame = frame
        }
    }

    /// What is added, in order.
    public let others: [Source]

    /// Makes the step.
    public init(_ others: [Source]) {
        self.others = others
    }

    /// The command line, such as `concat more other`.
    public var summary: String {
        "concat " + others.map { CommandText.word($0.name) }.joined(separator: " ")
    }

    /// Returns a frame of its own columns with the rows of all.
    public func apply(to frame: Frame) throws -> Frame {
        let frames = [frame] + others.map(\.frame)
        var names: [String] = []
        var seen: Set<String> = []
        for name in frames.flatMap(\.columnNames) where seen.insert(name).inserted {
            names.append(name)
        }
        let count = frames.reduce(0) { $0 + $1.count }
        guard count <= Int(UInt32.max) else {
            throw Diagnostic(
                "too-many-rows",
                "\(NumberText.count(count)) rows are more than a dataset holds",
                hint: "concatenate fewer, or draw a sample of each first"
            )
        }
        var columns: [Frame.NamedColumn] = []
        for name in names {
            columns.append(Frame.NamedColumn(name, try Self.joined(name, frames, count)))
        }
        return Frame(columns: columns)
    }

    private static func joined(_ name: String, _ frames: [Frame], _ count: Int) throws -> Column {
        let columns = frames.map { frame in
            frame.position(of: name).map { frame.columns[$0].column }
        }
        let kinds = Set(columns.compactMap { $0?.kind })
        var builder = ColumnBuilder(kind(of: kinds), reserving: count)
        for (frame, column) in zip(frames, columns) {
            for (position, row) in frame.rows.enumerated() {
                if position & 0xFFF == 0 { try Task.checkCancellation() }
                if let column {
                    try append(column, Int(row), to: &builder)
                } else {
                    builder.appendMissing()
                }
            }
        }
        return builder.build()
    }

    private static func append(
        _ column: Column,
        _ row: Int,
        to builder: inout ColumnBuilder
    ) throws {
        let isText = builder.kind == .text || builder.kind == .json
        guard isText, column.presence(at: row) == .value else {
            return try builder.append(column[row])
        }
        try column.withBytes(at: row) { bytes in try builder.append(bytes: bytes) }
    }

    private static func kind(of kinds: Set<ColumnKind>) -> ColumnKind {
        if kinds.count == 1, let kind = kinds.first { return kind }
        return kinds.isSubset(of: [.integer, .number]) ? .number : .text
    }
}
