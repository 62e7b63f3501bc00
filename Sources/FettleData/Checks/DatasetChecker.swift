import FettleCore

/// Checks datasets before anything is tuned on them.
public enum DatasetChecker {
    /// What there are checks for, for help: the codes of findings, and what is looked for.
    public static var checks: [(code: String, summary: String)] {
        [(MissingColumn.code, MissingColumn.summary)]
            + DatasetChecks.all.map { ($0.code, $0.summary) }
    }

    /// Returns how many of the checks found nothing; nil where they did not look, since a column is missing.
    public static func quietCount(_ findings: [Finding]) -> Int? {
        let found = Set(findings.map(\.code))
        return found.contains(MissingColumn.code) ? nil : checks.count - found.count
    }

    /// Returns what all checks find, errors first.
    ///
    /// When a column of the format is not there, nothing else can be looked for.
    ///
    /// - Throws: `CancellationError` when the task was cancelled.
    public static func run(_ input: CheckInput) throws -> [Finding] {
        let missing = MissingColumn.findings(in: input)
        guard missing.isEmpty else { return missing }
        let examples = try ExampleFacts(input)
        var found: [(place: Int, finding: Finding)] = []
        for check in DatasetChecks.all where input.isThorough || !check.isThorough {
            try Task.checkCancellation()
            for finding in try check.init().findings(in: examples) {
                found.append((found.count, finding))
            }
        }
        return found.sorted { ($0.finding.severity, $0.place) < ($1.finding.severity, $1.place) }
            .map(\.finding)
    }

    /// Applies the fixes of the input's findings; after each the check looks again, so that a fix always
    /// suits the data as it is by then.
    ///
    /// - Parameters:
    ///   - input: what to check.
    ///   - all: whether to apply also the fixes that do not suit everybody.
    /// - Returns: the input after the fixes, and the findings that they mended in the order applied.
    /// - Throws: what a fix's step throws, and `CancellationError` when the task was cancelled.
    public static func fixing(
        _ input: CheckInput,
        all: Bool = false
    ) throws -> (input: CheckInput, mended: [Finding]) {
        var input = input
        var mended: [Finding] = []
        func isWanted(_ finding: Finding) -> Bool {
            guard let fix = finding.fix, !fix.changes.isEmpty else { return false }
            return all || fix.isAutomatic
        }
        if let finding = MissingColumn.findings(in: input).first(where: isWanted),
            let fix = finding.fix
        {
            input = try input.applying(fix)
            mended.append(finding)
        }
        guard MissingColumn.findings(in: input).isEmpty else { return (input, mended) }
        var examples = try ExampleFacts(input)
        // A change of texts can make rows equal that were not, but not for ever.
        for _ in 0..<mostRounds {
            let before = mended.count
            // No fix of a thorough check suits everybody.
            for check in DatasetChecks.all
            where !check.isThorough || (all && input.isThorough) {
                try Task.checkCancellation()
                let findings = try check.init().findings(in: examples)
                guard let finding = findings.first(where: isWanted), let fix = finding.fix else {
                    continue
                }
                input = try input.applying(fix)
                examples = try ExampleFacts(input)
                mended.append(finding)
            }
            if mended.count == before { break }
        }
        return (input, mended)
    }

    private static let mostRounds = 5
}
