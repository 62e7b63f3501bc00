/// How a script is run.
public struct ScriptOptions: Sendable {
    /// What the user wants done with the next command of a script that is run step by step.
    public enum Answer: Sendable {
        case run
        /// This text runs instead.
        case runInstead(String)
        case skip
        /// The rest runs without asking.
        case goOn
        case quit
    }

    /// The line or heading from which on commands run; nil for the first.
    public var from: String?
    /// The line or heading up to which commands run; nil for the last.
    public var to: String?
    /// Whether commands after one that failed run too.
    public var keepsGoing = false
    /// Whether each command is shown before it runs.
    public var echoes = false
    /// Whether it is only said what would run.
    public var isDryRun = false
    /// Whether the last run of the script is to go on where it stopped.
    public var resumes = false
    /// Asks what to do with a command that has just been shown; nil runs all.
    public var ask: (@Sendable (_ command: String) async -> Answer)?

    /// Makes options that run a whole script.
    public init() {}
}
