public import FettleCore

/// What parts of a source text are, for an editor to colour: verbs, strings, settings and so on.
///
/// It reads a text that may be unfinished or wrong, and says as much as can be said of it. It follows
/// the parser's rules of words and quotes, but never fails.
public struct Highlighter: Sendable {
    /// What a stretch of text is.
    public enum Kind: Hashable, Sendable {
        /// A command's name that is declared, and one that is not.
        case verb, unknownVerb
        /// A line for the system's shell, from `!` on.
        case shell
        /// Quoted text, the text of a heredoc.
        case string
        /// The name of a setting with its `=`, of a flag with its dashes, a keyword such as `on`.
        case setting
        /// A number, or `true` or `false`.
        case number
        /// A variable, also inside quotes.
        case variable
        /// A comment, prose or expected output.
        case comment
        /// `|`, `;`, `&`, `>`, `>>` and what compares or calculates in an expression.
        case sign
        /// A `{{column}}` of a template.
        case placeholder
        /// What the parser does not understand.
        case error
    }

    /// A stretch of text and what it is.
    public struct Stretch: Hashable, Sendable {
        /// The place in the source.
        public var span: SourceSpan
        /// What it is.
        public var kind: Kind

        /// Makes a stretch.
        public init(_ span: SourceSpan, _ kind: Kind) {
            self.span = span
            self.kind = kind
        }
    }

    private let keywords: [String: Set<String>]
    private let parser: Parser

    /// Makes a highlighter that knows the verbs of these declarations.
    public init(declarations: [CommandDeclaration], parser: Parser) {
        keywords = Dictionary(
            declarations.map { declaration in
                let clauses = declaration.parameters.filter {
                    if case .clause = $0.form { true } else { false }
                }
                return (declaration.name, Set(clauses.map(\.name)))
            },
            uniquingKeysWith: { first, _ in first }
        )
        self.parser = parser
    }

    /// Returns what the parts of a text are, from left to right, an error that the parser finds last.
    ///
    /// A text that is only unfinished has no error, nor has what may be wrong because nothing follows yet.
    ///
    /// - Complexity: O(n) in the length of the text.
    public func stretches(of source: String) -> [Stretch] {
        var run = HighlighterRun(source, keywords)
        run.script()
        var found = run.found
        if case .failure(let diagnostic) = parser.outcome(of: source), let span = diagnostic.span {
            let end = max(span.end, span.start + 1)
            let isBeforeEnd = source.utf8.dropFirst(end).contains { !$0.isBlank && $0 != 0x0A }
            if isBeforeEnd { found.append(Stretch(SourceSpan(span.start, end), .error)) }
        }
        return found
    }
}

/// One reading of one source, statement by statement and word by word.
private struct HighlighterRun {
    typealias Kind = Highlighter.Kind

    private var scanner: Scanner
    private let keywords: [String: Set<String>]
    private(set) var found: [Highlighter.Stretch] = []
    /// The tags of heredocs whose lines begin after this one.
    private var heredocs: [String] = []

    init(_ source: String, _ keywords: [String: Set<String>]) {
        scanner = Scanner(source)
        self.keywords = keywords
    }

    private mutating func mark(_ start: Int, _ kind: Kind) {
        guard start < scanner.at else { return }
        found.append(Highlighter.Stretch(SourceSpan(start, scanner.at), kind))
    }

    mutating func script() {
        var verb: String?
        var isAtStart = true
        var depth = 0
        while !scanner.isAtEnd {
            let start = scanner.at
            let byte = scanner.peek()
            switch byte {
            case _ where byte.isBlank || scanner.isContinuation:
                scanner.skipBlanks()
                continue
            case UInt8(ascii: "\n"):
                scanner.at += 1
                heredocLines()
                if depth == 0 { isAtStart = true }
                continue
            case UInt8(ascii: "#"):
                scanner.at = scanner.endOfLine(from: start)
                mark(start, .comment)
                continue
            case UInt8(ascii: "!") where isAtStart:
                scanner.at = scanner.shellLine(from: start).end
                mark(start, .shell)
            case UInt8(ascii: "|"), UInt8(ascii: ";"):
                scanner.at += 1
                mark(start, .sign)
                isAtStart = true
                continue
            case UInt8(ascii: "&"):
                scanner.at += 1
                mark(start, .sign)
            case UInt8(ascii: "<") where scanner.starts(with: "<<"):
                heredoc()
            case UInt8(ascii: ">"), UInt8(ascii: "<"), UInt8(ascii: "="), UInt8(ascii: "("),
                UInt8(ascii: ")"), UInt8(ascii: "~"):
                depth += byte == UInt8(ascii: "(") ? 1 : byte == UInt8(ascii: ")") ? -1 : 0
                if scanner.peek(1) == UInt8(ascii: "=") { scanner.at += 1 }
                scanner.at += 1
                mark(start, .sign)
            default:
                word(isAtStart: isAtStart, &verb)
            }
            isAtStart = false
        }
    }

    // MARK: - Words

