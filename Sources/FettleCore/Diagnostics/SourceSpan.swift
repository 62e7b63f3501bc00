/// A half-open range of UTF-8 offsets into a source text.
public struct SourceSpan: Hashable, Sendable {
    /// Offset of the first byte.
    public var start: Int
    /// Offset after the last byte.
    public var end: Int

    /// Makes a span; an end before the start is moved to the start.
    public init(_ start: Int, _ end: Int) {
        self.start = start
        self.end = max(start, end)
    }

    /// Returns the span moved right by `offset` bytes.
    public func shifted(by offset: Int) -> SourceSpan {
        SourceSpan(start + offset, end + offset)
    }

    /// Returns the smallest span that covers both.
    public func union(_ other: SourceSpan) -> SourceSpan {
        SourceSpan(min(start, other.start), max(end, other.end))
    }
}

/// A place in a file that a user can go to.
public struct SourceLocation: Hashable, Sendable {
    /// The file's name as the user wrote it.
    public var file: String
    /// Line, from 1.
    public var line: Int
    /// Column in characters, from 1.
    public var column: Int

    /// Makes a location.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
}
