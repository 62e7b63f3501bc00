/// A piece of a template: text, or what is inside of a tag.
enum TemplatePiece {
    case text(String)
    case output([TemplateToken], end: Int)
    case statement([TemplateToken], end: Int)
}

/// A word or sign inside of a tag.
struct TemplateToken {
    enum Kind: Hashable {
        case name(String)
        case text(String)
        case integer(Int)
        case number(Double)
        case sign(String)
    }

    var kind: Kind
    var at: Int
}

/// Cuts a template into pieces, as Jinja does with `trim_blocks` and `lstrip_blocks`, which is how
/// transformers sets it.
struct TemplateScanner {
    private let source: [UnicodeScalar]
    private var at = 0
    private var pieces: [TemplatePiece] = []
    /// Whether what comes next begins a line.
    private var isAtLineStart = true

    /// Takes the source with line ends as line feeds, and without one at the end.
    init(_ source: [UnicodeScalar]) {
        self.source = source
    }

    /// Returns the scalars of a template, its line ends made line feeds and the last one left out.
    static func scalars(_ source: String) -> [UnicodeScalar] {
        var scalars: [UnicodeScalar] = []
        var wasReturn = false
        for scalar in source.unicodeScalars {
            if scalar == "\n", wasReturn {
                wasReturn = false
                continue
            }
            wasReturn = scalar == "\r"
            scalars.append(wasReturn ? "\n" : scalar)
        }
        if scalars.last == "\n" { scalars.removeLast() }
        return scalars
    }

    mutating func scan() throws(TemplateProblem) -> [TemplatePiece] {
        var textStart = 0
        while at < source.count {
            guard source[at] == "{", at + 1 < source.count,
                "{%#".unicodeScalars.contains(source[at + 1])
            else {
                at += 1
                continue
            }
            addText(from: textStart, before: source[at + 1])
            let open = at
            let kind = source[at + 1]
            at += 2
            if at < source.count, source[at] == "-" || source[at] == "+" { at += 1 }
            if kind == "#" {
                try skipComment(from: open)
            } else {
                try scanTag(kind, from: open)
            }
            isAtLineStart = at > 0 && source[at - 1] == "\n"
            textStart = at
        }
        if textStart < source.count { pieces.append(.text(string(textStart..<source.count))) }
        return pieces
    }

    private func string(_ range: Range<Int>) -> String {
        var text = ""
        text.unicodeScalars.append(contentsOf: source[range])
        return text
    }

    /// Adds the text up to a tag, without the white space that the tag takes.
    private mutating func addText(from start: Int, before kind: UnicodeScalar) {
        var end = at
        let sign: UnicodeScalar = at + 2 < source.count ? source[at + 2] : " "
        if sign == "-" {
            while end > start, PythonText.isSpace(source[end - 1]) { end -= 1 }
        } else if sign != "+", kind != "{" {
            var lineStart = end
            while lineStart > start, source[lineStart - 1] != "\n" { lineStart -= 1 }
            let isWhole = lineStart > start || isAtLineStart
            if isWhole, source[lineStart..<end].allSatisfy(PythonText.isSpace) { end = lineStart }
        }
        if end > start { pieces.append(.text(string(start..<end))) }
    }

    private mutating func skipComment(from open: Int) throws(TemplateProblem) {
        while at + 1 < source.count {
            if source[at] == "#", source[at + 1] == "}" {
                let sign = at > open + 2 ? source[at - 1] : " "
                at += 2
                endTag(sign, trimsLine: true)
                return
            }
            at += 1
        }
        throw TemplateProblem(kind: .syntax, message: "expected '#}', found the end", at: open)
    }

    /// Takes the white space after a tag that it takes.
    private mutating func endTag(_ sign: UnicodeScalar, trimsLine: Bool) {
        if sign == "-" {
            while at < source.count, PythonText.isSpace(source[at]) { at += 1 }
        } else if trimsLine, sign != "+", at < source.count, source[at] == "\n" {
            at += 1
        }
    }

    private mutating func scanTag(
        _ kind: UnicodeScalar,
        from open: Int
    ) throws(TemplateProblem) {
        let close: UnicodeScalar = kind == "{" ? "}" : "%"
        var tokens: [TemplateToken] = []
        var brackets = 0
        while at < source.count {
            let scalar = source[at]
            if PythonText.isSpace(scalar) {
                at += 1
                continue
            }
            let isSigned = scalar == "-" || (scalar == "+" && kind == "%")
            let end = isSigned ? at + 1 : at
            if brackets == 0, end + 1 < source.count, source[end] == close, source[end + 1] == "}" {
                let tagEnd = at
                at = end + 2
                endTag(isSigned ? scalar : " ", trimsLine: kind == "%")
                pieces.append(
                    kind == "{" ? .output(tokens, end: tagEnd) : .statement(tokens, end: tagEnd)
                )
                return
            }
            let token = try token()
            if case .sign(let sign) = token.kind {
                if ["(", "[", "{"].contains(sign) { brackets += 1 }
                if [")", "]", "}"].contains(sign) { brackets = max(0, brackets - 1) }
            }
            tokens.append(token)
        }
        throw TemplateProblem(
            kind: .syntax,
            message: "expected '\(close)}', found the end",
            at: open
        )
    }

