import FettleCore

/// Null and missing cells that the templates meet, in rows that have other text.
struct AbsentCells: DatasetCheck {
    static let code = "absent-cells"
    static let summary = "no null or missing cell stands in a prompt or a completion"

    func findings(in examples: ExampleFacts) throws -> [Finding] {
        let parts = [(examples.completion, Finding.Severity.warning), (examples.prompt, .note)]
        return try parts.compactMap { part, severity in try finding(part, severity, examples) }
    }

    private func finding(
        _ part: PartFacts,
        _ severity: Finding.Severity,
        _ examples: ExampleFacts
    ) throws -> Finding? {
        var rows = ConcernedRows()
        var concerned: Set<String> = []
        for (position, row) in examples.input.frame.rows.enumerated() {
            if position & 0xFFF == 0 { try Task.checkCancellation() }
            guard !part.blank[Int(part.groups.group[position])] else { continue }
            var isAbsent = false
            for named in part.columns where named.column.presence(at: Int(row)) != .value {
                concerned.insert(named.name)
                isAbsent = true
            }
            if isAbsent { rows.add(position) }
        }
        guard rows.count > 0 else { return nil }
        let names = part.columns.map(\.name).filter(concerned.contains)
        let shown = names.map { "'\($0)'" }.joined(separator: ", ")
        let effect =
            severity == .note ? "are left blank in the prompt" : "leave no whole completion"
        return Finding(
            Self.code,
            severity,
            "null or missing values of \(shown) \(effect) of \(NumberText.count(rows.count, "row"))",
            count: rows.count,
            rows: rows.numbers,
            fix: fix(names, isAutomatic: severity == .warning, rows.count < examples.count)
        )
    }

    private func fix(_ names: [String], isAutomatic: Bool, _ leavesRows: Bool) -> CheckFix? {
        let words = names.compactMap(CheckText.column)
        guard leavesRows, words.count == names.count else { return nil }
        let tests = words.map { "is_null(\($0)) or is_missing(\($0))" }.joined(separator: " or ")
        guard let condition = try? Expression(parsing: "not (\(tests))") else { return nil }
        return CheckFix([.step(Where(condition))], isAutomatic: isAutomatic)
    }
}
