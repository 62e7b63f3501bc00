import FettleLanguage
import Testing

/// A made-up command with a template and a list of columns.
private enum Pour {
    static let to = Option<ArgumentWord>.setting("to", kind: .template, help: "where it goes")
    static let on = Option<ArgumentWord>.setting("on", kind: .columns, help: "what it goes over")
    static let from = Option<ArgumentWord>.clause("from", kind: .dataset, help: "where it is")

    static let declaration = CommandDeclaration(
        "pour",
        group: .data,
        summary: "pour tea",
        parameters: [to.parameter, on.parameter, from.parameter],
        effect: .state,
        examples: [.init("pour", "a"), .init("pour from pans", "b")]
    )
}

/// A made-up command whose first word decides what the second may be.
private enum Serve {
    static let words = Option<ArgumentWord>.words(
        "what how",
        kind: .choice(["tea", "water"]),
        afterFirst: ["tea": ["hot", "iced"]],
        help: "what, and how"
    )
    static let now = Option<Bool>.flag("now", help: "do not wait")

    static let declaration = CommandDeclaration(
        "serve",
        group: .data,
        summary: "serve tea",
        parameters: [words.parameter, now.parameter],
        effect: .state,
        examples: [.init("serve tea", "a"), .init("serve tea hot", "b")]
    )
}

struct CompleterTests {
    private let completer = Completer(
        declarations: [
            Brew.declaration, Rename.declaration, Others.expression, Pour.declaration,
            Serve.declaration,
        ]
    ) { query in
        switch query.kind {
        case .dataset: ["pots", "pans"]
        case .column, .columns:
            query.dataset == "pans"
                ? ["depth", "it's"] : ["stars", "评分", "two words", "tea \"x\""]
        case .file:
            query.typed.hasPrefix("~/")
                ? ["~/a leaf", "~/b"]
                : ["leaf.txt", "leaves/", "my leaf", "my tea/", "茶 叶.txt", "o'b c"]
        case .variable: ["seed", "seeds"]
        case .expression: ["len(", "lower("]
        default: []
        }
    }

    @Test(arguments: [
        ("", 0, ["brew", "pour", "rename", "serve", "where"]),
        ("b", 0, ["brew"]),
        ("'b", 0, []),
        ("x", 0, []),
        ("x y", 2, []),
        ("rows | re", 7, ["rename"]),
        ("a; w", 3, ["where"]),
        (
            "brew ", 5,
            [
                "pans", "pots", "\"o'b c\"", "'leaf.txt'", "'leaves/", "'my leaf'", "'my tea/",
                "'茶 叶.txt'", "as", "heat=", "milk=", "minutes=", "seed=", "strength=", "--cold",
            ]
        ),
        ("brew m", 5, ["'my leaf'", "'my tea/", "milk=", "minutes="]),
        ("brew minutes=1 mi", 15, ["milk="]),
        ("brew --", 5, ["--cold"]),
        ("brew --cold --", 12, []),
        ("brew strength=", 14, ["mild", "strong"]),
        ("brew strength=s", 14, ["strong"]),
        ("brew milk=t", 10, ["true"]),
        ("brew m=", 7, []),
        ("brew no=", 5, []),
        ("serve ", 6, ["tea", "water", "--now"]),
        ("serve tea ", 10, ["hot", "iced", "--now"]),
        ("serve --now tea i", 16, ["iced"]),
        ("serve tea hot ", 14, ["--now"]),
        ("serve water ", 12, ["--now"]),
        ("serve coffee ", 13, ["--now"]),
        ("rename 评", 7, ["评分"]),
        ("rename x to ", 12, ["a", "b"]),
        ("where s", 6, ["stars"]),
        ("where a ~ \"x|\\\"y;\" or 'z|' and s", 31, ["stars"]),
        ("rows\nre", 5, ["rename"]),
        ("rows |\n re", 8, ["rename"]),
        ("brew \\\n se", 8, ["seed="]),
        ("where stars > 1 a", 16, ["as"]),
        ("where stars > 1 # s", 19, []),
        ("!ls s", 5, []),
        ("!ls\nb", 4, ["brew"]),
    ])
    func candidatesComeFromTheDeclarations(_ text: String, _ start: Int, _ names: [String]) {
        let found = completer.candidates(for: text)
        #expect(found.start == start)
        #expect(found.candidates.map(\.text) == names)
    }

