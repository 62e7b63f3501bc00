import FettleCore
import FettleWorkbench
import Foundation
import Testing

@testable import FettleShell

struct TokensCommandTests {
    private static let tokenizer = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "FettleTokenizersTests/Reference/gpt2.json")
        .path

    private func run(_ line: String) async throws -> TestShell.Result {
        let folder = try TemporaryFolder()
        let file = try folder.write("title,stars\nThe dress is great ✌,4\n", to: "rows.csv")
        var shell = TestShell()
        await shell.run("load \(file)")
        await shell.run("format prompt='{{title}}' completion=' {{stars}}'")
        return await shell.run(line)
    }

    @Test func tokensStandInQuotes() async throws {
        let result = try await run("tokens tokenizer=\(Self.tokenizer)")
        #expect(
            result.output == """
                prompt: 8 tokens
                "The" " d" "ress" " is" " great" <20 E2> <9C> <8C>
                completion: 1 token
                " 4"
                \(Self.tokenizer), 1,204 tokens

                """
        )
        #expect(result.errors == "")
    }

    @Test func numbersStandBesideTokens() async throws {
        let result = try await run("tokens row=1 tokenizer=\(Self.tokenizer) --ids")
        #expect(
            result.output == """
                prompt: 8 tokens
                #   id  token
                ─  ───  ────────
                1  539  "The"
                2  279  " d"
                3  781  "ress"
                4  332  " is"
                5  748  " great"
                6  432  <20 E2>
                7  250  <9C>
                8  234  <8C>
                completion: 1 token
                #   id  token
                ─  ───  ─────
                1  421  " 4"
                \(Self.tokenizer), 1,204 tokens

                """
        )
    }

    @Test func theBuiltInModelHasNone() async throws {
        let result = try await run("tokens")
        #expect(
            result.output == """
                prompt      20 characters
                completion  " 4", one label
                the built-in model reads words and runs of characters, not tokens;
                tokenizer=FILE shows those of a model whose tokenizer.json you have

                """
        )
    }

    @Test func aFileThatIsNoTokenizerIsAnError() async throws {
        let missing = try await run("tokens tokenizer=no-such.json")
        #expect(
            missing.errors == """
                error[no-such-file]: no file 'no-such.json'
                    1 | tokens tokenizer=no-such.json
                      |                  ^^^^^^^^^^^^

                """
        )
        let other = try await run("tokens tokenizer=\(Files.root)/samples/reviews-small.json")
        let name = "\(Files.root)/samples/reviews-small.json"
        #expect(
            other.errors.hasPrefix(
                "error[bad-tokenizer]: the tokenizer of '\(name)' cannot be read: it is no JSON object\n"
            )
        )
        let row = try await run("tokens row=2 tokenizer=x.json")
        #expect(
            row.errors == """
                error[no-row]: no row 2 in 'rows', which has 1 row
                    1 | tokens row=2 tokenizer=x.json
                      |            ^
                  hint: rows count from 1

                """
        )
    }
}
