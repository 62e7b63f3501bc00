import FettleCore

/// What ends every text of a part, so that a model knows where it ends.
struct Ending {
    /// The ending; empty when there is none.
    let text: String
    /// Whether the template says it, rather than the rows.
    let isOfTemplate: Bool
    /// The rows whose texts have the ending before their end too.
    let inside: ConcernedRows
    private let part: PartFacts
    private let template: PromptTemplate

    /// The most characters that an ending should have.
    static let mostCharacters = 10

    /// Finds the ending of a part's texts.
    init(_ part: PartFacts, _ template: PromptTemplate) throws {
        self.part = part
        self.template = template
        let literal = template.trailingText
        isOfTemplate = !literal.isEmpty
        let candidates = isOfTemplate ? [literal] : Self.marks(of: part.commonSuffix)
        var best: (text: String, inside: ConcernedRows)?
        for candidate in candidates where best.map({ $0.inside.count > 0 }) ?? true {
            let inside = try Self.rows(of: part, containing: candidate)
            if best == nil || inside.count == 0 { best = (candidate, inside) }
        }
        (text, inside) = best ?? ("", ConcernedRows())
    }

    /// Returns what of a suffix that all rows share can be an ending: its signs, or the whole with them.
    ///
    /// Words alone that all texts happen to end with are none.
    private static func marks(of suffix: String) -> [String] {
        let scalars = suffix.unicodeScalars
        func isWord(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
        let hasSign = scalars.contains { !isWord($0) && $0 != " " }
        guard hasSign else { return suffix.hasSuffix(" END") ? [" END"] : [] }
        let start = scalars.lastIndex(where: isWord).map { scalars.index(after: $0) }
        let signs = start.map { String(scalars[$0...]) } ?? suffix
        return [signs, suffix].filter { !$0.withoutSpaces.isEmpty }
    }

    /// The rows whose texts have an ending before their end too.
    private static func rows(
        of part: PartFacts,
        containing ending: String
    ) throws -> ConcernedRows {
        let wanted = Array(ending.utf8)
        let repeats = try part.texts { bytes in
            let rest = UnsafeRawBufferPointer(rebasing: bytes.dropLast(wanted.count))
            return wanted.withUnsafeBytes { TextOrder.contains(rest, $0) }
        }
        return part.rows { repeats[$0] }
    }

    /// Returns the first of some endings that stands in no text, or a numbered one.
    func suggestion(among candidates: [String], numbered: (Int) -> String) throws -> String {
        let dropped = isOfTemplate ? text.utf8.count : 0
        func absent(_ candidates: [String]) throws -> String? {
            try candidates.first { candidate in
                let wanted = Array(candidate.utf8)
                let stands = try part.texts { bytes in
                    let rest = UnsafeRawBufferPointer(rebasing: bytes.dropLast(dropped))
                    return wanted.withUnsafeBytes { TextOrder.contains(rest, $0) }
                }
                return !stands.contains(true)
            }
        }
        if let found = try absent(candidates) { return found }
        // Among more different endings than there are characters in all texts one is absent.
        var next = 1
        while true {
            if let found = try absent((next..<next + 100).map(numbered)) { return found }
            next += 100
        }
    }

    /// The template's source with another ending.
    func source(endingWith ending: String) -> String {
        guard isOfTemplate else { return template.source + ending }
        let kept = template.source.utf8.dropLast(text.utf8.count)
        return String(decoding: kept, as: UTF8.self) + ending
    }

    /// Whether any text has a newline before its ending.
    func hasNewline() throws -> Bool {
        let dropped = isOfTemplate ? text.utf8.count : 0
        let newlines = try part.texts { $0.dropLast(dropped).contains(UInt8(ascii: "\n")) }
        return newlines.contains(true)
    }
}

extension Ending {
    /// Says what is wrong with the ending; `mended` is the format with a better one.
    func findings(
        _ code: String,
        _ part: String,
        _ name: String,
        _ examples: ExampleFacts,
        mended: () throws -> PromptFormat
    ) throws -> [Finding] {
        let all = NumberText.count(examples.count, part)
        if text.isEmpty {
            return [
                Finding(
                    code,
                    .warning,
                    "the \(all) do not end with the same \(name)",
                    count: examples.count,
                    fix: CheckFix([.format(try mended())], of: examples.input.format)
                )
            ]
        }
        if inside.count > 0 {
            return [
                Finding(
                    code,
                    .warning,
                    "the \(name) \(CheckText.shown(text)) stands also inside"
                        + " \(NumberText.count(inside.count, part))",
                    count: inside.count,
                    rows: inside.numbers,
                    fix: CheckFix([.format(try mended())], of: examples.input.format)
                )
            ]
        }
        let length = text.unicodeScalars.count
        guard length > Self.mostCharacters else { return [] }
        return [
            Finding(
                code,
                .note,
                "the \(name) \(CheckText.shown(text)) of the \(part)s has"
                    + " \(NumberText.count(length, "character")), more than"
                    + " \(Self.mostCharacters)",
                count: examples.count,
                fix: isOfTemplate
                    ? CheckFix(
                        [.format(try mended())],
                        of: examples.input.format,
                        isAutomatic: false
                    ) : nil
            )
        ]
    }
}

extension String {
    /// The text without any of its spaces.
    fileprivate var withoutSpaces: String { filter { $0 != " " } }
}
