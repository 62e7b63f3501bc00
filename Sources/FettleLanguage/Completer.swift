/// Proposes what may stand at the cursor, from the command declarations alone.
public struct Completer: Sendable {
    private let declarations: [CommandDeclaration]
    private let values: @Sendable (CompletionQuery) -> [String]
    private let snippet: @Sendable (String) -> String?

    /// Makes a completer; `values` gives the names there are of a kind, such as datasets, and `snippet`
    /// the commands that a snippet's name stands for.
    public init(
        declarations: [CommandDeclaration],
        snippet: @escaping @Sendable (String) -> String? = { _ in nil },
        values: @escaping @Sendable (CompletionQuery) -> [String]
    ) {
        self.declarations = declarations
        self.snippet = snippet
        self.values = values
    }

    /// Returns the candidates for the text before the cursor, and the UTF-8 offset of the text that they
    /// replace.
    public func candidates(for text: String) -> (start: Int, candidates: [CompletionCandidate]) {
        let end = text.utf8.count
        let typed = TypedPipeline(text)
        guard !typed.isForeign else { return (end, []) }
        let word = typed.current ?? TypedWord(start: end)
        if let start = word.variableStart {
            return (start, variables(word, text, start))
        }
        guard let stage = typed.stages.last, let verb = stage.first?.text else {
            guard !word.isQuoted else { return (word.start, []) }
            let isAlone = text.utf8.prefix(word.start).allSatisfy(\.isBlank)
            if word.text.hasPrefix("@"), isAlone { return (word.start, snippets(word.text)) }
            return (word.start, matching(word.text, verbs))
        }
        guard let declaration = declarations.first(where: { $0.name == verb }) else {
            return (word.start, [])
        }
        let isExpression = declaration.syntax == .expression
        if word.isRedirect, !isExpression || stage.isOneGroup {
            return (word.start, named(.file([]), word, nil))
        }
        let scope = dataset(typed.stages)
        if isExpression, !(stage.dropFirst().last?.text == "as") {
            return expression(word, text, scope, isFirst: stage.count == 1, declaration)
        }
        let before = stage.dropFirst().filter { !$0.isRedirect }
        return argument(word, text, before, declaration, scope)
    }

    // MARK: - Places

    /// Completes an argument: a setting's value, or a word.
    private func argument(
        _ word: TypedWord,
        _ text: String,
        _ before: [TypedWord],
        _ declaration: CommandDeclaration,
        _ scope: String?
    ) -> (start: Int, candidates: [CompletionCandidate]) {
        if let hole = hole(word, text) {
            let isTemplate = parameters(at: word, before, declaration).contains {
                $0.kind == .template
            }
            return isTemplate ? (hole.start, columns(in: hole, word, scope)) : (hole.start, [])
        }
        if word.setting != nil {
            guard let kind = parameters(at: word, before, declaration).first?.kind else {
                return (word.start, [])
            }
            return value(kind, word, text, scope)
        }
        if let last = before.last, !last.isQuoted,
            let clause = declaration.parameters.first(where: { $0.isClause && $0.name == last.text }
            )
        {
            return value(clause.kind, word, text, scope)
        }
        let names = words(of: declaration, used: Set(before.map { $0.setting?.name ?? $0.text }))
        // Codes follow the word 'error', where nothing else does.
        let wantsCode = before.last?.text == "error"
        let all = declaration.parameters.filter(\.isPlaced).map { $0.kind(after: before) }
        let kinds = all.contains(.errorCode) ? all.filter { ($0 == .errorCode) == wantsCode } : all
        if kinds.contains(where: \.isList), let list = listPart(word, text) {
            return (list.start, named(.columns, list.word, scope))
        }
        let found = kinds.flatMap { named($0, word, scope) }
        return (word.start, sorted(found + (word.isQuoted ? [] : matching(word.text, names))))
    }

    private func value(
        _ kind: ParameterKind,
        _ word: TypedWord,
        _ text: String,
        _ scope: String?
    ) -> (start: Int, candidates: [CompletionCandidate]) {
        if kind.isList, let list = listPart(word, text) {
            return (list.start, named(kind, list.word, scope))
        }
        return (word.valueStart, named(kind, word, scope))
    }

    /// Completes a name within an expression: a column or a function.
    private func expression(
        _ word: TypedWord,
        _ text: String,
        _ scope: String?,
        isFirst: Bool,
        _ declaration: CommandDeclaration
    ) -> (start: Int, candidates: [CompletionCandidate]) {
        guard word.quote == nil else { return (text.utf8.count, []) }
        let bytes = Array(text.utf8)
        var start = bytes.count
        while start > word.start, bytes[start - 1].isNameByte || bytes[start - 1] >= 0x80 {
            start -= 1
        }
        let name = String(decoding: bytes[start...], as: UTF8.self)
        if start > word.start, bytes[start - 1] == UInt8(ascii: "`") { start -= 1 }
        let columns = values(.init(kind: .column, typed: name, dataset: scope)).map { column in
            CompletionCandidate(
                column.isExpressionName ? column : "`\(column)`",
                shown: column,
                group: .columns
            )
        }
        let functions = values(.init(kind: .expression, typed: name, dataset: scope)).map {
            CompletionCandidate($0, suffix: "", group: .functions)
        }
        var found = columns + functions
        if !isFirst, start == word.start {
            found += declaration.parameters.filter(\.isClause).map {
                CompletionCandidate($0.name, help: $0.help, group: .keywords)
            }
        }
        return (start, sorted(found.filter { $0.shown.hasPrefix(name) }))
    }

