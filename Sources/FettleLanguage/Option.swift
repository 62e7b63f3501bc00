public import FettleCore

/// A type that an argument's word can be read as.
public protocol ArgumentValue: Sendable {
    /// What completion and the synopsis make of it.
    static var parameterKind: ParameterKind { get }
    /// Reads the word.
    ///
    /// - Throws: a ``Diagnostic`` that states what was expected; its span is the word's.
    init(reading word: ArgumentWord, for name: String) throws(Diagnostic)
}

extension String: ArgumentValue {
    /// Any text.
    public static var parameterKind: ParameterKind { .text }
    /// Takes the word's text as it is.
    public init(reading word: ArgumentWord, for name: String) throws(Diagnostic) {
        self = word.text
    }
}

extension ArgumentWord: ArgumentValue {
    /// Any text.
    public static var parameterKind: ParameterKind { .text }
    /// Keeps the word, so that later errors can point into it.
    public init(reading word: ArgumentWord, for name: String) throws(Diagnostic) {
        self = word
    }
}

extension Int: ArgumentValue {
    /// A whole number.
    public static var parameterKind: ParameterKind { .integer }
    /// Reads a whole number; `_` and `,` are not understood.
    public init(reading word: ArgumentWord, for name: String) throws(Diagnostic) {
        guard let value = Int(word.text) else {
            throw expected("a whole number", word, for: name)
        }
        self = value
    }
}

extension UInt64: ArgumentValue {
    /// A whole number.
    public static var parameterKind: ParameterKind { .integer }
    /// Reads a whole number of at least 0.
    public init(reading word: ArgumentWord, for name: String) throws(Diagnostic) {
        guard let value = UInt64(word.text) else {
            throw expected("a whole number of at least 0", word, for: name)
        }
        self = value
    }
}

extension Double: ArgumentValue {
    /// A number.
    public static var parameterKind: ParameterKind { .number }
    /// Reads a finite number.
    public init(reading word: ArgumentWord, for name: String) throws(Diagnostic) {
        guard let value = Double(word.text), value.isFinite else {
            throw expected("a number", word, for: name)
        }
        self = value
    }
}

extension Bool: ArgumentValue {
    /// True or false.
    public static var parameterKind: ParameterKind { .boolean }
    /// Reads `true` or `false`.
    public init(reading word: ArgumentWord, for name: String) throws(Diagnostic) {
        switch word.text {
        case "true": self = true
        case "false": self = false
        default: throw expected("true or false", word, for: name)
        }
    }
}

extension ArgumentValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    /// One of the cases.
    public static var parameterKind: ParameterKind { .choice(allCases.map(\.rawValue)) }

    /// Reads one of the cases' names.
    public init(reading word: ArgumentWord, for name: String) throws(Diagnostic) {
        if let value = Self(rawValue: word.text) {
            self = value
            return
        }
        let names = Self.allCases.map(\.rawValue)
        throw expected("one of " + names.joined(separator: ", "), word, for: name)
            .hinting(didYouMean(word.text, among: names))
    }
}

/// Returns the error for a value that is not what the parameter takes.
public func expected(_ what: String, _ word: ArgumentWord, for name: String) -> Diagnostic {
    Diagnostic("bad-value", "'\(name)' is '\(word.text)', expected \(what)", span: word.span)
}

/// A typed key for a parameter: declares it, and reads its value from ``Arguments``.
public struct Option<Value: ArgumentValue>: Sendable {
    /// The parameter as declared.
    public let parameter: Parameter

    /// Makes a parameter that is one word at its place.
    public static func word(
        _ name: String,
        required: Bool = true,
        kind: ParameterKind? = nil,
        default defaultText: String? = nil,
        unit: String? = nil,
        help: String
    ) -> Option {
        Option(name, [], .word(required: required), kind, defaultText, unit, help)
    }

    /// Makes a parameter that takes all words that are left.
    ///
    /// - Parameters:
    ///   - name: what it is called.
    ///   - required: whether there must be one.
    ///   - kind: what the words name.
    ///   - afterFirst: what may follow each first word, when only that one is of the kind.
    ///   - help: one sentence without a full stop.
    /// - Returns: the parameter.
    public static func words(
        _ name: String,
        required: Bool = true,
        kind: ParameterKind? = nil,
        afterFirst: [String: [String]]? = nil,
        help: String
    ) -> Option {
        Option(name, [], .words(required: required), kind, nil, nil, help, afterFirst)
    }

    /// Makes a parameter that is a word after the keyword `name`.
    public static func clause(
        _ name: String,
        required: Bool = false,
        kind: ParameterKind? = nil,
        default defaultText: String? = nil,
        help: String
    ) -> Option {
        Option(name, [], .clause(required: required), kind, defaultText, nil, help)
    }

    /// Makes a parameter written `name=value`.
    public static func setting(
        _ name: String,
        aliases: [String] = [],
        required: Bool = false,
        kind: ParameterKind? = nil,
        default defaultText: String? = nil,
        unit: String? = nil,
        section: String? = nil,
        help: String
    ) -> Option {
        Option(
            name,
            aliases,
            .setting(required: required),
            kind,
            defaultText,
            unit,
            help,
            section: section
        )
    }

    /// Makes a parameter that takes every `old=new` that is no other parameter.
    public static func mapping(
        _ name: String,
        required: Bool = true,
        help: String
    ) -> Option {
        Option(name, [], .mapping(required: required), nil, nil, nil, help)
    }

    /// Makes a parameter that is the expression after the verb.
    public static func expression(_ name: String, help: String) -> Option {
        Option(name, [], .expression, .expression, nil, nil, help)
    }

    private init(
        _ name: String,
        _ aliases: [String],
        _ form: Parameter.Form,
        _ kind: ParameterKind?,
        _ defaultText: String?,
        _ unit: String?,
        _ help: String,
        _ wordsAfterFirst: [String: [String]]? = nil,
        section: String? = nil
    ) {
        parameter = Parameter(
            name: name,
            aliases: aliases,
            form: form,
            kind: kind ?? Value.parameterKind,
            defaultText: defaultText,
            unit: unit,
            help: help,
            wordsAfterFirst: wordsAfterFirst,
            section: section
        )
    }
}

extension Option where Value == Bool {
    /// Makes a flag, written `--name`.
    public static func flag(_ name: String, help: String) -> Option {
        Option(name, [], .flag, .boolean, nil, nil, help)
    }
}
