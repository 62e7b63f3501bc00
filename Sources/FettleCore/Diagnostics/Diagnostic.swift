/// An error that a user can act on: what is wrong, where, and what to do.
///
/// The message's first word is lower case, the user's text stands in '…', and it has no full stop.
/// `span` counts UTF-8 bytes in `source`; a module that parses a part of a command throws spans into
/// that part, and the caller moves them with ``shifted(by:)``.
public struct Diagnostic: Error, Hashable, Sendable {
    /// The stable name shown in brackets, such as `unknown-column`; kebab-case.
    public var code: String
    /// What is wrong, stating what was found and what was expected.
    public var message: String
    /// Where in the source text, when the error is about a part of it.
    public var span: SourceSpan?
    /// The text that `span` counts in; the whole cell when it is attached by the shell.
    public var source: String?
    /// The file and place, for errors in scripts and data files.
    public var location: SourceLocation?
    /// What to do, one sentence each, most useful first.
    public var hints: [String]
    /// The name of the setting or field that the error is about, when it is about one.
    public var parameter: String?

    /// Makes a diagnostic.
    public init(
        _ code: String,
        _ message: String,
        span: SourceSpan? = nil,
        source: String? = nil,
        location: SourceLocation? = nil,
        hints: [String] = []
    ) {
        self.code = code
        self.message = message
        self.span = span
        self.source = source
        self.location = location
        self.hints = hints
    }

    /// Makes a diagnostic with one hint.
    public init(_ code: String, _ message: String, span: SourceSpan? = nil, hint: String) {
        self.init(code, message, span: span, hints: [hint])
    }

    /// Returns the same diagnostic with its span moved right by `offset` bytes.
    public func shifted(by offset: Int) -> Diagnostic {
        var copy = self
        copy.span = span?.shifted(by: offset)
        return copy
    }

    /// Returns the same diagnostic with this span when it has none of its own.
    public func located(at span: SourceSpan?) -> Diagnostic {
        guard self.span == nil else { return self }
        var copy = self
        copy.span = span
        return copy
    }

    /// Returns the same diagnostic with one more hint at its end.
    public func hinting(_ hint: String?) -> Diagnostic {
        guard let hint else { return self }
        var copy = self
        copy.hints.append(hint)
        return copy
    }
}
