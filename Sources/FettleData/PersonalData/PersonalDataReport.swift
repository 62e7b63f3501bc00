import FettleCore

/// The personal data that stand in columns of texts.
public struct PersonalDataReport: Sendable {
    /// A row and the kinds of data in it.
    public struct Row: Hashable, Sendable {
        /// The position in the frame, from 0.
        public let position: Int
        /// The kinds in the order of the text, repeated ones included.
        public let kinds: [PersonalDataKind]
    }

    /// What stands in one column.
    public struct ColumnReport: Sendable {
        /// The column's name.
        public let name: String
        /// The rows with such data, in their order.
        public let rows: [Row]

        /// How often a kind stands in it.
        public func count(of kind: PersonalDataKind) -> Int {
            rows.reduce(0) { sum, row in sum + row.kinds.count { $0 == kind } }
        }

        /// What was found in words: `2 mail addresses, 1 key`.
        public var counts: String {
            PersonalDataKind.allCases.compactMap { kind in
                let found = count(of: kind)
                return found == 0 ? nil : kind.words(found)
            }.joined(separator: ", ")
        }
    }

    /// The columns in the order given.
    public let columns: [ColumnReport]

    /// Searches columns on several threads.
    ///
    /// - Throws: `unknown-column`, `type-mismatch` for a column of other cells than texts, and
    ///   `CancellationError` when the task was cancelled.
    /// - Complexity: O(*n*) in the bytes of the texts.
    public init(
        _ frame: Frame,
        columns names: [String],
        kinds: [PersonalDataKind] = PersonalDataKind.allCases
    ) throws {
        columns = try names.map { name in
            let column = try frame.column(name)
            guard column.kind == .text else {
                throw Diagnostic(
                    "type-mismatch",
                    "personal data is looked for in texts, found \(column.kind.rawValue) column '\(name)'",
                    hint: "make it a text first: derive \(CommandText.word(name)) = text(\(name))"
                )
            }
            return ColumnReport(
                name: name,
                rows: try Self.rows(column, frame, PersonalDataScanner(kinds))
            )
        }
    }

    private static func rows(
        _ column: Column,
        _ frame: Frame,
        _ scanner: PersonalDataScanner
    ) throws -> [Row] {
        let rows = frame.rows
        return try RawColumn.withRaw([column]) { raw in
            guard let cells = raw.first else { return [] }
            return try Chunks.map(rows: rows.count, size: 1 << 10) { range in
                range.compactMap { position -> Row? in
                    guard let text = cells.text(at: Int(rows[position])) else { return nil }
                    let kinds = scanner.matches(in: text).map(\.kind)
                    return kinds.isEmpty ? nil : Row(position: position, kinds: kinds)
                }
            }.flatMap(\.self)
        }
    }
}
