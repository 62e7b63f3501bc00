import FettleCore
import FettleLanguage
import Testing

struct HighlighterTests {
    private static let highlighter = Highlighter(
        declarations: [Brew.declaration, Rename.declaration],
        parser: Parser { $0 == "keep" ? .expression : .words }
    )

    /// What is found of a text, as `kind text` in the order of the text.
    private func shown(_ source: String) -> [String] {
        let bytes = Array(source.utf8)
        return Self.highlighter.stretches(of: source).map { stretch in
            let text = bytes[stretch.span.start..<stretch.span.end]
            return "\(stretch.kind) \(String(decoding: text, as: UTF8.self))"
        }
    }

    @Test func partsOfACommandAreTold() {
        #expect(
            shown("brew tea minutes=3 --cold as cup # now")
                == [
                    "verb brew", "setting minutes=", "number 3", "setting --cold", "setting as",
                    "comment # now",
                ]
        )
        #expect(shown("brwe tea") == ["unknownVerb brwe"])
        #expect(shown("!ls -l | wc") == ["shell !ls -l | wc"])
        #expect(shown("a#b C#") == ["unknownVerb a#b"])
    }

    @Test func everyStageAndLineHasItsVerb() {
        #expect(
            shown("brew 1 | rename | !wc\nbrew > \"f\" ; nope &")
                == [
                    "verb brew", "number 1", "sign |", "verb rename", "sign |", "shell !wc",
                    "verb brew", "sign >", "string \"f\"", "sign ;", "unknownVerb nope", "sign &",
                ]
        )
        #expect(shown("brew |\nrename") == ["verb brew", "sign |", "verb rename"])
        #expect(shown("brew \\\n  rename") == ["verb brew"])
    }

    @Test func variablesAndPlaceholdersInQuotesAreTold() {
        #expect(
            shown(#"brew "a $x {{col umn}}\n" '$y {{c}}' ${z:-1} {{c}}"#)
                == [
                    "verb brew", "string \"a ", "variable $x", "string  ",
                    "placeholder {{col umn}}",
                    "string \\n\"", "string '$y ", "placeholder {{c}}", "string '",
                    "variable ${z:-1}",
                    "placeholder {{c}}",
                ]
        )
        #expect(
            shown("brew \"\"\"x\n  \"y\"\n\"\"\" 2")
                == ["verb brew", "string \"\"\"x\n  \"y\"\n\"\"\"", "number 2"]
        )
    }

    @Test func expressionsShowTheirSigns() {
        #expect(
            shown("keep (stars >= 4 and\n x ~ 'a') > out")
                == [
                    "unknownVerb keep", "sign (", "sign >=", "number 4", "sign ~", "string 'a'",
                    "sign )", "sign >",
                ]
        )
    }

    @Test func heredocsAreStrings() {
        #expect(
            shown("brew <<END 2\nbrew x\nEND\nbrew")
                == [
                    "verb brew", "sign <<END", "number 2", "string brew x\n", "sign END",
                    "verb brew",
                ]
        )
        #expect(shown("brew <<END\nopen") == ["verb brew", "sign <<END", "string open"])
    }

    @Test func whatDoesNotParseIsMarkedOnceMoreFollows() {
        #expect(shown("brew > a > b").last == "error >")
        #expect(shown(#"brew "\q" x"#).last == #"error \q"#)
        #expect(shown("brew ${x} | | rename").last == "error |")
    }

    @Test(arguments: [
        "brew >", "brew ${x", "brew \"a", "brew |", "brew <<E\nx", "keep (a", "brew \\",
    ])
    func whatIsOnlyUnfinishedIsNotMarked(source: String) {
        #expect(!shown(source).contains { $0.hasPrefix("error") })
    }

    @Test func noTextMakesItFailAndNothingOverlaps() {
        var random = RandomNumbers(seed: 7)
        let parts = [
            "brew", "\"", "'", "\"\"\"", "$", "{", "{{", "}}", "}", "\\", "\n", "<<E", "E", "|",
            "(", ")", " ", "=", "--", "#", "é", "数", "!", "&", ">", "3", "a",
        ]
        for _ in 0..<3000 {
            let source = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                parts[Int.random(in: 0..<parts.count, using: &random)]
            }.joined()
            var end = 0
            for stretch in Self.highlighter.stretches(of: source) where stretch.kind != .error {
                #expect(stretch.span.start >= end && stretch.span.end > stretch.span.start)
                end = stretch.span.end
            }
            #expect(end <= source.utf8.count)
        }
    }
}

/// A small generator: the texts are the same on every machine.
private struct RandomNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
