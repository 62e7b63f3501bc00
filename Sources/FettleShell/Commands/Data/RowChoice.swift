import FettleCore
import FettleData
import FettleLanguage
import FettleWorkbench

/// Rows of a dataset that a word names: by their numbers, or by a dataset of findings about them.
struct RowChoice {
    static let rows = Option<ArgumentWord>.setting(
        "rows",
        kind: .text,
        help: "numbers such as 3,17,40-60, or a dataset that 'errors' or 'noise' made of these rows"
    )

    /// The rows' numbers.
    let numbers: RowNumbers
    /// The findings, when a dataset of them was named.
    let findings: Dataset?

    /// Reads the word.
    ///
    /// - Throws: `bad-value` for what is neither, `unknown-dataset`, `unknown-column` for a dataset without rows'
    ///   numbers, `no-rows` for an empty one, and `rows-differ` for one that was made of other rows.
    init(_ word: ArgumentWord, of source: Dataset, in session: Session) throws(Diagnostic) {
        if let numbers = RowNumbers(parsing: word.text) {
            self.numbers = numbers
            self.findings = nil
            return
        }
        guard let first = word.text.first, first.isLetter || first == "_" else {
            throw expected(
                "numbers of rows such as 3,17,40-60, or a dataset that names them",
                word,
                for: "rows"
            )
        }
        let findings = try session.dataset(word)
        do {
            numbers = RowNumbers(try Self.numbers(of: findings, in: source))
        } catch {
            throw error.located(at: word.span)
        }
        self.findings = findings
    }

    private static func numbers(
        of findings: Dataset,
        in source: Dataset
    ) throws(Diagnostic) -> [Int] {
        guard let column = findings.frame.position(of: RowFindings.row) else {
            throw Diagnostic(
                "unknown-column",
                "'\(findings.name)' has no column '\(RowFindings.row)' with the numbers of rows",
                hint: "'errors MODEL on DATASET as NAME' and 'noise DATASET as NAME' make one"
            )
        }
        guard findings.frame.count > 0 else {
            throw Diagnostic(
                "no-rows",
                "'\(findings.name)' names no rows",
                hint: "there is nothing to change"
            )
        }
        // Columns that both have, but for those that hold the findings.
        let shared = source.frame.columnNames.filter { !RowFindings.columns.contains($0) }
            .compactMap { name in
                findings.frame.position(of: name).flatMap { own in
                    source.frame.position(of: name).map { (name, own, $0) }
                }
            }
        var numbers: [Int] = []
        for position in 0..<findings.frame.count {
            guard case .integer(let value) = findings.frame.cell(column, at: position),
                let number = Int(exactly: value), number >= 1, number <= source.frame.count
            else {
                let text = findings.frame.cell(column, at: position).displayText
                throw Diagnostic(
                    "no-row",
                    "'\(findings.name)' names row \(text), and '\(source.name)' has "
                        + NumberText.count(source.frame.count, "row"),
                    hint: "'use' the dataset that '\(findings.name)' was made of"
                )
            }
            for (name, own, other) in shared
            where findings.frame.cell(own, at: position) != source.frame.cell(other, at: number - 1)
            {
                throw Diagnostic(
                    "rows-differ",
                    "row \(number) of '\(source.name)' is not the one that '\(findings.name)' speaks "
                        + "of: its '\(name)' is another",
                    hint: "'use' the dataset that '\(findings.name)' was made of, before changes"
                )
            }
            numbers.append(number)
        }
        return numbers
    }
}
