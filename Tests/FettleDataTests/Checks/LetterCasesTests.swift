import FettleCore
import Testing

@testable import FettleData

struct LetterCasesTests {
    /// Counts scalar by scalar.
    private func counted(_ text: String) -> [Int] {
        let scalars = text.unicodeScalars
        return [
            scalars.count { $0.properties.isUppercase && $0.properties.changesWhenLowercased },
            scalars.count { $0.properties.isLowercase },
        ]
    }

    private func cases(_ text: String) -> [Int] {
        var text = text
        return text.withUTF8 { bytes in
            let cases = LetterCases(UnsafeRawBufferPointer(bytes))
            return [cases.upper, cases.lower]
        }
    }

    @Test func everyByteOfASCIIIsCountedAtEveryPlaceOfAWord() {
        for value in UInt8(0)..<0x80 {
            for place in 0..<20 {
                var text = String(repeating: "-", count: 20)
                text.replaceSubrange(
                    text.index(text.startIndex, offsetBy: place)...,
                    with: String(UnicodeScalar(value)) + "{@`["
                )
                #expect(cases(text) == counted(text), "\(value) at \(place)")
            }
        }
    }

    @Test func longAndMixedTextsAreCountedAsScalarByScalar() {
        var generator = SeededGenerator(seed: 3)
        let pieces = ["a", "Z", "zA", " ", "é", "É", "好", "ß", "ǅ", "ª", "😀", "hello world", "Ω"]
        for length in 0..<300 {
            let text = (0..<length).map { _ in pieces[generator.below(pieces.count)] }.joined()
            #expect(cases(text) == counted(text), "\(text)")
        }
        for length in [2_039, 2_040, 2_041, 2_048, 4_095, 10_000] {
            let text = String(repeating: "aB", count: length / 2) + "c"
            #expect(cases(text) == [length / 2, length / 2 + 1])
        }
    }
}
