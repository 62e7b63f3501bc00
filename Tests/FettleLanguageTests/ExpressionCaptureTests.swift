import FettleCore
import FettleLanguage
import Testing

struct ExpressionCaptureTests {
    @Test(arguments: [
        ("where stars > 3 and a != 'x|y;z' | rows", "where{stars > 3 and a != 'x|y;z'}() | rows()"),
        ("where a >= 3; rows", "where{a >= 3}(); rows()"),
        ("where a == 1 &", "where{a == 1}() &"),
        ("where a == 1 # stars", "where{a == 1}()"),
        ("where a == 'b # c' # d", "where{a == 'b # c'}()"),
        ("where a#b == 1", "where{a#b == 1}()"),
        ("where (stars <= 3) > bad.jsonl", "where{(stars <= 3)}() > bad.jsonl"),
        ("where (stars <= 3)>>'b d'", "where{(stars <= 3)}() >> \"b d\""),
        ("where (a or (b)) > $f", "where{(a or (b))}() > ${f}"),
        ("where (stars + 1) > 3", "where{(stars + 1) > 3}()"),
        ("where (stars) > -2.5e1 and b", "where{(stars) > -2.5e1 and b}()"),
        ("where (stars) >= n", "where{(stars) >= n}()"),
        ("where (a) > b and c", "where{(a) > b and c}()"),
        ("where (a) > len(b) as c", "where{(a) > len(b)}(as, c)"),
        ("where (a) > 'b c' # d", "where{(a)}() > \"b c\""),
        ("where (a) and (b) > c", "where{(a) and (b) > c}()"),
        ("where a > b", "where{a > b}()"),
        ("where stars > 3 as good", "where{stars > 3}(as, good)"),
        ("where stars > 3 as good > f.csv", "where{stars > 3}(as, good) > f.csv"),
        ("where a as b as c | rows", "where{a as b}(as, c) | rows()"),
        ("where a == \"x as y\" as z", "where{a == \"x as y\"}(as, z)"),
        ("where a > 3 as", "where{a > 3}(as)"),
        ("where a > 3 as | rows", "where{a > 3}(as) | rows()"),
        ("where as", "where{as}()"),
        ("where (a as b)", "where{(a as b)}()"),
        ("where as_of == 1", "where{as_of == 1}()"),
        ("where a as 'b c' x=1", "where{a}(as, \"b c\", x=1)"),
        (
            "where a == $x and b ~ \"^$y$\" and c == '$z'",
            "where{a == ${literal x} and b ~ \"^${quoted y}$\" and c == '$z'}()"
        ),
        ("where a == ${x:-b|c} and `$d` == 1", "where{a == ${literal x:-b|c} and `$d` == 1}()"),
        ("where b ~ \"\\\"|\\\\\" | rows", "where{b ~ \"\\\"|\\\\\"}() | rows()"),
        ("where b ~ '\\' | rows", "where{b ~ '\\'}() | rows()"),
        ("where `a\\` == 1 | rows", "where{`a\\` == 1}() | rows()"),
        ("where a > 1 \\\n and b | rows", "where{a > 1   and b}() | rows()"),
        ("where (a > 1 # one\n and b) | rows", "where{(a > 1 \n and b)}() | rows()"),
        ("where a in [\n 1,\n 2 ]\nrows", "where{a in [\n 1,\n 2 ]}(); rows()"),
        ("where a) | rows", "where{a)}() | rows()"),
        ("where  ", "where()"),
        ("where | rows", "where() | rows()"),
        ("where --help", "where(--help)"),
        ("derive n = len(评论) as x", "derive{n = len(评论)}(as, x)"),
    ])
    func expressionsEndWhereTheyShould(_ source: String, _ expected: String) {
        #expect(shown(source) == expected)
    }

    @Test func textAfterAnExpressionsEndIsAnErrorAtOnce() {
        #expect(shown("where a as b < c") == "syntax 13..<14\n'<' is not expected here")
        #expect(shown("where (a) >> f g") == "syntax 15..<16\n'g' is not expected here")
        #expect(
            shown("where (a) >")
                == "syntax 10..<11\n'>' is not followed by a file name\nwrite '> results.json'"
        )
    }

    @Test func expressionsSpanTheirText() throws {
        let source = "where  评分 > 3  as 好评"
        let word = try #require(try invocation(source).expression)
        #expect(text(source, word.span) == "评分 > 3")
        let expanded = try expander().expand(word)
        #expect(expanded.text == "评分 > 3")
        #expect(text(source, expanded.sourceSpan(SourceSpan(9, 10))) == "3")
    }

    @Test func variablesBecomeLiteralsThatCannotEndTheirQuotes() throws {
        let source = #"where a == $t and b == $n and c ~ "x$t" and d == ${m:-5} and e == ${m:-nan}"#
        let word = try #require(try invocation(source).expression)
        let values = expander(["t": "q\" or \"\\\n\u{1}", "n": "3"], bare: ["n"])
        #expect(
            try values.expand(word).text
                == #"a == "q\" or \"\\\n\u{1}" and b == 3 and c ~ "xq\" or \"\\\n\u{1}" and d == 5"#
                + #" and e == "nan""#
        )
    }
}
