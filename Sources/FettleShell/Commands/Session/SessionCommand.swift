import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct SessionCommand: Command {
    static let action = Option<ArgumentWord>.word(
        "action",
        kind: .choice(["save"]),
        help: "save: write this session's commands as a script"
    )
    static let file = Option<ArgumentWord>.word(
        "file",
        kind: .file(["fettle", "md"]),
        help: "the script to write; .md for a Markdown walkthrough"
    )
    static let from = Option<ArgumentWord>.setting(
        "from",
        default: "the session's first command",
        help: "the mark after which the commands are saved"
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
            Only commands that succeeded and mattered are kept: no help, no history, nothing that was undone. A
            'mark' becomes a '##' heading.
            With --with-output the script is run once more from the start, training included, so that
            'fettle run --check FILE' compares like with like. What reaches outside is not done again: lines
            with '!', '>' or '>>', 'export', and scripts with such lines are kept without '#>' lines.
            """,
        parameters: [
            action.parameter, file.parameter, from.parameter, withOutput.parameter,
        ],
        effect: .files,
        examples: [
            .init("session save walk.fettle", "the commands alone"),
            .init("session save walk.fettle --with-output", "with what they show"),
        ]
    )

    let file: ArgumentWord
    let from: ArgumentWord?
    let isWithOutput: Bool

    init(_ arguments: Arguments) throws(Diagnostic) {
        let action = try arguments.required(Self.action)
        guard action.text == "save" else { throw expected("save", action, for: "action") }
        file = try arguments.required(Self.file)
        from = try arguments.value(Self.from)
        isWithOutput = arguments.has(Self.withOutput)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let kept = SessionScript.kept(try lines(of: session))
        let commands = kept.filter { !$0.hasPrefix("## ") }
        let secrets = commands.count { $0.contains(Redaction.mark) }
        var text = SavedScript(file.text, hasOutput: isWithOutput).text(of: kept)
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
        let count = NumberText.count(commands.count, "command")
        var blocks: [OutputBlock] = [.note("wrote \(count) to \(file.text)")]
        if secrets > 0 {
            let lines = NumberText.count(secrets, "line")
            blocks.append(
                .warning("\(lines) had a secret and became a comment; use ${env:NAME} there")
            )
        }
        return CommandOutput(blocks: blocks)
    }

    /// The session's commands, or those after the mark.
    private func lines(of session: Session) throws(Diagnostic) -> [SessionScript.Line] {
        guard let from else { return session.journal }
        let mark = session.journal.lastIndex { Mark.name(in: $0.source) == from.text }
        guard let mark else {
            let names = session.journal.compactMap { Mark.name(in: $0.source) }
            throw Mark.unknown(from.text, at: from.span, among: names)
        }
        return Array(session.journal[(mark + 1)...])
    }
}

/// How the commands of a session are written: as a script, or in the blocks of a walkthrough.
private struct SavedScript {
    private let isWalkthrough: Bool
    private let hasOutput: Bool

    init(_ file: String, hasOutput: Bool) {
        isWalkthrough = MarkdownScript.isName(file)
        self.hasOutput = hasOutput
    }

    func text(of lines: [String]) -> String {
        guard isWalkthrough else { return lines.map(script).joined() }
        return lines.map { line in
            guard !line.hasPrefix("## ") else { return line + "\n" }
            // A fence is longer than any in it.
            let runs = line.split { $0 != "`" }.map(\.count)
            let fence = String(repeating: "`", count: max(3, (runs.max() ?? 0) + 1))
            return "\(fence)fettle\n\(script(line))\(fence)\n"
        }.joined(separator: "\n")
    }

    private func script(_ line: String) -> String {
        if line.hasPrefix("## ") { return line + "\n" }
        // A line whose secret was taken out would not do what it did; it stays as a comment.
        guard !line.contains(Redaction.mark) else {
            return line.split(separator: "\n").map { "# \($0)\n" }.joined()
        }
        return line + (hasOutput ? "\n#>\n" : "\n")
    }
}
