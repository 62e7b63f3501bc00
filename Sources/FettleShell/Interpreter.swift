import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

/// Runs statements against a session.
///
/// It prints nothing: what is to be seen goes to `show`.
struct Interpreter: Sendable {
    let services: Services

    /// Makes an interpreter.
    init(_ services: Services) {
        self.services = services
    }

    /// Where a command's end goes that is shown to somebody.
    struct Terminal: Sendable {
        /// Shows a block now, which is among those of the end.
        var display: @Sendable (OutputBlock) -> Void
        /// Takes the blocks of the end, so many of which are shown already.
        var finish: @Sendable (_ blocks: [OutputBlock], _ shown: Int) -> Void
    }

    /// A stage that is ready to run.
    fileprivate enum Prepared {
        case command(any Command, CommandDeclaration, SourceSpan)
        case shell(String, SourceSpan)
    }

    /// Runs one statement; returns it with what it did, its secrets taken out.
    ///
    /// Blocks go to `show` one by one, and those of a command's end to `terminal` where there is one.
    ///
    /// - Throws: a ``Diagnostic`` with its place in `source`, or `CancellationError`.
    func execute(
        _ statement: Statement,
        in source: SourceText,
        session: inout Session,
        terminal: Terminal? = nil,
        show: @escaping @Sendable (OutputBlock) -> Void
    ) async throws -> RecordedCommand {
        let datasets = Self.datasetsAsLoaded(session)
        let (stateBefore, timeBefore) = (session.timeState, session.time)
        let line = statement.text
        do {
            let steps = try await run(statement, source, &session, show, terminal)
            let effect = session.noteEffect(
                since: stateBefore,
                timeBefore,
                line: line,
                isRecorded: source.isRecorded,
                lasting: services.surroundings.onSkippedEffect == nil
                    ? statement.lastingEffect(line) : nil
            )
            let usesRows = statement.stages.contains { stage in
                if case .command = stage { true } else { false }
            }
            if usesRows {
                // What a command showed or stored of rows that changed under it is not to be relied on.
                for dataset in datasets { try dataset.frame.checkSources() }
            }
            return RecordedCommand(
                source: Redaction.redact(line),
                effect: effect,
                // What '--set' gave to a 'param' is not in its line.
                steps: SessionScript.effect(of: line) == .variable && !line.hasPrefix("param")
                    ? nil : steps?.map(Redaction.redact)
            )
        } catch let diagnostic as Diagnostic {
            throw source.placing(diagnostic)
        }
    }

    /// Returns the datasets whose sources have not changed before the command.
    private static func datasetsAsLoaded(_ session: Session) -> [Dataset] {
        session.library.datasets.filter { (try? $0.frame.checkSources()) != nil }
    }

    private func run(
        _ statement: Statement,
        _ source: SourceText,
        _ session: inout Session,
        _ show: @escaping @Sendable (OutputBlock) -> Void,
        _ terminal: Terminal?
    ) async throws -> [String]? {
        let expander = expander(for: session, revealsSecrets: false)
        let revealing = self.expander(for: session, revealsSecrets: true)
        let stages = try statement.stages.map { try prepare($0, expander, revealing) }
        try check(stages)
        if statement.inBackground { try checkBackground(statement, stages) }
        let redirect = try statement.redirect.map { redirect in
            Destination(
                file: expander.path(try expander.expand(redirect.file)),
                appends: redirect.appends,
                convert: services.surroundings.convert
            )
        }
        var output = CommandOutput()
        var input: Dataset?
        var steps: [String]?
        let skips = services.surroundings.onSkippedEffect
        let stream = terminal == nil ? nil : services.surroundings.stream
        let display: @Sendable (OutputBlock) -> Void = terminal?.display ?? show
        for (index, stage) in stages.enumerated() {
            let isLast = index == stages.count - 1
            switch stage {
            case .command(_, let declaration, _) where declaration.effect == .files && skips != nil:
                skips?()
                // What it passes on is needed by what follows.
                if !declaration.takesOutput { output = CommandOutput() }
            case .command(let command, _, let span):
                let context = Context(
                    services: services,
                    input: input,
                    before: index == 0 ? nil : output,
                    isPiped: !isLast || redirect != nil,
                    isInBackground: statement.inBackground,
                    stream: stream,
                    display: display,
                    show: show
                )
                defer { services.progress.finish() }
                do {
                    output = try await command.run(in: &session, context)
                } catch let diagnostic as Diagnostic where diagnostic.location == nil {
                    // Every error in a script has a line, if only that of its command.
                    throw diagnostic.located(at: span)
                }
                input = output.rows
                steps = output.steps
                if !isLast { for case .warning(let text) in output.blocks { show(.warning(text)) } }
            case .shell where skips != nil:
                skips?()
                output = CommandOutput()
            case .shell(let line, let span):
                if let words = try words(ofOpenAI: line, span, expander) {
                    guard index == 0 else { throw Self.takesNothing(span) }
                    output = try await runOpenAI(words, span, show)
                } else {
                    try await runShell(line, span, index == 0 ? nil : output)
                    output = CommandOutput()
                }
            }
        }
        if redirect != nil, let skips {
            skips()
        } else if let redirect {
            let block = try await redirect.write(output)
            terminal.map { $0.finish([block], 0) } ?? show(block)
        } else {
            if let terminal {
                terminal.finish(output.blocks, output.shownCount)
            } else {
                for block in output.blocks { show(block) }
            }
            // What 'last' showed is what it showed before.
            if !output.blocks.isEmpty, !stages.isOnlyLast {
                session.last = output
                // Shown again, it is shown whole.
                session.last?.shownCount = 0
            }
        }
        if let value = output.value { session.lastValue = value }
        session.lastCount = output.rows?.frame.count
        return steps
    }

