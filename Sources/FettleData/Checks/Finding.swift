public import FettleCore

/// Something that a check found in a dataset, with the rows concerned and what mends it.
public struct Finding: Sendable {
    /// How bad it is.
    public enum Severity: Int, Sendable, Comparable {
        /// A model cannot learn from the data as it is.
        case error
        /// A model learns worse than it could.
        case warning
        /// Worth knowing.
        case note

        /// Whether one is worse than another; errors come first.
        public static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }
    }

    /// The most row numbers that a finding names.
    public static let mostRows = 10

    /// The stable name of what was found, such as `duplicate-rows`; kebab-case.
    public let code: String
    /// How bad it is.
    public let severity: Severity
    /// What was found, one sentence with its counts, without a full stop.
    public let message: String
    /// How many rows, or for a finding about columns or classes how many of those, are concerned.
    public let count: Int
    /// The numbers, from 1, of the first ten of the rows concerned; empty when all are, or none.
    public let rows: [Int]
    /// Rows that belong together, by their numbers from 1: all of them, the first of each the one to keep; empty
    /// for findings that are not about rows which belong together.
    public let groups: [[Int]]
    /// What there is to know of single rows or groups, a line each and ten at most.
    public let details: [String]
    /// What mends it, when a command can.
    public let fix: CheckFix?

    init(
        _ code: String,
        _ severity: Severity,
        _ message: String,
        count: Int,
        rows: [Int] = [],
        groups: [[Int]] = [],
        details: [String] = [],
        fix: CheckFix? = nil
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.count = count
        self.rows = rows
        self.groups = groups
        self.details = details
        self.fix = fix
    }
}

/// The command lines that mend a finding, and what they do.
public struct CheckFix: Sendable {
    /// What a command does to a dataset.
    public enum Change: Sendable {
        /// A step of the recipe.
        case step(any RecipeStep)
        /// Another format.
        case format(PromptFormat)
    }

    /// The lines to type, in order.
    public let commands: [String]
    /// What the lines do, in order; empty when they make other datasets, which takes a person.
    public let changes: [Change]
    /// Whether it is right for nearly everybody, so that it can be applied without a question.
    public let isAutomatic: Bool

    /// Makes a fix of changes, whose command lines follow from them; `format` is the one there is.
    init(_ changes: [Change], of format: PromptFormat? = nil, isAutomatic: Bool = true) {
        commands = changes.map { change in
            switch change {
            // 'derive' takes a name with blanks as it is.
            case .step(let step as Derive): "derive \(step.name) = \(step.expression.source)"
            case .step(let step): step.summary
            case .format(let next): next.command(changing: format)
            }
        }
        self.changes = changes
        self.isAutomatic = isAutomatic
    }

    /// Makes a fix that only says what to type.
    init(commands: [String]) {
        self.commands = commands
        changes = []
        isAutomatic = false
    }
}

/// The first rows concerned by a finding, and how many there are.
struct ConcernedRows {
    private(set) var count = 0
    private(set) var numbers: [Int] = []

    /// Adds the row at a position, from 0.
    mutating func add(_ position: Int) {
        count += 1
        if numbers.count < Finding.mostRows { numbers.append(position + 1) }
    }

    /// Adds rows that come after those there are.
    mutating func add(_ later: ConcernedRows) {
        count += later.count
        numbers += later.numbers.prefix(Finding.mostRows - numbers.count)
    }
}
