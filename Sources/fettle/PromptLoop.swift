import ArgumentParser
import CTerminal
import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleShell
import FettleStore
import FettleWorkbench
import LineEditor

/// The prompt: reads a line, runs it, and again.
struct PromptLoop {
    private let services: Services
    private let output: Shell.Output
    private let interrupts: Interrupts
    private let notices: Notices
    private let termination: Termination
    private let stepInput: StepInput?
    private let usesColour: @Sendable (Settings) -> Bool
    private let history: GlobalHistory
    private let startFile: String?
    private var shell: Shell

    /// How many lines Up and Ctrl-R go back.
    private static let historyLimit = 100_000

    init(
        shell: Shell,
        startFile: String?,
        history: GlobalHistory,
        services: Services,
        output: Shell.Output,
        interrupts: Interrupts,
        notices: Notices,
        termination: Termination,
        stepInput: StepInput?,
        usesColour: @escaping @Sendable (Settings) -> Bool
    ) {
        self.usesColour = usesColour
        self.stepInput = stepInput
        self.notices = notices
        self.termination = termination
        self.startFile = startFile
        self.history = history
        self.shell = shell
        self.services = services
        self.output = output
        self.interrupts = interrupts
    }

    consuming func run() async -> ExitStatus {
        let names = NameSource(services)
        let editor: LineEditor
        do {
            editor = try LineEditor(configuration(names))
        } catch {
            output.writeError("error: \(error)\n")
            return .failure
        }
        stepInput?.use(editor)
        let (interrupts, termination) = (interrupts, termination)
        let (services, output) = (services, output)
        let monitor = SignalMonitor(
            onInterrupt: { interrupts.interruptOrKeep() },
            onTerminate: { signal in
                termination.stop(services, output)
                fettle_die_of_signal(signal)
            }
        )
        defer { withExtendedLifetime(monitor) {} }
        notices.send { [progress = services.progress] text in
            progress.above { editor.post(notice: Sanitizer.line(text)) }
        }
        notices.send(alertsTo: { editor.post(alert: $0) })
        output.write(
            "Fettle \(Fettle.configuration.version): 'help' lists the commands, "
                + "'tutorial' teaches them, Ctrl-D leaves\n"
        )
        if history.isNew { showNote(history.note) }
        await runStartFile()
        let left = await greet(editor)
        let ticker = Task {
            await PromptAppearance.showJobs(services.jobs, in: services.workspace, on: editor)
        }
        defer { ticker.cancel() }
        let status = if let left { left } else { await loop(editor, names) }
        await leave(endsSession: status != .terminated)
        await editor.close()
        return status
    }

    /// Runs the user's own commands; whatever becomes of them, the prompt comes.
    private mutating func runStartFile() async {
        guard let startFile else { return }
        do {
            _ = await shell.start(with: try SourceText(contentsOf: startFile))
            await termination.hold()
            fettle_terminal_enter(FETTLE_TERMINAL_BUSY)
            notices.release()
        } catch {
            output.writeError(output.diagnostics(shell.session.settings).render(error))
        }
    }

    private func showNote(_ text: String) {
        output.write(output.renderer(shell.session.settings).render([.note(text)]))
    }

    /// Says which jobs were interrupted, and offers the last session that ended without a word; returns
    /// how it ended when the prompt is to be left already.
    private mutating func greet(_ editor: LineEditor) async -> ExitStatus? {
        guard let store = try? services.workspace.existingStore() else { return nil }
        for line in services.interruptedJobs() { output.write(Sanitizer.line(line) + "\n") }
        let lost = ((try? store.unfinishedSessions()) ?? []).filter { session in
            session.id != services.workspace.session
                && !ProcessIdentity(text: session.process).isAlive
        }
        let offers = lost.filter(Shell.canContinue)
        guard let last = offers.first else {
            try? store.endSessions(lost.map(\.id), at: services.clock.now())
            return nil
        }
        output.write(
            "the last session here ended without 'quit' after "
                + "\(NumberText.count(last.commands.count, "command"))\n"
        )
        if offers.count > 1 {
            let earlier = NumberText.count(offers.count - 1, "session")
            output.write("\(earlier) before it ended so too; 'history' has their commands\n")
        }
        switch await answer(editor) {
        case .line(let text):
            // The older ones are not offered again: what they made is older than what was just decided.
            let others = lost.map(\.id).filter { $0 != last.id }
            try? store.endSessions(others, at: services.clock.now())
            if isYes(text) {
                await shell.continueSession(last)
            } else {
                try? store.endSessions([last.id], at: services.clock.now())
                output.write("it is not offered again; 'history' has its commands\n")
            }
            return nil
        case .interrupted:
            output.write("it is offered again at the next start\n")
            return nil
        case .endOfInput: return .success
        case .terminated: return .terminated
        }
    }

