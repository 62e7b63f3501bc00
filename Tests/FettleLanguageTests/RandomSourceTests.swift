import FettleCore
import FettleLanguage
import Foundation
import Testing

struct RandomSourceTests {
    private static let letters = Array("ab1 \t\n'\"\\$#|;&<>={}()é评😀-_./~`".unicodeScalars)

    private static func text(_ generator: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<generator.below(9) {
            text.unicodeScalars.append(letters[generator.below(letters.count)])
        }
        return text
    }

    /// Returns a word that reads back as `text`, written in one of the ways there are.
    private static func written(_ text: String, _ generator: inout SeededGenerator) -> String {
        switch generator.below(4) {
        case 0 where !text.contains("'"): return "'\(text)'"
        case 1:
            var out = ""
            for scalar in text.unicodeScalars {
                switch scalar {
                case "\"", "\\", "$": out += "\\\(scalar)"
                case "\n": out += "\\n"
                case "\t" where generator.below(2) == 0: out += "\\t"
                case _ where generator.below(4) == 0:
                    out += "\\u{\(String(scalar.value, radix: 16))}"
                default: out.unicodeScalars.append(scalar)
                }
            }
            return "\"\(out)\""
        case 2 where !text.isEmpty && !text.contains("\n"):
            return text.unicodeScalars.map { $0.value < 128 ? "\\\($0)" : "\($0)" }.joined()
        default:
            return text.split(separator: "'", omittingEmptySubsequences: false)
                .map { "'\($0)'" }.joined(separator: "\\'")
        }
    }

    @Test func quotedWordsReadBackAsTheyWere() throws {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<500 {
            let texts = (0..<1 + generator.below(5)).map { _ in Self.text(&generator) }
            let source = "x -- " + texts.map { Self.written($0, &generator) }.joined(separator: " ")
            let found = try words(source).map { try expander().expand($0) }
            #expect(found.map(\.text) == texts, "\(source)")
            for word in found {
                #expect(word.origins.count == word.text.utf8.count)
                #expect(
                    word.origins.allSatisfy {
                        $0.start >= word.span.start && $0.end <= word.span.end
                    }
                )
            }
        }
    }

    private static let tokens = [
        "rows", "where", "derive", " ", " ", " ", "\n", "\r\n", "|", ";", "&", ">", ">>", "<",
        "<<E", "<<~E",
        "<<'E'", "\nE\n", "E", "'", "\"", "\"\"\"", "\\", "\\\n", "$", "$x", "${", "}", "${x:-",
        "${env:",
        ":?", "#", "##", "#>", "#!", "!", "--", "--x", "x=", "=", "(", ")", "[", "]", "as", " as ",
        "`",
        "é", "评论", "😀", "\u{301}", "\t", "\\u{", "\\q", "1", "-", ".", "~", "{{a}}",
    ]

    /// Parses, and checks that every place of the outcome is inside of the source, on characters.
    private static func check(_ source: String) {
        let bytes = Array(source.utf8)
        func isPlace(_ span: SourceSpan?) -> Bool {
            guard let span else { return false }
            return span.start >= 0 && span.end <= bytes.count
                && [span.start, span.end].allSatisfy {
                    $0 == bytes.count || bytes[$0] & 0xC0 != 0x80
                }
        }
        switch parser.outcome(of: source) {
        case .incomplete(let open): #expect(isPlace(open.span), "\(source.debugDescription)")
        case .failure(let error): #expect(isPlace(error.span), "\(source.debugDescription)")
        case .complete(let script):
            for item in script.items {
                switch item {
                case .statement(let statement):
                    #expect(isPlace(statement.span), "\(source.debugDescription)")
                    #expect(!statement.stages.isEmpty)
                case .prose(_, let span), .expected(_, let span, _):
                    #expect(isPlace(span), "\(source.debugDescription)")
                }
            }
        }
    }

    @Test func tokenSoupNeverHangsAndErrorsStayInside() {
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<3000 {
            var source = ""
            for _ in 0..<generator.below(14) {
                source += Self.tokens[generator.below(Self.tokens.count)]
            }
            Self.check(source)
        }
    }

    @Test func changedScriptsNeverHangAndErrorsStayInside() {
        let script = """
            ## 读 the reviews.
            load samples/reviews.jsonl as r
            #> rows 3
            where (stars > 3 and body ~ "$x|\\"é") > out.csv
            format prompt=\"\"\"
              {{title}}\\n😀
              \"\"\" completion=' {{stars}}'
            let text <<~END
              a $x ${y:-z}
              END
            rows | select a \\
              b | !sort > f
            tune ngram on r n_epochs=1 as m &
            """
        let bytes = Array(script.utf8)
        var generator = SeededGenerator(seed: 13)
        for _ in 0..<800 {
            var changed = bytes
            for _ in 0..<1 + generator.below(3) {
                let at = generator.below(changed.count)
                switch generator.below(4) {
                case 0: changed.remove(at: at)
                case 1: changed.removeSubrange(at...)
                case 2:
                    let token = Self.tokens[generator.below(Self.tokens.count)]
                    changed.insert(contentsOf: Array(token.utf8), at: at)
                default: changed.swapAt(at, generator.below(changed.count))
                }
                if changed.isEmpty { break }
            }
            Self.check(String(decoding: changed, as: UTF8.self))
        }
    }

    @Test func completionNeverTrapsOnRandomText() {
        let completer = Completer(
            declarations: [Brew.declaration, Rename.declaration, Others.expression]
        ) { _ in ["a", "评"] }
        var generator = SeededGenerator(seed: 14)
        for _ in 0..<500 {
            var source = ["brew ", "rename ", "where ", ""][generator.below(4)]
            for _ in 0..<generator.below(6) {
                source += Self.tokens[generator.below(Self.tokens.count)]
            }
            #expect(completer.candidates(for: source).start <= source.utf8.count)
        }
    }
}

