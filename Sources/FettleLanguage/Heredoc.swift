import FettleCore

extension WordLexer {
    /// Reads a heredoc: `<<TAG`, `<<'TAG'` or `<<~TAG`.
    ///
    /// With quotes there are no variables or escapes, with `~` common indentation is dropped. The lines
    /// start after the end of the current line, and the scanner leaves them out afterwards.
    mutating func heredoc() throws(Failure) -> Word {
        let start = scanner.at
        scanner.at += 2
        let strips = scanner.peek() == UInt8(ascii: "~")
        if strips { scanner.at += 1 }
        let isRaw = scanner.peek() == UInt8(ascii: "'")
        if isRaw { scanner.at += 1 }
        let tagStart = scanner.at
        while scanner.peek().isNameByte { scanner.at += 1 }
        let tag = scanner.text(tagStart, scanner.at)
        guard !tag.isEmpty, !isRaw || scanner.peek() == UInt8(ascii: "'") else {
            throw .diagnostic(
                Diagnostic(
                    "bad-heredoc",
                    "'<<' must be followed by a tag of letters",
                    span: SourceSpan(start, scanner.at),
                    hint: "write <<END, the lines, and END on a line of its own"
                )
            )
        }
        if isRaw { scanner.at += 1 }
        let after = scanner.at
        let (newline, bodyStart) = scanner.heredocStart()
        var lines: [Range<Int>] = []
        var lineStart = bodyStart
        while lineStart < scanner.bytes.count {
            let lineEnd = scanner.endOfLine(from: lineStart)
            if scanner.text(lineStart, lineEnd).trimmingBlanks == tag {
                try fill(lines, strips: strips, isRaw: isRaw)
                scanner.at = after
                scanner.setHeredoc(after: newline, end: min(lineEnd + 1, scanner.bytes.count))
                return Word(pieces: pieces, span: SourceSpan(start, after), isQuoted: true)
            }
            lines.append(lineStart..<lineEnd)
            lineStart = lineEnd + 1
        }
        throw .open(OpenConstruct(what: "heredoc \(tag)", span: SourceSpan(start, after)))
    }

    private mutating func fill(
        _ lines: [Range<Int>],
        strips: Bool,
        isRaw: Bool
    ) throws(Failure) {
        let filled = lines.filter { line in !scanner.bytes[line].allSatisfy(\.isBlank) }
        let common =
            strips
            ? filled.map { scanner.bytes[$0].prefix(while: \.isBlank).count }.min() ?? 0 : 0
        for (index, line) in lines.enumerated() {
            scanner.at = line.lowerBound
            skipIndentation(common, until: line.upperBound)
            if isRaw {
                let hasReturn = scanner.bytes[line].last == UInt8(ascii: "\r")
                while scanner.at < line.upperBound - (hasReturn ? 1 : 0) { take() }
                scanner.at = line.upperBound
            } else {
                try elements(until: line.upperBound)
            }
            if scanner.at == line.upperBound, index < lines.count - 1 { take() }
        }
        flush()
    }
}
