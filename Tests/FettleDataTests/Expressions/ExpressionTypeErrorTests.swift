import FettleCore
import Testing

@testable import FettleData

struct ExpressionTypeErrorTests {
    @Test(
        arguments: [
            (
                "strs <= 3",
                [
                    "unknown-column: no column 'strs'",
                    "strs",
                    "did you mean 'stars'?",
                    "columns: stars, title, language, score, verified, digits, odd name, tags",
                ]
            ),
            (
                "title <= 3",
                [
                    "type-mismatch: cannot compare text column 'title' with a number",
                    "title <= 3",
                    "write number(title) <= 3",
                ]
            ),
            (
                #"stars == "5""#,
                [
                    "type-mismatch: cannot compare integer column 'stars' with a text",
                    #"stars == "5""#,
                    "write stars == 5",
                ]
            ),
            (
                "stars == title",
                [
                    "type-mismatch: cannot compare integer column 'stars' with text column 'title'",
                    "stars == title",
                    "write stars == number(title)",
                ]
            ),
            (
                #""5" == stars"#,
                [
                    "type-mismatch: cannot compare a text with integer column 'stars'",
                    #""5" == stars"#,
                    #"write number("5") == stars"#,
                ]
            ),
            (
                "lenn(title) > 3",
                [
                    "unknown-function: no function 'lenn'",
                    "lenn",
                    "did you mean 'len'?",
                    "functions: is_null, is_missing, is_empty, starts_with, ends_with, contains, len, words, lower, upper, trim, replace, text, language, number, integer, round, abs, min, max, if, coalesce",
                ]
            ),
            (
                "len() > 1",
                [
                    "wrong-arguments: 'len' takes 1 argument, found 0",
                    "len()",
                    "len(x): the number of characters (Unicode scalars) of a text",
                ]
            ),
            (
                "round(1,2,3) > 1",
                [
                    "wrong-arguments: 'round' takes 1 or 2 arguments, found 3",
                    "round(1,2,3)",
                    "round(x[, digits]): the number rounded, halves away from zero, to that many decimals",
                ]
            ),
            (
                "title",
                [
                    "type-mismatch: 'where' wants true or false, found text column 'title'",
                    "title",
                    #"compare it: title == "…", or not is_empty(title)"#,
                ]
            ),
            (
                "stars",
                [
                    "type-mismatch: 'where' wants true or false, found integer column 'stars'",
                    "stars",
                    "compare it: stars > 0",
                ]
            ),
            (
                "stars and verified",
                [
                    "type-mismatch: 'and' wants true or false, found integer column 'stars'",
                    "stars",
                    "compare it: stars > 0",
                ]
            ),
            (
                "not title",
                [
                    "type-mismatch: 'not' wants true or false, found text column 'title'",
                    "title",
                    #"compare it: title == "…", or not is_empty(title)"#,
                ]
            ),
            (
                "title ~ 'a(b'",
                [
                    "bad-pattern: pattern 'a(b': missing closing parenthesis",
                    "b",
                    #"to match a character of .^$*+?()[{\| itself, write a backslash before it"#,
                ]
            ),
            (
                #"title ~ "\n\u{41}(""#,
                [
                    #"bad-pattern: pattern '\nA(': missing closing parenthesis"#,
                    "(",
                    #"to match a character of .^$*+?()[{\| itself, write a backslash before it"#,
                ]
            ),
            (
                "title ~ language",
                [
                    "type-mismatch: a pattern is a text in quotes, found 'language'",
                    "language",
                    "to look for another column's text write contains(a, b)",
                ]
            ),
            (
                "title ~ '[z-a]'",
                [
                    "bad-pattern: pattern '[z-a]': range out of order in character class",
                    "a",
                    #"to match a character of .^$*+?()[{\| itself, write a backslash before it"#,
                ]
            ),
            (
                "stars ~ '5'",
                [
                    "type-mismatch: '~' wants a text, found integer column 'stars'",
                    "stars",
                    "write text(stars)",
                ]
            ),
            (
                "title == null",
                [
                    "type-mismatch: a comparison with null is never true",
                    "title == null",
                    "write is_null(title)",
                ]
            ),
            (
                "null != title",
                [
                    "type-mismatch: a comparison with null is never true",
                    "null != title",
                    "write not is_null(title)",
                ]
            ),
            (
                "len(stars) > 2",
                [
                    "type-mismatch: 'len' wants a text, found integer column 'stars'",
                    "stars",
                    "write text(stars)",
                ]
            ),
            (
                "stars + title > 3",
                [
                    "type-mismatch: cannot calculate integer column 'stars' + text column 'title'",
                    "stars + title",
                    "write number(title)",
                ]
            ),
            (
                "title + stars == 'a'",
                [
                    "type-mismatch: cannot calculate text column 'title' + integer column 'stars'",
                    "title + stars",
                    "to join texts write text(stars)",
                ]
            ),
            (
                "title * 2 > 1",
                [
                    "type-mismatch: cannot calculate text column 'title' * a number",
                    "title * 2",
                    "write number(title)",
                ]
            ),
            (
                "-title > 2",
                [
                    "type-mismatch: '-' wants a number, found text column 'title'",
                    "title",
                    "write number(title)",
                ]
            ),
            (
                "stars in ['a']",
                [
                    "type-mismatch: cannot compare integer column 'stars' with a text",
                    "'a'",
                    "every value of the list is of the kind of 'stars'",
                ]
            ),
            (
                "stars in 3",
                [
                    #"type-mismatch: 'in' wants a list such as ["a", "b"] or a JSON array, found a number"#,
                    "3",
                ]
            ),
            (
                "title in [null]",
                [
                    "type-mismatch: a list holds texts, numbers, true and false, found 'null'",
                    "null",
                    "take it out and add: or is_null(title)",
                ]
            ),
            (
                "title in [language]",
                [
                    "type-mismatch: a list holds texts, numbers, true and false, found 'language'",
                    "language",
                    "join comparisons with 'or'",
                ]
            ),
            (
                "['a']",
                [
                    "type-mismatch: a list is only understood after 'in'",
                    "['a']",
                    #"write such as language in ["en", "de"]"#,
                ]
            ),
            (
                "verified < true",
                [
                    "type-mismatch: true and false have no order",
                    "verified < true",
                    "use == or !=",
                ]
            ),
            (
                "verified == 1",
                [
                    "type-mismatch: cannot compare boolean column 'verified' with a number",
                    "verified == 1",
                    "write number(verified) == 1",
                ]
            ),
            (
                "is_missing(stars + 1)",
                [
                    "type-mismatch: 'is_missing' wants a column, found 'stars + 1'",
                    "stars + 1",
                    "for a calculated value write is_null(…)",
                ]
            ),
            (
                "replace(title, 'a', language) == ''",
                [
                    "type-mismatch: 'replace' wants its replacement in quotes, found 'language'",
                    "language",
                    "such as replace(title, ' +', ' ')",
                ]
            ),
            (
                "if(verified, title, stars) == 1",
                [
                    "type-mismatch: 'if' wants values of one kind, found text column 'title', integer column 'stars'",
                    "if(verified, title, stars)",
                    "write text(…) or number(…) round the others",
                ]
            ),
            (
                "if(stars, 1, 2) > 1",
                [
                    "type-mismatch: 'if' wants true or false, found integer column 'stars'",
                    "stars",
                    "compare it: stars > 0",
                ]
            ),
            (
                "len(title) has 'a'",
                [
                    "type-mismatch: 'has' wants a text or a JSON array, found a number",
                    "len(title)",
                ]
            ),
            (
                "stars has 3",
                [
                    "type-mismatch: 'has' wants a text or a JSON array, found integer column 'stars'",
                    "stars",
                ]
            ),
            (
                "max() > 1",
                [
                    "wrong-arguments: 'max' takes at least 1 argument, found 0",
                    "max()",
                    "max(a, b, …): the greatest of the numbers; null when one of them is",
                ]
            ),
            (
                "tags == 3",
                [
                    "type-mismatch: cannot compare JSON column 'tags' with a number",
                    "tags == 3",
                ]
            ),
            (
                #"verified == "true""#,
                [
                    "type-mismatch: cannot compare boolean column 'verified' with a text",
                    #"verified == "true""#,
                    "write verified == true",
                ]
            ),
            (
                "number(tags) + verified > 1",
                [
                    "type-mismatch: cannot calculate a number + boolean column 'verified'",
                    "number(tags) + verified",
                    "write number(verified)",
                ]
            ),
            (
                "`no such` > 1",
                [
                    "unknown-column: no column 'no such'",
                    "`no such`",
                    "columns: stars, title, language, score, verified, digits, odd name, tags",
                ]
            ),
        ] as [(String, [String])]
    )
    func typeErrorsNameTheColumnAndItsKind(source: String, lines: [String]) {
        #expect(TestFrames.error(source) == lines)
    }
}
