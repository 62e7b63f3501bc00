import FettleCore
import FettleLanguage
import Testing

struct HelpTextTests {
    @Test func helpPageListsEverything() {
        #expect(
            Brew.declaration.helpText == """
                brew: make a cup of tea

                  brew [POT] LEAF [minutes=N] [strength=mild|strong] heat=X [seed=N] [milk=true|false] [--cold] [as NAME]

                Water comes from the tap.

                  POT        what to brew in
                  LEAF       what to brew
                  minutes=   how long to wait; in minutes; also m; default 3
                  strength=  how much leaf; mild, strong
                  heat=      share of boiling heat
                  seed=      which leaves
                  milk=      milk | none
                  --cold     serve with ice
                  as NAME    the cup's name

                examples:
                  brew oolong heat=0.9
                      a cup
                  brew <<END heat=1
                  black
                  END
                      two lines
                """
        )
    }

    @Test func markdownEscapesBars() {
        #expect(
            Brew.declaration.markdown == """
                ### `brew`

                Make a cup of tea.

                ```
                brew [POT] LEAF [minutes=N] [strength=mild|strong] heat=X [seed=N] [milk=true|false] [--cold] [as NAME]
                ```

                Water comes from the tap.

                | parameter | meaning |
                |---|---|
                | `POT` | what to brew in |
                | `LEAF` | what to brew |
                | `minutes=` | how long to wait; in minutes; also m; default 3 |
                | `strength=` | how much leaf; mild, strong |
                | `heat=` | share of boiling heat |
                | `seed=` | which leaves |
                | `milk=` | milk \\| none |
                | `--cold` | serve with ice |
                | `as NAME` | the cup's name |

                ```sh
                # a cup
                brew oolong heat=0.9
                # two lines
                brew <<END heat=1
                black
                END
                ```

                """
        )
    }
}

struct CompleterTests {
    private let completer = Completer(
        declarations: [Brew.declaration, Rename.declaration, Others.expression]
    ) { kind in
        switch kind {
        case .dataset: ["pots", "pans"]
        case .column: ["stars", "评分"]
        case .file: ["leaf.txt", "leaves/"]
        default: []
        }
    }

    @Test(arguments: [
        ("", 0, ["brew", "rename", "where"]),
        ("b", 0, ["brew"]),
        ("x", 0, []),
        ("x y", 2, []),
        ("rows | re", 7, ["rename"]),
        ("a; w", 3, ["where"]),
        (
            "brew ", 5,
            [
                "--cold", "as", "heat=", "leaf.txt", "leaves/", "milk=", "minutes=", "pans", "pots",
                "seed=", "strength=",
            ]
        ),
        ("brew m", 5, ["milk=", "minutes="]),
        ("brew minutes=1 m", 15, ["milk="]),
        ("brew --", 5, ["--cold"]),
        ("brew --cold --", 12, []),
        ("brew strength=", 14, ["mild", "strong"]),
        ("brew strength=s", 14, ["strong"]),
        ("brew milk=t", 10, ["true"]),
        ("brew m=", 7, []),
        ("brew no=", 5, []),
        ("rename 评", 7, ["评分"]),
        ("rename x to ", 12, ["a", "b"]),
        ("where s", 6, ["stars"]),
        ("where a ~ \"x|\\\"y;\" or 'z|' and s", 31, ["stars"]),
        ("rows\nre", 5, ["rename"]),
        ("rows |\n re", 8, ["rename"]),
        ("brew \\\n se", 8, ["seed="]),
        ("where stars > 1 a", 16, ["as"]),
    ])
    func candidatesComeFromTheDeclarations(_ text: String, _ start: Int, _ names: [String]) {
        let found = completer.candidates(for: text)
        #expect(found.start == start)
        #expect(found.candidates.map(\.text) == names)
    }

    @Test func candidatesCarryHelpAndSuffix() {
        #expect(
            completer.candidates(for: "br").candidates
                == [CompletionCandidate("brew", help: "make a cup of tea", suffix: " ")]
        )
        #expect(
            completer.candidates(for: "brew se").candidates
                == [CompletionCandidate("seed=", help: "which leaves", suffix: "")]
        )
        #expect(
            completer.candidates(for: "brew leave").candidates
                == [CompletionCandidate("leaves/", suffix: "")]
        )
    }
}
