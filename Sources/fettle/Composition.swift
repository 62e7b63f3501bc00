import CTerminal
import FettleCore
import FettleNotebook
import FettleShell
import FettleWorkbench
import Foundation

/// Puts the parts together: workspace, clock, output and signals.
struct Composition: Sendable {
    private let services: Services
    private let output: Shell.Output
    private let interrupts = Interrupts()

    init(_ options: WorkspaceOptions, commandsComeFromStandardInput: Bool) {
        fettle_set_up_locale()
        let environment = ProcessInfo.processInfo.environment
        let isTerminal = fettle_is_terminal(1)
        let colour = Self.usesColour(options.color, environment, isTerminal: isTerminal)
        let width: @Sendable () -> Int = { isTerminal ? Self.windowWidth() : 80 }
        output = Shell.Output(
            write: { Self.write($0, to: 1) },
            writeError: { Self.write($0, to: 2) },
            renderer: { TerminalRenderer(width: width(), colour: colour) },
            diagnostics: {
                DiagnosticRenderer(width: max(40, width()), colour: colour && fettle_is_terminal(2))
            }
        )
        services = Services(
            workspace: Workspace(
                Self.location(options, environment),
                session: "\(getpid())-\(Int(Date().timeIntervalSince1970))"
            ),
            clock: .system,
            surroundings: Surroundings(
                environment: environment,
                standardInputIsData: !commandsComeFromStandardInput,
                width: width,
                runShell: ChildProcess.run
            ),
            progress: ProgressMeter(
                fettle_is_terminal(2) ? .terminal : .lines,
                width: width,
                write: { Self.write($0, to: 2) }
            )
        )
    }

    /// Runs sources one after the other in one session.
    func run(_ sources: [SourceText]) async -> ExitStatus {
        let signals = watchSignals()
        defer { withExtendedLifetime(signals) {} }
        var shell = shell()
        for source in sources where !shell.session.wantsToQuit {
            let status = await shell.run(source)
            guard status == .success else { return status }
        }
        return .success
    }

    /// Runs a script.
    func run(file: String) async -> ExitStatus {
        await run(files: [file])
    }

    /// Runs scripts one after the other in one session.
    func run(files: [String]) async -> ExitStatus {
        do {
            return await run(
                try files.map { file throws(Diagnostic) in try SourceText(contentsOf: file) }
            )
        } catch {
            return report(error)
        }
    }

    /// Runs what comes on standard input as a script.
    func runStandardInput() async -> ExitStatus {
        let data = FileHandle.standardInput.readDataToEndOfFile()
        guard let text = String(data: data, encoding: .utf8) else {
            return report(Diagnostic("bad-encoding", "standard input is not UTF-8 text"))
        }
        return await run([SourceText(file: "standard input", text: text)])
    }

    /// Starts the prompt.
    func prompt() async -> ExitStatus {
        await PromptLoop(shell: shell(), services: services, output: output, interrupts: interrupts)
            .run()
    }

    /// Checks scripts, and with `update` rewrites what differs.
    func check(_ paths: [String], update: Bool) async -> ExitStatus {
        let checker = ScriptChecker(
            environment: services.surroundings.environment,
            runShell: ChildProcess.run
        )
        var status = ExitStatus.success
        do {
            for path in paths {
                for file in try ScriptChecker.scripts(at: path) {
                    let finding = try await checker.check(file)
                    guard let difference = finding.difference else {
                        output.write("ok       \(file) (\(finding.compared) outputs as expected)\n")
                        continue
                    }
                    if update {
                        try finding.updated.write(toFile: file, atomically: true, encoding: .utf8)
                        output.write("updated  \(file)\n")
                    } else {
                        output.write("differs  \(file)\n")
                        output.writeError(
                            Sanitizer.block(difference)
                                + "\n(- expected, + shown; 'fettle run --update \(file)' rewrites)\n"
                        )
                        status = .mismatch
                    }
                }
            }
        } catch let diagnostic as Diagnostic {
            return report(diagnostic)
        } catch {
            output.writeError("error: \(error)\n")
            return .failure
        }
        return status
    }

    private func shell() -> Shell {
        Shell(services: services, output: output, interrupts: interrupts)
    }

    private func report(_ diagnostic: Diagnostic) -> ExitStatus {
        output.writeError(output.diagnostics().render(diagnostic))
        return .failure
    }

    private func watchSignals() -> SignalWatch {
        let interrupts = interrupts
        return SignalWatch { if !interrupts.interrupt() { fettle_die_of_signal(SIGINT) } }
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
        case .auto:
            isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
        }
    }

    private static func windowWidth() -> Int {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard fettle_window_size(1, &columns, &rows) == 0, columns > 0 else { return 80 }
        return Int(columns)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            _ = fettle_write_all(descriptor, bytes.baseAddress, bytes.count)
        }
    }
}
