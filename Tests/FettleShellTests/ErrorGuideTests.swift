import FettleCore
import FettleLanguage
import Foundation
import Testing

@testable import FettleShell

/// `help error CODE` and `apropos`.
struct ErrorGuideTests {
    /// The codes that the sources name, and whether each is made from a text with a hole in it.
    private static func codesOfTheSources() throws -> Set<String> {
        let sources = Files.root + "/Sources/"
        let patterns = [
            #/\b(?:Diagnostic|BadRow)\(\s*"([a-z][a-z0-9-]*)"/#,
            #/static let code = "([a-z][a-z0-9-]*)"/#,
            // The program for clusters, in Python.
            #/Failure\(\s*"([a-z][a-z0-9-]*)"/#,
        ]
        var codes: Set<String> = []
        for name in FileManager.default.subpaths(atPath: sources) ?? []
        where (name.hasSuffix(".swift") || name.hasSuffix(".py")) && !name.hasPrefix("FettleFuzz/")
        {
            let text = try Files.text(sources + name)
            for pattern in patterns {
                for match in text.matches(of: pattern) { codes.insert(String(match.output.1)) }
            }
        }
        return codes
    }

    /// `ModelFileBytes` makes these two of the kind of file.
    private static let composed: Set<String> = ["model-unwritable", "checkpoint-unwritable"]

    @Test func everyCodeOfTheSourcesHasAnEntryAndEveryEntryACode() throws {
        let found = try Self.codesOfTheSources().union(Self.composed)
        let explained = Set(ErrorGuide.codes)
        #expect(
            found.subtracting(explained).sorted() == [],
            "add them to Sources/FettleShell/Help/ErrorsOf….swift, then 'make docs'"
        )
        #expect(explained.subtracting(found).sorted() == [])
        #expect(explained.count == ErrorGuide.codes.count)
    }

    @Test func entriesAreSentencesWithoutAFullStop() {
        for entry in ErrorGuide.groups.flatMap(\.entries) {
            var sentences = [entry.meaning, entry.remedy]
            if case .situation(let situation) = entry.cause { sentences.append(situation) }
            for sentence in sentences {
                #expect(!sentence.isEmpty && sentence.last != ".", "\(entry.code): \(sentence)")
            }
        }
    }

    @Test(arguments: ErrorGuide.codes)
    func exampleMakesItsError(code: String) async throws {
        let entry = try #require(ErrorGuide.entry(code))
        guard case .commands(let commands) = entry.cause else { return }
        var shell = TestShell()
        let placed = commands.replacing(" samples", with: " \(Files.root)/samples")
        let result = await shell.run(placed)
        #expect((result.output + result.errors).contains("[\(code)]"), "\(result)")
    }

    @Test(arguments: ["unknown-column", "error[unknown-column]", "[unknown-column]"])
    func codeIsExplained(word: String) async {
        var shell = TestShell()
        let result = await shell.run("help error '\(word)'")
        #expect(
            result.output == """
                unknown-column: a name stands where a column's is expected, and the dataset has no such column

                  load samples/reviews-small.json
                  where star <= 3

                what to do: 'columns' lists them; a text in an expression stands in quotes, and a column whose name has blanks in `backquotes`

                """
        )
        #expect(await shell.run("help unknown-column").output == result.output)
    }

    @Test func unknownCodeIsAnErrorWithANearOne() async {
        var shell = TestShell()
        let result = await shell.run("help error unknown-colum")
        #expect(
            result.errors == """
                error[unknown-error]: no error has the code 'unknown-colum'
                    1 | help error unknown-colum
                      |            ^^^^^^^^^^^^^
                  hint: did you mean 'unknown-column', 'unknown-form' or 'unknown-value'?
                  hint: 'help error' lists them all

                """
        )
    }

    @Test func helpErrorListsEveryCodeOnce() async {
        var shell = TestShell()
        let lines = await shell.run("help error").output.split(separator: "\n")
        for code in ErrorGuide.codes {
            #expect(lines.count { $0.hasPrefix("  \(code) ") } == 1, "\(code)")
        }
    }

    @Test func pageOnDiskIsThatOfTheEntries() throws {
        let text = try Files.text(Files.root + "/docs/errors.md")
        #expect(text == ErrorGuide.markdown + "\n", "'make docs' writes docs/errors.md anew")
    }

    @Test func aproposFindsCommandsParametersAndErrors() async {
        var shell = TestShell()
        #expect(
            await shell.run("apropos Learning RATE").output == """
                commands
                  tune learning_rate_multiplier=   factor on the engine's own learning rate
                  sweep learning_rate_multiplier=  factor on the engine's own learning rate
                errors
                  training-diverged                the loss of a tuning is no number any more
                'help COMMAND' and 'help error CODE' explain one

                """
        )
        let output = await shell.run("apropos quarantine").output
        #expect(output.contains("\n  load --quarantine"))
        #expect(output.contains("\nerrors\n"))
        #expect(output.contains("\n  bad-json "))
    }

    @Test(arguments: [
        ("redact", ["mask"]), ("privacy", ["mask"]), ("anonymise", ["mask"]),
        ("anonymize", ["mask"]), ("hyperparameters", ["sweep", "plot sweep"]),
        ("tuning search", ["sweep"]), ("grid", ["sweep", "plot sweep"]),
        ("calibration", ["calibrate", "plot reliability", "evaluate"]), ("filter", ["where"]),
    ])
    func aproposFindsWhatOthersCallIt(words: String, names: [String]) {
        let found = HelpIndex.commands(words.split(separator: " ").map(String.init))
        #expect(found.map(\.name).filter { !$0.contains("=") } == names)
    }

    @Test func aproposFindsFunctions() async {
        #expect(HelpIndex.commands(["language"]).first?.name == "check")
        #expect(HelpIndex.functions(["language"]).map(\.name) == ["language(x)"])
        var shell = TestShell()
        #expect(
            await shell.run("apropos halves").output == """
                functions
                  round(x[, digits])  the number rounded, halves away from zero, to that many decimals
                'help COMMAND' and 'help error CODE' explain one, 'help where' the functions

                """
        )
    }

    @Test func everySynonymLeadsToACommand() {
        let names = Set(CommandCatalogue.declarations.map(\.name))
        for (synonym, meaning) in CommandCatalogue.synonyms {
            #expect(!names.contains(synonym), "\(synonym)")
            let verb = meaning.prefix { $0 != " " }
            #expect(verb.hasPrefix("!") || names.contains(String(verb)), "\(synonym)")
        }
    }

    @Test func codesAreCompletedAfterErrorAndNowhereElse() {
        let completer = Completer(declarations: CommandCatalogue.declarations) {
            $0.kind == .errorCode ? CommandCatalogue.errorCodes : []
        }
        let codes = completer.candidates(for: "help error unknown-c").candidates
        #expect(
            codes.map(\.text) == [
                "unknown-cluster", "unknown-cluster-job", "unknown-column", "unknown-command",
                "unknown-completion",
            ]
        )
        let verbs = completer.candidates(for: "help un").candidates
        #expect(verbs.map(\.text) == ["undo"])
    }

    @Test func aproposOfNothingSaysSo() async {
        var shell = TestShell()
        #expect(
            await shell.run("apropos xylophone").output
                == "the help does not speak of 'xylophone'; try one word, or 'help'\n"
        )
    }
}
