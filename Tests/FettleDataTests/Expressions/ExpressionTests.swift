import FettleCore
import Testing

@testable import FettleData

struct ExpressionTests {
    @Test(arguments: [
        ("stars <= 3", [1, 2, 3, 5]),
        ("stars == 3 or stars == 5", [0, 2, 5]),
        ("stars <= 3 and language == \"en\"", [1, 3]),
        ("not stars <= 3", [0, 4]),
        ("stars > 1 + 2 * 1", [0, 4]),
        ("(stars - 1) * 2 >= 6", [0, 4]),
        ("-stars < -3", [0, 4]),
        ("stars % 2 == 0", [3, 4]),
        ("stars / 2 == 2.5", [0]),
        ("language != 'en'", [2, 4, 5]),
        ("language >= \"en\"", [0, 1, 3, 5]),
        ("language in [\"en\", \"zh\"]", [0, 1, 3, 5]),
        ("language not in (\"en\")", [2, 4, 5]),
        ("stars in (1, 2.0, 9)", [1, 3]),
        ("score in [-2.5, 3]", [2, 4]),
        ("verified in [true]", [0, 2, 4]),
        ("title ~ '^g'", []),
        ("title ~ '(?i)^G'", [0, 4]),
        ("title ~ '^\\w+ \\w+$'", [4]),
        ("title !~ 'a'", [2]),
        ("title has \"re\"", [0]),
        ("tags has 'a'", [0]),
        ("tags has 2", [2]),
        ("'ä' in tags", [5]),
        ("verified", [0, 2, 4]),
        ("verified == false", [1, 3, 5]),
        ("`odd name` > 4", [4, 5]),
        ("true", [0, 1, 2, 3, 4, 5]),
        ("is_null(title)", [3]),
        ("is_missing(title)", [5]),
        ("is_empty(title)", [2]),
        ("is_null(score)", [3]),
        ("is_missing(score)", [5]),
        ("is_null(score + 1)", [3, 5]),
        ("score != 99", [0, 1, 2, 4]),
        ("not (score == 0.5)", [1, 2, 4]),
        ("score > 0 or stars == 3", [0, 1, 2, 4, 5]),
        ("len(title) == 10", [4]),
        ("words(title) == 2", [4]),
        ("number(digits) > 3", [2, 4]),
        ("number(digits) <= 1", [0]),
        ("starts_with(title, 'G') and ends_with(title, 't')", [0, 4]),
        ("contains(title, 'paß')", [4]),
        ("1 / 0 == 1 or is_null(1 / 0)", [0, 1, 2, 3, 4, 5]),
        ("is_null(9223372036854775807 + 1)", [0, 1, 2, 3, 4, 5]),
        ("is_null(stars % 0)", [0, 1, 2, 3, 4, 5]),
    ])
    func whereKeepsWhatIsTrue(source: String, rows: [Int]) throws {
        #expect(try TestFrames.kept(source) == rows)
    }

    @Test(
        arguments: [
            (
                "lower(title)",
                [.text("great"), .text("bad"), .text(""), .null, .text("größe paßt"), .null]
            ),
            ("upper(language)", ["EN", "EN", "DE", "EN", "DE", "ZH"].map(Cell.text)),
            (
                "title + '!'",
                [.text("Great!"), .text("bad!"), .text("!"), .null, .text("Größe paßt!"), .null]
            ),
            ("text(score)", [.text("0.5"), .text("1"), .text("-2.5"), .null, .text("3"), .null]),
            ("integer(digits)", [.integer(1), .null, .integer(3), .null, .integer(1000), .null]),
            (
                "integer(score)",
                [.integer(0), .integer(1), .integer(-2), .null, .integer(3), .null]
            ),
            ("round(score)", [.number(1), .number(1), .number(-3), .null, .number(3), .null]),
            ("round(stars / 3, 2)", [1.67, 0.33, 1, 0.67, 1.33, 1].map(Cell.number)),
            (
                "if(stars > 3, 'good', 'bad')",
                ["good", "bad", "bad", "bad", "good", "bad"].map(Cell.text)
            ),
            ("if(score > 0, 1, 0.5)", [1, 1, 0.5, 0.5, 1, 0.5].map(Cell.number)),
            (
                "coalesce(title, language)",
                ["Great", "bad", "", "en", "Größe paßt", "zh"].map(Cell.text)
            ),
            ("min(stars, 3)", [3, 1, 3, 2, 3, 3].map(Cell.integer)),
            (
                "max(score, 1.5)",
                [.number(1.5), .number(1.5), .number(1.5), .null, .number(3), .null]
            ),
            ("abs(score)", [.number(0.5), .number(1), .number(2.5), .null, .number(3), .null]),
            ("trim(digits)", ["1", "x", "3.5", "", "1e3", "nan"].map(Cell.text)),
            (
                "replace(title, '(\\w)a', '$1$1')",
                [.text("Greet"), .text("bbd"), .text(""), .null, .text("Größe ppßt"), .null]
            ),
            ("\"a\\tb\\u{1F600}\"", Array(repeating: .text("a\tb😀"), count: 6)),
            ("stars > 3", [true, false, false, false, true, false].map(Cell.boolean)),
            ("null", Array(repeating: .null, count: 6)),
        ] as [(String, [Cell])]
    )
    func expressionGivesCells(source: String, cells: [Cell]) throws {
        #expect(try TestFrames.cells(source) == cells)
    }

    @Test func sourceIsTrimmedAndColumnsAreInOrder() throws {
        let expression = try Expression(
            parsing: "  len(title) > 3 and `odd name` < stars * len(title) "
        )
        #expect(expression.source == "len(title) > 3 and `odd name` < stars * len(title)")
        #expect(expression.columns == ["title", "odd name", "stars"])
    }

    @Test func spansOfErrorsCountTheTextBeforeTrimming() {
        #expect(
            throws: Diagnostic(
                "bad-expression",
                "a value is missing after '<'",
                span: .init(8, 9),
                hint: "write a column, a number, a text in quotes or a function after it"
            )
        ) {
            try Expression(parsing: "  stars < ")
        }
    }

    @Test func namesMayHaveLettersOfAnyScript() throws {
        let frame = Frame(columns: [.init("評価", Column(integers: [1, 5]))])
        #expect(try TestFrames.kept("評価 >= 3", of: frame) == [1])
    }

    @Test func longChainsOfTermsAreNotDeep() throws {
        let source = (0..<5000).map { "stars == \($0)" }.joined(separator: " or ")
        #expect(try TestFrames.kept(source) == [0, 1, 2, 3, 4, 5])
    }

    @Test func everyFunctionHasHelpThatBeginsWithItsName() {
        for function in Expression.functions {
            #expect(function.signature.hasPrefix(function.name + "("))
            #expect(!function.summary.isEmpty && !function.summary.hasSuffix("."))
        }
        #expect(
            Expression.functions.map(\.name).joined(separator: " ")
                == "is_null is_missing is_empty starts_with ends_with contains len words lower upper "
                + "trim replace text language number integer round abs min max if coalesce"
        )
    }
}
