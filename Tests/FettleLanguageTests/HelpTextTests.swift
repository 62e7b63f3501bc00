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
