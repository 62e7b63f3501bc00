/// A text with `{{column}}` holes, in Mustache's variable syntax, parsed once.
///
/// A hole's name may have blanks round it and any characters but braces. Sections, partials, comments
/// and unescaped variables of full Mustache are refused, and nothing is ever HTML-escaped.
public struct PromptTemplate: Hashable, Sendable {
    /// A stretch of a template.
    public enum Segment: Hashable, Sendable {
        /// Text that stands as it is.
        case text(String)
        /// The value of a column; the span counts UTF-8 bytes of the template, braces excluded.
        case column(String, SourceSpan)
    }

    /// The template as written.
    public let source: String
    /// Its stretches in order; no two texts stand beside each other.
    public let segments: [Segment]

    /// The names of its columns, in order of first appearance.
    public var columns: [String] {
        var seen: [String] = []
        for case .column(let name, _) in segments where !seen.contains(name) { seen.append(name) }
        return seen
    }

    /// Parses a template.
    ///
    /// - Throws: `bad-template` with a span when a hole is not closed, is empty, or asks for a section,
    ///   partial, comment or unescaped variable.
    public init(_ source: String) throws(Diagnostic) {
        self.source = source
        var segments: [Segment] = []
        var text: [UInt8] = []
        let bytes = Array(source.utf8)
        let (open, close) = (UInt8(ascii: "{"), UInt8(ascii: "}"))
        var at = 0
        while at < bytes.count {
            guard bytes[at] == open, at + 1 < bytes.count, bytes[at + 1] == open else {
                text.append(bytes[at])
                at += 1
                continue
            }
            guard let end = Self.closing(of: bytes, from: at + 2, close) else {
                throw Diagnostic(
                    "bad-template",
                    "'{{' is not closed by '}}'",
                    span: SourceSpan(at, bytes.count),
                    hint: "write a column's name as {{column}}"
                )
            }
            if !text.isEmpty { segments.append(.text(String(decoding: text, as: UTF8.self))) }
            text = []
            let (name, span) = try Self.name(in: bytes, at + 2, end)
            segments.append(.column(name, span))
            at = end + 2
        }
        if !text.isEmpty { segments.append(.text(String(decoding: text, as: UTF8.self))) }
        self.segments = segments
    }

    private static func closing(of bytes: [UInt8], from start: Int, _ close: UInt8) -> Int? {
        var at = start
        while at + 1 < bytes.count {
            if bytes[at] == close, bytes[at + 1] == close { return at }
            at += 1
        }
        return nil
    }

    private static func name(
        in bytes: [UInt8],
        _ start: Int,
        _ end: Int
    ) throws(Diagnostic) -> (String, SourceSpan) {
        var (first, last) = (start, end)
        while first < last, bytes[first] == UInt8(ascii: " ") { first += 1 }
        while last > first, bytes[last - 1] == UInt8(ascii: " ") { last -= 1 }
        let whole = SourceSpan(start - 2, end + 2)
        guard first < last else {
            throw Diagnostic(
                "bad-template",
                "'{{}}' names no column",
                span: whole,
                hint: "write a column's name as {{column}}"
            )
        }
        if let kind = "#^/>!&{=".utf8.first(where: { $0 == bytes[first] }) {
            throw Diagnostic(
                "bad-template",
                "'{{\(Character(UnicodeScalar(kind)))…}}' is Mustache's logic, which templates do not have",
                span: whole,
                hint: "only {{column}} is understood; make other values with 'derive'"
            )
        }
        if bytes[first..<last].contains(where: {
            $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}")
        }) {
            throw Diagnostic(
                "bad-template",
                "'\(String(decoding: bytes[first..<last], as: UTF8.self))' has a brace, which no column's"
                    + " name in a template may have",
                span: whole,
                hint: "close each hole with '}}' before the next: {{column}}"
            )
        }
        return (
            String(decoding: bytes[first..<last], as: UTF8.self), SourceSpan(first, last)
        )
    }
}
