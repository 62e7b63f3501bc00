import FettleCore
import FettleLanguage
import Foundation

/// The values of one setting that a search tries: a list, or a range that numbers are taken from.
struct SweepValues {
    /// What the values are taken from.
    private enum Source {
        case list([ArgumentWord])
        case range(ClosedRange<Double>, isLogarithmic: Bool, isWhole: Bool)
    }

    /// The setting's name.
    let name: String
    private let word: ArgumentWord
    private let source: Source

    /// Reads `1,2,4`, `a;b` where values have commas, `0.1..1` or `"0.1..1 log"`.
    ///
    /// - Throws: `bad-value` with the place.
    init(_ name: String, _ word: ArgumentWord, isWhole: Bool) throws(Diagnostic) {
        self.name = name
        self.word = word
        guard let dots = word.text.range(of: "..") else {
            let mark: Character = word.text.contains(";") ? ";" : ","
            source = .list(try Self.parts(of: word, at: mark, name))
            return
        }
        var end = String(word.text[dots.upperBound...])
        let isLogarithmic = end.hasSuffix(" log") || end.hasSuffix(":log")
        if isLogarithmic { end.removeLast(4) }
        guard let low = Double(word.text[..<dots.lowerBound]),
            let high = Double(end.trimmingCharacters(in: .whitespaces)),
            low.isFinite, high.isFinite, low < high, low > 0 || !isLogarithmic,
            !isWhole || (low == low.rounded() && high == high.rounded() && abs(high) < 1e15)
        else {
            let least = isLogarithmic ? ", LOW more than 0" : ""
            throw expected(
                "LOW..HIGH with two \(isWhole ? "whole " : "")numbers, the smaller first\(least)",
                word,
                for: name
            )
        }
        source = .range(low...high, isLogarithmic: isLogarithmic, isWhole: isWhole)
    }

    /// Whether there is more than one value.
    var isSwept: Bool {
        if case .list(let values) = source { values.count > 1 } else { true }
    }

    /// Whether the values are numbers between two ends.
    var isRange: Bool {
        if case .range = source { true } else { false }
    }

    /// Returns the values of a grid, so many of a range.
    func grid(points: Int) -> [ArgumentWord] {
        switch source {
        case .list(let values): return values
        case .range:
            var texts: [String] = []
            for point in 0..<points {
                let share = points == 1 ? 0 : Double(point) / Double(points - 1)
                let text = number(at: share)
                if texts.last != text { texts.append(text) }
            }
            return texts.map(standIn)
        }
    }

    /// Returns a value drawn at random.
    func draw(_ generator: inout SeededGenerator) -> ArgumentWord {
        switch source {
        case .list(let values): values[generator.below(values.count)]
        case .range: standIn(for: number(at: generator.unit()))
        }
    }

    /// The number at a share of the range, to three digits: what is shown is what is tried.
    private func number(at share: Double) -> String {
        guard case .range(let range, let isLogarithmic, let isWhole) = source else { return "" }
        let (low, high) = (range.lowerBound, range.upperBound)
        let value =
            isLogarithmic
            ? exp(log(low) + share * (log(high) - log(low))) : low + share * (high - low)
        if isWhole { return String(Int(min(high, max(low, value.rounded())))) }
        let rounded =
            Double(String(format: "%.3g", locale: Locale(identifier: "C"), value)) ?? value
        let kept = min(high, max(low, rounded))
        return kept == kept.rounded() && abs(kept) < 1e6 ? String(Int(kept)) : "\(kept)"
    }

    /// A number of a range as a word that stands where the range does.
    private func standIn(for text: String) -> ArgumentWord {
        ArgumentWord(
            text: text,
            span: word.span,
            origins: [SourceSpan](repeating: word.span, count: text.utf8.count)
        )
    }

    private static func parts(
        of word: ArgumentWord,
        at mark: Character,
        _ name: String
    ) throws(Diagnostic) -> [ArgumentWord] {
        var parts: [ArgumentWord] = []
        var start = 0
        for text in word.text.split(separator: mark, omittingEmptySubsequences: false) {
            let part = word.part(start, start + text.utf8.count)
            start += text.utf8.count + 1
            guard !part.text.isEmpty else {
                throw expected("values with '\(mark)' between them", word, for: name)
            }
            guard !parts.contains(where: { $0.text == part.text }) else {
                throw Diagnostic(
                    "bad-value",
                    "'\(name)' has the value '\(part.text)' twice",
                    span: part.span,
                    hint: "leave one of them out"
                )
            }
            parts.append(part)
        }
        return parts
    }
}
