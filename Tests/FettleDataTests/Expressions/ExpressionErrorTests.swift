import FettleCore
import Testing

@testable import FettleData

struct ExpressionErrorTests {
    @Test(
        arguments: [
            (
                "stars = 3",
                [
                    "bad-expression: '=' does not compare; '==' does",
                    "=",
                    "write '==' in its place",
                ]
            ),
            (
                "stars <> 3",
                [
                    "bad-expression: '<>' is not an operator; '!=' is",
                    "<>",
                    "write '!=' in its place",
                ]
            ),
            (
                "(stars > 3",
                [
                    "bad-expression: the '(' that opens here is not closed by ')'",
                    "(",
                    "write ')' where the part ends",
                ]
            ),
            (
                "stars > 3)",
                [
                    "bad-expression: ')' closes nothing",
                    ")",
                    "take it out, or open it before",
                ]
            ),
            (
                "stars >",
                [
                    "bad-expression: a value is missing after '>'",
                    ">",
                    "write a column, a number, a text in quotes or a function after it",
                ]
            ),
            (
                "and stars",
                [
                    "bad-expression: expected a value, found 'and'",
                    "and",
                ]
            ),
            (
                "stars > 3 &&  verified",
                [
                    "bad-expression: '&&' is not an operator; 'and' is",
                    "&&",
                    "write 'and' in its place",
                ]
            ),
            (
                "1 < stars < 3",
                [
                    "bad-expression: comparisons do not chain",
                    "<",
                    "write 1 < stars and stars < …",
                ]
            ),
            (
                "len(title",
                [
                    "bad-expression: the '(' that opens here is not closed by ')'",
                    "(",
                    "write ')' where the part ends",
                ]
            ),
            (
                #""abc"#,
                [
                    #"unclosed-quote: the " that opens here is not closed"#,
                    #""abc"#,
                    #"write " after its last character"#,
                ]
            ),
            (
                #""a\d""#,
                [
                    #"bad-escape: '\d' is no escape; \n \t \r \" \\ \$ and \u{…} are"#,
                    #"\d"#,
                    "in '…' backslashes stand as they are, which suits patterns",
                ]
            ),
            (
                "title == “a”",
                [
                    "bad-expression: '“' has no meaning in an expression",
                    "“",
                    #"write plain quotes round a text: "…" or '…'"#,
                ]
            ),
            (
                "stars < 1e999",
                [
                    "bad-expression: '1e999' is too large for a number",
                    "1e999",
                    "the largest is about 1.8e308",
                ]
            ),
            (
                "2nd > 3",
                [
                    "bad-expression: '2nd' is neither a number nor a name",
                    "2nd",
                    "a column whose name begins with a digit is written in backticks: `2nd`",
                ]
            ),
            (
                "stars > 3 AND verified",
                [
                    "bad-expression: expected an operator such as == or and, found 'AND'",
                    "AND",
                    "write 'and' in lower case",
                ]
            ),
            (
                "stars @ 3",
                [
                    "bad-expression: '@' has no meaning in an expression",
                    "@",
                    "a column whose name has such characters is written in backticks: `odd name`",
                ]
            ),
            (
                "stars 3",
                [
                    "bad-expression: expected an operator such as == or and, found '3'",
                    "3",
                ]
            ),
            (
                "title 'a'",
                [
                    "bad-expression: expected an operator such as == or and, found ''a''",
                    "'a'",
                    "a column whose name has blanks is written in backticks",
                ]
            ),
            (
                "",
                [
                    "bad-expression: the expression is empty",
                    "",
                    #"write a condition such as stars <= 3 and language == "en""#,
                ]
            ),
            (
                "  ",
                [
                    "bad-expression: the expression is empty",
                    "",
                    #"write a condition such as stars <= 3 and language == "en""#,
                ]
            ),
            (
                "$stars > 3",
                [
                    "bad-expression: '$' has no meaning in an expression",
                    "$",
                    "write a column's name without '$', or in backticks when it has odd characters",
                ]
            ),
            (
                "`odd",
                [
                    "unclosed-quote: the ` that opens here is not closed",
                    "`odd",
                    "write ` after its last character",
                ]
            ),
            (
                "number(title",
                [
                    "bad-expression: the '(' that opens here is not closed by ')'",
                    "(",
                    "write ')' where the part ends",
                ]
            ),
            (
                "[1,2",
                [
                    "bad-expression: the '[' that opens here is not closed by ']'",
                    "[",
                    "write ']' where the part ends",
                ]
            ),
            (
                "f(",
                [
                    "bad-expression: a value is missing after '('",
                    "(",
                    "write a column, a number, a text in quotes or a function after it",
                ]
            ),
            (
                #""\u{110000}""#,
                [
                    #"bad-escape: '\u' names no character"#,
                    #"\u"#,
                    #"write its number in hexadecimal between braces: \u{1F600}"#,
                ]
            ),
        ] as [(String, [String])]
    )
    func grammarErrorsSayWhatIsWrongWhereAndWhatToDo(source: String, lines: [String]) {
        #expect(TestFrames.error(source) == lines)
    }
}
