import FettleCore
import FettleLanguage
import Testing

struct ParserTests {
    @Test(arguments: [
        ("load samples/reviews.csv", "load(samples/reviews.csv)"),
        ("load a.csv header=true --quarantine", "load(a.csv, header=true, --quarantine)"),
        ("tune ngram on reviews.train as stars", "tune(ngram, on, reviews.train, as, stars)"),
        (
            "format prompt=\"{{a}}\\n\" completion=' {{b}}'",
            "format(prompt=\"{{a}}\n\", completion=\" {{b}}\")"
        ),
        ("relabel stars 1=bad a.b-c=d", "relabel(stars, 1=bad, a.b-c=d)"),
        ("x seed= y", "x(seed=, y)"),
        ("x a==b", "x(a==b)"),
        ("x --out=f.csv --dry-run", "x(--out=f.csv, --dry-run)"),
        ("x -1 - -y", "x(-1, -, -y)"),
        ("x --flag -- --word a=b -- c", "x(--flag, --word, a=b, --, c)"),
        ("x --", "x()"),
        ("x C# a#b # comment", "x(C#, a#b)"),
        ("x prompt=#1", "x(prompt=#1)"),
        ("a; b;;c ; # nothing", "a(); b(); c()"),
        ("a\r\nb\r\n", "a(); b()"),
        ("a \\\n  b \\\r\n c", "a(b, c)"),
        ("a --x\\\n b", "a(--x, b)"),
        ("a\\ b c\\|d \\'e \\\\", "a b(c|d, 'e, \\)"),
        ("评论 加载=文件", "评论(加载=文件)"),
        ("# only a comment", ""),
        ("#!/usr/bin/env fettle\na", "a()"),
        ("\u{FEFF}#!fettle 1\na", "a()"),
        ("\u{FEFF}a", "a()"),
        ("", ""),
    ])
    func wordsSettingsAndFlagsAreReadAsWritten(_ source: String, _ expected: String) {
        #expect(shown(source) == expected)
    }

    @Test(arguments: [
        ("rows | select a | where b > 1", "rows() | select(a) | where{b > 1}()"),
        ("rows |\n\n select a", "rows() | select(a)"),
        ("rows | # why\n# more\n select a", "rows() | select(a)"),
        ("rows | !sort | uniq > x & # y", "rows() | !{sort | uniq > x & # y}"),
        ("!ls -l  \nrows", "!{ls -l}; rows()"),
        ("!", "!{}"),
        ("rows > out.csv", "rows() > out.csv"),
        ("rows>>\"my file.md\"", "rows() >> \"my file.md\""),
        ("rows > $dir/x.csv &", "rows() > ${dir}/x.csv &"),
        ("tune a &#now", "tune(a) &"),
        ("a & ; b", "a() &; b()"),
    ])
    func pipesRedirectsAndBackgroundAreRead(_ source: String, _ expected: String) {
        #expect(shown(source) == expected)
    }

    @Test(arguments: [
        ("|a", "syntax 0..<1\n'|' is not expected here\na command is expected here"),
        ("a | | b", "syntax 4..<5\n'|' is not expected here\na command is expected here"),
        ("a |; b", "syntax 3..<4\n';' is not expected here\na command is expected here"),
        ("> f", "syntax 0..<1\n'>' is not expected here\na command is expected here"),
        (
            "(where a) > f",
            "syntax 0..<1\n'(' is not expected here\nbrackets go round the condition, not the "
                + "command: where (stars > 3) > rows.csv"
        ),
        ("a < f", "syntax 2..<3\n'<' is not expected here"),
        ("a & b", "syntax 4..<5\n'b' is not expected here"),
        ("a & é", "syntax 4..<6\n'é' is not expected here"),
        ("a & &", "syntax 4..<5\n'&' is not expected here"),
        ("a > f g", "syntax 6..<7\n'g' is not expected here"),
        ("a > f > g", "syntax 6..<7\na second '>' is not expected here"),
        (
            "a > f | b",
            "syntax 6..<7\n'|' after '>' is not expected here\nwrite the '>' after the last command"
        ),
        ("a >", "syntax 2..<3\n'>' is not followed by a file name\nwrite '> results.json'"),
        ("a >> # f", "syntax 2..<4\n'>>' is not followed by a file name\nwrite '> results.json'"),
        ("a --x+", "syntax 5..<6\n'+' in a flag is not expected here"),
        ("a --é", "syntax 4..<6\n'é' in a flag is not expected here"),
        ("'a' b", "bad-command 0..<3\na command's name is a bare word\n'help' lists the commands"),
        ("$a b", "bad-command 0..<2\na command's name is a bare word\n'help' lists the commands"),
        ("a\0", "bad-character 1..<2\na NUL character stands in the text\nscripts are UTF-8 text"),
    ])
    func syntaxErrorsNameThePlace(_ source: String, _ expected: String) {
        #expect(shown(source) == expected)
    }