    private var verbs: [CompletionCandidate] {
        declarations.map { .init($0.name, help: $0.summary, group: .commands) }
    }

    /// Completes `@NAME`, and replaces a whole name by the snippet's commands.
    private func snippets(_ typed: String) -> [CompletionCandidate] {
        if let text = snippet(String(typed.dropFirst())) {
            return [.init(text, shown: typed, suffix: "", group: .snippets)]
        }
        let names = values(.init(kind: .snippet, typed: String(typed.dropFirst()), dataset: nil))
        return matching(typed, names.map { .init("@" + $0, suffix: "", group: .snippets) })
    }

    /// Completes a variable's name after `$` or `${`.
    private func variables(
        _ word: TypedWord,
        _ text: String,
        _ start: Int
    ) -> [CompletionCandidate] {
        let typed = String(decoding: Array(text.utf8)[start...], as: UTF8.self)
        let isBraced = text.utf8.dropFirst(start - 1).first == UInt8(ascii: "{")
        let suffix = isBraced ? "}" : word.quote == nil ? " " : ""
        let names = values(.init(kind: .variable, typed: typed, dataset: nil))
        return matching(typed, names.map { .init($0, suffix: suffix, group: .variables) })
    }

    // MARK: - Templates

    /// Returns what is typed of a column's name in a `{{` that is still open.
    private func hole(_ word: TypedWord, _ text: String) -> (start: Int, name: String)? {
        let bytes = Array(text.utf8)
        var at = bytes.count
        while at - 2 >= word.valueStart {
            if bytes[at - 1] == UInt8(ascii: "}"), bytes[at - 2] == UInt8(ascii: "}") { return nil }
            if bytes[at - 1] == UInt8(ascii: "{"), bytes[at - 2] == UInt8(ascii: "{") {
                while at < bytes.count, bytes[at].isBlank { at += 1 }
                return (at, String(decoding: bytes[at...], as: UTF8.self))
            }
            at -= 1
        }
        return nil
    }

    private func columns(
        in hole: (start: Int, name: String),
        _ word: TypedWord,
        _ scope: String?
    ) -> [CompletionCandidate] {
        let names = values(.init(kind: .column, typed: hole.name, dataset: scope))
        let fitting = names.filter { name in
            word.quote == nil
                ? name.isBareWord
                : !name.utf8.contains { $0 < 0x20 || "'\"\\$".utf8.contains($0) }
        }
        return matching(hole.name, fitting.map { .init($0, suffix: "}}", group: .columns) })
    }

    // MARK: - Names

    /// The parameters that a word may belong to: its setting's, else those of words at their places.
    private func parameters(
        at word: TypedWord,
        _ before: [TypedWord],
        _ declaration: CommandDeclaration
    ) -> [Parameter] {
        guard let name = word.setting?.name else {
            return declaration.parameters.filter(\.isPlaced)
        }
        return declaration.parameters.filter { parameter in
            guard case .setting = parameter.form else { return false }
            return parameter.name == name || parameter.aliases.contains(name)
        }
    }

    /// The dataset that the pipeline's last stages name, if any.
    private func dataset(_ stages: [[TypedWord]]) -> String? {
        let known = Set(values(.init(kind: .dataset, typed: "", dataset: nil)))
        for stage in stages.reversed() {
            guard let verb = stage.first?.text,
                let declaration = declarations.first(where: { $0.name == verb })
            else { continue }
            let clauses = declaration.parameters.filter { $0.isClause && $0.kind == .dataset }
            for (keyword, word) in zip(stage, stage.dropFirst())
            where clauses.contains(where: { $0.name == keyword.text }) && known.contains(word.text)
            {
                return word.text
            }
            let isPlaced = declaration.parameters.contains { $0.isPlaced && $0.kind == .dataset }
            if isPlaced, let word = stage.dropFirst().first(where: { known.contains($0.text) }) {
                return word.text
            }
        }
        return nil
    }

    /// The part of a bare list after its last comma.
    private func listPart(_ word: TypedWord, _ text: String) -> (start: Int, word: TypedWord)? {
        guard !word.isQuoted, let comma = word.value.lastIndex(of: ",") else { return nil }
        var part = word
        part.setting = nil
        part.text = String(word.value[word.value.index(after: comma)...])
        part.start = text.utf8.count - part.text.utf8.count
        return part.start >= word.valueStart ? (part.start, part) : nil
    }

