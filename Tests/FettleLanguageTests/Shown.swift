import FettleCore

@testable import FettleLanguage

/// A parser for which `where` and `derive` take an expression.
let parser = Parser { $0 == "where" || $0 == "derive" ? .expression : .words }

/// Returns what the parser made of a source, in a short notation: `verb(word, name=word, --flag)`,
/// expressions in braces, quoted words in quotes, variables as `${name}`.
func shown(_ source: String) -> String {
    switch parser.outcome(of: source) {
    case .complete(let script): script.items.map(shown).joined(separator: "; ")
    case .incomplete(let open):
        "open \(open.what) at \(open.span.start)..<\(open.span.end)"
    case .failure(let diagnostic): shown(diagnostic)
    }
}

/// Returns an error on lines: `code start..<end`, message, hints.
func shown(_ diagnostic: Diagnostic) -> String {
    let place = diagnostic.span.map { " \($0.start)..<\($0.end)" } ?? ""
    return (["\(diagnostic.code)\(place)", diagnostic.message] + diagnostic.hints)
        .joined(separator: "\n")
}

private func shown(_ item: Script.Item) -> String {
    switch item {
    case .statement(let statement):
        statement.stages.map(shown).joined(separator: " | ")
            + (statement.redirect.map { ($0.appends ? " >> " : " > ") + shown($0.file) } ?? "")
            + (statement.inBackground ? " &" : "")
    case .prose(let text, let span): "prose \(span.start)..<\(span.end) \(text)"
    case .expected(let lines, let span, let isError):
        "\(isError ? "error" : "output") \(span.start)..<\(span.end) \(lines)"
    }
}

private func shown(_ stage: Stage) -> String {
    switch stage {
    case .shell(let line, _): return "!{\(line)}"
    case .command(let invocation):
        let expression = invocation.expression.map { "{\(shown($0))}" } ?? ""
        let arguments = invocation.arguments.map { argument in
            switch argument {
            case .word(let word): shown(word)
            case .setting(let name, _, let word): "\(name)=\(shown(word))"
            case .flag(let name, _, let word): "--\(name)" + (word.map { "=\(shown($0))" } ?? "")
            }
        }
        return "\(invocation.verb)\(expression)(\(arguments.joined(separator: ", ")))"
    }
}

func shown(_ word: Word) -> String {
    let text = word.pieces.map { piece in
        switch piece {
        case .text(let text, _): return text
        case .variable(let variable, _, let use):
            let scope = variable.scope == .environment ? "env:" : ""
            let fallback =
                switch variable.fallback {
                case .error: ""
                case .text(let text): ":-\(text)"
                case .message(let text): ":?\(text)"
                }
            let mark =
                switch use {
                case .text: ""
                case .literal: "literal "
                case .quotedText: "quoted "
                }
            return "${\(mark)\(scope)\(variable.name)\(fallback)}"
        }
    }.joined()
    return word.isQuoted ? "\"\(text)\"" : text
}

/// Returns the only command of a source.
func invocation(_ source: String) throws -> Invocation {
    let script = try parser.parse(source)
    guard script.items.count == 1, case .statement(let statement) = script.items[0],
        statement.stages.count == 1, case .command(let invocation) = statement.stages[0]
    else { throw Diagnostic("test", "'\(source)' is not one command") }
    return invocation
}

/// Returns the words of a command that has nothing else.
func words(_ source: String) throws -> [Word] {
    try invocation(source).arguments.map { argument throws in
        guard case .word(let word) = argument else {
            throw Diagnostic("test", "'\(source)' has options")
        }
        return word
    }
}

/// An expander that knows these variables.
func expander(
    _ values: [String: String] = [:],
    bare: Set<String> = [],
    home: String? = nil
) -> WordExpander {
    WordExpander(names: values.keys.sorted(), home: home) { variable throws(Diagnostic) in
        let name = variable.scope == .environment ? "env:\(variable.name)" : variable.name
        return values[name].map { ($0, bare.contains(name)) }
    }
}

/// Returns the text of a source at a span.
func text(_ source: String, _ span: SourceSpan) -> String {
    String(decoding: Array(source.utf8)[span.start..<span.end], as: UTF8.self)
}

/// Returns the error that `body` throws, or nil.
func diagnostic(_ body: () throws -> Void) -> Diagnostic? {
    do {
        try body()
        return nil
    } catch {
        return error as? Diagnostic
    }
}
