import FettleCore

extension ExpressionFunction {
    /// Functions that look whether something is so.
    static let tests: [ExpressionFunction] = [
        ExpressionFunction(
            name: "is_null",
            signature: "is_null(x)",
            arity: 1...1,
            summary: "true for an explicit null, or when calculating x gives null"
        ) { (compiler, arguments, _) throws(Diagnostic) in
            if case .column(let name) = arguments[0].kind {
                let column = try compiler.column(name, arguments[0].span)
                return .boolean { row in column.presence(at: row) == .null }
            }
            let value = try compiler.compile(arguments[0])
            return .boolean { row in try value.isNull(at: row) }
        },
        ExpressionFunction(
            name: "is_missing",
            signature: "is_missing(column)",
            arity: 1...1,
            summary: "true when the row does not have the column"
        ) { (compiler, arguments, _) throws(Diagnostic) in
            guard case .column(let name) = arguments[0].kind else {
                throw Diagnostic(
                    "type-mismatch",
                    "'is_missing' wants a column, found '\(compiler.text(arguments[0].span))'",
                    span: arguments[0].span,
                    hint: "for a calculated value write is_null(…)"
                )
            }
            let column = try compiler.column(name, arguments[0].span)
            return .boolean { row in column.presence(at: row) == .missing }
        },
        ExpressionFunction(
            name: "is_empty",
            signature: "is_empty(x)",
            arity: 1...1,
            summary: "true for the empty text \"\", false for null and missing"
        ) { (compiler, arguments, _) throws(Diagnostic) in
            let bytes = try compiler.bytes(arguments[0], of: "is_empty")
            return .boolean { row in try bytes(row)?.isEmpty ?? false }
        },
        textTest("starts_with", "true when text x begins with text y", TextOrder.starts),
        textTest("ends_with", "true when text x ends with text y", TextOrder.ends),
        textTest("contains", "true when text x has text y in it", TextOrder.contains),
    ]

    /// Functions of texts.
    static let texts: [ExpressionFunction] = [
        ExpressionFunction(
            name: "len",
            signature: "len(x)",
            arity: 1...1,
            summary: "the number of characters (Unicode scalars) of a text"
        ) { (compiler, arguments, _) throws(Diagnostic) in
            let bytes = try compiler.bytes(arguments[0], of: "len")
            return .integer { row in
                guard let text = try bytes(row) else { return nil }
                var count = 0
                for byte in text where byte & 0xC0 != 0x80 { count += 1 }
                return Int64(count)
            }
        },
        ExpressionFunction(
            name: "words",
            signature: "words(x)",
            arity: 1...1,
            summary: "the number of words of a text, cut at blanks"
        ) { (compiler, arguments, _) throws(Diagnostic) in
            let bytes = try compiler.bytes(arguments[0], of: "words")
            return .integer { row in
                guard let text = try bytes(row) else { return nil }
                return Int64(Blanks.words(in: text))
            }
        },
        rewritten("lower", "the text in lower case", ascii: "A"..."Z") { $0.lowercaseMapping },
        rewritten("upper", "the text in upper case", ascii: "a"..."z") { $0.uppercaseMapping },
        ExpressionFunction(
            name: "trim",
            signature: "trim(x)",
            arity: 1...1,
            summary: "the text without blanks at its ends"
        ) { (compiler, arguments, _) throws(Diagnostic) in
            let bytes = try compiler.bytes(arguments[0], of: "trim")
            return .text { row in try bytes(row).map(Blanks.trimmed) }
        },
        ExpressionFunction(
            name: "replace",
            signature: "replace(x, 'pattern', 'with')",
            arity: 3...3,
            summary: "the text with each match of a pattern replaced; $1 is its first group"
        ) { (compiler, arguments, _) throws(Diagnostic) in
            let bytes = try compiler.bytes(arguments[0], of: "replace")
            let matcher = PatternMatcher(try compiler.pattern(arguments[1]))
            let span = arguments[1].span
            guard case .text(let with) = arguments[2].kind else {
                throw Diagnostic(
                    "type-mismatch",
                    "'replace' wants its replacement in quotes, found "
                        + "'\(compiler.text(arguments[2].span))'",
                    span: arguments[2].span,
                    hint: "such as replace(\(compiler.text(arguments[0].span)), ' +', ' ')"
                )
            }
            let replacement = Array(with.value.utf8)
            let scratch = ScratchBytes()
            return .text { row in
                guard let text = try bytes(row) else { return nil }
                do {
                    try matcher.replace(in: text, with: replacement, into: scratch)
                } catch let failure as Diagnostic {
                    throw failure.located(at: span)
                }
                return scratch.bytes
            }
        },
        ExpressionFunction(
            name: "text",
            signature: "text(x)",
            arity: 1...1,
            summary: "the value as a template shows it"
        ) { (compiler, arguments, _) throws(Diagnostic) in
            let value = try compiler.compile(arguments[0])
            if let bytes = value.bytes { return .text(bytes) }
            let scratch = ScratchBytes()
            return .text { row in
                let cell = try value.cell(at: row)
                guard !cell.isAbsent else { return nil }
                scratch.count = 0
                scratch.append(cell.displayText.utf8)
                return scratch.bytes
            }
        },
    ]

