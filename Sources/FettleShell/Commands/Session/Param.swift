import FettleCore
import FettleLanguage
import FettleNotebook

struct Param: Command {
    static let words = Option<ArgumentWord>.words(
        "name = value [help]",
        required: false,
        kind: .text,
        help: "the name, '=', the default and what it is for"
    )
    static let pairs = Option<String>.mapping(
        "name=value",
        required: false,
        help: "the same without blanks"
    )

    static let declaration = CommandDeclaration(
        "param",
        group: .session,
        summary: "declare a variable that 'fettle run --set NAME=VALUE' can set",
        details:
            """
            For what whoever runs a script may choose: without '--set' it is a 'let' of the default. '--set'
            of a name that the script does not declare is an error.
            """,
        parameters: [words.parameter, pairs.parameter],
        effect: .state,
        examples: [
            .init("param epochs = 1 \"passes over the data\"", "then: tune … n_epochs=$epochs"),
            .init("param seed=7", "without help"),
        ]
    )

    let name: ArgumentWord
    let value: ArgumentWord

    init(_ arguments: Arguments) throws(Diagnostic) {
        let words = try arguments.values(Self.words)
        let pairs = arguments.mapping(Self.pairs)
        if let pair = pairs.first, pairs.count == 1, words.count <= 1 {
            (name, value) = (pair.old, pair.new)
        } else if words.count == 3 || words.count == 4, words[1].text == "=", pairs.isEmpty {
            (name, value) = (words[0], words[2])
        } else {
            throw Diagnostic(
                "missing-argument",
                "'param' needs a name, '=', a value and perhaps what it is for",
                span: words.last?.span ?? arguments.span,
                hint: "param epochs = 1 \"passes over the data\""
            )
        }
        try VariableName.check(name)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let given = session.overrides[name.text]
        let text = given ?? value.text
        let isBare = (given != nil || !value.isQuoted) && Session.isBare(text)
        session.variables[name.text] = .text(text, isBare: isBare)
        return .setting(name.text, to: text, isBare: isBare)
    }
}
