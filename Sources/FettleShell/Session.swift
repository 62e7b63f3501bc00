public import FettleCore
import FettleData
import FettleLanguage
public import FettleWorkbench

/// What the user has made so far.
///
/// A value: a command that fails leaves the session as it was.
public struct Session: Sendable {
    /// A variable's value.
    public enum Value: Hashable, Sendable {
        /// Text; a number or boolean when it was written bare.
        case text(String, isBare: Bool)
        /// The secret of this name, whose value is read where it is used.
        case secret(String)
        /// A command's result with fields, such as an evaluation.
        case object(JSONValue)
    }

    /// A text that the user wants to change in his editor.
    public enum LineToEdit: Hashable, Sendable {
        /// The last line that was typed.
        case last
        /// This text.
        case text(String)
    }

    /// The datasets.
    public var library = DatasetLibrary()
    /// The variables by name.
    public var variables: [String: Value] = [:]
    /// The last command's result, `$_`.
    public var lastValue: JSONValue?
    /// The last command's status, `$?`.
    public var lastStatus = 0
    /// The last output that was shown.
    var last: CommandOutput?
    /// The rows that the last command gave; nil when it gave none.
    var lastCount: Int?
    /// What the user can change with `set`.
    public internal(set) var settings = Settings()
    /// The file that takes a transcript, if one is kept.
    var log: String?
    /// What `--set` gives to `param`s.
    public var overrides: [String: String] = [:]
    /// The changes that can be undone and redone.
    var time = TimeTravel()
    /// The commands that succeeded, their secrets taken out.
    var journal: [SessionScript.Line] = []
    /// The scripts that are being run, outermost first.
    var scripts: [String] = []
    /// The tutorial, while it is on.
    var tutorial: Tutorial?
    /// What `edit` was given for, until the prompt takes it.
    public var lineToEdit: LineToEdit?
    /// Whether `quit` was given.
    public var wantsToQuit = false

    /// Makes a session with nothing in it.
    public init() {}

    /// Returns the dataset that a word names, or the current one.
    ///
    /// - Throws: `unknown-dataset`, or `source-changed` when its rows are no longer those that were loaded.
    func dataset(_ word: ArgumentWord?) throws(Diagnostic) -> Dataset {
        do {
            let dataset = try library.dataset(word?.text)
            try dataset.frame.checkSources()
            return dataset
        } catch {
            throw error.located(at: word?.span)
        }
    }

    /// Returns a variable's text for the language, or nil when it is not set; `secret` gives that of a
    /// secret, or says why it is not given.
    func text(
        of variable: Variable,
        environment: [String: String],
        secret: (String) throws(Diagnostic) -> (text: String, isBare: Bool)?
    ) throws(Diagnostic) -> (text: String, isBare: Bool)? {
        switch variable.scope {
        case .environment: return environment[variable.name].map { ($0, Session.isBare($0)) }
        case .secret: return try secret(variable.name)
        case .session: break
        }
        if variable.name == "?" { return (String(lastStatus), true) }
        let parts = variable.name.split(separator: ".").map(String.init)
        guard let first = parts.first else { return nil }
        if variable.name == "script.dir", variables["script"] == nil, let script = scripts.last {
            return (script.lastIndex(of: "/").map { String(script[..<$0]) } ?? ".", false)
        }
        var value: JSONValue
        if first == "_" {
            guard let lastValue else { return nil }
            value = lastValue
        } else {
            switch variables[first] {
            case .text(let text, let isBare)? where parts.count == 1: return (text, isBare)
            case .secret(let name)? where parts.count == 1: return try secret(name)
            case .object(let object)?: value = object
            default: return nil
            }
        }
        for field in parts.dropFirst() {
            guard let next = value[field] else {
                let names = value.memberNames
                let fields = "fields: " + names.joined(separator: ", ")
                throw Diagnostic(
                    "unknown-field",
                    "'$\(first)' has no field '\(field)'",
                    hint: didYouMean(field, among: names)
                        ?? (names.isEmpty ? "it is one value without fields" : fields)
                )
            }
            value = next
        }
        switch value {
        case .string(let text): return (text, false)
        default: return (value.text(), true)
        }
    }
}

extension Session {
    /// Whether a bare word is a number or a boolean rather than a text.
    static func isBare(_ text: String) -> Bool {
        Double(text).map(\.isFinite) == true || text == "true" || text == "false"
    }
}

extension JSONValue {
    /// The names of an object's members.
    var memberNames: [String] {
        guard case .object(let members) = self else { return [] }
        return members.map(\.name)
    }
}
