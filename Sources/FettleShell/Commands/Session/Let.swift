import FettleCore
import FettleLanguage
import FettleNotebook

struct Let: Command {
    static let words = Option<ArgumentWord>.words(
        "name = value",
        required: false,
        kind: .text,
        help: "the name, '=' and the value"
    )
    static let pairs = Option<String>.mapping(
        "name=value",
        required: false,
        help: "the same without blanks"
    )

    static let declaration = CommandDeclaration(
        "let",
        group: .session,
        summary: "set a variable, which $name then stands for",
        details: """
            $name and ${name} stand for the value in words and "…", ${name:-default} for a default,
            ${name:?message} for an error, ${env:HOME} for the environment. $_ is the last result with its
            fields, such as ${_.accuracy}; $? the last status. A variable that is not set is an error.
            """,
        parameters: [words.parameter, pairs.parameter],
        effect: .state,
        examples: [
            .init("let seed = 7", "then: shuffle seed=$seed"),
            .init("let suffix = \"\\n\\n###\\n\\n\"", "a text with newlines"),
        ]
    )

    let name: ArgumentWord
    let value: ArgumentWord

    init(_ arguments: Arguments) throws(Diagnostic) {
        let words = try arguments.values(Self.words)
        let pairs = arguments.mapping(Self.pairs)
        if let pair = pairs.first, pairs.count == 1, words.isEmpty {
            (name, value) = (pair.old, pair.new)
        } else if words.count == 3, words[1].text == "=", pairs.isEmpty {
            (name, value) = (words[0], words[2])
        } else {
            throw Diagnostic(
                "missing-argument",
                "'let' needs a name, '=' and one value",
                span: words.last?.span ?? arguments.span,
                hint: "let seed = 7; put a text with blanks in quotes"
            )
        }
        let isName = name.text.utf8.allSatisfy {
            ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || $0 == 0x5F || ($0 >= 0x30 && $0 <= 0x39)
        }
        guard isName, let first = name.text.first, !first.isNumber else {
            throw Diagnostic(
                "bad-name",
                "'\(name.text)' cannot be a variable's name",
                span: name.span,
                hint: "names are letters of ASCII, digits and '_', and start with a letter"
            )
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        if value.text.isEmpty, !value.isQuoted {
            throw Diagnostic(
                "missing-argument",
                "no value after '='",
                span: value.span,
                hint: "let \(name.text) = \"\""
            )
        }
        let isBare =
            !value.isQuoted
            && (Double(value.text) != nil || value.text == "true" || value.text == "false")
        session.variables[name.text] = .text(value.text, isBare: isBare)
        return CommandOutput()
    }
}
