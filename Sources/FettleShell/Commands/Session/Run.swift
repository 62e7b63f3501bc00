import FettleCore
import FettleLanguage
import FettleNotebook

struct Run: Command {
    static let file = Option<ArgumentWord>.word(
        "file",
        kind: .file(["fettle", "md"]),
        help: "the script"
    )

    static let declaration = CommandDeclaration(
        "run",
        group: .session,
        summary: "run the commands of a script in this session",
        details: """
            A script stops at its first error. Files it names are looked up from the current folder, other
            scripts from the script's. Of a Markdown file the blocks marked ```fettle are run. 'fettle run --check FILE' compares the output with the '#>' lines.
            """,
        parameters: [file.parameter],
        effect: .state,
        examples: [
            .init("run sessions/01-first-fine-tune.fettle", "the chapter's first case study"),
            .init("run sessions/03-token-probabilities.fettle", "listing 4.3"),
        ]
    )

    private static let deepest = 16
    let file: ArgumentWord

    init(_ arguments: Arguments) throws(Diagnostic) {
        file = try arguments.required(Self.file)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let path = try path(in: session)
        let (source, script) = try Self.read(path, named: file)
        session.scripts.append(path)
        // To 'undo', the whole script is one change.
        let time = session.time
        session.time = TimeTravel()
        let interpreter = Interpreter(context.services)
        var lines: [SessionScript.Line] = []
        for case .statement(let statement) in script.items where !session.wantsToQuit {
            try Task.checkCancellation()
            lines.append(
                try await interpreter.execute(
                    statement,
                    in: source,
                    session: &session,
                    show: context.show
                )
            )
        }
        session.wantsToQuit = false
        session.time = time
        session.scripts.removeLast()
        var output = CommandOutput()
        output.steps = SessionScript.stateOnly(lines)
        return output
    }

    /// Returns the script's path: beside the script that runs it, else from the current folder.
    private func path(in session: Session) throws(Diagnostic) -> String {
        var path = file.text
        if let outer = session.scripts.last, !path.hasPrefix("/"),
            let slash = outer.lastIndex(of: "/")
        {
            path = outer[...slash] + path
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

    private static func read(
        _ path: String,
        named file: ArgumentWord
    ) throws(Diagnostic) -> (SourceText, Script) {
        let source: SourceText
        do {
            source = try SourceText(contentsOf: path)
        } catch {
            throw error.located(at: file.span)
        }
        return (source, try source.script())
    }
}