    /// Sees to it that a statement could run: its verbs and arguments, and what goes through its pipes.
    func check(_ statement: Statement, _ session: Session) throws(Diagnostic) {
        let expander = expander(for: session, revealsSecrets: false)
        let revealing = self.expander(for: session, revealsSecrets: true)
        let stages = try statement.stages.map { stage throws(Diagnostic) in
            try prepare(stage, expander, revealing)
        }
        try check(stages)
        if statement.inBackground { try checkBackground(statement, stages) }
        if let redirect = statement.redirect { _ = try expander.expand(redirect.file) }
    }

    /// Sees to it that the verbs of a statement are commands.
    func checkVerbs(_ statement: Statement) throws(Diagnostic) {
        for case .command(let invocation) in statement.stages {
            _ = try CommandCatalogue.command(invocation.verb, at: invocation.verbSpan)
        }
    }

    /// Returns the script that a statement runs, if it is a `run`.
    func script(runBy statement: Statement, _ session: Session) throws(Diagnostic) -> ScriptPlan? {
        try run(of: statement, session)?.plan(in: session)
    }

    /// Returns the `run` that a statement is, if it is one.
    func run(of statement: Statement, _ session: Session) throws(Diagnostic) -> Run? {
        try command(of: statement, session) as? Run
    }

    /// Returns the command that a statement begins with; nil for a line of the system's shell.
    func command(of statement: Statement, _ session: Session) throws(Diagnostic) -> (any Command)? {
        let expander = expander(for: session, revealsSecrets: false)
        guard let stage = statement.stages.first,
            case .command(let command, _, _) = try prepare(stage, expander, expander)
        else { return nil }
        return command
    }

    func expander(for session: Session, revealsSecrets: Bool = false) -> WordExpander {
        let environment = services.surroundings.environment
        return WordExpander(
            names: Array(session.variables.keys),
            home: environment["HOME"]
        ) { variable throws(Diagnostic) in
            try session.text(of: variable, environment: environment) { name throws(Diagnostic) in
                guard revealsSecrets else { throw Self.misplaced(name) }
                return try services.secrets.find(name).map { ($0, false) }
            }
        }
    }

    /// The error for a secret in a command that is stored with its values filled in, such as a step of a
    /// dataset's recipe.
    private static func misplaced(_ name: String) -> Diagnostic {
        Diagnostic(
            "misplaced-secret",
            "the secret '\(name)' cannot stand here, where its value would be stored or shown",
            hint: "secrets stand in what is asked of a model; 'let key = secret:\(name)' names one"
        )
    }

    private func prepare(
        _ stage: Stage,
        _ expander: WordExpander,
        _ revealing: WordExpander
    ) throws(Diagnostic) -> Prepared {
        switch stage {
        case .shell(let line, let span):
            guard !line.isEmpty else {
                throw Diagnostic(
                    "missing-argument",
                    "'!' is not followed by a command of the system's shell",
                    span: span,
                    hint: "write '!ls'"
                )
            }
            _ = try words(ofOpenAI: line, span, expander)
            return .shell(line, span)
        case .command(let invocation):
            let type = try CommandCatalogue.command(invocation.verb, at: invocation.verbSpan)
            guard !invocation.asksForHelp || type.declaration.explains(invocation) else {
                let help = Help(explaining: invocation.verb, at: invocation.verbSpan)
                return .command(help, Help.declaration, invocation.verbSpan)
            }
            let arguments = try type.declaration.bind(
                invocation,
                expanding: type.declaration.group == .ask ? revealing : expander
            )
            return .command(try type.init(arguments), type.declaration, invocation.verbSpan)
        }
    }

