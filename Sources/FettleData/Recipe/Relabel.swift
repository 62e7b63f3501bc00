import FettleCore

/// Gives values of a column other names, which also merges classes.
///
/// The column keeps its kind when every value after the step reads as one of that kind; else it
/// becomes text.
public struct Relabel: RecipeStep {
    /// A value as it is shown, and what it becomes.
    public struct Change: Hashable, Sendable {
        /// The value as a template shows it.
        public let old: String
        /// The new value.
        public let new: String

        /// Makes a change.
        public init(_ old: String, _ new: String) {
            self.old = old
            self.new = new
        }
    }

    /// The column.
    public let column: String
    /// The changes; each value is named once.
    public let changes: [Change]
    /// The rows whose values change; nil for all.
    public let rows: RowNumbers?

    /// Makes the step.
    public init(_ column: String, _ changes: [Change], rows: RowNumbers? = nil) {
        self.column = column
        self.changes = changes
        self.rows = rows
    }

    /// The command line, such as `relabel stars 1=bad 5=good` or `relabel stars 5=1 rows=3,17`.
    public var summary: String {
        var words = changes.map { "\(CommandText.word($0.old))=\(CommandText.word($0.new))" }
        if let rows { words.append("rows=\(rows.text)") }
        return (["relabel", CommandText.word(column)] + words).joined(separator: " ")
    }

    /// Returns the frame with the column's values changed; a row that is shown twice changes in both places.
    public func apply(to frame: Frame) throws -> Frame {
        let column = try frame.column(column)
        let groups = try RowGroups(frame, by: .columns([self.column]))
        let cells = groups.first.map { column[Int(frame.rows[Int($0)])] }
        let named = try rows.map { try $0.areNamed(among: frame.count) }
        let changing = named.map { named in
            Set(zip(frame.rows, named).filter(\.1).map(\.0))
        }
        let names = try newNames(cells, among: frame, groups, changing)
        let old = cells.map { $0.isAbsent ? nil : $0.displayText }
        let kind = Self.kind(of: changing == nil ? names : names + old, was: column.kind)
        var builder = ColumnBuilder(kind, reserving: frame.count)
        for (position, group) in groups.group.enumerated() {
            if position & 0xFFF == 0 { try Task.checkCancellation() }
            let changes = changing?.contains(frame.rows[position]) ?? true
            let name = changes ? names[Int(group)] : old[Int(group)]
            try builder.append(Self.cell(name, of: kind, was: cells[Int(group)]))
        }
        return frame.setting(self.column, to: builder.build(over: frame))
    }

    private static func cell(_ name: String?, of kind: ColumnKind, was cell: Cell) -> Cell {
        guard let name else { return cell }
        return switch kind {
        case .integer: Int64(name).map(Cell.integer) ?? .null
        case .number: Double(name).map(Cell.number) ?? .null
        case .boolean: .boolean(name == "true")
        case .text: .text(name)
        case .json: .json(name)
        }
    }

    /// The new text of each group of values; nil for null and missing.
    private func newNames(
        _ cells: [Cell],
        among frame: Frame,
        _ groups: RowGroups,
        _ changing: Set<UInt32>?
    ) throws(Diagnostic) -> [String?] {
        var new: [String: String] = [:]
        for change in changes {
            guard new.updateValue(change.new, forKey: change.old) == nil else {
                throw Diagnostic(
                    "repeated-value",
                    "value '\(change.old)' is relabelled twice",
                    hint: "name each value once"
                )
            }
        }
        var present = Set(cells.filter { !$0.isAbsent }.map(\.displayText))
        if let changing {
            let places = groups.group.indices.filter { changing.contains(frame.rows[$0]) }
            present.formIntersection(places.map { cells[Int(groups.group[$0])].displayText })
        }
        for change in changes where !present.contains(change.old) {
            throw unknownValue(change.old, among: frame, groups, present)
        }
        return cells.map { cell in
            cell.isAbsent ? nil : new[cell.displayText] ?? cell.displayText
        }
    }

    private func unknownValue(
        _ value: String,
        among frame: Frame,
        _ groups: RowGroups,
        _ present: Set<String>
    ) -> Diagnostic {
        let shown = 20
        let all = frame.position(of: column).map { ClassOrder(groups, frame, $0).labels } ?? []
        let labels = rows == nil ? all : all.filter { present.contains($0) }
        let more = labels.count > shown ? " and \(labels.count - shown) more" : ""
        return Diagnostic(
            "unknown-value",
            "column '\(column)' has no value '\(value)'"
                + (rows == nil ? "" : " in the rows named"),
            hints: [didYouMean(value, among: labels)].compactMap { $0 }
                + ["values: " + labels.prefix(shown).joined(separator: ", ") + more]
        )
    }

    private static func kind(of names: [String?], was kind: ColumnKind) -> ColumnKind {
        let values = names.compactMap { $0 }
        let keeps =
            switch kind {
            case .integer: values.allSatisfy { Int64($0) != nil }
            case .number: values.allSatisfy { Double($0)?.isFinite == true }
            case .boolean: values.allSatisfy { $0 == "true" || $0 == "false" }
            case .text: true
            case .json: false
            }
        return keeps ? kind : .text
    }
}
