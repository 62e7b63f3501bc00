import FettleCore
import FettleLanguage
import Testing

struct WordTests {
    @Test(arguments: [
        (#"x 'a "b" $c \n'"#, #"x("a "b" $c \n")"#),
        (#"x "a\t\"b\" \\ \$c \u{1F600}\u{e9}""#, "x(\"a\t\"b\" \\ $c 😀é\")"),
        (#"x a'b'"c"d"#, "x(\"abcd\")"),
        ("x ''", "x(\"\")"),
        ("x 'a\nb' \"c\nd\"", "x(\"a\nb\", \"c\nd\")"),
        ("x \"a\\\nb\\\r\nc\"", "x(\"abc\")"),
        ("x $ 5$ $5 \"$\" a$.b", "x($, 5$, $5, \"$\", a$.b)"),
        ("x \"\"\"a \"b\" c\"\"\"", "x(\"a \"b\" c\")"),
        ("x \"\"\"\n    a\n      b\\tc\n\n    d\n    \"\"\"", "x(\"a\n  b\tc\n\nd\")"),
        ("x \"\"\"\r\n  a\r\n  b\r\n  \"\"\"", "x(\"a\nb\")"),
        ("x \"\"\"\n  a\\\n  b\n  \"\"\"", "x(\"ab\")"),
        ("x \"\"\"\n  \"\"\"", "x(\"\")"),
        ("x \"\"\"\n\"\"\"", "x(\"\")"),
        ("x \"\"\"\n a\n  b\"\"\"", "x(\" a\n  b\")"),
        ("x \"\"\"\\\"\"\" $y\"\"\"", "x(\"\"\"\" ${y}\")"),
    ])
    func quotesAreReadAsDocumented(_ source: String, _ expected: String) {
        #expect(shown(source) == expected)
    }

    @Test(arguments: [
        ("x <<END y\na $b\\n\n  'c'\nEND\nz", "x(\"a ${b}\n\n  'c'\", y); z()"),
        ("x <<'END'\na $b\\n\n  END\nz", "x(\"a $b\\n\"); z()"),
        ("x <<~END\n    a\n\n      b\n    END\n", "x(\"a\n\n  b\")"),
        ("x <<~'E'\n\ta\r\n\tb\r\nE", "x(\"a\nb\")"),
        ("x <<E\na\r\nb\\\nc\nE", "x(\"a\nbc\")"),
        ("x <<E\nE", "x(\"\")"),
        ("x a=<<E b\n1\nE\n", "x(a=\"1\", b)"),
        ("x <<A <<B c\na\nA\nb\nB\ny", "x(\"a\", \"b\", c); y()"),
        ("x <<A |\na\nA\ny", "x(\"a\") | y()"),
        ("x <<A \\\na\nA\n b", "x(\"a\", b)"),
        ("x <<A > f &\n# a\nA\n#> b", "x(\"# a\") > f &; output 18..<22 [\"b\"]"),
        ("x <<A; y <<B # c\n1\nA\n2\nB\nz", "x(\"1\"); y(\"2\"); z()"),
        ("x <<A | !cat\n1\nA\ny", "x(\"1\") | !{cat}; y()"),
    ])
    func heredocsTakeTheLinesAfterTheirOwn(_ source: String, _ expected: String) {
        #expect(shown(source) == expected)
    }

    @Test(arguments: [
        ("x <<E\n1\nE\ny", ["x <<E\n1\nE", "y"]),
        ("x <<'E'; y\n1\nE\nz", ["x <<'E'\n1\nE", "y", "z"]),
        ("y; x <<E # c\n1\nE", ["y", "x <<E\n1\nE"]),
        ("x <<A; y <<B\n1\nA\n2\nB\nz", ["x <<A\n1\nA", "y <<B\n2\nB", "z"]),
        ("x <<A; y |\n1\nA\n z\nw", ["x <<A\n1\nA", "y |\n z", "w"]),
        (
            "x <<A; y <<B |\n1\nA\n2\nB\n z <<C\n3\nC\nw",
            ["x <<A\n1\nA", "y <<B |\n2\nB\n z <<C\n3\nC", "w"]
        ),
        ("x <<A \\\na\nA\n b; y", ["x <<A \\\na\nA\n b", "y"]),
        ("x <<A; y\n1\nA", ["x <<A\n1\nA", "y"]),
    ])
    func aStatementsTextHasTheLinesOfItsOwnHeredocs(_ source: String, _ expected: [String]) throws {
        let script = try parser.parse(source)
        let texts = script.items.compactMap { item in
            if case .statement(let statement) = item { statement.text } else { nil }
        }
        #expect(texts == expected)
        for text in texts { #expect(try parser.parse(text).items.count == 1, "\(text)") }
    }

    @Test(arguments: [
        (
            "x << END",
            "bad-heredoc 2..<4\n'<<' must be followed by a tag of letters\n"
                + "write <<END, the lines, and END on a line of its own"
        ),
        (
            "x <<'A\n",
            "bad-heredoc 2..<6\n'<<' must be followed by a tag of letters\n"
                + "write <<END, the lines, and END on a line of its own"
        ),
        (
            "x <<A 'b\n1\nA\nc'",
            "bad-heredoc 6..<8\nwhat begins here goes on after the lines of a heredoc\n"
                + "end it on this line, or write it before the '<<'"
        ),
        (
            "x <<A \"b\n1\nA\n",
            "bad-heredoc 6..<7\nwhat begins here goes on after the lines of a heredoc\n"
                + "end it on this line, or write it before the '<<'"
        ),
        (
            #"x "a\qb""#,
            "unknown-escape 4..<6\nunknown escape '\\q'\n"
                + #"known: \n \t \r \" \\ \$ \u{1F600}; 'single quotes' take everything as it is"#
        ),
        (
            #"x "\é""#,
            "unknown-escape 3..<6\nunknown escape '\\é'\n"
                + #"known: \n \t \r \" \\ \$ \u{1F600}; 'single quotes' take everything as it is"#
        ),
        (
            #"x "\u{+41}""#,
            "unknown-escape 3..<5\n'\\u' is not followed by a character's number\n"
                + #"write \u{1F600}, one to six hexadecimal digits in braces"#
        ),
        (
            #"x "\u{d800}""#,
            "unknown-escape 3..<5\n'\\u' is not followed by a character's number\n"
                + #"write \u{1F600}, one to six hexadecimal digits in braces"#
        ),
        (
            "x \"\\u",
            "unknown-escape 3..<5\n'\\u' is not followed by a character's number\n"
                + #"write \u{1F600}, one to six hexadecimal digits in braces"#
        ),
        (
            "x ${}",
            "bad-variable 2..<5\n'${…}' does not name a variable\n"
                + "write ${name}, ${name:-default}, ${name:?message}, ${env:NAME} or ${secret:NAME}"
        ),
        (
            "x ${é}",
            "bad-variable 2..<6\n'${…}' does not name a variable\n"
                + "write ${name}, ${name:-default}, ${name:?message}, ${env:NAME} or ${secret:NAME}"
        ),
        (
            "x ${a b}",
            "bad-variable 2..<6\n'${…}' does not name a variable\n"
                + "write ${name}, ${name:-default}, ${name:?message}, ${env:NAME} or ${secret:NAME}"
        ),
        (
            "x ${a",
            "bad-variable 2..<5\n'${' is not closed by '}'\n"
                + "write ${name}, ${name:-default}, ${name:?message}, ${env:NAME} or ${secret:NAME}"
        ),
        (
            "x ${a:-b\n}",
            "bad-variable 2..<8\n'${' is not closed by '}'\n"
                + "write ${name}, ${name:-default}, ${name:?message}, ${env:NAME} or ${secret:NAME}"
        ),
        (
            "x \"\"\"${a:-b\"\"\" }",
            "bad-variable 5..<11\n'${' is not closed by '}'\n"
                + "write ${name}, ${name:-default}, ${name:?message}, ${env:NAME} or ${secret:NAME}"
        ),
    ])
    func wordErrorsNameThePlace(_ source: String, _ expected: String) {
        #expect(shown(source) == expected)
    }

    @Test(arguments: [
        ("x $a $a.b.c $a. \"$a!\" ${a}b", "x(${a}, ${a.b.c}, ${a}., \"${a}!\", ${a}b)"),
        ("x ${a.b} $_ ${_.accuracy} $? ${?}", "x(${a.b}, ${_}, ${_.accuracy}, ${?}, ${?})"),
        ("x ${a:-b c} ${a:?is missing}", "x(${a:-b c}, ${a:?is missing})"),
        ("x ${env:HOME} ${env:X:-} ${env}", "x(${env:HOME}, ${env:X:-}, ${env})"),
        ("x a=$b '$c' \\$d", "x(a=${b}, \"$c\", $d)"),
    ])
    func variablesAreReadInWords(_ source: String, _ expected: String) {
        #expect(shown(source) == expected)
    }

    @Test func escapesAndVariablesMapBackToTheirSource() throws {
        let source = #"x "é\n${v}\u{1F600}!\t""#
        let word = try expander(["v": "值xy"]).expand(try words(source)[0])
        #expect(word.text == "é\n值xy😀!\t")
        func place(_ part: String) -> String? {
            let range = word.text.firstRange(of: part)
            let utf8 = word.text.utf8
            return range.map {
                let start = utf8.distance(from: utf8.startIndex, to: $0.lowerBound)
                let end = utf8.distance(from: utf8.startIndex, to: $0.upperBound)
                return text(source, word.sourceSpan(SourceSpan(start, end)))
            }
        }
        #expect(place("é") == "é")
        #expect(place("\n") == #"\n"#)
        #expect(place("值") == "${v}")
        #expect(place("😀") == #"\u{1F600}"#)
        #expect(place("!") == "!")
        #expect(place("\t") == #"\t"#)
        #expect(place("\n值xy😀") == #"\n${v}\u{1F600}"#)
    }

    @Test func tripleQuotesAndHeredocsMapBackToTheirSource() throws {
        let triple = "x \"\"\"\n    评论: {{a}}\n    {{b}}\n    \"\"\""
        let word = try expander().expand(try words(triple)[0])
        #expect(word.text == "评论: {{a}}\n{{b}}")
        #expect(text(triple, word.sourceSpan(SourceSpan(10, 11))) == "a")
        #expect(text(triple, word.sourceSpan(SourceSpan(14, 19))) == "{{b}}")
        let heredoc = "x <<~E\n  评论\n  {{b}}\nE"
        let lines = try expander().expand(try words(heredoc)[0])
        #expect(lines.text == "评论\n{{b}}")
        #expect(text(heredoc, lines.sourceSpan(SourceSpan(9, 10))) == "b")
    }

    @Test func spansOutsideOfTheTextStayInsideTheSource() throws {
        let word = try expander().expand(try words("x 'ab'")[0])
        #expect(word.sourceSpan(SourceSpan(2, 2)) == SourceSpan(5, 5))
        #expect(word.sourceSpan(SourceSpan(9, 12)) == SourceSpan(5, 5))
        #expect(word.sourceSpan(SourceSpan(1, 1)) == SourceSpan(4, 4))
        #expect(word.sourceSpan(SourceSpan(-3, -1)) == SourceSpan(3, 4))
        let empty = try expander().expand(try words("x ''")[0])
        #expect(empty.sourceSpan(SourceSpan(0, 0)) == SourceSpan(2, 4))
        #expect(word.placing(Diagnostic("a", "b", span: SourceSpan(1, 2))).span == SourceSpan(4, 5))
        #expect(word.placing(Diagnostic("a", "b")).span == SourceSpan(2, 6))
    }
}