struct ParserSpeedTests {
    /// Sources whose size would show in seconds if any part of parsing were quadratic.
    private static let sources: [(name: String, text: String)] = [
        ("a long word", "x " + String(repeating: "a", count: 200_000)),
        ("many words", "x" + String(repeating: " a=b", count: 50_000)),
        ("a long quote", "x \"" + String(repeating: "é", count: 100_000) + "\""),
        ("many statements on a line", String(repeating: "a;", count: 100_000)),
        ("many variables", "x \"" + String(repeating: "$a ", count: 60_000) + "\""),
        ("a long expression", "where " + String(repeating: "(a) > b and ", count: 16_000) + "c"),
        ("many names", "where a" + String(repeating: " as b", count: 40_000)),
        ("deep brackets", "where " + String(repeating: "(", count: 200_000)),
        (
            "a long triple quote",
            "x \"\"\"\n" + String(repeating: "  ab\n", count: 40_000) + "  \"\"\""
        ),
        ("many pipes", "a" + String(repeating: "|b", count: 100_000)),
        ("many lines", String(repeating: "rows 3 as x # why\n", count: 10_000)),
        ("much output", "a\n" + String(repeating: "#> line\n", count: 20_000)),
        ("many heredocs", String(repeating: "x <<E\nabc\nE\n", count: 10_000)),
        (
            "heredocs on a line",
            "x" + String(repeating: " <<E", count: 10_000)
                + String(repeating: "\nE", count: 10_000)
        ),
        ("continuations", "x" + String(repeating: " \\\n", count: 60_000)),
        ("open braces", "x " + String(repeating: "${x:-a} ", count: 20_000)),
    ]

    @Test(arguments: 0..<16)
    func parsingIsLinear(_ index: Int) {
        let (name, text) = Self.sources[index]
        let start = Self.processorSeconds
        _ = parser.outcome(of: text)
        let time = Self.processorSeconds - start
        #expect(time < 5, "\(name) took \(time) s of the processor")
    }

    /// What this thread has taken, whatever else the machine does.
    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
