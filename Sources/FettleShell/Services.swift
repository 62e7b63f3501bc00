import FettleCore
public import FettleWorkbench
import Synchronization

/// What commands use beside the session: made once, never changed.
public struct Services: Sendable {
    /// Where records and weights are kept.
    public let workspace: Workspace
    /// Where times come from.
    public let clock: WorkClock
    /// What the program runs in.
    public private(set) var surroundings: Surroundings
    /// Takes progress lines; called from any thread.
    public private(set) var progress: ProgressMeter
    /// Keys and passwords.
    let secrets: SecretVault
    /// How far the scripts came that 'run' ran.
    let scripts = ScriptProgress()
    /// The jobs that train beside the commands.
    public let jobs: JobCenter
    /// The files of programs, and of the old command line.
    let files: FileLibrary
    /// The jobs that the old command line makes; they train once that was asked for.
    let served: ServedJobs
    /// What answers the old command line's questions.
    let completer: Completer
    /// Takes what the user should know of while a command goes on; called from any thread.
    let warn: @Sendable (String) -> Void
    private let servesJobs = ServedState()

    /// Makes services; `onJobEnd` takes a line for each background job that ended and that no command waits
    /// for, `onJobWarning` what the user should know of while a job goes on.
    public init(
        workspace: Workspace,
        clock: WorkClock,
        surroundings: Surroundings,
        progress: ProgressMeter,
        onJobEnd: @escaping @Sendable (String) -> Void = { _ in },
        onJobWarning: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.workspace = workspace
        self.clock = clock
        self.surroundings = surroundings
        self.progress = progress
        secrets = SecretVault(surroundings.environment)
        let warnings = Warnings(mask: { [secrets] in secrets.mask($0) }, write: onJobWarning)
        warn = { warnings.tell($0) }
        jobs = JobCenter(
            workspace,
            clock: clock,
            listener: JobCenter.Listener(
                onEnd: { job, isAwaited in
                    if !isAwaited { onJobEnd(JobView.ending(of: job, workspace)) }
                },
                onWarning: warn
            )
        )
        workspace.findSecrets { [secrets] name throws(Diagnostic) in try secrets.find(name) }
        workspace.findClusterToken { [secrets] () throws(Diagnostic) in try secrets.clusterToken() }
        let aliases = AliasLibrary(workspace, clock: clock)
        files = FileLibrary(workspace, clock: clock)
        completer = Completer(workspace, aliases)
        served = ServedJobs(
            workspace,
            clock: clock,
            center: jobs,
            surroundings: ServedJobs.Surroundings(files, aliases)
        )
    }

    /// The jobs of the old command line in its API's forms.
    var fineTunes: LegacyFineTunes { LegacyFineTunes(served, files) }

    /// Begins to train the jobs of the old command line that wait, those of processes that are gone among them.
    func startServed() throws(Diagnostic) {
        try served.start()
        servesJobs.begin()
    }

    /// Leaves the jobs of the old command line that have not ended to the next process.
    public func stopServed() async {
        if servesJobs.hasBegun { await served.stop() }
    }

    /// The models of the workspace.
    var models: ModelLibrary { ModelLibrary(workspace) }

    /// The names of the secrets that are stored.
    public var secretNames: [String] { (try? secrets.names()) ?? [] }

    /// The names of the snippets that are kept.
    public var snippetNames: [String] { SnippetShelf(workspace).names() }

    /// Returns the commands of a snippet, or nil where there is none of that name.
    public func snippet(named name: String) -> String? {
        SnippetShelf(workspace).text(named: name)
    }

    /// Returns services with a progress meter of their own.
    func forOneCommand() -> Services {
        var copy = self
        copy.progress = progress.forOneCommand()
        return copy
    }

    /// Returns services with which commands change the session but no file, and run nothing of the
    /// system's shell; `onSkipped` is called where they would.
    func skippingEffects(_ onSkipped: @escaping @Sendable () -> Void) -> Services {
        var copy = self
        copy.surroundings.onSkippedEffect = onSkipped
        return copy
    }
}

/// Whether the jobs of the old command line train in this process.
private final class ServedState: Sendable {
    private let state = Mutex(false)

    var hasBegun: Bool { state.withLock { $0 } }

    func begin() {
        state.withLock { $0 = true }
    }
}

/// The environment that a session runs in, so that tests and checks can give it another.
public struct Surroundings: Sendable {
    /// Environment variables.
    public var environment: [String: String]
    /// Whether standard input is free to be read by `load -`.
    public var standardInputIsData: Bool
    /// Columns of the screen, asked for anew at each command.
    public var width: @Sendable () -> Int
    /// Runs a line of the system's shell with these bytes as its input (nil: the shell's own), and
    /// returns its exit status.
    public var runShell: @Sendable (_ line: String, _ input: [UInt8]?) async throws -> Int
    /// Asks for a line that is not shown, or reads one of standard input; nil when there is none.
    public var readSecret: @Sendable (_ question: String) async throws -> String?
    /// Reads a line of standard input, nil at its end; nil itself where that is a terminal or has the commands.
    public var readLine: (@Sendable () async throws -> String?)?
    /// Whether commands are typed at a prompt, on which a text can be put.
    public var hasPrompt: Bool
    /// Gives the terminal a sequence that shows nothing; nil without a terminal.
    public var writeToTerminal: (@Sendable (String) -> Void)?
    /// Writes to the terminal while a command runs; nil where its output goes elsewhere.
    public var stream: (@Sendable (String) -> Void)?
    /// Reads a line that is no command, after a prompt of its own; nil without a terminal.
    public var typing: (@Sendable (_ prompt: String) async throws -> TypedLine)?
    /// How `run --step` asks; nil without a terminal.
    public var stepDialog: StepDialog?
    /// What 'serve' starts and stops; nil where no server can be started.
    public var server: ServerControl?
    /// Takes the lines of the log of a server that the user waits for, from any thread.
    public var writeServerLog: @Sendable (String) -> Void = { _ in }
    /// Gives a program bytes and returns what it makes of them.
    public typealias Convert =
        @Sendable (_ program: [String], _ input: [UInt8]) async throws -> [UInt8]
    /// Runs a program that makes one form of another, such as PNG of SVG.
    ///
    /// It throws `no-program` when there is none of the name, and `program-failed` when it fails.
    public var convert: Convert = { program, _ in
        throw Diagnostic("no-program", "there is no program '\(program.first ?? "")'")
    }
    /// Called instead of writing a file that a command names, or running a line of the system's shell;
    /// nil when both are done.
    var onSkippedEffect: (@Sendable () -> Void)?

    /// Makes surroundings.
    public init(
        environment: [String: String],
        standardInputIsData: Bool,
        width: @escaping @Sendable () -> Int,
        hasPrompt: Bool = false,
        runShell: @escaping @Sendable (_ line: String, _ input: [UInt8]?) async throws -> Int,
        readSecret: @escaping @Sendable (_ question: String) async throws -> String? = { _ in nil }
    ) {
        self.readSecret = readSecret
        self.hasPrompt = hasPrompt
        self.environment = environment
        self.standardInputIsData = standardInputIsData
        self.width = width
        self.runShell = runShell
    }
}

/// What the user did where a line was asked for.
public enum TypedLine: Hashable, Sendable {
    /// Submitted a text.
    case line(String)
    /// Dropped it with Ctrl-C.
    case interrupted
    /// Pressed Ctrl-D.
    case end
}
