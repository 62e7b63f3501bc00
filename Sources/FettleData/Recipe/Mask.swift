import FettleCore

/// Puts marks such as `[mail]` in place of personal data in columns of texts.
public struct Mask: RecipeStep {
    /// The columns.
    public let columns: [String]
    /// The kinds of data, each once, in the order of ``PersonalDataKind``.
    public let kinds: [PersonalDataKind]

    /// Makes the step.
    public init(_ columns: [String], kinds: [PersonalDataKind] = PersonalDataKind.allCases) {
        self.columns = columns
        self.kinds = PersonalDataKind.allCases.filter(kinds.contains)
    }

    /// The command line, such as `mask body kinds=mail,phone`.
    public var summary: String {
        let words = ["mask"] + columns.map(CommandText.word)
        let named =
            kinds == PersonalDataKind.allCases
            ? "" : " kinds=" + kinds.map(\.rawValue).joined(separator: ",")
        return words.joined(separator: " ") + named
    }

    /// Returns the frame with the columns' texts masked; a row without such data keeps its text as it is.
    ///
    /// - Throws: `unknown-column`, `type-mismatch` for a column of other cells than texts, and
    ///   `CancellationError`.
    public func apply(to frame: Frame) throws -> Frame {
        try masking(frame).frame
    }

    /// Returns the frame with the columns' texts masked, and what was found.
    ///
    /// - Throws: as ``apply(to:)``.
    public func masking(_ frame: Frame) throws -> (frame: Frame, report: PersonalDataReport) {
        let report = try PersonalDataReport(frame, columns: columns, kinds: kinds)
        var masked = frame
        for found in report.columns where !found.rows.isEmpty {
            masked = masked.setting(found.name, to: try Self.masked(found, frame, kinds))
        }
        return (masked, report)
    }

    private static func masked(
        _ found: PersonalDataReport.ColumnReport,
        _ frame: Frame,
        _ kinds: [PersonalDataKind]
    ) throws -> Column {
        let column = try frame.column(found.name)
        let scanner = PersonalDataScanner(kinds)
        let scratch = ScratchBytes()
        let concerned = Set(found.rows.map(\.position))
        var builder = ColumnBuilder(.text, reserving: frame.count)
        for (position, row) in frame.rows.enumerated() {
            if position & 0xFF == 0 { try Task.checkCancellation() }
            switch column.presence(at: Int(row)) {
            case .null: builder.appendNull()
            case .missing: builder.appendMissing()
            case .value:
                try column.withBytes(at: Int(row)) { text in
                    guard concerned.contains(position) else {
                        return try builder.append(bytes: text)
                    }
                    scratch.count = 0
                    PersonalDataScanner.mask(text, scanner.matches(in: text), into: scratch)
                    try builder.append(bytes: scratch.bytes)
                }
            }
        }
        return builder.build(over: frame)
    }
}
