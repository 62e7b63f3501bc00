import FettleCore
import Testing

@testable import FettleData

struct ExpressionFuzzTests {
    private static let pieces = [
        "stars", "title", "score", "verified", "tags", "`odd name`", "`", "3", "-", "2.5", "1e9",
        "9223372036854775807", "'a'", "\"b\\n\"", "\"", "'", "(", ")", "[", "]", ",", "and", "or",
        "not", "in", "has", "==", "!=", "<", "<=", ">", ">=", "~", "!~", "+", "*", "/", "%", "=",
        "true", "null", "len(", "if(", "round(", "replace(", "max(", "is_null(", "number(", "text(",
        "integer(", "words(", "nope(", "größe", "“", "\u{301}", "@", "\\", "&&", "é", "😀", "\n",
        "'(a'", "'a+'", "\"\\u{",
    ]

    @Test func tokenSoupNeverTrapsAndErrorsStandInsideTheSource() throws {
        var generator = SeededGenerator(seed: 20)
        var good = 0
        for _ in 0..<3000 {
            let count = 1 + generator.below(12)
            let words = (0..<count).map { _ in Self.pieces[generator.below(Self.pieces.count)] }
            let source = words.joined(separator: generator.below(3) == 0 ? "" : " ")
            do {
                let bound = try Expression(parsing: source).bind(to: TestFrames.reviews)
                good += 1
                for row in 0..<6 { _ = try bound.cell(row: row) }
            } catch let error as Diagnostic {
                let span = try #require(error.span, "\(source): \(error.message)")
                #expect(span.start >= 0 && span.end <= source.utf8.count, "\(source)")
                #expect(!error.message.isEmpty && !error.message.hasSuffix("."))
            }
        }
        #expect(good > 50)
    }

    @Test(arguments: ["(", "[", "-", "not ", "len(", "1 + (", "stars in ("])
    func deepNestingIsAnError(opening: String) {
        let source = String(repeating: opening, count: 20_000) + "1"
        #expect(throws: Diagnostic.self) { try Expression(parsing: source) }
    }

    @Test func longSumsAreAnError() {
        let source = String(repeating: "1 + ", count: 20_000) + "1"
        #expect(throws: Diagnostic.self) { try Expression(parsing: source) }
    }
}
