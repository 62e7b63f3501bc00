import FettleCore

/// What a parameter's value names; completion and checks come from it.
public enum ParameterKind: Hashable, Sendable {
    case text, integer, number, boolean
    /// One of these words.
    case choice([String])
    /// A dataset, a column, several columns with commas, a model.
    case dataset, column, columns, model
    /// A base model or a tuned one.
    case base
    /// A file with one of these endings; any when empty.
    case file([String])
    /// An expression over columns.
    case expression
    /// A text with `{{column}}` holes.
    case template
    /// A command's name; a variable's.
    case command, variable
    /// An error's code.
    case errorCode
    /// A secret's name; a snippet's; a cluster's.
    case secret, snippet, cluster

    /// Whether a bare word can be such a value at all; decides which optional word is meant.
    func fits(_ word: String) -> Bool {
        switch self {
        case .integer: Int(word) != nil
        case .number: Double(word) != nil
        case .choice(let choices): choices.contains(word)
        case .dataset, .column, .columns: Int(word) == nil
        default: true
        }
    }
}

/// One parameter of a command, as help, completion and the binder see it.
public struct Parameter: Hashable, Sendable {
    /// How the parameter is written.
    public enum Form: Hashable, Sendable {
        /// A word at its place.
        case word(required: Bool)
        /// All words that are left; at least one when `required`.
        case words(required: Bool)
        /// A word after a keyword: `on reviews`.
        case clause(required: Bool)
        /// `name=value`.
        case setting(required: Bool)
        /// `--name`.
        case flag
        /// Any `name=value` whose name is not a parameter: `relabel stars 1=bad`.
        case mapping(required: Bool)
        /// The expression that is the rest of the command.
        case expression
    }

    /// The name: the setting's, the flag's, the keyword, or what stands in capitals in the synopsis.
    public var name: String
    /// Other names that are understood.
    public var aliases: [String]
    /// How it is written.
    public var form: Form
    /// What its value names.
    public var kind: ParameterKind
    /// The value when none is given, as help shows it.
    public var defaultText: String?
    /// The unit of the value, such as `rows`.
    public var unit: String?
    /// One sentence without a full stop.
    public var help: String
    /// What may stand after each first word, for ``Form/words(required:)`` of which only the first is of
    /// the kind; nil when all are.
    var wordsAfterFirst: [String: [String]]?
    /// What help lists it under, after the parameters that every use may want; nil for those.
    public var section: String?

    /// How the synopsis shows the parameter.
    public var synopsis: String {
        let value = valueName
        switch form {
        case .word(let required): return required ? name.uppercased() : "[\(name.uppercased())]"
        case .words(let required):
            return required ? "\(name.uppercased())…" : "[\(name.uppercased())…]"
        case .clause(let required): return required ? "\(name) \(value)" : "[\(name) \(value)]"
        case .setting(let required):
            return required ? "\(name)=\(value)" : "[\(name)=\(value)]"
        case .flag: return "[--\(name)]"
        case .mapping(let required):
            return required ? "\(name.uppercased())…" : "[\(name.uppercased())…]"
        case .expression: return name.uppercased()
        }
    }

    private var valueName: String {
        switch kind {
        case .text: form == .clause(required: false) && name == "as" ? "NAME" : "TEXT"
        case .integer: "N"
        case .number: "X"
        case .boolean: "true|false"
        case .choice(let choices): choices.joined(separator: "|")
        case .dataset: "DATASET"
        case .column: "COLUMN"
        case .columns: "COLUMNS"
        case .model: "MODEL"
        case .base: "BASE"
        case .file: "FILE"
        case .expression: "EXPRESSION"
        case .template: "TEMPLATE"
        case .command: "COMMAND"
        case .variable, .secret, .snippet, .cluster: "NAME"
        case .errorCode: "CODE"
        }
    }
}

/// A command's name, help and parameters, declared once; parser, help, completion and docs come from it.
public struct CommandDeclaration: Sendable {
    /// The group that help lists the command in.
    public enum Group: String, Sendable, CaseIterable {
        case data, format, models, train, ask, judge, serve, session
    }

    /// What a command changes.
    public enum Effect: String, Sendable {
        /// Nothing; it shows something.
        case none
        /// Datasets, formats, variables or settings of this session.
        case state
        /// Files or the workspace.
        case files
        /// It trains a model.
        case job
    }

    /// A line that shows the command's use; tests run it on the sample data.
    public struct Example: Sendable {
        /// The line.
        public var line: String
        /// What it does, one sentence without a full stop.
        public var explanation: String

        /// Makes an example.
        public init(_ line: String, _ explanation: String) {
            self.line = line
            self.explanation = explanation
        }
    }

    /// The verb.
    public var name: String
    /// Its group.
    public var group: Group
    /// What it does, one sentence without a full stop.
    public var summary: String
    /// More, in paragraphs; may be empty.
    public var details: String
    /// Its parameters in the order of the synopsis.
    public var parameters: [Parameter]
    /// What it changes.
    public var effect: Effect
    /// Whether it takes rows from a pipe.
    public var takesRows: Bool
    /// Whether it gives rows to a pipe or file.
    public var givesRows: Bool
    /// Whether it takes whatever the command before it in a pipe shows.
    public var takesOutput: Bool
    /// At least two lines.
    public var examples: [Example]

    /// Makes a declaration.
    public init(
        _ name: String,
        group: Group,
        summary: String,
        details: String = "",
        parameters: [Parameter] = [],
        effect: Effect,
        takesRows: Bool = false,
        givesRows: Bool = false,
        takesOutput: Bool = false,
        examples: [Example]
    ) {
        self.name = name
        self.group = group
        self.summary = summary
        self.details = details
        self.parameters = parameters
        self.effect = effect
        self.takesRows = takesRows
        self.givesRows = givesRows
        self.takesOutput = takesOutput
        self.examples = examples
    }

    /// The command with its parameters on one line: `shuffle [DATASET] [seed=N] [as NAME]`.
    ///
    /// Parameters of sections are settings too many to be listed, `[SETTING=…]…`.
    public var synopsis: String {
        let isDivided = parameters.contains { $0.section != nil }
        let shown = parameters.filter { $0.section == nil }.map(\.synopsis)
        return ([name] + shown + (isDivided ? ["[SETTING=…]…"] : [])).joined(separator: " ")
    }

    /// The parameters as help lists them: those without a section, then each section's.
    var sections: [(title: String?, parameters: [Parameter])] {
        var found: [(title: String?, parameters: [Parameter])] = [(nil, [])]
        for parameter in parameters {
            if let place = found.firstIndex(where: { $0.title == parameter.section }) {
                found[place].parameters.append(parameter)
            } else {
                found.append((parameter.section, [parameter]))
            }
        }
        return found
    }

    /// What the parser must know of the command.
    public var syntax: ArgumentSyntax {
        parameters.contains { $0.form == .expression } ? .expression : .words
    }
}
