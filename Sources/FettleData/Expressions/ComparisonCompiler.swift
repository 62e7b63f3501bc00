import FettleCore

extension ExpressionCompiler {
    /// Compiles `==`, `<` and their like.
    func compare(
        _ comparison: ExpressionNode.Comparison,
        _ left: ExpressionNode,
        _ right: ExpressionNode,
        _ span: SourceSpan
    ) throws(Diagnostic) -> Evaluator {
        let (a, b) = (try compile(left), try compile(right))
        for (side, other) in [(left, right), (right, left)] where side.kind == .null {
            let call = "is_null(\(text(other.span)))"
            throw Diagnostic(
                "type-mismatch",
                "a comparison with null is never true",
                span: span,
                hint: "write \(comparison == .unequal ? "not \(call)" : call)"
            )
        }
        switch (a, b) {
        case (.integer(let x), .integer(let y)): return .boolean(Self.ordered(comparison, x, y))
        case (.text, .text), (.json, .json), (.json, .text), (.text, .json), (.null, .text),
            (.text, .null):
            if let x = a.bytes, let y = b.bytes { return .boolean(Self.texts(comparison, x, y)) }
        case (.boolean, .boolean), (.null, .boolean), (.boolean, .null), (.null, .null):
            if comparison == .equal || comparison == .unequal, let x = a.truth, let y = b.truth {
                let wanted = comparison == .equal
                return .boolean { row in
                    guard let x = try x(row), let y = try y(row) else { return nil }
                    return (x == y) == wanted
                }
            }
        default: break
        }
        if let x = a.real, let y = b.real { return .boolean(Self.ordered(comparison, x, y)) }
        throw notComparable(comparison, (left, a), (right, b), span)
    }

    private static func ordered<Value: Comparable>(
        _ comparison: ExpressionNode.Comparison,
        _ left: @escaping (Int) throws -> Value?,
        _ right: @escaping (Int) throws -> Value?
    ) -> Evaluator.Truth {
        { row in
            guard let a = try left(row), let b = try right(row) else { return nil }
            return switch comparison {
            case .equal: a == b
            case .unequal: a != b
            case .less: a < b
            case .lessOrEqual: a <= b
            case .greater: a > b
            case .greaterOrEqual: a >= b
            }
        }
    }

    private static func texts(
        _ comparison: ExpressionNode.Comparison,
        _ left: @escaping Evaluator.Bytes,
        _ right: @escaping Evaluator.Bytes
    ) -> Evaluator.Truth {
        { row in
            guard let a = try left(row), let b = try right(row) else { return nil }
            return switch comparison {
            case .equal: TextOrder.equal(a, b)
            case .unequal: !TextOrder.equal(a, b)
            case .less: TextOrder.compare(a, b) < 0
            case .lessOrEqual: TextOrder.compare(a, b) <= 0
            case .greater: TextOrder.compare(a, b) > 0
            case .greaterOrEqual: TextOrder.compare(a, b) >= 0
            }
        }
    }

    private func notComparable(
        _ comparison: ExpressionNode.Comparison,
        _ left: (node: ExpressionNode, value: Evaluator),
        _ right: (node: ExpressionNode, value: Evaluator),
        _ span: SourceSpan
    ) -> Diagnostic {
        let (a, b) = (text(left.node.span), text(right.node.span))
        let sign = comparison.rawValue
        let message =
            if left.value.kind == .boolean, right.value.kind == .boolean {
                "true and false have no order"
            } else {
                "cannot compare \(describe(left.node, left.value)) with "
                    + describe(right.node, right.value)
            }
        let hint: String? =
            switch (left.value.kind, right.value.kind) {
            case (.boolean, .boolean): "use == or !="
            case (.text, .integer), (.text, .number), (.boolean, .integer), (.boolean, .number):
                "write number(\(a)) \(sign) \(b)"
            case (.integer, .boolean), (.number, .boolean): "write \(a) \(sign) number(\(b))"
            case (_, .text):
                if let bare = Self.unquoted(right.node, as: left.value.kind) {
                    "write \(a) \(sign) \(bare)"
                } else if case .text = right.node.kind {
                    "write text(\(a)) \(sign) \(b)"
                } else {
                    "write \(a) \(sign) number(\(b))"
                }
            case (.text, .boolean): "write \(a) \(sign) text(\(b))"
            default: nil
            }
        return Diagnostic("type-mismatch", message, span: span).hinting(hint)
    }

