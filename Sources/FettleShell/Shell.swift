import FettleCore
import FettleLanguage
public import FettleNotebook
import FettleStore
import FettleWorkbench
import FettleWorkbench
import Synchronization

/// A session with its record and its output: what the prompt, `-c`, standard input and files all run in.
public struct Shell: Sendable {
    /// Where text goes.
    public struct Output: Sendable {
        /// Takes results.
        public var write: @Sendable (String) -> Void
        /// Takes errors.
        public var writeError: @Sendable (String) -> Void
        /// Turns blocks into text.
        public var renderer: @Sendable () -> any BlockRenderer
        /// Turns errors into text.
        public var diagnostics: @Sendable () -> DiagnosticRenderer

        /// Makes an output.
        public init(
            write: @escaping @Sendable (String) -> Void,
            writeError: @escaping @Sendable (String) -> Void,
            renderer: @escaping @Sendable () -> any BlockRenderer,
            diagnostics: @escaping @Sendable () -> DiagnosticRenderer
        ) {
            self.write = write
            self.writeError = writeError
            self.renderer = renderer
            self.diagnostics = diagnostics
        }
    }

    /// What the user has made so far.
    public private(set) var session: Session
    let services: Services
    let output: Output
    private let interrupts: Interrupts
    private var hasWarnedOfRecord = false

    /// Returns a line with its secrets taken out.
    public static func withoutSecrets(_ line: String) -> String {
        Redaction.redactLine(line)
    }

    /// Makes a shell.
    public init(
        _ session: Session = Session(),
        services: Services,
        output: Output,
        interrupts: Interrupts
    ) {
        self.session = session
        self.services = services
        self.output = output
        self.interrupts = interrupts
    }

    /// Runs all statements of a source; stops at the first error, which it shows.
    public mutating func run(_ source: SourceText) async -> ExitStatus {
        await run(source, replaying: nil)
    }

    /// Runs all statements of a source, and one of an earlier session in its cell without writing files.
    mutating func run(_ source: SourceText, replaying cell: Int64?) async -> ExitStatus {
        let script: Script
        do {
            script = try CommandCatalogue.parser.parse(source.text)
        } catch {
            return show(source.placing(error))
        }
        for case .statement(let statement) in script.items where !session.wantsToQuit {
            let status = await run(statement, in: source, replaying: cell)
            guard status == .success else { return status }
        }
        return .success
    }

    /// Runs one statement, shows its output or error, and stores both.
    ///
    /// A record that cannot be written does not keep the command from running; it is said once.
    private mutating func run(
        _ statement: Statement,
        in source: SourceText,
        replaying replayed: Int64?
    ) async -> ExitStatus {
        let text = Redaction.redact(source.text(at: statement.span))
        let startedAt = services.clock.now()
        let shown = Mutex("")
        let cell: Workspace.CellPlace? =
            if let replayed {
                .stored(replayed)
            } else if source.isRecorded {
                recording { workspace throws(Diagnostic) in
                    try workspace.beginCell(text, startedAt: startedAt)
                }
            } else {
                nil
            }
        let services = replayed == nil ? services : services.skippingEffects {}
        let (status, outcome, command) = await attempt(statement, source, services) { text in
            shown.withLock { $0 += text }
        }
        if let command, source.isRecorded { session.journal.append(command) }
        if let cell {
            let output = Redaction.redact(shown.withLock { $0 }, knowing: session.variables)
            let duration = services.clock.now() - startedAt
            _ = recording { workspace throws(Diagnostic) in
                try workspace.finishCell(
                    cell,
                    outcome: outcome,
                    output: output,
                    duration: duration,
                    command: command
                )
            }
        }
        session.lastStatus = Int(status.rawValue)
        return status
    }

    private mutating func recording<Value>(
        _ action: (Workspace) throws(Diagnostic) -> Value
    ) -> Value? {
        do {
            return try action(services.workspace)
        } catch {
            if !hasWarnedOfRecord {
                hasWarnedOfRecord = true
                _ = show(error)
                output.writeError("commands run, but are not recorded\n")
            }
            return nil
        }
    }

    private mutating func attempt(
        _ statement: Statement,
        _ source: SourceText,
        _ services: Services,
        shown: @escaping @Sendable (String) -> Void
    ) async -> (ExitStatus, CellOutcome, RecordedCommand?) {
        let interpreter = Interpreter(services)
        let output = output
        let before = session
        do {
            let (after, command) = try await interrupts.run {
                var session = before
                let command = try await interpreter.execute(
                    statement,
                    in: source,
                    session: &session
                ) { block in
                    let text = output.renderer().render([block])
                    shown(text)
                    output.write(text)
                }
                return (session, command)
            }
            session = after
            return (.success, .succeeded, command)
        } catch {
            services.progress.finish()
            if let diagnostic = error as? Diagnostic {
                let text = output.diagnostics().render(diagnostic)
                shown(text)
                output.writeError(text)
                return (ExitStatus(diagnostic), .failed, nil)
            }
            if error is CancellationError || error is Interruption {
                let text =
                    (error as? Interruption)?.text
                    ?? "interrupted; datasets and formats are as before this command"
                if !text.isEmpty { output.writeError(Sanitizer.line(text) + "\n") }
                return (.interrupted, .cancelled, nil)
            }
            output.writeError("error: \(Sanitizer.line("\(error)"))\n")
            return (.failure, .failed, nil)
        }
    }

    private func show(_ diagnostic: Diagnostic) -> ExitStatus {
        output.writeError(output.diagnostics().render(diagnostic))
        return ExitStatus(diagnostic)
    }
}
