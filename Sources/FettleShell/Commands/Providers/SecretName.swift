import FettleCore
import FettleLanguage

/// The name of a secret, as settings such as `key=` and `token=` take it: `secret:NAME`.
enum SecretName {
    private static let prefix = "secret:"

    /// Reads a setting's value.
    ///
    /// - Parameters:
    ///   - word: the value.
    ///   - setting: the setting's name, which is what the secret is, too.
    ///   - example: a secret's name for the hint.
    /// - Returns: the secret's name; nil where the setting is not given.
    /// - Throws: `bad-value`, without a place, whose excerpt would show what was typed.
    static func read(
        _ word: ArgumentWord?,
        of setting: String,
        example: String
    ) throws(Diagnostic) -> String? {
        guard let word else { return nil }
        guard word.text.hasPrefix(prefix), word.text.utf8.count > prefix.utf8.count else {
            throw Diagnostic(
                "bad-value",
                "'\(setting)' is no name of a secret, expected secret:NAME",
                hint:
                    "what is typed here is stored: 'secret set \(example)' asks for the \(setting), and "
                    + "\(setting)=secret:\(example) names it"
            )
        }
        return String(word.text.dropFirst(prefix.count))
    }
}