    private static func textTest(
        _ name: String,
        _ summary: String,
        _ test: @escaping @Sendable (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Bool
    ) -> ExpressionFunction {
        ExpressionFunction(name: name, signature: "\(name)(x, y)", arity: 2...2, summary: summary) {
            (compiler, arguments, _) throws(Diagnostic) in
            let whole = try compiler.bytes(arguments[0], of: name)
            let part = try compiler.bytes(arguments[1], of: name)
            return .boolean { row in
                guard let whole = try whole(row), let part = try part(row) else { return nil }
                return test(whole, part)
            }
        }
    }

    /// A function that changes the case of letters; the letters of `ascii` differ in one bit.
    private static func rewritten(
        _ name: String,
        _ summary: String,
        ascii: ClosedRange<Unicode.Scalar>,
        _ mapping: @escaping @Sendable (Unicode.Scalar.Properties) -> String
    ) -> ExpressionFunction {
        let letters = UInt8(ascii: ascii.lowerBound)...UInt8(ascii: ascii.upperBound)
        return ExpressionFunction(
            name: name,
            signature: "\(name)(x)",
            arity: 1...1,
            summary: summary
        ) { (compiler, arguments, _) throws(Diagnostic) in
            let bytes = try compiler.bytes(arguments[0], of: name)
            let scratch = ScratchBytes()
            return .text { row in
                guard let text = try bytes(row) else { return nil }
                scratch.count = 0
                scratch.reserve(text.count)
                var at = 0
                while at < text.count {
                    let byte = text[at]
                    if byte < 0x80 {
                        scratch.append(letters.contains(byte) ? byte ^ 0x20 : byte)
                        at += 1
                        continue
                    }
                    var iterator = text[at...].makeIterator()
                    var decoder = UTF8()
                    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else {
                        scratch.append(byte)
                        at += 1
                        continue
                    }
                    scratch.append(mapping(scalar.properties).utf8)
                    at += UTF8.width(scalar)
                }
                return scratch.bytes
            }
        }
    }
}

/// Blanks in UTF-8: the characters that separate words.
enum Blanks {
    /// The number of stretches without blanks.
    static func words(in text: UnsafeRawBufferPointer) -> Int {
        var count = 0
        var inside = false
        var at = 0
        while at < text.count {
            let length = blankLength(text, at)
            if length > 0 {
                inside = false
                at += length
            } else {
                if !inside { count += 1 }
                inside = true
                at += 1
            }
        }
        return count
    }

    /// The text without blanks at its ends.
    static func trimmed(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var start = 0
        while start < text.count {
            let length = blankLength(text, start)
            if length == 0 { break }
            start += length
        }
        var end = text.count
        while end > start {
            var first = end - 1
            while first > start, text[first] & 0xC0 == 0x80 { first -= 1 }
            if blankLength(text, first) != end - first { break }
            end = first
        }
        return UnsafeRawBufferPointer(rebasing: text[start..<end])
    }

    /// The number of bytes of the blank that begins here, 0 when there is none.
    private static func blankLength(_ text: UnsafeRawBufferPointer, _ at: Int) -> Int {
        let byte = text[at]
        if byte < 0x80 { return byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) ? 1 : 0 }
        let next = at + 1 < text.count ? text[at + 1] : 0
        let last = at + 2 < text.count ? text[at + 2] : 0
        switch (byte, next, last) {
        case (0xC2, 0xA0, _), (0xC2, 0x85, _): return 2
        case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9),
            (0xE2, 0x80, 0xAF), (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
            return 3
        default: return 0
        }
    }
}
