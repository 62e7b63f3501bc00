import FettleCore

/// The line of a source text that a span starts in, ready to be drawn with its columns.
struct SourceLine {
    /// A character as it is drawn: control characters replaced, tabs expanded.
    private struct Sign {
        var text: String
        var width: Int
        /// The bytes of the source line that it stands for.
        var bytes: Range<Int>
    }

    /// A line cut to a window, with the place to underline.
    struct Shown: Hashable {
        /// The line without blanks at its end.
        var text: String
        /// The column of the first caret.
        var caretColumn: Int
        /// The number of carets, 1 or more.
        var caretCount: Int
    }

    private static let tabWidth = 4

    /// The line's number in the source, from 1.
    let number: Int
    private let signs: [Sign]
    /// The span in bytes of the line; the end is at most the line's.
    private let start: Int
    private let end: Int

    init(of source: String, at span: SourceSpan) {
        let bytes = Array(source.utf8)
        let place = min(max(0, span.start), bytes.count)
        let lineStart = (bytes[..<place].lastIndex(of: 0x0A) ?? -1) + 1
        var lineEnd = bytes[lineStart...].firstIndex(of: 0x0A) ?? bytes.count
        if lineEnd > lineStart, bytes[lineEnd - 1] == 0x0D { lineEnd -= 1 }
        number = bytes[..<lineStart].reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
        let length = lineEnd - lineStart
        start = min(place - lineStart, length)
        end = min(max(start, min(span.end, bytes.count) - lineStart), length)
        signs = SourceLine.signs(of: String(decoding: bytes[lineStart..<lineEnd], as: UTF8.self))
    }

    private static func signs(of line: String) -> [Sign] {
        var signs: [Sign] = []
        var column = 0
        var offset = 0
        for character in line {
            let length = character.utf8.count
            let isTab = character == "\t"
            let text =
                isTab
                ? String(repeating: " ", count: tabWidth - column % tabWidth)
                : Sanitizer.line(String(character))
            let width = DisplayWidth.of(text)
            signs.append(Sign(text: text, width: width, bytes: offset..<(offset + length)))
            column += width
            offset += length
        }
        return signs
    }

    /// Returns the line cut to `room` columns round the start of the span.
    func shown(in room: Int) -> Shown {
        // A caret after the last character needs a column of its own.
        let first = signs.firstIndex { $0.bytes.upperBound > start } ?? signs.count
        let past = signs[first...].firstIndex { $0.bytes.lowerBound >= end } ?? signs.count
        let window = visible(in: room, first: first, past: max(past, first))
        let cutsLeft = window.lowerBound > 0
        let cutsRight = window.upperBound < signs.count
        let before = signs[window.lowerBound..<first]
        let marked = signs[first..<max(first, min(past, window.upperBound))]
        var text = signs[window].reduce(into: "") { $0 += $1.text }
        if cutsRight {
            text += "…"
        } else {
            while text.last == " " { text.removeLast() }
        }
        return Shown(
            text: (cutsLeft ? "…" : "") + text,
            caretColumn: before.reduce(cutsLeft ? 1 : 0) { $0 + $1.width },
            caretCount: max(1, marked.reduce(0) { $0 + $1.width })
        )
    }

    /// Returns the signs that fit: all of them, or as many as there is room for, with some before the
    /// place so that it is seen in its surroundings.
    private func visible(in room: Int, first: Int, past: Int) -> Range<Int> {
        let total = signs.reduce(0) { $0 + $1.width }
        if total + (first == signs.count ? 1 : 0) <= room { return 0..<signs.count }
        // One column at each side for `…`, and one for a caret after the end.
        let inner = max(1, room - 3)
        let markedWidth = signs[first..<past].reduce(0) { $0 + $1.width }
        let lead = max(inner / 4, (inner - markedWidth) / 2)
        var low = first
        var used = 0
        while low > 0, used + signs[low - 1].width <= lead {
            low -= 1
            used += signs[low].width
        }
        var high = low
        used = 0
        while high < signs.count, used + signs[high].width <= inner {
            used += signs[high].width
            high += 1
        }
        while high == signs.count, low > 0, used + signs[low - 1].width <= inner {
            low -= 1
            used += signs[low].width
        }
        return low..<high
    }
}
