import FettleCore
import FettleLanguage
import Foundation

/// A variable whose value the one who runs a script may choose.
struct ScriptParameter: Sendable {
    /// What values it takes.
    enum Kind: Hashable, Sendable {
        case text, integer, number, boolean, file
        case choice([String])

        /// The names of the kinds that `type=` takes.
        static let names = ["text", "integer", "number", "boolean", "file"]

        /// Returns the kind that a word names: one of ``names``, or the choices with `|` between them.
        init?(_ word: String) {
            switch word {
            case "text": self = .text
            case "integer": self = .integer
            case "number": self = .number
            case "boolean": self = .boolean
            case "file": self = .file
            default:
                let choices = word.split(separator: "|").map(String.init)
                guard choices.count > 1 else { return nil }
                self = .choice(choices)
            }
        }

        /// Returns the kind of a default that stands without one.
        init(ofDefault text: String, isBare: Bool) {
            guard isBare else {
                self = .text
                return
            }
            self = text == "true" || text == "false" ? .boolean : .number
        }

        /// What help shows.
        var text: String {
            switch self {
            case .text: "text"
            case .integer: "integer"
            case .number: "number"
            case .boolean: "boolean"
            case .file: "file"
            case .choice(let choices): choices.joined(separator: "|")
            }
        }

        /// What a value that does not fit should have been; nil for one that fits.
        func expectation(unmetBy value: String) -> String? {
            switch self {
            case .text: nil
            case .integer: Int(value) == nil ? "a whole number" : nil
            case .number: Double(value).map(\.isFinite) == true ? nil : "a number"
            case .boolean: value == "true" || value == "false" ? nil : "true or false"
            case .file:
                FileManager.default.fileExists(atPath: value) ? nil : "a file that is there"
            case .choice(let choices):
                choices.contains(value) ? nil : "one of " + choices.joined(separator: ", ")
            }
        }
    }

    var name: String
    var kind: Kind
    /// The default as written, its variables of the environment filled in.
    var defaultText: String
    /// What it is for; may be empty.
    var help: String

    /// Sees to it that a value from `--set` fits.
    ///
    /// - Throws: `bad-value`.
    func check(_ value: String) throws(Diagnostic) {
        guard let expectation = kind.expectation(unmetBy: value) else { return }
        let choices: [String] = if case .choice(let choices) = kind { choices } else { [] }
        throw Diagnostic(
            "bad-value",
            "--set gives '\(name)' the value '\(value)', expected \(expectation)",
            hints: [
                didYouMean(value, among: choices),
                "its default is '\(defaultText)'" + (help.isEmpty ? "" : ": \(help)"),
            ].compactMap(\.self)
        )
    }
}
