public import FettleCore

/// A line of the system's shell that calls `openai`, which runs in this process instead.
///
/// Its words are read as the system's shell reads them, without what would need that shell: several commands,
/// pipes, files and patterns. `$name` is a variable of the session, as elsewhere.
public struct OpenAILine: Hashable, Sendable {
    private let text: String

    /// Takes a line without its `!`; nil when it calls something else.
    public init?(_ line: String) {
        guard Self.begins("!" + line) else { return nil }
        text = line
    }

    /// Whether a line with its `!` calls `openai`.
    static func begins(_ line: String) -> Bool {
        let name = line.dropFirst().drop { $0 == " " || $0 == "\t" }
        guard line.hasPrefix("!"), name.hasPrefix("openai") else { return false }
        let after = name.dropFirst(6).unicodeScalars.first
        return after == nil || after == " " || after == "\t" || after == "\r" || after == "\n"
    }

    /// Whether a line is a comment.
    static func isComment(_ line: ArraySlice<UInt8>) -> Bool {
        line.first { !$0.isBlank } == UInt8(ascii: "#")
    }

    /// Returns the words, the program's name first; `value` gives those of variables.
    ///
    /// - Throws: `syntax` for what only the system's shell could do, and what `value` throws.
    public func words(
        _ value: (Variable) throws(Diagnostic) -> String
    ) throws(Diagnostic) -> [String] {
        var reader = OpenAIWords(text)
        return try reader.words(value)
    }
}

/// One reading of such a line.
private struct OpenAIWords {
    private let bytes: [UInt8]
    private var at = 0
    private var found: [String] = []
    private var word: [UInt8]?

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func words(
        _ value: (Variable) throws(Diagnostic) -> String
    ) throws(Diagnostic) -> [String] {
        while let byte = next() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): end()
            case UInt8(ascii: "\n"):
                // Only lines that a backslash joins come here; those in between are comments.
                end()
                skipComments()
            case UInt8(ascii: "\\"): escape()
            case UInt8(ascii: "'"): try raw()
            case UInt8(ascii: "\""): try quoted(value)
            case UInt8(ascii: "$"): add(try variable(value))
            case UInt8(ascii: "#") where word == nil: skipLine()
            case UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: "<"),
                UInt8(ascii: ">"), UInt8(ascii: "`"), UInt8(ascii: "("), UInt8(ascii: ")"),
                UInt8(ascii: "*"), UInt8(ascii: "?"):
                throw needsShell(byte)
            default: word = (word ?? []) + [byte]
            }
        }
        end()
        return found
    }

    private mutating func next() -> UInt8? {
        guard at < bytes.count else { return nil }
        defer { at += 1 }
        return bytes[at]
    }

    private mutating func end() {
        if let word { found.append(String(decoding: word, as: UTF8.self)) }
        word = nil
    }

    private mutating func add(_ text: String) {
        word = (word ?? []) + Array(text.utf8)
    }

    private mutating func skipLine() {
        while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
    }

    /// Moves over lines of comments.
    private mutating func skipComments() {
        while at < bytes.count {
            let start = at
            skipLine()
            guard OpenAILine.isComment(bytes[start..<at]) else {
                at = start
                return
            }
            at += 1
        }
    }

    /// Takes what a backslash stands before; before a line's end it joins the lines.
    private mutating func escape() {
        if at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\r"),
            bytes[at + 1] == UInt8(ascii: "\n")
        {
            at += 1
        }
        guard let byte = next() else {
            word = (word ?? []) + [UInt8(ascii: "\\")]
            return
        }
        guard byte == UInt8(ascii: "\n") else {
            word = (word ?? []) + [byte]
            return
        }
        skipComments()
    }

    private mutating func raw() throws(Diagnostic) {
        word = word ?? []
        while let byte = next() {
            if byte == UInt8(ascii: "'") { return }
            word?.append(byte)
        }
        throw unfinished("'")
    }

    private mutating func quoted(
        _ value: (Variable) throws(Diagnostic) -> String
    ) throws(Diagnostic) {
        word = word ?? []
        while let byte = next() {
            switch byte {
            case UInt8(ascii: "\""): return
            case UInt8(ascii: "$"): add(try variable(value))
            case UInt8(ascii: "`"): throw needsShell(byte)
            case UInt8(ascii: "\\"):
                guard let escaped = next() else { break }
                switch escaped {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"), UInt8(ascii: "`"):
                    word?.append(escaped)
                case UInt8(ascii: "\n"): continue
                default: word? += [byte, escaped]
                }
            default: word?.append(byte)
            }
        }
        throw unfinished("\"")
    }

    /// Returns the value of `$name`, `${name}` or `${env:NAME}`; a `$` alone is one.
    private mutating func variable(
        _ value: (Variable) throws(Diagnostic) -> String
    ) throws(Diagnostic) -> String {
        guard at < bytes.count else { return "$" }
        if bytes[at] == UInt8(ascii: "(") { throw needsShell(UInt8(ascii: "$")) }
        if bytes[at] == UInt8(ascii: "{") {
            let start = at + 1
            guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "}")) else {
                throw unfinished("${")
            }
            at = end + 1
            let name = String(decoding: bytes[start..<end], as: UTF8.self)
            let isOfEnvironment = name.hasPrefix("env:")
            return try value(
                Variable(
                    name: isOfEnvironment ? String(name.dropFirst(4)) : name,
                    scope: isOfEnvironment ? .environment : .session,
                    fallback: .error
                )
            )
        }
        guard bytes[at].isNameStart else { return "$" }
        let start = at
        while at < bytes.count, bytes[at].isNameByte { at += 1 }
        let name = String(decoding: bytes[start..<at], as: UTF8.self)
        return try value(Variable(name: name, scope: .session, fallback: .error))
    }

    private func needsShell(_ byte: UInt8) -> Diagnostic {
        Diagnostic(
            "syntax",
            "'\(Character(Unicode.Scalar(byte)))' is for the system's shell, and '!openai' runs in Fettle",
            hint: "put it in quotes, or call another openai by its path: !/usr/bin/openai"
        )
    }

    private func unfinished(_ quote: String) -> Diagnostic {
        Diagnostic("syntax", "\(quote) is not closed in the line of '!openai'", hint: "close it")
    }
}
