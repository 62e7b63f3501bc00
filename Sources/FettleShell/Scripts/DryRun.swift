import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

/// Says what a script would run, with the values of its variables put in, and runs none of it.
///
/// Only `let` and `param` are carried out, in a copy of the session. What depends on the result of a
/// command stays as it is written.
struct DryRun {
    private let interpreter: Interpreter
    private var session: Session
    /// Variables that get the result of a command.
    private var unknown: Set<String> = ["_", "?"]
    /// The lines to show.
    private(set) var lines: [String] = []
    /// How many commands would run, those of inner scripts included.
    private(set) var count = 0
    /// What is wrong with commands.
    private(set) var errors: [Diagnostic] = []

    /// What is shown when nothing is wrong.
    var blocks: [OutputBlock] {
        [
            .text(lines.joined(separator: "\n")),
            .note("\(NumberText.count(count, "command")), none of which was run"),
        ]
    }

    init(_ services: Services, _ session: Session) {
        interpreter = Interpreter(services)
        self.session = session
    }

    mutating func add(_ plan: ScriptPlan, indent: String = "") async {
        for step in plan.steps {
            lines += step.prose.map { "\(indent)## \($0.text)" }
            await add(step, plan, indent)
        }
    }

    private mutating func add(_ step: ScriptPlan.Step, _ plan: ScriptPlan, _ indent: String) async {
        let source = plan.source
        let text = step.statement.text
        do {
            let isKnown = interpreter.variables(in: step.statement).allSatisfy { variable in
                variable.scope == .environment || !unknown.contains(variable.base)
            }
            let shown = try interpreter.text(of: step.statement, in: source, session) { variable in
                variable.scope == .environment || !unknown.contains(variable.base)
            }
            // Secrets may be in what the environment put in.
            let safe = Redaction.redact(Redaction.redact(shown, knowing: session.variables))
            let given = Self.variable(setBy: step.statement).flatMap { session.overrides[$0] }
            let isGiven = given != nil && text.hasPrefix("param")
            lines += (isGiven ? "\(safe)  # set to \(given ?? "")" : safe).split(
                separator: "\n",
                omittingEmptySubsequences: false
            ).map {
                indent + $0
            }
            count += 1
            guard isKnown else {
                try interpreter.checkVerbs(step.statement)
                if let name = Self.variable(setBy: step.statement) { unknown.insert(name) }
                return
            }
            try interpreter.check(step.statement, session)
            if SessionScript.effect(of: text) == .variable {
                _ = try await interpreter.execute(
                    step.statement,
                    in: source,
                    session: &session,
                    show: { _ in }
                )
                if let name = Self.variable(setBy: step.statement) { unknown.remove(name) }
            } else if let inner = try interpreter.script(runBy: step.statement, session) {
                session.scripts.append(inner.source.file ?? "")
                defer { session.scripts.removeLast() }
                await add(inner, indent: indent + "  ")
            }
        } catch let diagnostic as Diagnostic {
            errors.append(source.placing(diagnostic))
        } catch {
            errors.append(Diagnostic("not-run", "'\(text)' cannot be looked at: \(error)"))
        }
    }

    private static func variable(setBy statement: Statement) -> String? {
        guard case .command(let invocation)? = statement.stages.first,
            ["let", "param"].contains(invocation.verb)
        else { return nil }
        switch invocation.arguments.first {
        case .word(let word): return word.literal
        case .setting(let name, _, _): return name
        default: return nil
        }
    }
}

extension Variable {
    /// The name without its fields.
    fileprivate var base: String {
        String(name.prefix { $0 != "." })
    }
}

extension Statement {
    /// The words of its commands, and that of its redirect.
    fileprivate var words: [Word] {
        var words: [Word] = []
        for case .command(let invocation) in stages {
            for argument in invocation.arguments {
                switch argument {
                case .word(let word), .setting(_, _, let word): words.append(word)
                case .flag(_, _, let word): words += word.map { [$0] } ?? []
                }
            }
            words += invocation.expression.map { [$0] } ?? []
        }
        return words + (redirect.map { [$0.file] } ?? [])
    }
}

extension Interpreter {
    /// Returns the variables that a statement uses.
    func variables(in statement: Statement) -> [Variable] {
        statement.words.flatMap(\.pieces).compactMap { piece in
            if case .variable(let variable, _, _) = piece { variable } else { nil }
        }
    }

    /// Returns a statement's text with the values of the variables that `isPutIn` takes.
    func text(
        of statement: Statement,
        in source: SourceText,
        _ session: Session,
        puttingIn isPutIn: (Variable) -> Bool
    ) throws(Diagnostic) -> String {
        let expander = expander(for: session)
        var edits: [(span: SourceSpan, text: String)] = []
        for word in statement.words {
            for piece in word.pieces {
                guard case .variable(let variable, let span, let use) = piece, isPutIn(variable)
                else { continue }
                var part = word
                part.pieces = [piece]
                let value = try expander.expand(part).text
                let text =
                    if case .text = use {
                        word.isQuoted
                            ? CommandText.escaped(value)
                            : word.pieces.count == 1 ? value.commandWord : value
                    } else {
                        value
                    }
                edits.append((span, text))
            }
        }
        var bytes = Array(source.text.utf8)[..<statement.span.end]
        for edit in edits.sorted(by: { $0.span.start > $1.span.start }) {
            bytes.replaceSubrange(edit.span.start..<edit.span.end, with: Array(edit.text.utf8))
        }
        return String(decoding: bytes[statement.span.start...], as: UTF8.self)
    }
}
