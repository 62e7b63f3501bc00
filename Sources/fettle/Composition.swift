import CTerminal
import FettleCore
import FettleData
import FettleNotebook
import FettleServer
import FettleShell
import FettleWorkbench
import Foundation
import LineEditor

/// Puts the parts together: workspace, clock, output and signals.
struct Composition: Sendable {
    private let services: Services
    private let output: Shell.Output
    private let interrupts = Interrupts()
    private let streams: Streams
    private let notices: Notices
    private let overrides: [String: String]
    private let start: StartOptions?
    private let termination = Termination()
    private let stepInput: StepInput?
    private let usesColour: @Sendable (Settings) -> Bool

    init(
        _ options: WorkspaceOptions,
        commandsComeFromStandardInput: Bool,
        isInteractive: Bool = false,
        start: StartOptions? = nil,
        overrides: [String: String] = [:]
    ) {
        fettle_set_up_locale()
        // A file that grows over the limit of the process is an error of that write, not its end. A handler
        // is not inherited by the programs that '!' runs, as ignoring the signal would be.
        signal(SIGXFSZ) { _ in }
        let streams = Streams()
        let notices = Notices()
        self.streams = streams
        self.notices = notices
        self.overrides = overrides
        self.start = start
        let environment = ProcessInfo.processInfo.environment
        let isTerminal = fettle_is_terminal(1)
        let colour = Self.usesColour(options.color, environment, isTerminal: isTerminal)
        let usesColour: @Sendable (Settings) -> Bool = { settings in
            settings.colour == .auto ? colour : settings.colour == .on
        }
        self.usesColour = usesColour
        let width: @Sendable () -> Int = { isTerminal ? Self.windowWidth() : 80 }
        output = Shell.Output(
            write: { streams.write($0, to: 1) },
            writeError: { streams.write($0, to: 2) },
            renderer: { settings in
                TerminalRenderer(
                    width: settings.width ?? width(),
                    colour: usesColour(settings),
                    isTerminal: isTerminal,
                    isDumb: ["", "dumb"].contains(environment["TERM"] ?? "")
                )
            },
            diagnostics: { settings in
                DiagnosticRenderer(
                    width: max(40, width()),
                    colour: usesColour(settings)
                        && (settings.colour == .on || fettle_is_terminal(2)),
                    wraps: fettle_is_terminal(2)
                )
            }
        )
        var surroundings = Surroundings(
            environment: environment,
            standardInputIsData: !commandsComeFromStandardInput,
            width: width,
            hasPrompt: isInteractive,
            runShell: { line, input in
                try await notices.holding { try await ChildProcess.run(line, input) }
            },
            readSecret: { question in
                commandsComeFromStandardInput && !isInteractive
                    ? nil : try await SecretInput.read(question, atPrompt: isInteractive)
            }
        )
        surroundings.convert = Converter.run
        if !commandsComeFromStandardInput, !fettle_is_terminal(0) {
            surroundings.readLine = { try await SecretInput.read("", atPrompt: false) }
        }
        surroundings.server = ServerControl(start: Server.start)
        surroundings.writeServerLog = { streams.write(Sanitizer.line($0) + "\n", to: 2) }
        stepInput =
            LineEditor.isAvailable
            ? StepInput { try LineEditor(LineEditor.Configuration(colour: colour)) } : nil
        surroundings.stepDialog = stepInput?.dialog
        if let stepInput { surroundings.typing = { try await stepInput.type($0) } }
        if isTerminal { surroundings.stream = { streams.write($0, to: 1) } }
        if isTerminal, environment["TERM"] != "dumb" {
            surroundings.writeToTerminal = { streams.write($0, to: 1) }
        }
        services = Services(
            workspace: Workspace(
                Self.location(options, environment),
                session: "\(getpid())-\(Int(Date().timeIntervalSince1970))",
                isInteractive: isInteractive
            ),
            clock: .system,
            surroundings: surroundings,
            progress: ProgressMeter(
                fettle_is_terminal(2) ? .terminal : .lines,
                width: width,
                write: { streams.write($0, to: 2) }
            ),
            // A script waits for its jobs, and then says how each ended.
            onJobEnd: { if isInteractive { notices.announce($0) } },
            onJobWarning: { notices.post($0) }
        )
    }

