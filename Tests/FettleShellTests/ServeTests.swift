import FettleCore
import FettleWorkbench
import Foundation
import Testing

@testable import FettleShell

/// `serve` and `alias`.
struct ServeTests {
    private static let started =
        "serving http://127.0.0.1:50000/v1: set OPENAI_BASE_URL to it (openai 1 and newer) or "
        + "OPENAI_API_BASE (openai 0.28), and OPENAI_API_KEY to any text\n"

    @Test func serverGoesOnBesideTheCommands() async {
        var shell = TestShell()
        #expect(await shell.run("serve").output == "no server runs: 'serve &' starts one\n")
        #expect(await shell.run("serve port=0 &").output == Self.started)
        #expect(await shell.run("serve").output == "serving http://127.0.0.1:50000/v1\n")
        let again = await shell.run("serve port=0 &").errors
        #expect(
            again.hasPrefix(
                "error[server-runs]: a server runs already at http://127.0.0.1:50000/v1\n"
            )
        )
        #expect(again.hasSuffix("  hint: 'serve stop' ends it\n"))
        #expect(
            await shell.run("serve stop").output == "stopped serving http://127.0.0.1:50000/v1\n"
        )
        #expect(await shell.run("serve stop").output == "no server runs\n")
    }

    @Test func serverInFrontSaysWhenItStops() async {
        var shell = TestShell()
        let result = await shell.run("serve run port=0")
        #expect(
            result.output == Self.started + "stopped serving http://127.0.0.1:50000/v1\n"
        )
        #expect(result.status == .success)
    }

    @Test func keysAreReadFromAFile() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("# keys\n\nsk-one\nsk-two\r\n", to: "keys")
        var shell = TestShell()
        let output = await shell.run("serve port=0 api_key_file=\(path) &").output
        #expect(output.hasSuffix("and OPENAI_API_KEY to one of its keys\n"))
    }

    @Test(arguments: [
        ("# none\n", "has no key"),
        ("two words\n", "is no key, which has neither blanks nor other than ASCII"),
        ("schlüssel\n", "is no key, which has neither blanks nor other than ASCII"),
    ])
    func badKeysAreRefused(text: String, problem: String) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, to: "keys")
        var shell = TestShell()
        let errors = await shell.run("serve port=0 api_key_file=\(path) &").errors
        #expect(errors.hasPrefix("error[bad-key-file]: "))
        #expect(errors.contains(problem + "\n"))
    }

    @Test func absentKeyFileIsNamed() async {
        var shell = TestShell()
        let errors = await shell.run("serve port=0 api_key_file=/no/such/file &").errors
        #expect(
            errors.hasPrefix(
                "error[bad-key-file]: the file '/no/such/file' with the keys cannot be read, or is empty\n"
            )
        )
    }

    @Test(arguments: [
        ("serve stop port=1", "error[unexpected-word]: 'serve stop' takes no settings\n"),
        ("serve max_upload=much", "error[bad-value]: "),
        ("serve max_upload=0", "error[bad-value]: "),
        ("serve port=x", "error[bad-value]: "), ("serve fast", "error[bad-value]: "),
        ("alias --back", "error[missing-argument]: 'alias' needs the name"),
        (
            "alias a b --back",
            "error[unexpected-word]: 'alias' takes one of MODEL, --back and --history\n"
        ),
    ])
    func wrongUseIsAnError(line: String, error: String) async {
        var shell = TestShell()
        let result = await shell.run(line)
        #expect(result.errors.hasPrefix(error), "\(result.errors)")
    }

    @Test func aliasesAreSetShownAndTakenBack() async {
        var shell = TestShell()
        #expect(await shell.run("alias prod ngram").output == "prod: ngram\n")
        #expect(await shell.run("alias prod").output == "prod  ngram\n")
        #expect(await shell.run("alias prod --history").output.contains("ngram"))
        #expect(await shell.run("alias prod --back").output == "'prod' stands for nothing now\n")
        #expect(
            await shell.run("alias ada --history").output
                == "it stands for what it did from the start\n"
        )
        #expect(await shell.run("alias").output.hasPrefix("ada"))
    }

    @Test func unknownModelIsPointedAt() async {
        var shell = TestShell()
        #expect(
            await shell.run("alias prod nothing").errors == """
                error[unknown-model]: no model 'nothing'
                    1 | alias prod nothing
                      |            ^^^^^^^
                  hint: no model is tuned yet: tune ngram on DATASET as NAME

                """
        )
    }
}
