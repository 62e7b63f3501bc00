public import FettleCore

/// The arguments of one command, matched with its declaration.
public struct Arguments: Sendable {
    /// The place of the whole command in the source.
    public let span: SourceSpan
    fileprivate var words: [String: [ArgumentWord]] = [:]
    fileprivate var pairs: [(old: ArgumentWord, new: ArgumentWord)] = []
    fileprivate var flags: Set<String> = []

    fileprivate init(span: SourceSpan) {
        self.span = span
    }

    /// Returns the value of an optional parameter, or nil when it was not given.
    public func value<Value>(_ option: Option<Value>) throws(Diagnostic) -> Value? {
        guard let word = words[option.parameter.name]?.first else { return nil }
        return try Value(reading: word, for: option.parameter.name)
    }

    /// Returns the value of a parameter, or `fallback` when it was not given.
    public func value<Value>(
        _ option: Option<Value>,
        or fallback: Value
    ) throws(Diagnostic) -> Value {
        try value(option) ?? fallback
    }

    /// Returns the value of a parameter that the declaration requires.
    public func required<Value>(_ option: Option<Value>) throws(Diagnostic) -> Value {
        guard let value = try value(option) else {
            throw Diagnostic(
                "missing-argument",
                "'\(option.parameter.name)' is missing",
                span: span
            )
        }
        return value
    }

    /// Returns all values of a parameter that takes several words.
    public func values<Value>(_ option: Option<Value>) throws(Diagnostic) -> [Value] {
        var values: [Value] = []
        for word in words[option.parameter.name] ?? [] {
            values.append(try Value(reading: word, for: option.parameter.name))
        }
        return values
    }

    /// Whether a flag was given.
    public func has(_ option: Option<Bool>) -> Bool {
        flags.contains(option.parameter.name)
    }

    /// The pairs of a mapping parameter, in order.
    public func mapping(_ option: Option<String>) -> [(old: ArgumentWord, new: ArgumentWord)] {
        pairs
    }

    /// The word of a declared parameter, or nil when it was not given.
    public func word(of parameter: Parameter) -> ArgumentWord? {
        words[parameter.name]?.first
    }

    /// The word of a parameter, for errors that point at it.
    public func word<Value>(_ option: Option<Value>) -> ArgumentWord? {
        words[option.parameter.name]?.first
    }
}

extension CommandDeclaration {
    /// Matches an invocation with this declaration.
    ///
    /// - Throws: `unknown-option`, `missing-argument`, `unexpected-word`, `repeated-option` or
    ///   `bad-value`, each with the place.
    public func bind(
        _ invocation: Invocation,
        expanding expander: WordExpander
    ) throws(Diagnostic) -> Arguments {
        var binder = Binder(self, invocation, expander)
        return try binder.bind()
    }
}

extension CommandDeclaration {
    /// Matches words and settings, whose variables are filled in, with this declaration.
    ///
    /// - Throws: as ``bind(_:expanding:)``, with places in the source of the words.
    public func bind(
        _ words: [ArgumentWord],
        settings: [(name: String, value: ArgumentWord)],
        at span: SourceSpan
    ) throws(Diagnostic) -> Arguments {
        func word(_ argument: ArgumentWord) -> Word {
            Word(
                pieces: [.text(argument.text, origins: argument.origins)],
                span: argument.span,
                isQuoted: true,
                quotedSpans: argument.quotedSpans
            )
        }
        let invocation = Invocation(
            verb: name,
            verbSpan: span,
            arguments: words.map { .word(word($0)) }
                + settings.map { .setting($0.name, $0.value.span, word($0.value)) },
            expression: nil
        )
        return try bind(invocation, expanding: WordExpander(names: []) { _ in nil })
    }
}

private struct Binder {
    let declaration: CommandDeclaration
    let invocation: Invocation
    let expander: WordExpander
    var arguments: Arguments
    var free: [ArgumentWord] = []

    init(_ declaration: CommandDeclaration, _ invocation: Invocation, _ expander: WordExpander) {
        self.declaration = declaration
        self.invocation = invocation
        self.expander = expander
        arguments = Arguments(span: invocation.verbSpan)
    }