    /// The settings, flags and keywords of a command that are not given yet.
    private func words(
        of declaration: CommandDeclaration,
        used: Set<String>
    ) -> [CompletionCandidate] {
        declaration.parameters.compactMap { parameter in
            switch parameter.form {
            case .word, .words, .expression, .mapping: return nil
            case .clause:
                guard !used.contains(parameter.name) else { return nil }
                return .init(parameter.name, help: parameter.help, group: .keywords)
            case .setting:
                guard !used.contains(parameter.name) else { return nil }
                return .init(
                    "\(parameter.name)=",
                    help: parameter.help,
                    suffix: "",
                    group: .settings
                )
            case .flag:
                guard !used.contains("--\(parameter.name)") else { return nil }
                return .init("--\(parameter.name)", help: parameter.help, group: .flags)
            }
        }
    }

    /// The names of a kind that begin with a word's value, as the word's quotes want them.
    private func named(
        _ kind: ParameterKind,
        _ word: TypedWord,
        _ scope: String?
    ) -> [CompletionCandidate] {
        let typed = word.value
        let fixed: [CompletionCandidate]? =
            switch kind {
            case .choice(let choices): choices.map { .init($0) }
            case .boolean: [.init("true"), .init("false")]
            case .command: verbs
            case .text, .integer, .number, .template, .expression: []
            case .file, .dataset, .column, .columns, .model, .base, .variable, .errorCode, .secret,
                .snippet, .cluster:
                nil
            }
        if let fixed { return word.isQuoted ? [] : matching(typed, fixed) }
        let names = values(.init(kind: kind, typed: typed, dataset: scope))
            .filter { $0.hasPrefix(typed) }
        let mustQuote = word.isQuoted || names.contains { !$0.isBareWord }
        var isFile = false
        if case .file = kind { isFile = true }
        return names.map { name in
            let isFolder = isFile && name.hasSuffix("/")
            let keepsTilde = isFile && word.startsAtTilde && name.hasPrefix("~/")
            let text =
                mustQuote
                ? name.quoted(with: word.quote, keepsTilde: keepsTilde, isOpen: isFolder) : name
            return CompletionCandidate(
                text,
                shown: name,
                suffix: isFolder ? "" : " ",
                group: .init(kind)
            )
        }
    }

    private func matching(
        _ word: String,
        _ candidates: [CompletionCandidate]
    ) -> [CompletionCandidate] {
        sorted(candidates.filter { $0.text.hasPrefix(word) })
    }

    private func sorted(_ candidates: [CompletionCandidate]) -> [CompletionCandidate] {
        var seen = Set<String>(minimumCapacity: candidates.count)
        // Thousands of places move faster than thousands of candidates.
        return candidates.withUnsafeBufferPointer { found in
            found.indices.filter { seen.insert(found[$0].text).inserted }.sorted { left, right in
                found[left].group == found[right].group
                    ? found[left].text < found[right].text : found[left].group < found[right].group
            }.map { found[$0] }
        }
    }
}

extension [TypedWord] {
    /// Whether all that follows the verb stands in brackets, so that `>` after it redirects.
    fileprivate var isOneGroup: Bool {
        count > 1 && self[1].text.hasPrefix("(") && self[count - 1].text.hasSuffix(")")
    }
}

extension Parameter {
    fileprivate var isClause: Bool {
        if case .clause = form { true } else { false }
    }

    fileprivate var isPlaced: Bool {
        switch form {
        case .word, .words: true
        default: false
        }
    }
}

extension ParameterKind {
    fileprivate var isList: Bool { self == .columns }
}

extension String {
    /// Whether the text is a word that the parser reads as it stands.
    fileprivate var isBareWord: Bool {
        guard let first = utf8.first, first != UInt8(ascii: "#"), first != UInt8(ascii: "-") else {
            return false
        }
        guard utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && !Self.signs[Int($0)] }) else {
            return false
        }
        return utf8.allSatisfy { $0 < 0x80 }
            || unicodeScalars.allSatisfy { !$0.properties.isWhitespace }
    }

    /// Which bytes mean something in a word that is not in quotes.
    private static let signs: [Bool] = (0..<256).map {
        "'\"$\\|;&><(){}=!`".utf8.contains(UInt8($0))
    }

    /// Whether an expression reads the text as a column's name without backquotes.
    fileprivate var isExpressionName: Bool {
        guard let first = utf8.first, !first.isDigit else { return false }
        return utf8.allSatisfy(\.isNameByte)
    }

    /// The text as a quoted word: with the quote typed, else with the first that can say it; `isOpen`
    /// leaves the end to be typed.
    fileprivate func quoted(with quote: String?, keepsTilde: Bool, isOpen: Bool) -> String {
        let text = keepsTilde ? String(dropFirst(2)) : self
        let head = keepsTilde ? "~/" : ""
        let isRaw = !text.unicodeScalars.contains { $0 == "'" || $0.value < 0x20 }
        if isRaw, quote == nil || quote == "'" {
            return head + "'" + text + (isOpen ? "" : "'")
        }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\", "$":
                escaped += "\\"
                escaped.unicodeScalars.append(scalar)
            case "\n": escaped += "\\n"
            case "\t": escaped += "\\t"
            case "\r": escaped += "\\r"
            case _ where scalar.value < 0x20:
                escaped += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        let mark = quote == "\"\"\"" ? "\"\"\"" : "\""
        return head + mark + escaped + (isOpen ? "" : mark)
    }
}
