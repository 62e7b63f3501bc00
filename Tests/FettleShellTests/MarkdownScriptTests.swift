import FettleCore
import FettleLanguage
import Foundation
import Testing

@testable import FettleShell

/// Walkthroughs: Markdown whose blocks of commands run.
struct MarkdownScriptTests {
    private static let walk = """
        # A walk

        Text with `code` and a "quote.

        ```fettle
        let a = 1
        vars
        #> a  1
        ```

        ```text
        a  1
        ```

        ````md
        ```fettle
        let never = 1
        ```
        ````

          ~~~fettle title="two"
          let b = 2
          ~~~

        The end, 'open.

        """

    /// Returns the items of a text in a line each.
    private func items(_ text: String) throws -> [String] {
        let source = SourceText(file: "w.md", text: text)
        return try source.script().items.map { item in
            switch item {
            case .statement(let statement): "run \(statement.text)"
            case .prose(let text, _): "prose \(text.split(separator: "\n")[0])"
            case .expected(let lines, _, _): "expected \(lines)"
            }
        }
    }

    @Test func blocksAreCommandsAndTheRestIsProse() throws {
        #expect(
            try items(Self.walk) == [
                "prose # A walk", "run let a = 1", "run vars", "expected [\"a  1\"]",
                "prose ```text",
                "run let b = 2", "prose The end, 'open.",
            ]
        )
    }

    @Test func placesAreThoseOfTheFile() async throws {
        var shell = TestShell()
        let result = await shell.run("text é\n\n```fettle\nlet a = 1\nrows\n```\n", file: "w.md")
        #expect(result.status == .failure)
        #expect(result.errors.contains("\n  w.md:5:1\n"), "\(result.errors)")
    }

    @Test func aCommandEndsWhereItsBlockDoes() {
        for (text, line) in [
            ("```fettle\nlet a = 'x\n```\nb\n```fettle\nlet c = 'y'\n```\n", 2),
            ("```fettle\nlet a = 1\n```\n```fettle\nrows |\n```\n```fettle\nrows\n```\n", 5),
            ("```fettle\nlet a = <<END\n```\n```fettle\nEND\n```\n", 2),
            ("```fettle\nlet a = \"b\\\n```\n\n```fettle\nc\"\n```\n", 2),
        ] {
            let source = SourceText(file: "w.md", text: text)
            let error = #expect(throws: Diagnostic.self) { try source.script() }
            #expect(error?.code == "unfinished", "\(text)")
            #expect(error?.location?.line == line, "\(text)")
        }
    }

    @Test func textWithoutABlockIsAnError() {
        let source = SourceText(file: "w.md", text: "# Nothing\n\n```sh\nls\n```\n")
        let error = #expect(throws: Diagnostic.self) { try source.script() }
        #expect(error?.code == "no-commands")
        #expect(error?.message == "'w.md' has no block of commands")
    }

    @Test(arguments: [
        "```fettle", "```fettle\n", "```fettle\r\nlet a = 1\r\n```\r\n", "~~~fettle\n```\n~~~",
        "```fettle\n```\n```fettle\n```", "````fettle\n```\n````",
        "\u{FEFF}```fettle\nlet a = 1\n```",
        "```fettle\n\u{0}\n```", "```fettle\n#! no\n```\n", "```fettle x`y\nrows\n```\n```fettle\n",
    ])
    func oddFencesEndInAScriptOrAnError(text: String) {
        let source = SourceText(file: "w.md", text: text)
        do {
            for case .statement(let statement) in try source.script().items {
                #expect(["let a = 1", "```"].contains(statement.text))
            }
        } catch {
            #expect(
                ["bad-character", "no-commands"].contains(error.code),
                "\(error)"
            )
        }
    }

    @Test func walkthroughGivesWhatItsScriptGives() async throws {
        let folder = try TemporaryFolder()
        let commands = "let a = 1\nlet b = 2\nvars\n"
        let walk = try folder.write("# W\n\n```fettle\n\(commands)```\n", to: "w.md")
        let script = try folder.write(commands, to: "w.fettle")
        var outputs: [String] = []
        for file in [walk, script] {
            var shell = TestShell()
            outputs.append(await shell.run("run \(file)").output)
        }
        #expect(outputs == ["a  1\nb  2\n", "a  1\nb  2\n"])
    }

    @Test func checkComparesAndUpdatesInPlace() async throws {
        let folder = try TemporaryFolder()
        let checker = ScriptChecker(environment: [:]) { _, _ in 0 }
        let walk = "é\n```fettle\nlet a = 1\nvars\n#> a  2\n```\ntext\n#> is text\n"
        let file = try folder.write(walk, to: "w.md")
        let finding = try await checker.check(file)
        #expect(finding.difference == "\(file):4: vars\n- a  2\n+ a  1")
        #expect(finding.updated == walk.replacing("a  2", with: "a  1"))
        #expect(try ScriptChecker.scripts(at: folder.path) == [file])
        try folder.write("no commands", to: "README.md")
        #expect(try ScriptChecker.scripts(at: folder.path) == [file])
    }
}
