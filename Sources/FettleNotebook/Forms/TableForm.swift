public import FettleCore

/// A machine-readable form of a table.
///
/// To add one, conform an enum in a file of this folder and list it in ``TableForms/all``.
public protocol TableForm: Sendable {
    /// The name, which is the usual file name extension too.
    static var name: String { get }
    /// Other extensions and names that mean it.
    static var aliases: [String] { get }

    /// Returns the table in this form, ending with a line end; the footer is left out.
    static func text(of table: TextTable) -> String
}

extension TableForm {
    /// Other extensions and names that mean it; none unless a form says so.
    public static var aliases: [String] { [] }
}

/// The catalogue of table forms.
public enum TableForms {
    /// All forms; one line a form.
    public static let all: [any TableForm.Type] = [
        CSVForm.self,
        TSVForm.self,
        JSONForm.self,
        JSONLinesForm.self,
        MarkdownForm.self,
    ]

    /// Returns the form called `name`, case ignored.
    ///
    /// - Throws: `unknown-form`.
    public static func named(_ name: String) throws(Diagnostic) -> any TableForm.Type {
        let lowered = name.lowercased()
        for form in all where form.name == lowered || form.aliases.contains(lowered) {
            return form
        }
        let names = all.map { $0.name }
        let error = Diagnostic(
            "unknown-form",
            "no form '\(name)' of a table, expected \(names.joined(separator: ", "))"
        )
        throw error.hinting(didYouMean(name, among: all.flatMap { [$0.name] + $0.aliases }))
    }
}

/// What a cell is to a program.
enum MachineCell: Hashable {
    case value(JSONValue)
    case missing

    /// Reads the cell of a column; texts of columns of numbers lose their thousands separators.
    init(_ cell: TextTable.Cell, in column: TextTable.Column) {
        switch cell {
        case .null, .blank: self = .value(.null)
        case .missing: self = .missing
        case .number(let value, _):
            self = .value(Int64(exactly: value).map { .integer($0) } ?? .number(value))
        case .text(let text):
            let number = column.alignment == .right ? MachineCell.number(text) : nil
            self = .value(number ?? .string(text))
        }
    }

    /// Returns the number that a text shows, or nil when it shows something else.
    private static func number(_ text: String) -> JSONValue? {
        let groups = text.split(separator: ",", omittingEmptySubsequences: false)
        let isGrouped = groups.dropFirst().enumerated().allSatisfy { position, group in
            let isLast = position == groups.count - 2
            let digits = isLast ? group.prefix { $0 != "." } : group
            return digits.count == 3
        }
        let isDecimal = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || [0x2C, 0x2D, 0x2E].contains($0)
        }
        let plain = text.filter { $0 != "," }
        let whole = plain.drop { $0 == "-" }.prefix { $0 != "." }
        // A code such as 007 is a text, not the number 7.
        guard isGrouped, isDecimal, !whole.isEmpty, whole == "0" || whole.first != "0" else {
            return nil
        }
        if let integer = Int64(plain) { return .integer(integer) }
        guard let value = Double(plain), value.isFinite else { return nil }
        return .number(value)
    }
}

extension TextTable {
    /// The cells as programs see them; each row has one for each head.
    var machineRows: [[MachineCell]] {
        rows.map { row in
            columns.indices.map { index in
                MachineCell(index < row.count ? row[index] : .blank, in: columns[index])
            }
        }
    }

    /// The heads made different from each other and from nothing, as the names of members must be.
    var memberNames: [String] {
        var taken: Set<String> = []
        return columns.enumerated().map { index, column in
            let base = column.name.isEmpty ? "column_\(index + 1)" : column.name
            var name = base
            var count = 2
            while !taken.insert(name).inserted {
                name = "\(base)_\(count)"
                count += 1
            }
            return name
        }
    }
}