    /// Asks until the answer is yes or no; Enter alone is no.
    private func answer(_ editor: LineEditor) async -> LineEditor.Result {
        while true {
            let result = await editor.readLine(
                prompt: "bring its datasets and formats back? [y/N] "
            )
            guard case .line(let text) = result, !isYes(text), !isNo(text) else { return result }
            output.write("y or n; Ctrl-C asks again at the next start\n")
        }
    }

    private func isYes(_ text: String) -> Bool {
        ["y", "yes"].contains(word(text))
    }

    private func isNo(_ text: String) -> Bool {
        ["", "n", "no"].contains(word(text))
    }

    private func word(_ text: String) -> String {
        String(text.filter { !$0.isWhitespace }).lowercased()
    }

    /// Stops the jobs that still train, their checkpoints kept, and notes the session's end.
    ///
    /// A session whose terminal went away has not ended: it is offered again.
    private func leave(endsSession: Bool) async {
        for line in await services.stopJobs() { output.write(Sanitizer.line(line) + "\n") }
        guard endsSession else { return }
        let workspace = services.workspace
        try? workspace.existingStore()?.endSession(workspace.session, at: services.clock.now())
    }

    private mutating func loop(_ editor: LineEditor, _ names: NameSource) async -> ExitStatus {
        var hasWarnedOfJobs = false
        var start = Start()
        var last = history.latest.last ?? ""
        while true {
            names.update(from: shell.session)
            notices.use(shell.session.settings.bell)
            await editor.setColour(usesColour(shell.session.settings))
            let result = await editor.readLine(
                prompt: prompt,
                text: start.text,
                inEditor: start.isInEditor
            )
            start = Start()
            switch result {
            case .line(let line):
                guard line.contains(where: { !$0.isWhitespace }) else { continue }
                if let question = HelpQuestion(line, CommandCatalogue.declarations) {
                    start.text = question.line
                    let help = SourceText(text: question.verb + " ?", isRecorded: false)
                    _ = await shell.run(help)
                    continue
                }
                let isRecorded = !line.hasPrefix(" ")
                if isRecorded {
                    await editor.addToHistory(line)
                    history.add(Shell.withoutSecrets(line))
                }
                _ = await shell.run(SourceText(text: line, isRecorded: isRecorded))
                await termination.hold()
                // A command that was left alone may have given the terminal to a child.
                fettle_terminal_enter(FETTLE_TERMINAL_BUSY)
                notices.release()
                switch shell.takeLineToEdit() {
                case .last: start = Start(text: last, isInEditor: true)
                case .text(let text): start = Start(text: text, isInEditor: true)
                case nil: last = line
                }
                guard shell.session.wantsToQuit else {
                    hasWarnedOfJobs = false
                    continue
                }
            case .interrupted:
                hasWarnedOfJobs = false
                continue
            case .endOfInput: break
            case .terminated: return .terminated
            }
            guard !hasWarnedOfJobs, warnOfJobs() else { return .success }
            hasWarnedOfJobs = true
            shell.stay()
        }
    }

    /// What the next line begins as.
    private struct Start {
        var text = ""
        /// Whether the user's editor is opened on it first.
        var isInEditor = false
    }

    /// Says which jobs leaving would stop; returns whether there are any.
    private func warnOfJobs() -> Bool {
        let active = Set(services.jobs.active.map(\.id))
        guard !active.isEmpty else { return false }
        let numbers = ((try? services.workspace.jobs()) ?? []).filter { job in
            active.contains(job.record.id)
        }.map { "job \($0.number)" }
        let jobs =
            numbers.isEmpty
            ? NumberText.count(active.count, "job") : numbers.joined(separator: ", ")
        output.write(
            "\(jobs) still running; 'quit' or Ctrl-D again stops and leaves, 'wait' waits\n"
        )
        return true
    }

    private var prompt: String {
        guard let name = shell.session.library.current,
            let dataset = try? shell.session.library.dataset(name)
        else { return "fettle> " }
        return "fettle \(name)[\(Self.short(dataset.frame.count))]> "
    }

    /// Returns a count in at most four characters: `980`, `12k`, `1.2M`.
    private static func short(_ count: Int) -> String {
        switch count {
        case ..<1000: return String(count)
        case ..<10_000:
            let digits = count % 1000 < 50 ? 0 : 1
            return NumberText.decimal(Double(count) / 1000, digits: digits) + "k"
        case ..<1_000_000: return "\(count / 1000)k"
        default: return NumberText.decimal(Double(count) / 1e6, digits: 1) + "M"
        }
    }

    private func configuration(_ names: NameSource) -> LineEditor.Configuration {
        LineEditor.Configuration(
            names: { names.values(for: $0) },
            snippet: { [services] in services.snippet(named: $0) },
            history: history.latest,
            olderHistory: { [history] in history.older(limit: Self.historyLimit) },
            othersHistory: { [history] in history.ofOthers() },
            colour: usesColour(shell.session.settings)
        ) { [interrupts] in
            // Enter was pressed, and Ctrl-C is still a key: the signal that comes next is for this line.
            interrupts.forget()
        }
    }
}
