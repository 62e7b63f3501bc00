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
    static let type = Option<ArgumentWord>.setting(
        "type",
        kind: .choice(ScriptParameter.Kind.names),
        default: "that of a bare default, else text",
        help: "what '--set' may give: one of these, or choices such as type=\"train|test\""
    )

    static let declaration = CommandDeclaration(
        "param",
        group: .session,
        summary: "declare a variable that 'fettle run --set NAME=VALUE' can set",
        details:
            """
            For what whoever runs a script may choose: without '--set' it is a 'let' of the default. '--set'
            of a name that the script does not declare, or with a value of another type, is an error that
            comes before anything runs. 'fettle run FILE --help' lists the params of a script.
            """,
        parameters: [words.parameter, pairs.parameter, type.parameter],
        effect: .state,
        examples: [
            .init("param epochs = 1 \"passes over the data\"", "then: tune … n_epochs=$epochs"),
            .init("param seed=7 type=integer", "whole numbers only"),
            .init("param part = train type=\"train|test\"", "one of these words"),
        ]
    )

    let name: ArgumentWord
    let value: ArgumentWord
    let parameter: ScriptParameter

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
        let word = try arguments.value(Self.type)
        let kind = try word.map { word throws(Diagnostic) in try Self.kind(word) }
        parameter = ScriptParameter(
            name: name.text,
            kind: kind
                ?? .init(
                    ofDefault: value.text,
                    isBare: !value.isQuoted && Session.isBare(value.text)
                ),
            defaultText: value.text,
            help: words.count == 4 ? words[3].text : words.count == 1 ? words[0].text : ""
        )
        // A default may be a file that is yet to be made, or one for another folder.
        if kind != .file, let expectation = parameter.kind.expectation(unmetBy: value.text) {
            throw expected(expectation, value, for: name.text)
        }
    }

    private static func kind(_ word: ArgumentWord) throws(Diagnostic) -> ScriptParameter.Kind {
        if let kind = ScriptParameter.Kind(word.text) { return kind }
        let names = ScriptParameter.Kind.names
        throw expected("one of " + names.joined(separator: ", "), word, for: "type")
            .hinting(didYouMean(word.text, among: names) ?? "choices: type=\"small|large\"")
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let given = session.overrides[name.text]
        if let given { try parameter.check(given) }
        let text = given ?? value.text
        let isText = parameter.kind == .text || parameter.kind == .file
        let isBare = !isText && Session.isBare(text)
        session.variables[name.text] = .text(text, isBare: isBare)
        return .setting(name.text, to: text, isBare: isBare)
    }
}