    // MARK: - Words and signs

    private static let signs = [
        "//", "**", "==", "!=", ">=", "<=", "+", "-", "*", "/", "%", "~", "[", "]", "(", ")", "{",
        "}",
        ">", "<", "=", ".", ":", "|", ",",
    ].map { Array($0.unicodeScalars) }

    private mutating func token() throws(TemplateProblem) -> TemplateToken {
        let start = at
        let scalar = source[at]
        if scalar == "'" || scalar == "\"" {
            return TemplateToken(kind: .text(try quoted(scalar)), at: start)
        }
        if ("0"..."9").contains(scalar) { return TemplateToken(kind: try number(), at: start) }
        if scalar == "_" || scalar.properties.isXIDStart {
            while at < source.count, source[at] == "_" || source[at].properties.isXIDContinue {
                at += 1
            }
            return TemplateToken(kind: .name(string(start..<at)), at: start)
        }
        for sign in Self.signs where source[at...].starts(with: sign) {
            at += sign.count
            return TemplateToken(kind: .sign(string(start..<at)), at: start)
        }
        throw TemplateProblem(kind: .syntax, message: "'\(scalar)' means nothing here", at: start)
    }

    private mutating func number() throws(TemplateProblem) -> TemplateToken.Kind {
        let start = at
        var isWhole = true
        skipDigits()
        if at + 1 < source.count, source[at] == ".", ("0"..."9").contains(source[at + 1]) {
            isWhole = false
            at += 1
            skipDigits()
        }
        if at + 1 < source.count, source[at] == "e" || source[at] == "E" {
            let isSigned = source[at + 1] == "-" || source[at + 1] == "+"
            let digit = at + (isSigned ? 2 : 1)
            if digit < source.count, ("0"..."9").contains(source[digit]) {
                isWhole = false
                at = digit
                skipDigits()
            }
        }
        let text = string(start..<at).filter { $0 != "_" }
        if isWhole, let value = Int(text) { return .integer(value) }
        if !isWhole, let value = Double(text), value.isFinite { return .number(value) }
        throw TemplateProblem(
            kind: .unsupported,
            message: "the number '\(text)' is too large",
            at: start
        )
    }

    private mutating func skipDigits() {
        while at < source.count, ("0"..."9").contains(source[at]) || source[at] == "_" { at += 1 }
    }

    private mutating func quoted(_ quote: UnicodeScalar) throws(TemplateProblem) -> String {
        let start = at
        var text = ""
        at += 1
        while at < source.count {
            let scalar = source[at]
            at += 1
            if scalar == quote { return text }
            guard scalar == "\\" else {
                text.unicodeScalars.append(scalar)
                continue
            }
            guard at < source.count else { break }
            try escape(into: &text)
        }
        throw TemplateProblem(
            kind: .syntax,
            message: "expected \(quote) at the end of the text, found the end",
            at: start
        )
    }

    private mutating func escape(into text: inout String) throws(TemplateProblem) {
        let name = source[at]
        at += 1
        switch name {
        case "n": text += "\n"
        case "t": text += "\t"
        case "r": text += "\r"
        case "b": text += "\u{8}"
        case "f": text += "\u{C}"
        case "v": text += "\u{B}"
        case "a": text += "\u{7}"
        case "\\", "'", "\"": text.unicodeScalars.append(name)
        case "\n": break
        case "x": try appendScalar(digits: 2, to: &text)
        case "u": try appendScalar(digits: 4, to: &text)
        case "U": try appendScalar(digits: 8, to: &text)
        case "0"..."7", "N":
            throw TemplateProblem(
                kind: .unsupported,
                message: "the escape '\\\(name)' is not interpreted",
                at: at - 2
            )
        default:
            text += "\\"
            text.unicodeScalars.append(name)
        }
    }

    private mutating func appendScalar(digits: Int, to text: inout String) throws(TemplateProblem) {
        let start = at
        at = min(at + digits, source.count)
        let hex = string(start..<at)
        guard hex.utf8.count == digits, hex.allSatisfy(\.isHexDigit),
            let value = UInt32(hex, radix: 16),
            let scalar = UnicodeScalar(value)
        else {
            throw TemplateProblem(
                kind: .syntax,
                message: "expected \(digits) hexadecimal digits of a character, found '\(hex)'",
                at: start - 2
            )
        }
        text.unicodeScalars.append(scalar)
    }
}
