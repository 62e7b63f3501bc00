import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct SessionCommand: Command {
    static let action = Option<ArgumentWord>.word(
        "action",
        kind: .choice(["save"]),
        help: "save: write this session's commands as a script"
    )
    static let file = Option<ArgumentWord>.word(
        "file",
        kind: .file(["fettle"]),
        help: "the script to write"
    )
    static let withOutput = Option<Bool>.flag(
        "with-output",
        help: "run it in a fresh workspace and write what it shows as '#>' lines"
    )

    static let declaration = CommandDeclaration(
        "session",
        group: .session,
        summary: "save the commands of this session as a script that runs again",
        details: """
            Only commands that succeeded and mattered are kept: no help, no history, nothing that was undone.
            With --with-output the script is run once more from the start, training included, so that
            'fettle run --check FILE' compares like with like. What reaches outside is not done again: lines
            with '!', '>' or '>>', 'export', and scripts with such lines are kept without '#>' lines.
            """,
        parameters: [action.parameter, file.parameter, withOutput.parameter],
        effect: .files,
        examples: [
            .init("session save walk.fettle", "the commands alone"),
            .init("session save walk.fettle --with-output", "with what they show"),
        ]
    )

    let file: ArgumentWord
    let isWithOutput: Bool

    init(_ arguments: Arguments) throws(Diagnostic) {
        let action = try arguments.required(Self.action)
        guard action.text == "save" else { throw expected("save", action, for: "action") }
        file = try arguments.required(Self.file)
        isWithOutput = arguments.has(Self.withOutput)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let kept = SessionScript.kept(session.journal)
        let secrets = kept.count { $0.contains(Redaction.mark) }
        // A line whose secret was taken out would not do what it did; it stays as a comment.
        var text = kept.map { line in
            guard !line.contains(Redaction.mark) else {
                return line.split(separator: "\n").map { "# \($0)\n" }.joined()
            }
            return line + (isWithOutput ? "\n#>\n" : "\n")
        }.joined()
        if isWithOutput {
            let checker = ScriptChecker(
                environment: context.services.surroundings.environment,
                skipsEffects: true,
                runShell: context.services.surroundings.runShell
            )
            let finding = try await checker.check(SourceText(file: file.text, text: text))
            if let failure = finding.failure {
                throw Diagnostic(
                    "not-repeatable",
                    "the session does not run again from the start: \(failure)",
                    hints: [
                        "models of earlier sessions are not made in this one: tune them in the script",
                        "save it without --with-output, mend the script, and 'fettle run --update' it",
                    ]
                )
            }
            text = finding.updated
        }
        do {
            try WholeFile.write(Array(text.utf8), to: file.text)
        } catch {
            throw error.located(at: file.span)
        }
        let count = NumberText.count(kept.count, "command")
        var blocks: [OutputBlock] = [.note("wrote \(count) to \(file.text)")]
        if secrets > 0 {
            let lines = NumberText.count(secrets, "line")
            blocks.append(
                .warning("\(lines) had a secret and became a comment; use ${env:NAME} there")
            )
        }
        return CommandOutput(blocks: blocks)
    }
}
