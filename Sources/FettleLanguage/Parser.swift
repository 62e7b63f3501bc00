public import FettleCore

/// What a verb's arguments look like, as far as the parser must know.
public enum ArgumentSyntax: Hashable, Sendable {
    /// Words, settings and flags.
    case words
    /// All text up to `|`, `;`, `&` or the end of the line is one expression, in which `>` compares.
    case expression
}

/// The outcome of parsing a source that may not be finished.
public enum ParseOutcome: Hashable, Sendable {
    /// The whole source was understood.
    case complete(Script)
    /// The source is right so far and waits for more lines.
    case incomplete(OpenConstruct)
    /// The source is wrong.
    case failure(Diagnostic)
}

/// Turns source text into a script.
///
/// The same parser serves the prompt, `-c`, standard input and files. It knows no command: which verbs take an expression is told by `syntax`.
public struct Parser: Sendable {
    private let syntax: @Sendable (String) -> ArgumentSyntax

    /// Makes a parser; `syntax` says what a verb's arguments look like.
    public init(syntax: @escaping @Sendable (String) -> ArgumentSyntax) {
        self.syntax = syntax
    }

    /// Parses a source that more lines may follow, such as what is typed at the prompt.
    ///
    /// - Complexity: O(n) in the length of the source.
    public func outcome(of source: String) -> ParseOutcome {
        var run = ParserRun(source, syntax)
        do {
            return .complete(try run.script())
        } catch {
            switch error {
            case .open(let construct): return .incomplete(construct)
            case .diagnostic(let diagnostic): return .failure(diagnostic)
            }
        }
    }

    /// Parses a whole source; an open construct at its end is an error.
    public func parse(_ source: String) throws(Diagnostic) -> Script {
        switch outcome(of: source) {
        case .complete(let script): return script
        case .failure(let diagnostic): throw diagnostic
        case .incomplete(let construct):
            throw Diagnostic(
                "unfinished",
                "\(construct.what) is not finished at the end of the text",
                span: construct.span,
                hint: "it starts at the marked place"
            )
        }
    }
}
