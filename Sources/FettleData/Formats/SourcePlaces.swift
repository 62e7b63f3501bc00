import FettleCore

/// Finds lines and columns in a source, and draws the part of a line that an error is about.
struct SourcePlaces {
    /// Bytes of a line that are shown before and after an error.
    private static let shownBefore = 60
    private static let shownAfter = 60

    let source: SourceText
    private var countedTo: Int
    private var line = 1

    init(_ source: SourceText) {
        self.source = source
        countedTo = 0
    }

    /// Returns the line of an offset, from 1; fast when offsets only grow.
    mutating func line(of offset: Int) -> Int {
        if offset < countedTo { (countedTo, line) = (0, 1) }
        line += ByteScan.lineFeeds(in: source.bytes, from: countedTo, to: offset)
        countedTo = offset
        return line
    }

    /// Returns the error for a bad row, with file, line, column and the text round the place.
    mutating func diagnostic(_ bad: BadRow) -> Diagnostic {
        let offset = min(bad.offset, source.count)
        let line = line(of: offset)
        let start = lineStart(of: offset)
        let end = ByteScan.first(
            ByteScan.lineFeed,
            in: source.bytes,
            from: offset,
            to: source.count
        )
        let before = text(start, offset)
        let (shown, span) = excerpt(start, end, offset, min(bad.count, max(1, end - offset)))
        return Diagnostic(
            bad.code,
            bad.message,
            span: span,
            source: shown,
            location: SourceLocation(file: source.name, line: line, column: before.count + 1),
            hints: bad.hints
        )
    }

    /// Returns the line and column of an offset, from 1.
    mutating func place(of offset: Int) -> (line: Int, column: Int) {
        let line = line(of: offset)
        return (line, text(lineStart(of: offset), offset).count + 1)
    }

    private func lineStart(of offset: Int) -> Int {
        var start = offset
        while start > source.start, source.bytes[start - 1] != ByteScan.lineFeed { start -= 1 }
        return start
    }

    private func text(_ start: Int, _ end: Int) -> String {
        let slice = UnsafeBufferPointer(start: source.bytes + start, count: end - start)
        return String(decoding: slice, as: UTF8.self)
    }

    private func excerpt(
        _ start: Int,
        _ end: Int,
        _ offset: Int,
        _ count: Int
    ) -> (String, SourceSpan) {
        let from = boundary(max(start, offset - Self.shownBefore), start, end)
        let to = boundary(min(end, offset + Self.shownAfter), start, end)
        let lead = (from > start ? "…" : "") + text(from, min(offset, to))
        let marked = min(offset + count, max(to, offset))
        let body = text(offset, marked)
        var tail = text(marked, max(marked, to))
        if tail.utf8.last == ByteScan.carriageReturn { tail.removeLast() }
        if to < end { tail += "…" }
        let first = lead.utf8.count
        return (lead + body + tail, SourceSpan(first, first + max(1, body.utf8.count)))
    }

    /// Moves an offset left to the start of its character.
    private func boundary(_ offset: Int, _ start: Int, _ end: Int) -> Int {
        guard offset < end else { return end }
        var offset = offset
        for _ in 0..<3 where offset > start && source.bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
        return offset
    }
}
