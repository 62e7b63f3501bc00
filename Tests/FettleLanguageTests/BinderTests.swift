import FettleCore
import FettleLanguage
import Testing

struct BinderTests {
    @Test func everyFormOfParameterIsFound() throws {
        let arguments = try bind(
            "brew kettle oolong m=5 heat=0.9 strength=strong seed=1 milk=true --cold as cup"
        )
        #expect(try arguments.value(Brew.pot) == "kettle")
        #expect(try arguments.required(Brew.leaf).text == "oolong")
        #expect(try arguments.value(Brew.minutes, or: 3) == 5)
        #expect(try arguments.value(Brew.heat) == 0.9)
        #expect(try arguments.value(Brew.strength) == .strong)
        #expect(try arguments.value(Brew.seed) == 1)
        #expect(try arguments.value(Brew.milk) == true)
        #expect(arguments.has(Brew.cold))
        #expect(try arguments.value(Brew.name) == "cup")
        #expect(arguments.span == SourceSpan(0, 4))
    }

    @Test func whatIsNotGivenHasNoValue() throws {
        let arguments = try bind("brew oolong heat=$n")
        #expect(try arguments.value(Brew.pot) == nil)
        #expect(arguments.word(Brew.leaf)?.span == SourceSpan(5, 11))
        #expect(try arguments.value(Brew.minutes, or: 3) == 3)
        #expect(try arguments.value(Brew.heat) == 7)
        #expect(!arguments.has(Brew.cold))
        #expect(try arguments.value(Brew.name) == nil)
    }

    @Test func quotedKeywordsAndExpandedTextAreWords() throws {
        #expect(try bind("brew 'as' heat=1").required(Brew.leaf).text == "as")
        #expect(try bind("brew $word heat=1").required(Brew.leaf).text == "two words")
        #expect(try bind("brew heat=1 -- --cold").required(Brew.leaf).text == "--cold")
        #expect(try bind("brew heat=1 -- m=2").required(Brew.leaf).text == "m=2")
    }

    @Test func optionalWordsLeaveWhatLaterOnesNeed() throws {
        let one = try bind("sum 4", Others.words)
        #expect(try one.value(Others.first) == nil)
        #expect(try one.values(Others.rest) == [4])
        let two = try bind("sum 4 5 6", Others.words)
        #expect(try two.value(Others.first) == "4")
        #expect(try two.values(Others.rest) == [5, 6])
    }

    @Test func mappingsKeepTheOrderOfTheSource() throws {
        let source = "rename stars 1=bad two=ok 'three four'=x= to a"
        let arguments = try bind(source, Rename.declaration)
        let pairs = arguments.mapping(Rename.pairs)
        #expect(pairs.map(\.old.text) == ["1", "two", "three four"])
        #expect(pairs.map(\.new.text) == ["bad", "ok", "x="])
        #expect(pairs.map { text(source, $0.old.span) } == ["1", "two", "three four"])
        #expect(pairs.map { text(source, $0.new.span) } == ["bad", "ok", "x="])
        #expect(try arguments.value(Rename.column) == "stars")
        #expect(try arguments.value(Rename.to) == "a")
    }

    @Test func expressionsAreBoundWithTheirName() throws {
        let arguments = try bind("where a > 1 as b", Others.expression)
        #expect(try arguments.required(Others.condition).text == "a > 1")
        #expect(try arguments.value(Brew.name) == "b")
    }

