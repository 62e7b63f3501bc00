import FettleCore
import Foundation
import Testing

@testable import FettleShell

/// A language model takes the commands that the built-in model takes.
struct LanguageModelTests {
    private static let tiny = Files.root + "/samples/tiny-llama"

    private static func shell(_ folder: TemporaryFolder) async throws -> TestShell {
        var shell = try await SmallData.shell(folder)
        let result = await shell.run(
            """
            split 80/20 by=label seed=7
            model add '\(tiny)' as tiny
            tune tiny on d.train validate=d.test n_epochs=1 as mine
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    @Test func addedModelIsDescribed() async throws {
        let folder = try TemporaryFolder()
        var shell = TestShell()
        let added = await shell.run(
            "model add '\(Self.tiny)' as tiny > '\(folder.path)/added.json'\nmodel tiny"
        )
        #expect(added.status == .success, "\(added.errors)")
        let lines = added.output.split(separator: "\n").map(String.init)
        for line in [
            "architecture    llama", "weights         8,960", "layers          2",
            "width           16, inside layers 32", "heads           4, 2 for keys and values",
            "vocabulary      267, output matrix tied", "context         512 tokens",
            "tokenizer       267 tokens", "chat template   yes",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        let models = await shell.run("models")
        #expect(
            models.output == """
                base ngram  built in: a linear classifier over word and character n-grams, for
                            completions from a closed set
                base tiny   tiny-llama: a language model of 8,960 weights

                """
        )
        #expect(await shell.run("model delete tiny").output == "forgot the base model 'tiny'\n")
        #expect(!(await shell.run("models").output.contains("tiny")))
    }

    @Test func wrongPathsAndNamesAreErrors() async throws {
        var shell = TestShell()
        let lines: [(command: String, error: String)] = [
            ("model add nowhere.gguf as x", "error[model-unreadable]: "),
            ("model add '\(Files.root)/samples/tickets.tsv' as x", "error[model-foreign]: "),
            ("model add '\(Self.tiny)'", "error[missing-argument]: 'model add' needs a name"),
            (
                "model add '\(Self.tiny)' as ngram",
                "error[bad-name]: 'ngram' is a base model's name"
            ),
        ]
        for (command, error) in lines {
            let result = await shell.run(command)
            #expect(result.errors.hasPrefix(error), "\(command): \(result.errors)")
        }
        #expect(await shell.run("model add '\(Self.tiny)' as tiny").status == .success)
        let twice = await shell.run("model add '\(Self.tiny)' as tiny")
        #expect(twice.errors.hasPrefix("error[name-taken]: 'tiny' is the name of a base model"))
    }

    @Test func everyCommandThatTakesAModelTakesIt() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let evaluated = await shell.run("evaluate mine on d.test")
        #expect(evaluated.output.hasPrefix("mine on d.test: 40 rows\nexact "))
        let base = await shell.run("evaluate tiny on d.test")
        #expect(base.output.hasPrefix("tiny on d.test: 40 rows\nexact "))
        let predicted = await shell.run("predict mine on d.test as answered\ncolumns answered")
        #expect(predicted.status == .success, "\(predicted.errors)")
        #expect(predicted.output.contains("prediction"))
        let compared = await shell.run("compare tiny mine on d.test")
        #expect(compared.status == .success, "\(compared.errors)")
        #expect(compared.output.hasPrefix("d.test: 40 rows\nmodel "))
    }

    @Test func askingATunedModelShowsItsLabelsAndABaseModelItsTokens() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let tuned = await shell.run("ask mine row=1 on d.test")
        #expect(tuned.output.contains("\" good\"") && tuned.output.contains("\" bad\""))
        #expect(tuned.output.contains("outside the labels: "))
        let row = await shell.run("ask tiny row=1 on d.test")
        #expect(row.output.contains("\" good\"") && row.output.contains("\" bad\""))
    }

    @Test func modelsInUseAreKept() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let refused = await shell.run("model delete tiny")
        #expect(
            refused.errors.hasPrefix(
                "error[model-in-use]: 'tiny' is what 'mine' was tuned from, which needs it\n"
            )
        )
        #expect(await shell.run("model delete mine\nmodel delete tiny").status == .success)
    }

    private static let smollm2 =
        NSHomeDirectory() + "/.cache/fettle/SmolLM2-135M-Instruct.Q4_1.gguf"

    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: smollm2),
            "SmolLM2 is not in ~/.cache/fettle"
        )
    )
    func smolLM2KnowsTheCapitalOfFrance() async throws {
        var shell = TestShell()
        let result = await shell.run(
            "model add '\(Self.smollm2)' as smol\nask smol 'The capital of France is' logprobs=1"
        )
        #expect(result.output.contains("weights         134,515,008\n"))
        #expect(result.output.contains("tokenizer       49,152 tokens\n"))
        #expect(result.output.contains("Answer:\n Paris"), "\(result.output)\(result.errors)")
    }
}
