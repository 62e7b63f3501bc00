/// A word that may stand at the cursor.
public struct CompletionCandidate: Hashable, Sendable {
    /// What replaces the text from the completion's start to the cursor.
    public var text: String
    /// One line of help, or nil.
    public var help: String?
    /// What is typed after it: a blank when the word is finished, nothing after `name=`.
    public var suffix: String

    /// Makes a candidate.
    public init(_ text: String, help: String? = nil, suffix: String = " ") {
        self.text = text
        self.help = help
        self.suffix = suffix
    }
}

/// Proposes what may stand at the cursor, from the command declarations alone.
public struct Completer: Sendable {
    private let declarations: [CommandDeclaration]
    private let values: @Sendable (ParameterKind) -> [String]

    /// Makes a completer; `values` gives the names there are of a kind, such as datasets.
    public init(
        declarations: [CommandDeclaration],
        values: @escaping @Sendable (ParameterKind) -> [String]
    ) {
        self.declarations = declarations
        self.values = values
    }

    /// Returns the candidates for the text before the cursor, and the UTF-8 offset of the text that they
    /// replace.
    public func candidates(for text: String) -> (start: Int, candidates: [CompletionCandidate]) {
        let bytes = Array(text.utf8)
        let stageStart = Self.stageStart(bytes)
        var wordStart = bytes.count
        while wordStart > stageStart, !bytes[wordStart - 1].isBlank, bytes[wordStart - 1] != 10 {
            wordStart -= 1
        }
        let word = String(decoding: bytes[wordStart...], as: UTF8.self)
        let before = String(decoding: bytes[stageStart..<wordStart], as: UTF8.self)
            .split { $0 == " " || $0 == "\t" || $0 == "\n" }.map(String.init)
        guard let verb = before.first else {
            return (
                wordStart, matching(word, declarations.map { .init($0.name, help: $0.summary) })
            )
        }
        guard let declaration = declarations.first(where: { $0.name == verb }) else {
            return (wordStart, [])
        }
        if let equals = word.firstIndex(of: "=") {
            return setting(word, equals, declaration, wordStart)
        }
        return (wordStart, matching(word, words(of: declaration, after: Array(before.dropFirst()))))
    }

    /// Returns where the last stage begins: after a `|`, `;` or newline outside of quotes.
    private static func stageStart(_ bytes: [UInt8]) -> Int {
        var start = 0
        var quote: UInt8?
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            switch byte {
            case UInt8(ascii: "\\") where quote != UInt8(ascii: "'"): at += 1
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                if quote == byte { quote = nil } else { quote = quote ?? byte }
            case UInt8(ascii: "|"), UInt8(ascii: ";"), UInt8(ascii: "\n"):
                if quote == nil { start = at + 1 }
            default: break
            }
            at += 1
        }
        return start
    }

    private func setting(
        _ word: String,
        _ equals: String.Index,
        _ declaration: CommandDeclaration,
        _ wordStart: Int
    ) -> (start: Int, candidates: [CompletionCandidate]) {
        let name = word[..<equals]
        let value = String(word[word.index(after: equals)...])
        guard
            let parameter = declaration.parameters.first(where: {
                $0.name == name || $0.aliases.contains(String(name))
            })
        else { return (wordStart, []) }
        let start = wordStart + name.utf8.count + 1
        return (start, matching(value, choices(of: parameter.kind)))
    }

    private func words(
        of declaration: CommandDeclaration,
        after words: [String]
    ) -> [CompletionCandidate] {
        if let last = words.last,
            let clause = declaration.parameters.first(where: { $0.isClause && $0.name == last })
        {
            return choices(of: clause.kind)
        }
        let used = Set(words.map { $0.prefix { $0 != "=" } }.map(String.init))
        var found: [CompletionCandidate] = []
        for parameter in declaration.parameters {
            switch parameter.form {
            case .word, .words, .expression: found += choices(of: parameter.kind)
            case .clause:
                if !used.contains(parameter.name) {
                    found.append(.init(parameter.name, help: parameter.help))
                }
            case .setting:
                if !used.contains(parameter.name) {
                    found.append(.init("\(parameter.name)=", help: parameter.help, suffix: ""))
                }
            case .flag:
                if !used.contains("--\(parameter.name)") {
                    found.append(.init("--\(parameter.name)", help: parameter.help))
                }
            case .mapping: break
            }
        }
        return found
    }

    private func choices(of kind: ParameterKind) -> [CompletionCandidate] {
        switch kind {
        case .choice(let choices): choices.map { .init($0) }
        case .boolean: [.init("true"), .init("false")]
        case .command: declarations.map { .init($0.name, help: $0.summary) }
        case .file: values(kind).map { .init($0, suffix: $0.hasSuffix("/") ? "" : " ") }
        case .text, .integer, .number, .template: []
        case .expression: values(.column).map { .init($0) }
        case .dataset, .column, .columns, .model, .base, .variable:
            values(kind).map { .init($0) }
        }
    }

    private func matching(
        _ word: String,
        _ candidates: [CompletionCandidate]
    ) -> [CompletionCandidate] {
        var seen: Set<String> = []
        return candidates.filter { $0.text.hasPrefix(word) && seen.insert($0.text).inserted }
            .sorted { $0.text < $1.text }
    }
}

extension Parameter {
    fileprivate var isClause: Bool {
        if case .clause = form { true } else { false }
    }
}