    @Test(
        arguments: [
            // Files, quoted as they have to be.
            ("brew lea", 5, ["leaf.txt", "leaves/"]),
            ("brew my", 5, ["'my leaf'", "'my tea/"]),
            ("brew 'my t", 5, ["'my tea/"]),
            ("brew \"my t", 5, ["\"my tea/"]),
            ("brew my\\ t", 5, ["'my tea/"]),
            ("brew 'my 'l", 5, ["'my leaf'"]),
            ("brew 茶", 5, ["'茶 叶.txt'"]),
            ("brew o", 5, ["\"o'b c\""]),
            ("brew 'o", 5, ["\"o'b c\""]),
            ("brew ~/", 5, ["~/'a leaf'", "~/'b'"]),
            ("brew ~/'a ", 5, ["~/'a leaf'"]),
            ("brew x > lea", 9, ["leaf.txt", "leaves/"]),
            ("brew x >>lea", 9, ["leaf.txt", "leaves/"]),
            ("where (stars > 1) > lea", 20, ["leaf.txt", "leaves/"]),
            ("where (stars > 1) > 'my l", 20, ["'my leaf'"]),
            // Columns in templates, of the dataset in scope.
            ("pour to=\"{{", 11, ["stars", "two words", "评分"]),
            ("pour to=\"{{stars}} {{ tw", 22, ["two words"]),
            ("pour to=\"a\nb {{s", 15, ["stars"]),
            ("pour to=\"\"\"\n{{s", 14, ["stars"]),
            ("pour to='{{t", 11, ["two words"]),
            ("pour to={{", 10, ["stars", "评分"]),
            ("pour to=\"{{stars}}", 8, []),
            ("pour from pans to=\"{{", 21, ["depth"]),
            ("brew pans | pour to={{d", 22, ["depth"]),
            ("pour on={{s", 11, []),
            // Columns in lists and quoted words.
            ("pour on=st", 8, ["stars"]),
            ("pour from pans on=depth,de", 24, ["depth"]),
            ("rename 'two", 7, ["'two words'"]),
            ("rename tw", 7, ["'two words'"]),
            ("rename te", 7, ["'tea \"x\"'"]),
            // Expressions.
            ("where len(s", 10, ["stars"]),
            ("where l", 6, ["len(", "lower("]),
            ("where stars>st", 12, ["stars"]),
            ("where stars > st", 14, ["stars"]),
            ("where tw", 6, ["`two words`"]),
            ("where `tw", 6, ["`two words`"]),
            ("where 评", 6, ["`评分`"]),
            ("where stars ~ 's", 16, []),
            ("brew pans | where de", 18, ["depth"]),
            // Variables.
            ("brew minutes=$se", 14, ["seed", "seeds"]),
            ("brew \"a ${seed", 10, ["seed", "seeds"]),
            ("brew '$se", 5, []),
        ] as [(String, Int, [String])]
    )
    func wordsAreCompletedAsTheyAreQuoted(_ text: String, _ start: Int, _ names: [String]) {
        let found = completer.candidates(for: text)
        #expect(found.candidates.map(\.text) == names)
        if !names.isEmpty { #expect(found.start == start) }
    }

    @Test func closingBracesFollowAColumnOfATemplate() {
        #expect(
            completer.candidates(for: "pour to=\"{{st").candidates
                == [CompletionCandidate("stars", suffix: "}}", group: .columns)]
        )
        #expect(completer.candidates(for: "brew \"${seeds").candidates.map(\.suffix) == ["}"])
        #expect(completer.candidates(for: "brew $seeds").candidates.map(\.suffix) == [" "])
        #expect(completer.candidates(for: "where len").candidates.map(\.suffix) == [""])
        #expect(completer.candidates(for: "brew 'my t").candidates.map(\.suffix) == [""])
        #expect(completer.candidates(for: "brew 'my t").candidates.map(\.shown) == ["my tea/"])
    }

    @Test func candidatesCarryHelpAndSuffix() {
        #expect(
            completer.candidates(for: "br").candidates
                == [CompletionCandidate("brew", help: "make a cup of tea", group: .commands)]
        )
        #expect(
            completer.candidates(for: "brew se").candidates
                == [
                    CompletionCandidate(
                        "seed=",
                        help: "which leaves",
                        suffix: "",
                        group: .settings
                    )
                ]
        )
        #expect(
            completer.candidates(for: "brew leave").candidates
                == [CompletionCandidate("leaves/", suffix: "", group: .files)]
        )
    }

    @Test func candidatesAreInGroupsWithHeadings() {
        var headings: [String] = []
        for candidate in completer.candidates(for: "brew ").candidates
        where headings.last != candidate.group.heading {
            headings.append(candidate.group.heading)
        }
        #expect(headings == ["datasets", "files", "keywords", "settings", "flags"])
        #expect(
            completer.candidates(for: "where l").candidates.map(\.group.heading)
                == ["functions", "functions"]
        )
    }

    @Test func snippetIsNamedFirstAndThenExpanded() {
        let completer = Completer(
            declarations: [Brew.declaration],
            snippet: { $0 == "tea" ? "brew pots\nbrew pans" : nil },
            values: { $0.kind == .snippet ? ["tea", "teas", "two"] : [] }
        )
        func texts(_ line: String) -> [String] {
            completer.candidates(for: line).candidates.map(\.text)
        }
        #expect(texts("@t") == ["@tea", "@teas", "@two"])
        #expect(texts(" @tw") == ["@two"])
        #expect(
            completer.candidates(for: " @tea").candidates
                == [
                    CompletionCandidate(
                        "brew pots\nbrew pans",
                        shown: "@tea",
                        suffix: "",
                        group: .snippets
                    )
                ]
        )
        #expect(completer.candidates(for: " @tea").start == 1)
        // Only alone on the line does it stand for a snippet.
        #expect(texts("brew; @t") == [])
        #expect(texts("brew | @tea") == [])
    }
}
