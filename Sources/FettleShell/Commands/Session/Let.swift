import FettleCore
import FettleData
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
            A 'let' holds for the rest of the session or script, whatever is outside it; a value that the one
            who runs the script may choose is a 'param'.
            $name and ${name} stand for the value in words and "…", ${name:-default} for a default,
            ${name:?message} for an error, ${env:HOME} for the environment; 'let key = secret:NAME' names a
            secret, which is read where it is used. $_ is the last result with its
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
        } else if words.count == 2, words[1].text == "=", pairs.count == 1 {
            (name, value) = (words[0], Self.joined(pairs[0]))
        } else {
            throw Diagnostic(
                "missing-argument",
                "'let' needs a name, '=' and one value",
                span: words.last?.span ?? arguments.span,
                hint: "let seed = 7; put a text with blanks in quotes"
            )
        }
        try VariableName.check(name)
    }

    /// Returns a value with '=' in it, such as `"a = b"`, which was taken for a pair, as it was written.
    private static func joined(_ pair: (old: ArgumentWord, new: ArgumentWord)) -> ArgumentWord {
        let sign = SourceSpan(pair.old.span.end, pair.old.span.end + 1)
        return ArgumentWord(
            text: pair.old.text + "=" + pair.new.text,
            span: SourceSpan(pair.old.span.start, pair.new.span.end),
            isQuoted: true,
            origins: pair.old.origins + [sign] + pair.new.origins
        )
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
        if !value.isQuoted, value.text.hasPrefix("secret:") {
            return try setSecret(String(value.text.dropFirst("secret:".count)), &session, context)
        }
        let isBare = !value.isQuoted && Session.isBare(value.text)
        session.variables[name.text] = .text(value.text, isBare: isBare)
        return .setting(name.text, to: value.text, isBare: isBare)
    }

    private func setSecret(
        _ secret: String,
        _ session: inout Session,
        _ context: Context
    ) throws(Diagnostic) -> CommandOutput {
        guard try context.services.secrets.find(secret) != nil else {
            throw Diagnostic(
                "unknown-secret",
                "no secret '\(secret)'",
                span: value.span,
                hints: [
                    didYouMean(secret, among: context.services.secretNames),
                    "'secret set \(secret)' asks for it, or set \(SecretVault.variable(for: secret))",
                ].compactMap(\.self)
            )
        }
        session.variables[name.text] = .secret(secret)
        var output = CommandOutput()
        output.steps = ["let \(name.text) = secret:\(secret)"]
        return output
    }
}

extension CommandOutput {
    /// What a command gives that sets a variable: nothing to see, and the line that sets it again.
    static func setting(_ name: String, to value: String, isBare: Bool) -> CommandOutput {
        var output = CommandOutput()
        output.steps = ["let \(name) = \(isBare ? value : CommandText.quoted(value))"]
        return output
    }
}

/// The names that variables may have.
enum VariableName {
    /// Sees to it that a word can name a variable, or what else has such names.
    ///
    /// - Throws: `bad-name` for anything but letters of ASCII, digits and `_`.
    static func check(_ name: ArgumentWord, of kind: String = "variable") throws(Diagnostic) {
        let isName = name.text.utf8.allSatisfy {
            ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || $0 == 0x5F || ($0 >= 0x30 && $0 <= 0x39)
        }
        guard isName, name.text != "_", let first = name.text.first, !first.isNumber else {
            throw Diagnostic(
                "bad-name",
                "'\(name.text)' cannot be a \(kind)'s name",
                span: name.span,
                hint: "names are letters of ASCII, digits and '_', and start with a letter"
            )
        }
        try DatasetName.checkNoKey(name)
    }
}