    /// Runs sources one after the other in one session.
    func run(
        _ sources: [SourceText],
        options: ScriptOptions = ScriptOptions()
    ) async -> ExitStatus {
        let signals = watchSignals()
        defer { withExtendedLifetime(signals) {} }
        notices.send { [output, progress = services.progress] text in
            progress.above { output.writeError(Sanitizer.line(text) + "\n") }
        }
        let status = await run(sources, options)
        await stepInput?.close()
        return status
    }

    private func run(_ sources: [SourceText], _ options: ScriptOptions) async -> ExitStatus {
        var shell = shell(output)
        if let rc = start?.rc {
            do {
                let status = await shell.start(with: try SourceText(contentsOf: rc))
                await termination.hold()
                guard status == .success else {
                    await stopJobs()
                    return status
                }
            } catch {
                return report(error)
            }
        }
        var worst = ExitStatus.success
        for source in sources where !shell.session.wantsToQuit {
            let status = await shell.run(source, options: options)
            await termination.hold()
            worst = max(worst, status)
            guard status == .success || (options.keepsGoing && status != .interrupted) else {
                await stopJobs()
                return worst
            }
        }
        // A script's background jobs are part of it.
        let waited =
            services.jobs.unclaimed.isEmpty
            ? .success : await shell.run(SourceText(text: "wait", isRecorded: false))
        await termination.hold()
        await stopJobs()
        worst = max(worst, waited)
        guard worst == .success else { return worst }
        return streams.lostOutput || services.jobs.failureCount > 0 ? .failure : .success
    }

    /// Runs the words after `openai`; returns the status for the process.
    func openAI(_ words: [String]) async -> Int32 {
        let signals = watchSignals()
        defer { withExtendedLifetime(signals) {} }
        let status = await OpenAICommandLine.run(
            words,
            services,
            OpenAICommandLine.Terminal(
                write: { [streams] in streams.write($0, to: 1) },
                writeError: { [streams] in streams.write($0, to: 2) },
                readLine: { try await LineInput.read() }
            ),
            interrupts
        )
        await services.stopServed()
        await termination.hold()
        return status == 0 && streams.lostOutput ? ExitStatus.failure.rawValue : status
    }

    private func stopJobs() async {
        for line in await services.stopJobs() { output.writeError(Sanitizer.line(line) + "\n") }
    }

    /// Runs a script.
    func run(file: String) async -> ExitStatus {
        var options = ScriptOptions()
        options.isWhole = true
        return await run(files: [file], options: options)
    }

    /// Runs scripts one after the other in one session.
    func run(files: [String], options: ScriptOptions = ScriptOptions()) async -> ExitStatus {
        do {
            let sources = try files.map { file throws(Diagnostic) in
                try SourceText(contentsOf: file)
            }
            try ScriptParameters.check(overrides, in: sources)
            return await run(sources, options: options)
        } catch {
            return report(error)
        }
    }

    /// Shows what scripts are for and what they take.
    func explain(files: [String]) -> ExitStatus {
        do {
            for file in files {
                let blocks = try ScriptHelp.blocks(SourceText(contentsOf: file))
                output.write(output.renderer(Settings()).render(blocks))
            }
            return .success
        } catch {
            return report(error)
        }
    }

    /// Runs what comes on standard input as a script.
    func runStandardInput() async -> ExitStatus {
        guard let bytes = Streams.readStandardInput() else {
            return report(
                Diagnostic(
                    "no-input",
                    "standard input cannot be read",
                    hint: "give commands with -c"
                )
            )
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return report(Diagnostic("bad-encoding", "standard input is not UTF-8 text"))
        }
        return await run([SourceText(file: "standard input", text: text)])
    }

    /// Starts the prompt.
    func prompt() async -> ExitStatus {
        var output = output
        if let pager = Pager(services.surroundings.environment) {
            output.page = { [notices] text in await notices.holding { await pager.show(text) } }
        }
        return await PromptLoop(
            shell: shell(output),
            startFile: startFile(),
            history: GlobalHistory(
                services.surroundings.environment,
                isKept: start?.noHistory != true
            ),
            services: services,
            output: output,
            interrupts: interrupts,
            notices: notices,
            termination: termination,
            stepInput: stepInput,
            usesColour: usesColour
        ).run()
    }