    @Test(arguments: [
        (
            "brew oolong heat=1 minute=3",
            "unknown-option 19..<25\nunknown option 'minute' for 'brew'\ndid you mean 'minutes'?\n"
                + "options: minutes=, m=, strength=, heat=, seed=, milk="
        ),
        (
            "brew oolong heat=1 --cool",
            "unknown-option 19..<25\nunknown option '--cool' for 'brew'\ndid you mean '--cold'?\n"
                + "options: --cold"
        ),
        (
            "brew oolong heat=1 --x",
            "unknown-option 19..<22\nunknown option '--x' for 'brew'\noptions: --cold"
        ),
        (
            "brew oolong heat=1 --cold=yes",
            "bad-value 26..<29\n'--cold' takes no value\nwrite --cold alone"
        ),
        (
            "brew heat=1",
            "missing-argument 0..<4\n'brew' needs LEAF: what to brew\nsynopsis: " + synopsis
        ),
        (
            "brew oolong",
            "missing-argument 0..<4\n'brew' needs heat=: share of boiling heat\nsynopsis: "
                + synopsis
        ),
        (
            "brew oolong heat=1 as",
            "missing-argument 19..<21\n'as' is not followed by a name\nsynopsis: " + synopsis
        ),
        (
            "brew oolong heat=1 as m=3",
            "missing-argument 19..<21\n'as' is not followed by a name\nsynopsis: " + synopsis
        ),
        (
            "brew a b 'c d' heat=1",
            "unexpected-word 9..<14\n'c d' is not expected here\nsynopsis: " + synopsis
        ),
        (
            "brew a heat=1 heat=2",
            "repeated-option 14..<18\n'heat' is given twice\nleave one of them out"
        ),
        (
            "brew a heat=1 m=1 minutes=2",
            "repeated-option 18..<25\n'minutes' is given twice\nleave one of them out"
        ),
        (
            "brew a heat=1 as b as c",
            "repeated-option 19..<21\n'as' is given twice\nleave one of them out"
        ),
        (
            "brew $wort heat=1",
            "unknown-variable 5..<10\nno variable 'wort'\ndid you mean 'word'?\n"
                + "set it with 'let wort = VALUE'"
        ),
    ])
    func bindingErrorsNameThePlace(_ source: String, _ expected: String) {
        #expect(diagnostic { _ = try bind(source) }.map(shown) == expected)
    }

    private static let synopsis =
        "brew [POT] LEAF [minutes=N] [strength=mild|strong] heat=X [seed=N] [milk=true|false] "
        + "[--cold] [as NAME]"

    @Test func missingMappingsClausesAndExpressionsAreNamed() {
        #expect(
            diagnostic { _ = try bind("rename x to a", Rename.declaration) }.map(shown)
                == "missing-argument 0..<6\n'rename' needs OLD=NEW: what becomes what\n"
                + "synopsis: rename COLUMN OLD=NEW… to a|b"
        )
        #expect(
            diagnostic { _ = try bind("rename x 1=2", Rename.declaration) }.map(shown)
                == "missing-argument 0..<6\n'rename' needs to a|b: where\n"
                + "synopsis: rename COLUMN OLD=NEW… to a|b"
        )
        #expect(
            diagnostic { _ = try bind("where", Others.expression) }.map(shown)
                == "missing-argument 0..<5\n'where' needs CONDITION: what must hold\n"
                + "synopsis: where CONDITION [as NAME]"
        )
    }
}

struct OptionTests {
    @Test(arguments: [
        ("minutes=3x", "bad-value 20..<22\n'minutes' is '3x', expected a whole number"),
        ("minutes=", "bad-value 20..<20\n'minutes' is '', expected a whole number"),
        (
            "minutes=99999999999999999999",
            "bad-value 20..<40\n'minutes' is '99999999999999999999', expected a whole number"
        ),
        ("seed=-1", "bad-value 17..<19\n'seed' is '-1', expected a whole number of at least 0"),
        ("heat=warm", "bad-value 17..<21\n'heat' is 'warm', expected a number"),
        ("heat=inf", "bad-value 17..<20\n'heat' is 'inf', expected a number"),
        ("milk=yes", "bad-value 17..<20\n'milk' is 'yes', expected true or false"),
        (
            "strength=strnog",
            "bad-value 21..<27\n'strength' is 'strnog', expected one of mild, strong\n"
                + "did you mean 'strong'?"
        ),
        ("strength=x", "bad-value 21..<22\n'strength' is 'x', expected one of mild, strong"),
    ])
    func valuesThatDoNotFitSayWhatIsExpected(_ setting: String, _ expected: String) {
        let heat = setting.hasPrefix("heat") ? "--cold" : "heat=1"
        let error = diagnostic {
            let arguments = try bind("brew \(heat) \(setting) x")
            _ = try arguments.value(Brew.minutes)
            _ = try arguments.value(Brew.seed)
            _ = try arguments.value(Brew.heat)
            _ = try arguments.value(Brew.milk)
            _ = try arguments.value(Brew.strength)
        }
        #expect(error.map(shown) == expected)
    }
}
