import FettleCore
import FettleLanguage
import FettleNotebook

/// What the user wants of a statement.
private enum StepChoice: Character, CaseIterable {
    case run = "\n"
    case edit = "e"
    case skip = "s"
    case goOn = "c"
    case quit = "q"

    static var keys: String { String(allCases.map(\.rawValue)) }
}

/// How a statement that was asked about ended.
enum StepEnd {
    /// It ran or was skipped.
    case done
    /// It ran, and nothing more is to be asked.
    case goOn(ExitStatus)
    /// The script is left.
    case quit(ExitStatus)
}

extension Shell {
    /// The error of `--step` where nobody can be asked.
    static let nobodyToAsk = Diagnostic(
        "no-terminal",
        "'--step' asks before each command, and there is no terminal to ask at",
        hint: "'--echo' shows each command before its output, '--dry-run' runs none"
    )

    /// Shows a statement of a script, asks what to do with it, and does it.
    ///
    /// One that fails is asked about again, so that it can be mended; it leaves the session as it was.
    mutating func ask(
        about step: ScriptPlan.Step,
        of plan: ScriptPlan,
        _ dialog: StepDialog
    ) async -> StepEnd {
        var source = plan.source
        var statements = [step.statement]
        var failure = ExitStatus.success
        write(plan.echo(step))
        while true {
            let choice: StepChoice
            do {
                choice = try await interrupts.run { [question = question(step, plan)] in
                    let key = try await dialog.readKey(question, StepChoice.keys)
                    return key.flatMap(StepChoice.init) ?? .quit
                }
            } catch {
                output.writeError("interrupted\n")
                return .quit(.interrupted)
            }
            switch choice {
            case .run, .goOn:
                failure = .success
                for statement in statements where failure == .success && !session.wantsToQuit {
                    failure = await run(statement, in: source, replaying: nil)
                }
                if failure == .interrupted { return .quit(failure) }
                if choice == .goOn { return .goOn(failure) }
                if failure == .success { return .done }
            case .edit:
                let text = statements.map(\.text).joined(separator: "\n")
                guard let edited = await edit(text, dialog) else { continue }
                (source, statements) = edited
                write(ScriptPlan.echo(statements.map(\.text).joined(separator: "\n")))
            case .skip:
                output.write(output.renderer(session.settings).render([.note("skipped")]))
                return .done
            case .quit: return .quit(failure)
            }
        }
    }

    private func write(_ text: String) {
        output.write(output.renderer(session.settings).render([.text(text)]))
    }

    private func question(_ step: ScriptPlan.Step, _ plan: ScriptPlan) -> String {
        let place = (plan.steps.firstIndex { $0.index == step.index } ?? 0) + 1
        let long =
            "\(place) of \(plan.steps.count): Enter runs, e edits, s skips, c continues, q quits "
        // A line that wraps could not be taken away.
        return long.count < services.surroundings.width() ? long : "Enter, e, s, c, q? "
    }

    /// Lets the user edit statements; nil when that was given up or what came of it cannot be read, which
    /// is said.
    private func edit(
        _ text: String,
        _ dialog: StepDialog
    ) async -> (SourceText, [Statement])? {
        guard
            let typed = try? await interrupts.run({ try await dialog.edit(text) }),
            typed.contains(where: { !$0.isWhitespace })
        else { return nil }
        let source = SourceText(text: typed)
        do {
            let statements = try source.script().items.compactMap { item in
                if case .statement(let statement) = item { statement } else { nil }
            }
            return statements.isEmpty ? nil : (source, statements)
        } catch {
            _ = show(error)
            return nil
        }
    }

    // MARK: - At the prompt

    /// Returns the `run FILE --step` that a typed statement is: its script's commands are then run as if
    /// they were typed one after the other.
    func steppedRun(_ statement: Statement, in source: SourceText) throws(Diagnostic) -> Run? {
        guard source.file == nil, statement.stages.count == 1, statement.redirect == nil,
            case .command(let invocation) = statement.stages[0],
            invocation.verb == Run.declaration.name
        else { return nil }
        do {
            let run = try Interpreter(services).run(of: statement, session)
            return run?.isStepped == true ? run : nil
        } catch {
            throw source.placing(error)
        }
    }

    /// Runs a script's statements one by one, asking before each.
    mutating func step(through run: Run, in source: SourceText) async -> ExitStatus {
        let overrides = session.overrides
        defer { session.overrides = overrides }
        do {
            let plan = try run.plan(in: session)
            try run.setOverrides(for: plan.source, in: &session)
            let script = SourceText(
                file: plan.source.file,
                text: plan.source.text,
                isRecorded: source.isRecorded
            )
            let status = await self.run(script, options: run.options)
            stay()
            return status
        } catch {
            return show(source.placing(error))
        }
    }
}
