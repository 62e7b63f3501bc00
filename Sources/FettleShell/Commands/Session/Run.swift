import FettleCore
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Run: Command {
    static let file = Option<ArgumentWord>.word(
        "file",
        kind: .file(["fettle", "md"]),
        help: "the script"
    )

    static let from = Option<ArgumentWord>.setting(
        "from",
        kind: .text,
        default: "the first command",
        help: "the line or '##' heading to start at; params before it are set too"
    )
    static let to = Option<ArgumentWord>.setting(
        "to",
        kind: .text,
        default: "the last command",
        help: "the line or '##' heading to end with"
    )
    static let values = Option<String>.mapping(
        "name=value",
        required: false,
        help: "values for the script's params"
    )
    static let explains = Option<Bool>.flag(
        "help",
        help: "list the script's '##' headings and its params instead"
    )
    static let isDry = Option<Bool>.flag(
        "dry-run",
        help: "show what would run, with variables put in, and run nothing"
    )
    static let keepsGoing = Option<Bool>.flag(
        "keep-going",
        help: "go on after a command that fails"
    )
    static let steps = Option<Bool>.flag(
        "step",
        help: "show each command and ask: run, edit or skip it, go on or leave"
    )
    static let resumes = Option<Bool>.flag(
        "resume",
        help: "go on after the command that failed in the last run"
    )
    static let echoes = Option<Bool>.flag("echo", help: "show each command before its output")

    static let declaration = CommandDeclaration(
        "run",
        group: .session,
        summary: "run the commands of a script in this session",
        details: """
            A script stops at its first error, and the session is then as before. Files it names are looked
            up from the current folder, other scripts from the script's; ${script.dir} is the script's folder.
            Of a Markdown file the blocks marked ```fettle are run. With --step the commands are as if typed
            one by one: Enter runs the one shown, e edits it first, s skips it, c continues to the end without
            asking, q quits, and one that fails is shown again. With --resume what the last run had made comes
            back, and nothing is trained or written again. 'fettle run' takes the same as --from, --to and
            --set, and also --check to compare the output with the '#>' lines.
            """,
        parameters: [
            file.parameter, values.parameter, from.parameter, to.parameter, explains.parameter,
            isDry.parameter, keepsGoing.parameter, echoes.parameter, steps.parameter,
            resumes.parameter,
        ],
        effect: .state,
        examples: [
            .init("run sessions/01-first-fine-tune.fettle", "the chapter's first case study"),
            .init("run sessions/03-token-probabilities.fettle", "listing 4.3"),
            .init("run sessions/01-first-fine-tune.fettle --dry-run", "what that would do"),
            .init("run sessions/01-first-fine-tune.fettle --help", "what it is for"),
        ]
    )

    private static let deepest = 16
    let file: ArgumentWord
    let options: ScriptOptions
    private let explains: Bool
    private let overrides: [(old: ArgumentWord, new: ArgumentWord)]

    init(_ arguments: Arguments) throws(Diagnostic) {
        file = try arguments.required(Self.file)
        explains = arguments.has(Self.explains)
        overrides = arguments.mapping(Self.values)
        var options = ScriptOptions()
        options.from = try arguments.value(Self.from)?.text
        options.to = try arguments.value(Self.to)?.text
        options.isDryRun = arguments.has(Self.isDry)
        options.keepsGoing = arguments.has(Self.keepsGoing)
        options.echoes = arguments.has(Self.echoes)
        options.steps = arguments.has(Self.steps)
        options.resumes = arguments.has(Self.resumes)
        self.options = options
        guard options.resumes,
            options.from != nil || options.to != nil || options.steps || !overrides.isEmpty
        else { return }
        throw Diagnostic(
            "unexpected-word",
            "'--resume' takes no --step, --from, --to or values",
            span: arguments.span,
            hint: "run \(file.text.commandWord) --resume"
        )
    }

    /// Whether somebody is to be asked before each command.
    var isStepped: Bool { options.steps && !explains && !options.isDryRun }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        guard !isStepped else {
            throw Diagnostic(
                "not-here",
                "'--step' asks at a prompt or for 'fettle run', not within a script or pipe",
                span: file.span,
                hint: "'--echo' shows each command before its output"
            )
        }
        var plan = try plan(in: session)
        if explains { return CommandOutput(blocks: try ScriptHelp.blocks(plan.source)) }
        if options.isDryRun { return try await dryRun(plan, session, context) }
        let overrides = session.overrides
        try setOverrides(for: plan.source, in: &session)
        // To 'undo', the whole script is one change.
        let time = session.time
        session.time = TimeTravel()
        var entry = ScriptProgress.Entry()
        if options.resumes { entry = try await resume(&plan, in: &session, context) }
        session.scripts.append(plan.source.file ?? "")
        let failures = try await run(plan, in: &session, context, noting: &entry)
        session.wantsToQuit = false
        session.time = time
        session.scripts.removeLast()
        session.overrides = overrides
        var output = CommandOutput()
        if failures > 0 {
            let count = NumberText.count(plan.steps.count, "command")
            output.blocks = [.warning("\(failures) of \(count) failed")]
        }
        output.steps = SessionScript.stateOnly(entry.replayed + entry.done)
        return output
    }

    private func dryRun(
        _ plan: ScriptPlan,
        _ session: Session,
        _ context: Context
    ) async throws -> CommandOutput {
        var copy = session
        try setOverrides(for: plan.source, in: &copy)
        copy.scripts.append(plan.source.file ?? "")
        var dryRun = DryRun(context.services, copy)
        await dryRun.add(plan)
        if let error = dryRun.errors.first { throw error }
        return CommandOutput(blocks: dryRun.blocks)
    }

    /// Runs the statements of a plan and notes those that succeed; returns how many did not.
    private func run(
        _ plan: ScriptPlan,
        in session: inout Session,
        _ context: Context,
        noting entry: inout ScriptProgress.Entry
    ) async throws -> Int {
        let isWhole = options.from == nil && options.to == nil && !options.keepsGoing
        // Also where a statement fails.
        defer { if isWhole { context.services.scripts.note(entry, of: plan) } }
        let interpreter = Interpreter(context.services)
        var failures = 0
        for step in plan.steps where !session.wantsToQuit {
            try Task.checkCancellation()
            if options.echoes { context.show(.text(plan.echo(step))) }
            var next = session
            do {
                let line = try await interpreter.execute(
                    step.statement,
                    in: plan.source,
                    session: &next,
                    show: context.show
                )
                entry.done.append(line)
                session = next
            } catch let diagnostic as Diagnostic where options.keepsGoing {
                failures += 1
                let place = diagnostic.location.map { "\($0.file):\($0.line): " } ?? ""
                context.show(.warning("\(place)\(diagnostic.message)"))
            }
        }
        return failures
    }

    /// Brings back what the last run had made, leaves what it ran out of the plan, and returns where the
    /// plan goes on.
    private func resume(
        _ plan: inout ScriptPlan,
        in session: inout Session,
        _ context: Context
    ) async throws -> ScriptProgress.Entry {
        let services = context.services
        let resume: ScriptResume =
            if let entry = services.scripts.entry(of: plan) {
                try ScriptResume(plan, entry)
            } else {
                try ScriptResume(plan, services.workspace.existingStore())
            }
        let interpreter = Interpreter(services.skippingEffects {})
        var entry = ScriptProgress.Entry(first: resume.next)
        for text in resume.lines {
            guard !text.contains(Redaction.mark) else {
                throw Diagnostic(
                    "not-repeatable",
                    "'\(text)' cannot be repeated: its secret was not kept",
                    span: file.span,
                    hint: "run the script without --resume"
                )
            }
            let source = SourceText(text: text)
            for case .statement(let statement) in try source.script().items {
                entry.replayed.append(
                    try await interpreter.execute(statement, in: source, session: &session) { _ in }
                )
            }
        }
        plan.skip(to: resume.next)
        if let step = plan.steps.first { context.show(.note("going on with line \(step.line)")) }
        return entry
    }

    /// Returns what the script is to run.
    ///
    /// - Throws: an error of the file, of syntax anywhere in it, or of a place that it has not.
    func plan(in session: Session) throws(Diagnostic) -> ScriptPlan {
        let path = try path(in: session)
        let source: SourceText
        do {
            source = try SourceText(contentsOf: path)
        } catch {
            throw error.located(at: file.span)
        }
        do {
            return try ScriptPlan(source, from: options.from, to: options.to)
        } catch {
            throw error.location == nil ? error.located(at: file.span) : error
        }
    }

    func setOverrides(
        for source: SourceText,
        in session: inout Session
    ) throws(Diagnostic) {
        for pair in overrides {
            do {
                try ScriptParameters.check([pair.old.text: pair.new.text], in: [source])
            } catch {
                throw error.located(at: pair.old.span.union(pair.new.span))
            }
            session.overrides[pair.old.text] = pair.new.text
        }
    }

    /// Returns the script's path: beside the script that runs it, else from the current folder.
    private func path(in session: Session) throws(Diagnostic) -> String {
        var path = file.text
        if let outer = session.scripts.last {
            path = SourceText(file: outer, text: "").path(ofScript: path)
        }
        guard !session.scripts.contains(path) else {
            throw Diagnostic(
                "script-cycle",
                "'\(path)' is run from within itself",
                span: file.span,
                hint: "scripts that run each other would never end"
            )
        }
        guard session.scripts.count < Self.deepest else {
            throw Diagnostic(
                "script-cycle",
                "'\(path)' is \(Self.deepest + 1) scripts deep, limit \(Self.deepest)",
                span: file.span,
                hint: "run some of them one after the other instead"
            )
        }
        return path
    }
}

extension ScriptPlan {
    /// What `--echo` shows of a step.
    func echo(_ step: Step) -> String {
        (step.prose.map { "## \($0.text)" } + [Self.echo(text(step))]).joined(separator: "\n")
    }

    /// What `--echo` shows of a command.
    static func echo(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { "> \($0)" }
            .joined(separator: "\n")
    }
}