    @Test(arguments: [
        ("a 'b", "open ' at 2..<3"),
        ("a \"b", "open \" at 2..<3"),
        ("a \"b\\", "open \" at 2..<3"),
        ("a \"b\\\n", "open \" at 2..<3"),
        ("a \"\"\"b\"\"", "open \"\"\" at 2..<5"),
        ("a \"\"\"b\\", "open \"\"\" at 2..<5"),
        ("a <<END", "open heredoc END at 2..<7"),
        ("a <<'END'\nx\nEN", "open heredoc END at 2..<9"),
        ("a \\", "open a trailing '\\' at 2..<3"),
        ("a b\\", "open a trailing '\\' at 3..<4"),
        ("a |", "open a trailing '|' at 2..<3"),
        ("a | \n # x\n", "open a trailing '|' at 2..<3"),
        ("where (a > 1", "open ( at 6..<7"),
        ("where a in [1,\n", "open [ at 11..<12"),
        ("where (a # )", "open ( at 6..<7"),
        ("where a == \"b", "open \" at 11..<12"),
        ("where a == 'b", "open ' at 11..<12"),
        ("where `a", "open ` at 6..<7"),
        ("where a \\", "open a trailing '\\' at 8..<9"),
    ])
    func onlyOpenConstructsWaitForMore(_ source: String, _ expected: String) {
        #expect(shown(source) == expected)
    }

    @Test func unfinishedTextIsAnErrorInAWholeScript() {
        let error = diagnostic { _ = try parser.parse("a\nb \"c") }
        #expect(
            error.map(shown)
                == "unfinished 4..<5\n\" is not finished at the end of the text\n"
                + "it starts at the marked place"
        )
    }

    @Test func proseAndExpectedOutputKeepTheirPlaces() {
        let source = "## Load it.\nrows 1\n  #> a\n#>  b\n#>\n#! no\n#! yes\n# plain\n#> c"
        #expect(
            shown(source)
                == "prose 0..<11 Load it.; rows(1); output 19..<35 [\"a\", \" b\", \"\"]; "
                + "error 35..<48 [\"no\", \"yes\"]; output 56..<60 [\"c\"]"
        )
    }

    @Test func expectedOutputKeepsCombiningCharactersAndDropsCarriageReturns() {
        #expect(
            shown("#>\u{301}a\r\n#> \u{301}b") == "output 0..<13 [\"\\u{0301}a\", \"\\u{0301}b\"]"
        )
    }

    @Test func marksAfterAStatementOnItsLineAreComments() {
        #expect(shown("rows; #> a\nrows ## b\nrows #! c") == "rows(); rows(); rows()")
    }

    @Test func statementSpansReachFromTheFirstWordToTheLast() throws {
        let sources = [
            "rows 3", "rows | select a", "rows > 'a b'", "tune a &", "where a > 1", "!ls",
            "where (a) > f.csv", "x --flag", "x seed=", "x --",
        ]
        for source in sources {
            let whole = "  \(source)  \n  # c\n"
            let script = try parser.parse(whole)
            guard case .statement(let statement) = script.items.first else { continue }
            #expect(text(whole, statement.span) == source)
        }
        let script = try parser.parse("x <<A | y\na\nA\r\nz")
        let spans = script.items.compactMap { item in
            if case .statement(let statement) = item { statement.span } else { nil }
        }
        #expect(spans == [SourceSpan(0, 13), SourceSpan(15, 16)])
    }

    @Test func verbSettingsAndFlagsHaveSpans() throws {
        let source = "tune 'x y' seed=3 --now=z"
        let invocation = try invocation(source)
        #expect(text(source, invocation.verbSpan) == "tune")
        let found = invocation.arguments.map { argument in
            switch argument {
            case .word(let word): [text(source, word.span)]
            case .setting(_, let span, let word): [text(source, span), text(source, word.span)]
            case .flag(_, let span, let word):
                [text(source, span)] + (word.map { [text(source, $0.span)] } ?? [])
            }
        }
        #expect(found == [["'x y'"], ["seed", "3"], ["--now", "z"]])
    }
}
