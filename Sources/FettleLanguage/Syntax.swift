public import FettleCore

/// A parsed script: statements, prose and expected output in the order of the source.
public struct Script: Hashable, Sendable {
    /// One thing of a script.
    public enum Item: Hashable, Sendable {
        /// A pipeline to run.
        case statement(Statement)
        /// A `## ` line; the text without its marks.
        case prose(String, SourceSpan)
        /// The `#>` lines after a statement, or its `#!` lines when it is to fail, without their marks; the
        /// span covers the whole lines.
        case expected([String], SourceSpan, isError: Bool)
    }

    /// The items in order.
    public var items: [Item]
}

/// One pipeline, where its output goes, and whether it runs in the background.
public struct Statement: Hashable, Sendable {
    /// A file that takes the output.
    public struct Redirect: Hashable, Sendable {
        /// The file's name.
        public var file: Word
        /// Whether the output is added at the file's end (`>>`).
        public var appends: Bool
    }

    /// The stages from left to right; at least one.
    public var stages: [Stage]
    /// Where the output goes instead of the screen.
    public var redirect: Redirect?
    /// Whether the statement ends with `&`.
    public var inBackground: Bool
    /// Whether it begins with `time`, and how long it takes is to be said.
    public var isTimed = false
    /// The place in the source, from the first word to the last, the lines of heredocs included; those of
    /// several statements on one line are in the last one's.
    public var span: SourceSpan
    /// What says the same alone: the words with the lines of the statement's own heredocs.
    public var text: String
}

/// One stage of a pipeline.
public enum Stage: Hashable, Sendable {
    /// A command of Fettle's.
    case command(Invocation)
    /// `!` and the rest of the line, for the system's shell.
    case shell(String, SourceSpan)
}

/// A command as typed: its verb and what follows, not yet matched with a declaration.
public struct Invocation: Hashable, Sendable {
    /// What follows a verb.
    public enum Argument: Hashable, Sendable {
        /// A word on its own.
        case word(Word)
        /// `name=value`; the span covers the name.
        case setting(String, SourceSpan, Word)
        /// `--name` or `--name=value`; the span covers the name with its dashes.
        case flag(String, SourceSpan, Word?)
    }

    /// The verb.
    public var verb: String
    /// Where the verb stands.
    public var verbSpan: SourceSpan
    /// What follows, in order.
    public var arguments: [Argument]
    /// The text of an expression parameter, for verbs that have one.
    public var expression: Word?
}

/// A word before its variables are filled in.
public struct Word: Hashable, Sendable {
    /// A stretch of a word.
    public enum Piece: Hashable, Sendable {
        /// Text, with the place in the source of each of its UTF-8 bytes.
        case text(String, origins: [SourceSpan])
        /// A variable.
        case variable(Variable, SourceSpan, Use)
    }

    /// What a variable's value becomes.
    public enum Use: Hashable, Sendable {
        /// Text as it is.
        case text
        /// A literal of the expression that it stands in: a number, true, false or a quoted text.
        case literal
        /// Part of a "…" of an expression, escaped so that it cannot end it.
        case quotedText
    }

    /// The stretches in order; none for `""`.
    public var pieces: [Piece]
    /// The place in the source, quotes included.
    public var span: SourceSpan
    /// Whether any part stood in quotes; keywords are recognised in bare words only.
    public var isQuoted: Bool
    /// Where its quoted stretches and its escaped characters stand, quotes and backslashes included.
    public var quotedSpans: [SourceSpan] = []

    /// The text of a word without variables, or nil.
    public var literal: String? {
        var text = ""
        for piece in pieces {
            guard case .text(let part, _) = piece else { return nil }
            text += part
        }
        return text
    }
}

/// A use of a variable: `$x`, `${x.field}`, `${x:-default}`, `${x:?message}`, `${env:HOME}`,
/// `${secret:NAME}`.
public struct Variable: Hashable, Sendable {
    /// What happens when the variable is not set.
    public enum Fallback: Hashable, Sendable {
        /// An error that names near variables.
        case error
        /// This text.
        case text(String)
        /// An error with this message.
        case message(String)
    }

    /// Whose value: of the session, of the environment, or a secret.
    public enum Scope: Hashable, Sendable {
        case session, environment, secret
    }

    /// The name, with its fields: `x` or `x.field`.
    public var name: String
    /// Whose value.
    public var scope: Scope
    /// What happens when it is not set.
    public var fallback: Fallback
}