    /// Sees to it that rows come and go where a pipe needs them, before anything runs.
    private func check(_ stages: [Prepared]) throws(Diagnostic) {
        for (index, after) in stages.enumerated().dropFirst() {
            // 'tee' passes on what comes to it.
            let before = stages[..<index].last { !$0.passesOn } ?? stages[index - 1]
            switch (before, after) {
            case (.shell(_, let span), _):
                throw Diagnostic(
                    "not-rows",
                    "the output of '!' cannot go on to another command",
                    span: span,
                    hint: "write it to a file and load that"
                )
            case (.command(_, let giver, let span), .command(_, let taker, let takerSpan)):
                guard !taker.takesOutput else { continue }
                guard giver.givesRows else {
                    throw Diagnostic(
                        "not-rows",
                        "'\(giver.name)' gives no rows to '\(taker.name)'",
                        span: span,
                        hint: "rows come from: " + Self.names { $0.givesRows && !$0.takesOutput }
                    )
                }
                guard taker.takesRows else {
                    throw Diagnostic(
                        "not-rows",
                        "'\(taker.name)' takes no rows from a pipe",
                        span: takerSpan,
                        hint: "rows go to: " + Self.names { $0.takesRows }
                    )
                }
            case (.command, .shell): break
            }
        }
    }

    /// Sees to it that only a training job or the server runs in the background.
    private func checkBackground(
        _ statement: Statement,
        _ stages: [Prepared]
    ) throws(Diagnostic) {
        if case .command(_, let declaration, _)? = stages.first, stages.count == 1,
            statement.redirect == nil, ["tune", "resume", "serve"].contains(declaration.name)
        {
            return
        }
        throw Diagnostic(
            "no-background",
            "only 'tune', 'resume' and 'serve' run in the background",
            span: SourceSpan(statement.span.end - 1, statement.span.end),
            hint: "leave the '&' out"
        )
    }

    private static func names(where isMeant: (CommandDeclaration) -> Bool) -> String {
        CommandCatalogue.declarations.filter(isMeant).map(\.name).joined(separator: ", ")
    }

    private func runShell(
        _ line: String,
        _ span: SourceSpan,
        _ output: CommandOutput?
    ) async throws {
        let input = try output.map {
            try Destination.bytes(of: $0, width: services.surroundings.width())
        }
        let status = try await services.surroundings.runShell(line, input)
        guard status != 0 else { return }
        if status == 130 { throw CancellationError() }
        throw Diagnostic(
            "shell-failed",
            "'\(line)' ended with status \(status)",
            span: span
        )
    }
}

extension CommandDeclaration {
    /// Whether `--help` asks the command about a file that it names, rather than about itself.
    fileprivate func explains(_ invocation: Invocation) -> Bool {
        parameters.contains { $0.form == .flag && $0.name == "help" }
            && invocation.arguments.contains { argument in
                if case .word(let word) = argument { word.literal != "?" } else { false }
            }
    }
}

extension Statement {
    /// What of the statement `line` no `undo` takes back, in a sentence.
    fileprivate func lastingEffect(_ line: String) -> String? {
        let line = line.split(separator: "\n").first.map(String.init) ?? ""
        for case .command(let invocation) in stages where !invocation.asksForHelp {
            switch (try? CommandCatalogue.command(invocation.verb))?.declaration.effect {
            case .job: return "what '\(line)' trained stays"
            case .state where invocation.keepsSetting: return "what '\(line)' kept stays"
            case .files: return "what '\(line)' wrote stays"
            default: continue
            }
        }
        if stages.contains(where: { if case .shell = $0 { true } else { false } }) {
            return "what '\(line)' did stays"
        }
        return redirect == nil ? nil : "what '\(line)' wrote stays"
    }
}

extension [Interpreter.Prepared] {
    /// Whether the statement is `last` and nothing else.
    fileprivate var isOnlyLast: Bool {
        guard case .command(_, let declaration, _)? = first, count == 1 else { return false }
        return declaration.name == Last.declaration.name
    }
}

extension Interpreter.Prepared {
    /// Whether the stage gives on what comes to it.
    fileprivate var passesOn: Bool {
        guard case .command(_, let declaration, _) = self else { return false }
        return declaration.takesOutput && declaration.givesRows
    }
}
