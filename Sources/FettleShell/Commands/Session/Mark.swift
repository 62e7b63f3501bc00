import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Mark: Command {
    static let name = Option<ArgumentWord>.word(
        "name",
        kind: .text,
        help: "the point's name: letters of ASCII, digits and '_'"
    )

    static let declaration = CommandDeclaration(
        "mark",
        group: .session,
        summary: "give this point of the session a name",
        details: """
            'history' shows it among the commands. 'session save FILE from=NAME' takes what follows it,
            'snippet save NAME FROM..TO' what stands between two marks. A saved script has it as a '##'
            heading, for 'run FILE from=NAME'.
            """,
        parameters: [name.parameter],
        effect: .none,
        examples: [
            .init("mark clean", "a name for this point"),
            .init(
                "mark start; dedupe; mark end; snippet save tidy start..end",
                "keep what is between"
            ),
        ]
    )

    let name: ArgumentWord

    init(_ arguments: Arguments) throws(Diagnostic) {
        name = try arguments.required(Self.name)
        try VariableName.check(name, of: "mark")
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        context.show(.note("marked: \(name.text)"))
        return CommandOutput()
    }
}

extension Mark {
    /// Returns the name that a command marks its place with, or nil.
    static func name(in source: String) -> String? {
        let words = source.split(separator: " ")
        guard words.count == 2, words[0] == declaration.name else { return nil }
        return String(words[1])
    }

    /// Returns the error for a name that marks nothing.
    static func unknown(_ name: String, at span: SourceSpan?, among names: [String]) -> Diagnostic {
        Diagnostic(
            "unknown-mark",
            "no point is marked '\(name)'",
            span: span,
            hints: [
                didYouMean(name, among: names),
                "'mark \(name)' gives this point of the session the name",
            ].compactMap(\.self)
        )
    }
}