    mutating func bind() throws(Diagnostic) -> Arguments {
        if let expression = invocation.expression,
            let parameter = declaration.parameters.first(where: { $0.form == .expression })
        {
            arguments.words[parameter.name] = [try expander.expand(expression)]
        }
        var index = 0
        while index < invocation.arguments.count {
            switch invocation.arguments[index] {
            case .flag(let name, let span, let value): try flag(name, span, value)
            case .setting(let name, let span, let value): try setting(name, span, value)
            case .word(let word):
                if let clause = clause(for: word) {
                    index += 1
                    try take(clause, after: word, at: index)
                } else {
                    free.append(try expander.expand(word))
                }
            }
            index += 1
        }
        try placeWords()
        for parameter in declaration.parameters where parameter.isFile {
            arguments.words[parameter.name] = arguments.words[parameter.name]?.map(expander.path)
        }
        arguments.pairs.sort { $0.old.span.start < $1.old.span.start }
        try checkRequired()
        return arguments
    }

    // MARK: - Named parameters

    private mutating func flag(
        _ name: String,
        _ span: SourceSpan,
        _ value: Word?
    ) throws(Diagnostic) {
        if let value, declaration.parameters.contains(where: { $0.isSetting && $0.isCalled(name) })
        {
            // '--name=value' is how other programs write a setting.
            return try setting(name, span, value)
        }
        let flags = declaration.parameters.filter { $0.form == .flag }
        guard let parameter = flags.first(where: { $0.name == name }) else {
            throw unknown("--\(name)", span, among: flags.map { "--\($0.name)" })
        }
        if let value {
            throw Diagnostic(
                "bad-value",
                "'--\(name)' takes no value",
                span: value.span,
                hint: "write --\(name) alone"
            )
        }
        arguments.flags.insert(parameter.name)
    }

    private mutating func setting(
        _ name: String,
        _ span: SourceSpan,
        _ value: Word
    ) throws(Diagnostic) {
        let settings = declaration.parameters.filter(\.isSetting)
        let word = try expander.expand(value)
        if let parameter = settings.first(where: { $0.isCalled(name) }) {
            guard arguments.words[parameter.name] == nil else {
                throw Diagnostic(
                    "repeated-option",
                    "'\(parameter.name)' is given twice",
                    span: span,
                    hint: "leave one of them out"
                )
            }
            arguments.words[parameter.name] = [word]
        } else if declaration.parameters.contains(where: \.isMapping) {
            let origins = (span.start..<span.end).map { SourceSpan($0, $0 + 1) }
            arguments.pairs.append(
                (ArgumentWord(text: name, span: span, origins: origins), word)
            )
        } else {
            throw unknown(name, span, among: settings.flatMap { [$0.name] + $0.aliases })
        }
    }

    private func clause(for word: Word) -> Parameter? {
        guard !word.isQuoted, let text = word.literal else { return nil }
        return declaration.parameters.first { parameter in
            if case .clause = parameter.form { parameter.name == text } else { false }
        }
    }

    private mutating func take(
        _ clause: Parameter,
        after keyword: Word,
        at index: Int
    ) throws(Diagnostic) {
        guard index < invocation.arguments.count, case .word(let word) = invocation.arguments[index]
        else {
            throw Diagnostic(
                "missing-argument",
                "'\(clause.name)' is not followed by a name",
                span: keyword.span,
                hint: "synopsis: \(declaration.synopsis)"
            )
        }
        guard arguments.words[clause.name] == nil else {
            throw Diagnostic(
                "repeated-option",
                "'\(clause.name)' is given twice",
                span: keyword.span,
                hint: "leave one of them out"
            )
        }
        arguments.words[clause.name] = [try expander.expand(word)]
    }

    // MARK: - Words at their places

