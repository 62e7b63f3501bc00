import FettleCore
import FettleLanguage
public import FettleNotebook
import FettleStore
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
        /// Turns blocks into text, as wide and coloured as the settings say.
        public var renderer: @Sendable (Settings) -> any BlockRenderer
        /// Turns errors into text.
        public var diagnostics: @Sendable (Settings) -> DiagnosticRenderer
        /// Shows a long text page by page; returns false when it is to be written as usual.
        public var page: (@Sendable (String) async -> Bool)?

        /// Makes an output.
        public init(
            write: @escaping @Sendable (String) -> Void,
            writeError: @escaping @Sendable (String) -> Void,
            renderer: @escaping @Sendable (Settings) -> any BlockRenderer,
            diagnostics: @escaping @Sendable (Settings) -> DiagnosticRenderer,
            page: (@Sendable (String) async -> Bool)? = nil
        ) {
            self.write = write
            self.writeError = writeError
            self.renderer = renderer
            self.diagnostics = diagnostics
            self.page = page
        }
    }

    /// What the user has made so far.
    public internal(set) var session: Session
    let services: Services
    let output: Output
    let interrupts: Interrupts
    private var hasWarnedOfRecord = false
    private var prose = WaitingProse()
    /// The cell stored last, which takes the prose at a script's end.
    private var lastCell: (place: Workspace.CellPlace, content: CellContent)?

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

    /// Takes back that the session is to be left.
    public mutating func stay() {
        session.wantsToQuit = false
    }

    /// Returns what `edit` was given for, once.
    public mutating func takeLineToEdit() -> Session.LineToEdit? {
        defer { session.lineToEdit = nil }
        return session.lineToEdit
    }

    /// Runs the statements of a source; stops at the first error, which it shows.
    public mutating func run(
        _ source: SourceText,
        options: ScriptOptions = ScriptOptions()
    ) async -> ExitStatus {
        await run(source, options, replaying: nil)
    }

    /// Runs the statements of a source, or one of an earlier session in its cell without writing files.
    mutating func run(
        _ source: SourceText,
        _ options: ScriptOptions = ScriptOptions(),
        replaying cell: Int64?
    ) async -> ExitStatus {
        var plan: ScriptPlan
        do {
            if let snippet = try SnippetShelf(services.workspace).called(by: source) {
                return await run(snippet, options, replaying: cell)
            }
            plan = try ScriptPlan(source, from: options.from, to: options.to)
        } catch {
            return show(error)
        }
        if let file = source.file { session.scripts.append(file) }
        defer { if source.file != nil { session.scripts.removeLast() } }
        if options.isDryRun { return await dryRun(plan) }
        guard !options.steps || services.surroundings.stepDialog != nil else {
            return show(Self.nobodyToAsk)
        }
        var dialog = options.steps ? services.surroundings.stepDialog : nil
        defer { prose.endSource() }
        if options.resumes, let status = await resume(&plan) { return status }
        // A database may come into being by any command, and with it what was run before.
        var isNoted = options.resumes || !options.isWhole
        var worst = ExitStatus.success
        for step in plan.steps where !session.wantsToQuit {
            // Prose belongs to a cell.
            for line in step.prose where source.isRecorded {
                prose.add(line.text, at: line.span, in: source)
            }
            var status: ExitStatus
            if let asking = dialog {
                switch await ask(about: step, of: plan, asking) {
                case .done: continue
                case .quit(let failure): return failure
                case .goOn(let last):
                    dialog = nil
                    status = last
                }
            } else {
                if options.echoes {
                    output.write(
                        output.renderer(session.settings).render([.text(plan.echo(step))])
                    )
                }
                status = await run(step.statement, in: source, replaying: cell)
            }
            if !isNoted { isNoted = noteRun(of: plan, from: 0) }
            guard status != .success else { continue }
            worst = max(worst, status)
            guard options.keepsGoing, status != .interrupted else { return worst }
        }
        guard source.isRecorded else { return worst }
        for line in plan.epilogue { prose.add(line.text, at: line.span, in: source) }
        if source.file != nil { keepEpilogue() }
        return worst
    }

    private func dryRun(_ plan: ScriptPlan) async -> ExitStatus {
        var dryRun = DryRun(services, session)
        await dryRun.add(plan)
        guard !dryRun.errors.isEmpty else {
            output.write(output.renderer(session.settings).render(dryRun.blocks))
            return .success
        }
        return dryRun.errors.map(show).max() ?? .failure
    }

    /// Runs one statement, shows its output or error, and stores both.
    ///
    /// A record that cannot be written does not keep the command from running; it is said once.
    mutating func run(
        _ statement: Statement,
        in source: SourceText,
        replaying replayed: Int64?
    ) async -> ExitStatus {
        do {
            if replayed == nil, let run = try steppedRun(statement, in: source) {
                return await step(through: run, in: source)
            }
            if replayed == nil, let chat = try typedChat(statement, in: source) {
                return await converse(chat, statement, in: source)
            }
        } catch {
            return show(error)
        }
        let text = Redaction.redact(statement.text)
        let startedAt = services.clock.now()
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
        let before = session
        let recorder = CellRecorder(prose: source.isRecorded ? prose.take() : "")
        if source.isRecorded {
            log { path throws(Diagnostic) in try TranscriptLog.add(command: text, to: path) }
        }
        let started = services.clock.seconds()
        let end = await attempt(statement, source, services, recorder)
        let seconds = services.clock.seconds()
        if let command = end.command, source.isRecorded { session.journal.append(command) }
        let content = recorder.content(knowing: session.variables).mapTexts(services.secrets.mask)
        if let cell {
            let output = content.plainText
            let duration = services.clock.now() - startedAt
            _ = recording { workspace throws(Diagnostic) in
                try workspace.finishCell(
                    cell,
                    outcome: end.outcome,
                    output: output,
                    duration: duration,
                    command: end.command,
                    content: content.json
                )
            }
            lastCell = (cell, content)
        }
        if source.isRecorded {
            let text = content.plainText
            log { path throws(Diagnostic) in try TranscriptLog.add(text: text, to: path) }
        }
        // What a user has seen the end of is stored: the process may be killed at any moment.
        await show(recorder.ending, end, of: source)
        showTime(from: started, to: seconds, of: statement)
        let status = end.status
        session.lastStatus = Int(status.rawValue)
        if source.file == nil, replayed == nil, status != .interrupted {
            let blocks = session.followTutorial(
                statement,
                since: before,
                succeeded: status == .success
            )
            if !blocks.isEmpty {
                self.output.write(self.output.renderer(session.settings).render(blocks))
            }
        }
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

    /// Adds to the transcript, if one is kept; one that cannot be written ends.
    private mutating func log(_ add: (String) throws(Diagnostic) -> Void) {
        guard let path = session.log else { return }
        do {
            try add(path)
        } catch {
            session.log = nil
            _ = show(error)
            output.writeError("the transcript ends here\n")
        }
    }

    /// Takes what an earlier session did, whose datasets are all back, as this session's own.
    mutating func goOn(from earlier: UnfinishedSession) {
        session.journal = earlier.commands
        _ = recording { workspace throws(Diagnostic) in
            try workspace.store().noteContinuation(of: earlier.id, as: workspace.session)
        }
    }

    /// Keeps the prose after a script's last command with that command.
    private mutating func keepEpilogue() {
        guard var last = lastCell, !prose.text.isEmpty else { return }
        last.content.epilogue = Redaction.redact(prose.take())
        lastCell = last
        _ = recording { workspace throws(Diagnostic) in
            try workspace.keepContent(last.content.capped.json, of: last.place)
        }
    }

    /// Says how long a command took, when that was asked for.
    private func showTime(from started: Double?, to ended: Double?, of statement: Statement) {
        guard statement.isTimed || session.settings.timing, let started, let ended else { return }
        output.writeError(CommandTime.text(ended - started, rows: session.lastCount) + "\n")
    }

    /// How a command ended, and what is still to be written of it to the errors.
    private struct End {
        var status: ExitStatus
        var outcome: CellOutcome
        var command: RecordedCommand?
        var error = ""
    }

    /// Runs one statement; what it shows at its end is left in the recorder.
    private mutating func attempt(
        _ statement: Statement,
        _ source: SourceText,
        _ services: Services,
        _ recorder: CellRecorder
    ) async -> End {
        let services = services.forOneCommand()
        let interpreter = Interpreter(services)
        let output = output
        let before = session
        let settings = session.settings
        let display: @Sendable (OutputBlock) -> Void = { block in
            guard Interrupts.Wait.current?.hasBeenAbandoned != true else { return }
            let text = services.secrets.mask(output.renderer(settings).render([block]))
            services.progress.above { output.write(text) }
        }
        let terminal = Interpreter.Terminal(display: display) { blocks, shown in
            guard Interrupts.Wait.current?.hasBeenAbandoned != true else { return }
            recorder.end(with: blocks, shown: shown)
        }
        do {
            let (after, command) = try await interrupts.run {
                var session = before
                let command = try await interpreter.execute(
                    statement,
                    in: source,
                    session: &session,
                    terminal: terminal
                ) { block in
                    guard Interrupts.Wait.current?.hasBeenAbandoned != true else { return }
                    recorder.add(block)
                    display(block)
                }
                return (session, command)
            }
            session = after
            return End(status: .success, outcome: .succeeded, command: command)
        } catch {
            services.progress.retire()
            if let diagnostic = error as? Diagnostic {
                recorder.fail(diagnostic)
                return End(
                    status: ExitStatus(diagnostic),
                    outcome: .failed,
                    error: services.secrets.mask(
                        output.diagnostics(session.settings).render(diagnostic)
                    )
                )
            }
            if let part = (error as? Interruption)?.output {
                recorder.end(with: part.blocks, shown: part.shownCount)
            }
            if error is CancellationError || error is Interruption
                || error is Interrupts.Abandonment
            {
                let text =
                    (error as? Interruption)?.text
                    ?? (error is Interrupts.Abandonment
                        ? "left alone, as it did not stop" : "interrupted")
                    + "; datasets and formats are as before this command"
                return End(
                    status: .interrupted,
                    outcome: .cancelled,
                    error: text.isEmpty ? "" : Sanitizer.line(text) + "\n"
                )
            }
            return End(
                status: .failure,
                outcome: .failed,
                error: "error: \(Sanitizer.line("\(error)"))\n"
            )
        }
    }

    /// Shows a command's last blocks, page by page where that was asked for, and its error.
    private func show(_ blocks: [OutputBlock], _ end: End, of source: SourceText) async {
        if !blocks.isEmpty {
            let renderer = output.renderer(session.settings)
            let text = services.secrets.mask(renderer.render(blocks))
            // Scripts do not stop for somebody to leaf through their output.
            if session.settings.pager, source.file == nil, let page = output.page {
                let isShown = try? await interrupts.run(evenIfKept: true) { await page(text) }
                if isShown == false { output.write(text) }
            } else {
                output.write(text)
            }
        }
        if !end.error.isEmpty { output.writeError(end.error) }
    }

    func show(_ diagnostic: Diagnostic) -> ExitStatus {
        output.writeError(output.diagnostics(session.settings).render(diagnostic))
        return ExitStatus(diagnostic)
    }
}
