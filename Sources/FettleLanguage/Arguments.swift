public import FettleCore

/// A word with its variables filled in, which still knows where each of its bytes came from.
public struct ArgumentWord: Hashable, Sendable {
    /// The text.
    public var text: String
    /// The whole word's place in the source, quotes included.
    public var span: SourceSpan
    /// Whether any part stood in quotes.
    public var isQuoted: Bool
    /// The source range of each byte of `text`; bytes of a variable's value all have the variable's.
    public var origins: [SourceSpan]
    /// Where its quoted stretches and its escaped characters stand in the source.
    public var quotedSpans: [SourceSpan]

    /// Makes a word.
    public init(
        text: String,
        span: SourceSpan,
        isQuoted: Bool = false,
        origins: [SourceSpan],
        quotedSpans: [SourceSpan] = []
    ) {
        self.text = text
        self.span = span
        self.isQuoted = isQuoted
        self.origins = origins
        self.quotedSpans = quotedSpans
    }

    /// Whether a byte of the text stood in quotes or after a backslash, so that it separates nothing.
    public func isQuoted(at offset: Int) -> Bool {
        guard origins.indices.contains(offset) else { return false }
        let origin = origins[offset]
        return quotedSpans.contains { $0.start <= origin.start && origin.end <= $0.end }
    }

    /// Returns a range of the text's bytes as a word of its own.
    public func part(_ start: Int, _ end: Int) -> ArgumentWord {
        ArgumentWord(
            text: String(decoding: Array(text.utf8)[start..<end], as: UTF8.self),
            span: sourceSpan(SourceSpan(start, end)),
            isQuoted: isQuoted,
            origins: Array(origins[start..<end]),
            quotedSpans: quotedSpans
        )
    }

    /// Returns the place in the source of a range of the text's bytes.
    public func sourceSpan(_ inner: SourceSpan) -> SourceSpan {
        guard !origins.isEmpty else { return span }
        guard inner.start < origins.count else {
            return SourceSpan(origins[origins.count - 1].end, origins[origins.count - 1].end)
        }
        let first = origins[max(0, inner.start)]
        guard inner.end > inner.start else { return SourceSpan(first.start, first.start) }
        return first.union(origins[max(1, min(inner.end, origins.count)) - 1])
    }

    /// Whether the text is `~` or begins with `~/`, and both characters stand bare in the source: a quote,
    /// a backslash or a variable would have moved their origins.
    fileprivate var startsAtHome: Bool {
        let head = Array(text.utf8.prefix(2))
        guard head.first == UInt8(ascii: "~"), head.count == 1 || head[1] == UInt8(ascii: "/")
        else { return false }
        return head.indices.allSatisfy { index in
            origins[index] == SourceSpan(span.start + index, span.start + index + 1)
        }
    }

    /// Returns an error of a parser of this word's text, with its span moved to the source.
    public func placing(_ diagnostic: Diagnostic) -> Diagnostic {
        var copy = diagnostic
        copy.span = diagnostic.span.map { sourceSpan($0) } ?? span
        return copy
    }
}

/// Fills in the variables of words.
public struct WordExpander {
    /// Returns the value of a variable as text, and whether it is a number or boolean; nil when not set.
    public typealias Resolve = (Variable) throws(Diagnostic) -> (text: String, isBare: Bool)?

    private let resolve: Resolve
    private let names: [String]
    private let home: String?

    /// Makes an expander; `names` are the variables to suggest when one is not set, `home` the folder that
    /// `~/` stands for in the names of files.
    public init(names: [String], home: String? = nil, resolve: @escaping Resolve) {
        self.names = names
        self.home = home
        self.resolve = resolve
    }

    /// Returns the name of a file with a bare `~/` at its start, or a bare `~` alone, replaced by the home
    /// folder.
    public func path(_ word: ArgumentWord) -> ArgumentWord {
        guard let home, !home.isEmpty, word.startsAtHome else { return word }
        let folder = home == "/" && word.text.utf8.count > 1 ? "" : home
        var copy = word
        copy.text = folder + word.text.dropFirst()
        copy.origins =
            Array(repeating: word.origins[0], count: folder.utf8.count) + word.origins.dropFirst()
        return copy
    }

    /// Returns a word's text.
    ///
    /// - Throws: `unknown-variable` when a variable without a fallback is not set.
    public func expand(_ word: Word) throws(Diagnostic) -> ArgumentWord {
        var text = ""
        var origins: [SourceSpan] = []
        for piece in word.pieces {
            switch piece {
            case .text(let part, let places):
                text += part
                origins += places
            case .variable(let variable, let span, let use):
                let value = try value(of: variable, span)
                let part =
                    switch use {
                    case .literal where !value.isBare: "\"\(value.text.escapedInExpression)\""
                    case .quotedText: value.text.escapedInExpression
                    case .text, .literal: value.text
                    }
                text += part
                origins += repeatElement(span, count: part.utf8.count)
            }
        }
        return ArgumentWord(
            text: text,
            span: word.span,
            isQuoted: word.isQuoted,
            origins: origins,
            quotedSpans: word.quotedSpans
        )
    }

    /// Returns the text of a variable that stands at `span`.
    ///
    /// - Throws: as ``expand(_:)``.
    public func text(of variable: Variable, at span: SourceSpan) throws(Diagnostic) -> String {
        try value(of: variable, span).text
    }

    private func value(
        of variable: Variable,
        _ span: SourceSpan
    ) throws(Diagnostic) -> (text: String, isBare: Bool) {
        do throws(Diagnostic) {
            if let value = try resolve(variable) { return value }
        } catch {
            throw error.located(at: span)
        }
        switch variable.fallback {
        case .text(let text): return (text, text.isBareLiteral)
        case .message(let message):
            throw Diagnostic("unknown-variable", message, span: span)
        case .error:
            var hints: [String] = []
            if variable.scope == .session, let nearest = didYouMean(variable.name, among: names) {
                hints.append(nearest)
            }
            switch variable.scope {
            case .session: hints.append("set it with 'let \(variable.name) = VALUE'")
            case .secret: hints.append("'secret set \(variable.name)' asks for it")
            case .environment: hints.append("'${env:\(variable.name):-default}' gives a default")
            }
            throw Diagnostic(
                "unknown-variable",
                "no \(variable.scope == .secret ? "secret" : "variable") '\(variable.name)'",
                span: span,
                hints: hints
            )
        }
    }
}

extension String {
    /// Whether an expression can have the text as a number, true or false.
    fileprivate var isBareLiteral: Bool {
        if self == "true" || self == "false" { return true }
        let isNumeric = utf8.allSatisfy {
            $0.isDigit || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
                || $0 == UInt8(ascii: "+")
                || $0 | 0x20 == UInt8(ascii: "e")
        }
        return isNumeric && Double(self) != nil
    }

    /// The text as it stands between the quotes of a "…" in an expression.
    fileprivate var escapedInExpression: String {
        var out = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            // A '$' would be a variable when the expression is read once more.
            case "$": out += "\\$"
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            case "\r": out += "\\r"
            case _ where scalar.value < 0x20:
                out += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
