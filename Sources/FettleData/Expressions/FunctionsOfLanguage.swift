import FettleCore

extension ExpressionFunction {
    /// Functions that say what a text is about as a whole.
    static let languages: [ExpressionFunction] = [
        ExpressionFunction(
            name: "language",
            signature: "language(x)",
            arity: 1...1,
            summary:
                "the language of a text: \(LanguageIdentifier.languages.joined(separator: ", ")), or "
                + "\"\(LanguageIdentifier.unknown)\" when it is short or none of these"
        ) { (compiler, arguments, _) throws(Diagnostic) in
            let bytes = try compiler.bytes(arguments[0], of: "language")
            let scratch = ScratchBytes()
            return .text { row in
                guard let text = try bytes(row) else { return nil }
                scratch.count = 0
                scratch.append(LanguageIdentifier.language(of: text).utf8)
                return scratch.bytes
            }
        }
    ]
}
