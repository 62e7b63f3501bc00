/// How a script is run.
public struct ScriptOptions: Sendable {
    /// The line or heading from which on commands run; nil for the first.
    public var from: String?
    /// The line or heading up to which commands run; nil for the last.
    public var to: String?
    /// Whether commands after one that failed run too.
    public var keepsGoing = false
    /// Whether each command is shown before it runs.
    public var echoes = false
    /// Whether somebody is asked before each command.
    public var steps = false
    /// Whether it is only said what would run.
    public var isDryRun = false
    /// Whether the last run of the script is to go on where it stopped.
    public var resumes = false
    /// Whether a script is all that a session runs, so that its run can be gone on with.
    public var isWhole = false

    /// Makes options that run a whole script.
    public init() {}
}
