import FettleCore
import FettleLanguage
import FettleNotebook

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
    static let echoes = Option<Bool>.flag("echo", help: "show each command before its output")

    static let declaration = CommandDeclaration(
        "run",
        group: .session,
        summary: "run the commands of a script in this session",
        details: """
            A script stops at its first error, and the session is then as before. Files it names are looked
            up from the current folder, other scripts from the script's; ${script.dir} is the script's folder.
            Of a Markdown file the blocks marked ```fettle are run. 'fettle run' takes the same as --from,
            --to and --set, and also --step to be asked before each command, --resume to go on after the
            command that failed in the last run, and --check to compare the output with the '#>' lines.
            """,
        parameters: [
            file.parameter, values.parameter, from.parameter, to.parameter, explains.parameter,
            isDry.parameter, keepsGoing.parameter, echoes.parameter,
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
    private let options: ScriptOptions
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
        self.options = options
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let plan = try plan(in: session)
        if explains { return CommandOutput(blocks: try ScriptHelp.blocks(plan.source)) }
        let overrides = session.overrides
        if options.isDryRun {
            var copy = session
            try setOverrides(for: plan.source, in: &copy)
            copy.scripts.append(plan.source.file ?? "")
            var dryRun = DryRun(context.services, copy)
            await dryRun.add(plan)
            if let error = dryRun.errors.first { throw error }
            return CommandOutput(blocks: dryRun.blocks)
        }
        try setOverrides(for: plan.source, in: &session)
        session.scripts.append(plan.source.file ?? "")
        // To 'undo', the whole script is one change.
        let time = session.time
        session.time = TimeTravel()
        let interpreter = Interpreter(context.services)
        var lines: [SessionScript.Line] = []
        var failures = 0
        for step in plan.steps where !session.wantsToQuit {
            try Task.checkCancellation()
            if options.echoes { context.show(.text(plan.echo(step))) }
            var next = session
            do {
                lines.append(
                    try await interpreter.execute(
                        step.statement,
                        in: plan.source,
                        session: &next,
                        show: context.show
                    )
                )
                session = next
            } catch let diagnostic as Diagnostic where options.keepsGoing {
                failures += 1
                let place = diagnostic.location.map { "\($0.file):\($0.line): " } ?? ""
                context.show(.warning("\(place)\(diagnostic.message)"))
            }
        }
        session.wantsToQuit = false
        session.time = time
        session.scripts.removeLast()
        session.overrides = overrides
        var output = CommandOutput()
        if failures > 0 {
            let count = NumberText.count(plan.steps.count, "command")
            output.blocks = [.warning("\(failures) of \(count) failed")]
        }
        output.steps = SessionScript.stateOnly(lines)
        return output
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

    private func setOverrides(
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
        let lines = text(step).split(separator: "\n", omittingEmptySubsequences: false)
        return (step.prose.map { "## \($0.text)" } + lines.map { "> \($0)" }).joined(
            separator: "\n"
        )
    }
}