    /// Checks scripts, and with `update` rewrites what differs.
    func check(_ paths: [String], update: Bool) async -> ExitStatus {
        let checker = ScriptChecker(
            environment: services.surroundings.environment,
            overrides: overrides,
            runShell: ChildProcess.run
        )
        var status = ExitStatus.success
        do {
            let files = try paths.flatMap { try ScriptChecker.scripts(at: $0) }
            try ScriptParameters.check(
                overrides,
                in: try files.map { try SourceText(contentsOf: $0) }
            )
            for file in files {
                do {
                    let differs = try await check(file, checker, update: update)
                    if differs, status == .success { status = .mismatch }
                } catch let diagnostic as Diagnostic {
                    status = report(diagnostic)
                }
            }
        } catch let diagnostic as Diagnostic {
            return report(diagnostic)
        } catch {
            output.writeError("error: \(Sanitizer.line("\(error)"))\n")
            return .failure
        }
        return status
    }

    /// Checks one script; returns whether it differs and was not updated.
    private func check(
        _ file: String,
        _ checker: ScriptChecker,
        update: Bool
    ) async throws -> Bool {
        let name = Sanitizer.line(file)
        let finding = try await checker.check(file)
        guard let difference = finding.difference else {
            output.write("ok       \(name) (\(finding.compared) outputs as expected)\n")
            return false
        }
        guard update else {
            output.write("differs  \(name)\n")
            output.writeError(
                Sanitizer.block(difference)
                    + "\n(- expected, + shown; 'fettle run --update \(name)' rewrites)\n"
            )
            return true
        }
        try WholeFile.write(Array(finding.updated.utf8), to: file)
        // The lines that were written move those that errors name below them.
        try await WholeFile.write(Array(checker.check(file).updated.utf8), to: file)
        output.write("updated  \(name)\n")
        return false
    }

    /// The file that the prompt starts with: the one asked for, else the user's own where there is one.
    private func startFile() -> String? {
        if let rc = start?.rc { return rc }
        guard start?.noRc != true else { return nil }
        return StartFile.path(services.surroundings.environment).flatMap { path in
            FileManager.default.fileExists(atPath: path) ? path : nil
        }
    }

    private func shell(_ output: Shell.Output) -> Shell {
        var session = Session()
        session.overrides = overrides
        var shell = Shell(session, services: services, output: output, interrupts: interrupts)
        shell.adoptSavedSettings()
        return shell
    }

    private func report(_ diagnostic: Diagnostic) -> ExitStatus {
        output.writeError(output.diagnostics(Settings()).render(diagnostic))
        return ExitStatus(diagnostic)
    }

    private func watchSignals() -> SignalWatch {
        let (interrupts, workspace) = (interrupts, services.workspace)
        let (termination, services, output) = (termination, services, output)
        return SignalWatch(
            onInterrupt: {
                guard !interrupts.interrupt() else { return }
                workspace.discardFiles()
                fettle_die_of_signal(SIGINT)
            },
            onTerminate: { termination.stop(services, output) }
        )
    }

    // MARK: - Surroundings

    private static func location(
        _ options: WorkspaceOptions,
        _ environment: [String: String]
    ) -> Workspace.Location {
        if options.ephemeral { return .ephemeral }
        if let folder = options.workspace ?? environment["FETTLE_WORKSPACE"], !folder.isEmpty {
            return .folder(folder)
        }
        return .folder(Workspace.folder(for: FileManager.default.currentDirectoryPath))
    }

    private static func usesColour(
        _ choice: ColourChoice,
        _ environment: [String: String],
        isTerminal: Bool
    ) -> Bool {
        switch choice {
        case .always: true
        case .never: false
        case .auto where !(environment["NO_COLOR"] ?? "").isEmpty: false
        case .auto where !["", "0"].contains(environment["CLICOLOR_FORCE"] ?? ""): true
        case .auto: isTerminal && environment["TERM"] != "dumb"
        }
    }

    private static func windowWidth() -> Int {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard fettle_window_size(1, &columns, &rows) == 0, columns > 0 else { return 80 }
        return Int(columns)
    }
}
