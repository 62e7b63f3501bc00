import FettleCore

/// Mail addresses, phone numbers, keys and the like in the columns that a model is to learn from.
struct PersonalData: DatasetCheck {
    static let code = "personal-data"
    static let summary =
        "no mail address, phone number, payment card, IBAN, IP address or key in the texts"

    func findings(in examples: ExampleFacts) throws -> [Finding] {
        let frame = examples.input.frame
        var names: [String] = []
        for named in examples.prompt.columns + examples.completion.columns
        where named.column.kind == .text && !names.contains(named.name) {
            names.append(named.name)
        }
        return try PersonalDataReport(frame, columns: names).columns.compactMap { found in
            guard !found.rows.isEmpty else { return nil }
            let rows = found.rows
            return Finding(
                Self.code,
                .warning,
                "\(NumberText.count(rows.count, "row")) \(rows.count == 1 ? "has" : "have") personal data in"
                    + " '\(found.name)': \(found.counts)",
                count: rows.count,
                rows: rows.prefix(Finding.mostRows).map { $0.position + 1 },
                details: try rows.prefix(Finding.mostRows).map { row in
                    try Self.line(row, frame.column(found.name)[Int(frame.rows[row.position])])
                },
                fix: CheckFix([.step(Mask([found.name]))], isAutomatic: false)
            )
        }
    }

    /// What stands around the first match of a row, all matches masked.
    private static func line(_ row: PersonalDataReport.Row, _ cell: Cell) -> String {
        var text = cell.displayText
        let shown = text.withUTF8 { text in
            let text = UnsafeRawBufferPointer(text)
            let matches = PersonalDataScanner().matches(in: text)
            let scratch = ScratchBytes()
            PersonalDataScanner.mask(text, matches, into: scratch)
            let before = String(
                decoding: text[..<(matches.first?.range.lowerBound ?? 0)],
                as: UTF8.self
            )
            let from = max(0, before.unicodeScalars.count - 16)
            let masked = String(decoding: scratch.bytes, as: UTF8.self).unicodeScalars.dropFirst(
                from
            )
            return (from > 0 ? "…" : "") + String(String.UnicodeScalarView(masked))
        }
        return "row \(NumberText.count(row.position + 1)): \(CheckText.shown(shown))"
    }
}