    private mutating func placeWords() throws(Diagnostic) {
        if declaration.parameters.contains(where: \.isMapping) { takePairs() }
        var places = declaration.parameters.filter { parameter in
            switch parameter.form {
            case .word, .words: true
            default: false
            }
        }
        while let word = free.first {
            guard let place = places.first else {
                throw Diagnostic(
                    "unexpected-word",
                    "'\(word.text)' is not expected here",
                    span: word.span,
                    hints: [clauseHint(word), "synopsis: \(declaration.synopsis)"].compactMap(
                        \.self
                    )
                )
            }
            switch place.form {
            case .words:
                arguments.words[place.name] = free
                return
            case .word(let required):
                places.removeFirst()
                let needed = places.count {
                    $0.form == .word(required: true) || $0.form == .words(required: true)
                }
                if !required {
                    if free.count <= needed { continue }
                    if !places.isEmpty, !place.kind.fits(word.text) { continue }
                }
                arguments.words[place.name] = [word]
                free.removeFirst()
            default: places.removeFirst()
            }
        }
    }

    /// Proposes the keyword that a word without a place was probably meant to follow.
    private func clauseHint(_ word: ArgumentWord) -> String? {
        let open = declaration.parameters.first { parameter in
            guard case .clause = parameter.form, parameter.name != "as" else { return false }
            return arguments.words[parameter.name] == nil
        }
        return open.map { "did you mean '\($0.name) \(word.text)'?" }
    }

    /// Takes words such as `1=bad` and `"pet products"=pets` as pairs; a quoted `=` separates nothing.
    private mutating func takePairs() {
        var rest: [ArgumentWord] = []
        for word in free {
            let bytes = Array(word.text.utf8)
            let equals = bytes.indices.first {
                bytes[$0] == UInt8(ascii: "=") && !word.isQuoted(at: $0)
            }
            guard let equals,
                equals > 0 || word.quotedSpans.first?.start == word.span.start
            else {
                rest.append(word)
                continue
            }
            arguments.pairs.append((word.part(0, equals), word.part(equals + 1, bytes.count)))
        }
        free = rest
    }

    private func checkRequired() throws(Diagnostic) {
        for parameter in declaration.parameters {
            let isRequired =
                switch parameter.form {
                case .word(let required), .words(let required), .clause(let required),
                    .setting(let required):
                    required
                case .expression: true
                case .mapping(let required): required && arguments.pairs.isEmpty
                case .flag: false
                }
            if isRequired, arguments.words[parameter.name] == nil {
                let shown =
                    switch parameter.form {
                    case .setting: "\(parameter.name)="
                    case .clause: parameter.synopsis
                    default: parameter.name.uppercased()
                    }
                throw Diagnostic(
                    "missing-argument",
                    "'\(declaration.name)' needs \(shown): \(parameter.help)",
                    span: arguments.span,
                    hint: "synopsis: \(declaration.synopsis)"
                )
            }
        }
    }

    /// Proposes the keyword where it was written as an option: `on=NAME`.
    private func clause(_ name: String) -> String? {
        let isClause = declaration.parameters.contains { parameter in
            if case .clause = parameter.form { parameter.name == name } else { false }
        }
        return isClause ? "write '\(name) NAME', without '='" : nil
    }

    private func unknown(
        _ name: String,
        _ span: SourceSpan,
        among names: [String]
    ) -> Diagnostic {
        Diagnostic(
            "unknown-option",
            "unknown option '\(name)' for '\(declaration.name)'",
            span: span,
            hints: [
                clause(name), didYouMean(name, among: names),
                names.isEmpty || names.count > 6
                    ? "'help \(declaration.name)' lists its options"
                    : "options: "
                        + names.map { $0.hasPrefix("--") ? $0 : "\($0)=" }.joined(separator: ", "),
            ].compactMap(\.self)
        )
    }
}

extension Parameter {
    fileprivate var isSetting: Bool {
        if case .setting = form { true } else { false }
    }

    fileprivate func isCalled(_ name: String) -> Bool {
        self.name == name || aliases.contains(name)
    }

    fileprivate var isMapping: Bool {
        if case .mapping = form { true } else { false }
    }

    fileprivate var isFile: Bool {
        if case .file = kind { true } else { false }
    }
}