    /// A quoted number, true or false without its quotes, when that is of the kind wanted.
    private static func unquoted(_ node: ExpressionNode, as kind: ColumnKind?) -> String? {
        guard case .text(let literal) = node.kind else { return nil }
        let fits =
            kind == .boolean
            ? ["true", "false"].contains(literal.value) : Double(literal.value) != nil
        return fits ? literal.value : nil
    }

    // MARK: - Patterns and parts

    /// Compiles `~` and `!~`.
    func match(
        _ left: ExpressionNode,
        _ right: ExpressionNode,
        negated: Bool
    ) throws(Diagnostic) -> Evaluator {
        let subject = try bytes(left, of: negated ? "!~" : "~")
        let matcher = PatternMatcher(try pattern(right))
        let span = right.span
        return .boolean { row in
            guard let text = try subject(row) else { return nil }
            do {
                return try matcher.matches(text) != negated
            } catch let failure as Diagnostic {
                throw failure.located(at: span)
            }
        }
    }

    /// Compiles a pattern, which must be a quoted text.
    func pattern(_ node: ExpressionNode) throws(Diagnostic) -> Pattern {
        guard case .text(let literal) = node.kind else {
            throw Diagnostic(
                "type-mismatch",
                "a pattern is a text in quotes, found '\(text(node.span))'",
                span: node.span,
                hint: "to look for another column's text write contains(a, b)"
            )
        }
        do {
            return try Pattern(literal.value)
        } catch {
            var placed = error
            placed.span = error.span.map { literal.span(of: $0, within: node.span) } ?? node.span
            throw placed
        }
    }

    /// Compiles `in`.
    func member(
        _ left: ExpressionNode,
        _ right: ExpressionNode,
        _ span: SourceSpan
    ) throws(Diagnostic) -> Evaluator {
        guard case .list(let items) = right.kind else { return try having(right, left, word: "in") }
        let value = try compile(left)
        var texts = SortedTexts()
        var reals: Set<Double> = []
        var wholes: Set<Int64> = []
        var truths: Set<Bool> = []
        for item in items {
            switch (item.kind, value.kind) {
            case (.text(let literal), .text), (.text(let literal), .json),
                (.text(let literal), nil):
                texts.insert(Array(literal.value.utf8))
            case (.integer(let number), .integer), (.integer(let number), nil):
                wholes.insert(number)
            case (.integer(let number), .number): reals.insert(Double(number))
            case (.number(let number), .number), (.number(let number), .integer),
                (.number(let number), nil):
                reals.insert(number)
            case (.boolean(let truth), .boolean), (.boolean(let truth), nil): truths.insert(truth)
            case (.text, _), (.integer, _), (.number, _), (.boolean, _):
                var error = notComparable(
                    .equal,
                    (left, value),
                    (item, try compile(item)),
                    item.span
                )
                error.hints = ["every value of the list is of the kind of '\(text(left.span))'"]
                throw error
            default:
                throw Diagnostic(
                    "type-mismatch",
                    "a list holds texts, numbers, true and false, found '\(text(item.span))'",
                    span: item.span,
                    hint: item.kind == .null
                        ? "take it out and add: or is_null(\(text(left.span)))"
                        : "join comparisons with 'or'"
                )
            }
        }
        switch value {
        case .text(let bytes), .json(let bytes):
            let sorted = texts.sorted()
            return .boolean { row in try bytes(row).map(sorted.contains) }
        case .integer(let number):
            return .boolean { [wholes, reals] row in
                try number(row).map { wholes.contains($0) || reals.contains(Double($0)) }
            }
        case .number(let number):
            return .boolean { [reals] row in try number(row).map(reals.contains) }
        case .boolean(let truth):
            return .boolean { [truths] row in try truth(row).map(truths.contains) }
        case .null: return .null
        }
    }

    /// Compiles `has`: an element of a JSON array, or a part of a text.
    func having(
        _ left: ExpressionNode,
        _ right: ExpressionNode,
        word: String = "has"
    ) throws(Diagnostic) -> Evaluator {
        let (whole, part) = (try compile(left), try compile(right))
        if case .json(let array) = whole {
            guard let wanted = Self.elementText(part) else {
                throw mismatch(right, part, "'\(word)'", wants: "a text or a number")
            }
            return .boolean { row in
                guard let array = try array(row), let wanted = try wanted(row) else { return nil }
                return JSONElements.contains(array, wanted)
            }
        }
        guard word == "has", let text = whole.bytes else {
            throw mismatch(
                left,
                whole,
                "'\(word)'",
                wants: word == "in"
                    ? "a list such as [\"a\", \"b\"] or a JSON array" : "a text or a JSON array"
            )
        }
        let wanted = try bytes(right, of: word)
        return .boolean { row in
            guard let text = try text(row), let wanted = try wanted(row) else { return nil }
            return TextOrder.contains(text, wanted)
        }
    }