    private mutating func word(isAtStart: Bool, _ verb: inout String?) {
        let start = scanner.at
        if isOption() { mark(start, .setting) }
        let valueStart = scanner.at
        var isBare = true
        scan: while !scanner.isAtEnd, !scanner.peek().endsBareWord, !scanner.isContinuation {
            let byte = scanner.peek()
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
                quoted(byte)
                isBare = false
            case UInt8(ascii: "$"):
                variable()
                isBare = false
            case UInt8(ascii: "\\"):
                scanner.at = min(scanner.at + 2, scanner.bytes.count)
            case UInt8(ascii: "{") where scanner.starts(with: "{{"):
                placeholder()
                isBare = false
            case UInt8(ascii: "("), UInt8(ascii: ")"):
                break scan
            default:
                scanner.at += 1
            }
        }
        guard isBare else { return }
        let text = scanner.text(valueStart, scanner.at)
        if start < valueStart {
            bare(valueStart)
        } else if isAtStart {
            verb = text
            mark(start, keywords[text] == nil ? .unknownVerb : .verb)
        } else if let verb, keywords[verb]?.contains(text) == true {
            mark(start, .setting)
        } else {
            bare(start)
        }
    }

    /// Marks a bare word that is a number or a truth value.
    private mutating func bare(_ start: Int) {
        let text = scanner.text(start, scanner.at)
        if text == "true" || text == "false" || Double(text).map(\.isFinite) == true {
            mark(start, .number)
        }
    }

    /// Moves over `--name`, `--name=` or `name=`, if one is here.
    private mutating func isOption() -> Bool {
        var end = scanner.at
        let bytes = scanner.bytes
        let isFlag = scanner.starts(with: "--")
        if isFlag { end += 2 }
        guard isFlag || scanner.peek().isNameStart else { return false }
        while end < bytes.count,
            bytes[end].isNameByte || bytes[end] == UInt8(ascii: "-")
                || (!isFlag && bytes[end] == UInt8(ascii: "."))
        {
            end += 1
        }
        let hasValue =
            end < bytes.count && bytes[end] == UInt8(ascii: "=")
            && (end + 1 == bytes.count || bytes[end + 1] != UInt8(ascii: "="))
        guard hasValue || isFlag else { return false }
        scanner.at = hasValue ? end + 1 : end
        return true
    }

    // MARK: - Quotes

    private mutating func quoted(_ quote: UInt8) {
        let isTriple = quote == UInt8(ascii: "\"") && scanner.starts(with: "\"\"\"")
        var start = scanner.at
        scanner.at += isTriple ? 3 : 1
        while !scanner.isAtEnd {
            let byte = scanner.peek()
            if isTriple ? scanner.starts(with: "\"\"\"") : byte == quote {
                scanner.at += isTriple ? 3 : 1
                break
            }
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                scanner.at = min(scanner.at + 2, scanner.bytes.count)
            } else if byte == UInt8(ascii: "$"), quote == UInt8(ascii: "\""), isVariable {
                mark(start, .string)
                variable()
                start = scanner.at
            } else if scanner.starts(with: "{{") {
                mark(start, .string)
                placeholder()
                start = scanner.at
            } else {
                scanner.at += 1
            }
        }
        mark(start, .string)
    }

    /// Moves over a `{{column}}`, or over what there is of one.
    private mutating func placeholder() {
        let start = scanner.at
        var end = start + 2
        while end < scanner.bytes.count, scanner.bytes[end].isColumnByte { end += 1 }
        let isClosed =
            end + 1 < scanner.bytes.count && scanner.bytes[end] == UInt8(ascii: "}")
            && scanner.bytes[end + 1] == UInt8(ascii: "}")
        scanner.at = isClosed ? end + 2 : start + 2
        mark(start, isClosed ? .placeholder : .string)
    }

    private var isVariable: Bool {
        let next = scanner.peek(1)
        return next.isNameStart || next == UInt8(ascii: "{") || next == UInt8(ascii: "?")
    }

    private mutating func variable() {
        let start = scanner.at
        guard isVariable else {
            scanner.at += 1
            return
        }
        scanner.at += 1
        if scanner.peek() == UInt8(ascii: "{") {
            while !scanner.isAtEnd, scanner.peek() != UInt8(ascii: "}"),
                scanner.peek() != UInt8(ascii: "\n")
            {
                scanner.at += 1
            }
            if scanner.peek() == UInt8(ascii: "}") { scanner.at += 1 }
        } else if scanner.peek() == UInt8(ascii: "?") {
            scanner.at += 1
        } else {
            while scanner.peek().isNameByte
                || (scanner.peek() == UInt8(ascii: ".") && scanner.peek(1).isNameStart)
            {
                scanner.at += 1
            }
        }
        mark(start, .variable)
    }

    // MARK: - Heredocs

    private mutating func heredoc() {
        let start = scanner.at
        scanner.at += 2
        if scanner.peek() == UInt8(ascii: "~") { scanner.at += 1 }
        let isRaw = scanner.peek() == UInt8(ascii: "'")
        if isRaw { scanner.at += 1 }
        let tagStart = scanner.at
        while scanner.peek().isNameByte { scanner.at += 1 }
        let tag = scanner.text(tagStart, scanner.at)
        if isRaw, scanner.peek() == UInt8(ascii: "'") { scanner.at += 1 }
        if !tag.isEmpty { heredocs.append(tag) }
        mark(start, .sign)
    }

    /// Marks the lines of the heredocs of the line that has just ended.
    private mutating func heredocLines() {
        for tag in heredocs {
            let start = scanner.at
            var lineStart = start
            while lineStart < scanner.bytes.count {
                let end = scanner.endOfLine(from: lineStart)
                scanner.at = lineStart
                if scanner.text(lineStart, end).trimmingBlanks == tag {
                    mark(start, .string)
                    scanner.at = end
                    mark(lineStart, .sign)
                    lineStart = end
                    break
                }
                lineStart = min(end + 1, scanner.bytes.count)
                scanner.at = lineStart
            }
            if lineStart == scanner.bytes.count {
                mark(max(start, found.last?.span.end ?? 0), .string)
            }
        }
        heredocs = []
    }
}

extension UInt8 {
    /// Whether the byte may stand in a placeholder's name, which is a column's.
    fileprivate var isColumnByte: Bool {
        self != UInt8(ascii: "{") && self != UInt8(ascii: "}") && self != UInt8(ascii: "\n")
    }
}
