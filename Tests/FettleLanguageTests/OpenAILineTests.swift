import FettleCore
import Testing

@testable import FettleLanguage

/// Lines of `!openai`, which run in Fettle.
struct OpenAILineTests {
    /// What the book prints.
    private static let listing = #"""
        # Tune a model, as the old tool did it
        !openai api fine_tunes.create \
          # what it learns from
          -t "amazon-english-full-train-sentiment.jsonl" \
          # the smallest of the four
          -m ada \
          # each row once
          --n_epochs 1
        """#

    @Test func commentsBetweenContinuedLinesDoNotEndTheCommand() throws {
        let script = try parser.parse(Self.listing + "\n#> shown\nrows\n")
        #expect(script.items.count == 3)
        guard case .statement(let statement) = script.items[0],
            case .shell(let text, _) = statement.stages[0]
        else {
            Issue.record("no line of the shell: \(script.items)")
            return
        }
        #expect(text.hasPrefix("openai api fine_tunes.create \\\n"))
        #expect(text.hasSuffix("--n_epochs 1"))
        #expect(try parser.parse(statement.text).items.count == 1)
        let words = try OpenAILine(text)?.words { variable throws(Diagnostic) in variable.name }
        #expect(
            words == [
                "openai", "api", "fine_tunes.create", "-t",
                "amazon-english-full-train-sentiment.jsonl", "-m", "ada", "--n_epochs", "1",
            ]
        )
        guard case .expected(["shown"], _, isError: false) = script.items[1] else {
            Issue.record("no expected output: \(script.items[1])")
            return
        }
    }

    @Test(arguments: [
        ("!openai a \\", "open a trailing '\\' at 10..<11"),
        ("!openai a \\\n", "open a trailing '\\' at 10..<11"),
        ("!openai a \\\n  # comment\n", "open a trailing '\\' at 10..<11"),
        ("!openai a \\\r\n b\r\nrows", "!{openai a \\\r\n b}; rows()"),
        ("!openai", "!{openai}"), ("! openai a\nrows", "!{openai a}; rows()"),
        // Other lines go to the system's shell as they are.
        ("!echo a \\\nrows", "!{echo a \\}; rows()"),
        ("!openairs a \\\nrows", "!{openairs a \\}; rows()"),
        ("rows | !openai a", "rows() | !{openai a}"),
    ])
    func lineGoesOnAfterABackslash(source: String, parsed: String) {
        #expect(shown(source) == parsed)
    }

    @Test(arguments: [
        ("openai a  b\tc", ["openai", "a", "b", "c"]),
        (#"openai 'a b' "c d"e f\ g"#, ["openai", "a b", "c de", "f g"]),
        (#"openai "" '\n' "\n \" \$""#, ["openai", "", "\\n", "\\n \" $"]),
        (
            #"openai $x "${y.z}-$x" '$x' ${env:HOME} 5$"#,
            ["openai", "<x>", "<y.z>-<x>", "$x", "<HOME>", "5$"]
        ),
        ("openai a # b", ["openai", "a"]), ("openai a#b", ["openai", "a#b"]),
        ("openai a\\\nb \\\n# c\n#d\n e", ["openai", "ab", "e"]),
        ("openai \"a\\\nb\" 'é'", ["openai", "ab", "é"]),
    ])
    func wordsAreThoseOfTheSystemsShell(line: String, words: [String]) throws {
        let read = try OpenAILine(line)?.words { variable throws(Diagnostic) in "<\(variable.name)>"
        }
        #expect(read == words)
    }

    @Test(arguments: [
        ("openai a | head", "'|' is for the system's shell, and '!openai' runs in Fettle"),
        ("openai a > f", "'>' is for the system's shell, and '!openai' runs in Fettle"),
        ("openai $(ls)", "'$' is for the system's shell, and '!openai' runs in Fettle"),
        ("openai \"`ls`\"", "'`' is for the system's shell, and '!openai' runs in Fettle"),
        ("openai *.jsonl", "'*' is for the system's shell, and '!openai' runs in Fettle"),
        ("openai 'a", "' is not closed in the line of '!openai'"),
        ("openai \"a", "\" is not closed in the line of '!openai'"),
        ("openai ${a", "${ is not closed in the line of '!openai'"),
    ])
    func whatOnlyTheSystemsShellCouldDoIsAnError(line: String, message: String) throws {
        let line = try #require(OpenAILine(line))
        let error = #expect(throws: Diagnostic.self) {
            try line.words { variable throws(Diagnostic) in variable.name }
        }
        #expect(error?.code == "syntax")
        #expect(error?.message == message)
    }
}