    /// What an element of a JSON array is compared with: a text's own characters, or a number's.
    private static func elementText(_ value: Evaluator) -> Evaluator.Bytes? {
        if let bytes = value.bytes { return bytes }
        let scratch = ScratchBytes()
        return { row in
            let cell = try value.cell(at: row)
            guard !cell.isAbsent else { return nil }
            scratch.count = 0
            scratch.append(cell.displayText.utf8)
            return scratch.bytes
        }
    }
}

/// A set of texts that is searched without copying what is looked for.
struct SortedTexts {
    private var texts: [[UInt8]] = []

    mutating func insert(_ text: [UInt8]) {
        texts.append(text)
    }

    func sorted() -> SortedTexts {
        SortedTexts(texts: texts.sorted { $0.lexicographicallyPrecedes($1) })
    }

    private init(texts: [[UInt8]]) {
        self.texts = texts
    }

    init() {}

    /// Whether the text is in the set, which must be sorted.
    func contains(_ text: UnsafeRawBufferPointer) -> Bool {
        var (low, high) = (0, texts.count)
        while low < high {
            let middle = (low + high) / 2
            let order = texts[middle].withUnsafeBytes { TextOrder.compare($0, text) }
            if order == 0 { return true }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return false
    }
}

/// The elements of a JSON array's text.
enum JSONElements {
    /// Whether a string, number, true or false directly in the array is `wanted`.
    static func contains(_ array: UnsafeRawBufferPointer, _ wanted: UnsafeRawBufferPointer) -> Bool
    {
        var depth = 0
        var at = 0
        while at < array.count {
            let byte = array[at]
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: "\""):
                var element: [UInt8] = []
                at = string(in: array, from: at + 1, into: &element)
                if depth == 1, array[0] == UInt8(ascii: "["), equal(element, wanted) { return true }
                continue
            case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x0A, 0x0D, 0x09: break
            default:
                let start = at
                while at < array.count, !",]} \n\r\t".utf8.contains(array[at]) { at += 1 }
                let element = UnsafeRawBufferPointer(rebasing: array[start..<at])
                if depth == 1, array[0] == UInt8(ascii: "["), TextOrder.equal(element, wanted) {
                    return true
                }
                continue
            }
            at += 1
        }
        return false
    }

    private static func equal(_ element: [UInt8], _ wanted: UnsafeRawBufferPointer) -> Bool {
        element.withUnsafeBytes { TextOrder.equal($0, wanted) }
    }

    /// Reads a JSON string's value from after its quote; returns where it ends.
    private static func string(
        in bytes: UnsafeRawBufferPointer,
        from start: Int,
        into out: inout [UInt8]
    ) -> Int {
        var at = start
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
            guard bytes[at] == UInt8(ascii: "\\"), at + 1 < bytes.count else {
                out.append(bytes[at])
                at += 1
                continue
            }
            switch bytes[at + 1] {
            case UInt8(ascii: "n"): out.append(0x0A)
            case UInt8(ascii: "t"): out.append(0x09)
            case UInt8(ascii: "r"): out.append(0x0D)
            case UInt8(ascii: "b"): out.append(0x08)
            case UInt8(ascii: "f"): out.append(0x0C)
            case UInt8(ascii: "u"):
                at = unicode(in: bytes, from: at, into: &out)
                continue
            case let other: out.append(other)
            }
            at += 2
        }
        return at + 1
    }

    private static func unicode(
        in bytes: UnsafeRawBufferPointer,
        from start: Int,
        into out: inout [UInt8]
    ) -> Int {
        guard let first = unit(in: bytes, at: start) else { return start + 2 }
        if first & 0xFC00 == 0xD800, let second = unit(in: bytes, at: start + 6),
            second & 0xFC00 == 0xDC00,
            let scalar = Unicode.Scalar(0x10000 + (first & 0x3FF) << 10 + second & 0x3FF)
        {
            out += Array(String(scalar).utf8)
            return start + 12
        }
        out += Array(String(Unicode.Scalar(first) ?? "\u{FFFD}").utf8)
        return start + 6
    }

    private static func unit(in bytes: UnsafeRawBufferPointer, at start: Int) -> UInt32? {
        guard start + 6 <= bytes.count, bytes[start] == UInt8(ascii: "\\"),
            bytes[start + 1] == UInt8(ascii: "u")
        else { return nil }
        return UInt32(String(decoding: bytes[start + 2..<start + 6], as: UTF8.self), radix: 16)
    }
}
