import FettleCore
import Foundation
import Testing

@testable import FettleShell

/// Models leave Fettle in the forms of other programs, and answer there as they do here.
struct ModelExportTests {
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

    private func agrees(_ result: TestShell.Result, _ first: String) {
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.first == first, "\(result.errors)")
        #expect(lines.last?.hasPrefix("20 of 20 answers are the same, ") == true, "\(lines)")
    }

    @Test func tunedModelIsWrittenInEveryFormAndAddedAgain() async throws {
        let folder = try TemporaryFolder()
        let out = folder.path
        var shell = try await Self.shell(folder)
        agrees(
            await shell.run("model export mine '\(out)/adapter'"),
            "wrote \(out)/adapter: adapter in PEFT's form"
        )
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: out + "/adapter").sorted()
                == ["adapter_config.json", "adapter_model.safetensors"]
        )
        let settings = try Files.json(out + "/adapter/adapter_config.json")
        #expect(settings["r"] as? Int == 16)
        #expect(settings["base_model_name_or_path"] as? String == Self.tiny)
        agrees(
            await shell.run("model export mine '\(out)/merged' as folder type=f32 on d.test"),
            "wrote \(out)/merged: folder for transformers, F32"
        )
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: out + "/merged").sorted() == [
                "chat_template.jinja", "config.json", "generation_config.json",
                "model.safetensors", "tokenizer.json",
            ]
        )
        agrees(
            await shell.run("model export mine '\(out)/m.gguf'"),
            "wrote \(out)/m.gguf: GGUF, F16"
        )
        agrees(
            await shell.run("model export mine '\(out)/Modelfile' type=f32"),
            "wrote \(out)/mine.gguf: GGUF, F32"
        )
        #expect(
            try Files.text(out + "/Modelfile") == """
                FROM "./mine.gguf"
                TEMPLATE {{ .Prompt }}
                PARAMETER temperature 0
                PARAMETER num_predict 5
                PARAMETER num_ctx 512

                """
        )
        #expect(
            try folder.names == ["Modelfile", "adapter", "d.csv", "m.gguf", "merged", "mine.gguf"]
        )
        for (name, path) in [("folder", "merged"), ("file", "m.gguf")] {
            let result = await shell.run(
                "model add '\(out)/\(path)' as \(name)\nevaluate \(name) on d.test"
            )
            #expect(result.status == .success, "\(result.errors)")
            #expect(result.output.contains("\(name) on d.test: 40 rows\nexact "))
        }
    }

    @Test func modelTunedOnConversationsReadsThemFromItsFileToo() async throws {
        let folder = try TemporaryFolder()
        var shell = try await SmallData.shell(folder)
        let tuned = await shell.run(
            """
            format chat system="Rate it." user="{{text}}" assistant="{{label}}"
            model add '\(Self.tiny)' as tiny
            tune tiny on d n_epochs=1 as talker
            """
        )
        #expect(tuned.status == .success, "\(tuned.errors)")
        let path = folder.path + "/talker"
        agrees(
            await shell.run("model export talker '\(path).gguf' type=f32 on d"),
            "wrote \(path).gguf: GGUF, F32"
        )
        agrees(
            await shell.run("model export talker '\(path)' as folder type=f32 on d"),
            "wrote \(path): folder for transformers, F32"
        )
    }

    @Test func whatStandsAtThePathIsKeptUnlessItIsToBeReplaced() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let file = try folder.write("mine", to: "m.gguf")
        let refused = await shell.run("model export mine '\(file)'")
        #expect(
            refused.errors.hasPrefix(
                "error[model-unwritable]: cannot write the model '\(file)': it exists already\n"
            )
        )
        #expect(try Files.text(file) == "mine")
        #expect(await shell.run("model export mine '\(file)' --force").status == .success)
        #expect(try Files.bytes(file).starts(with: Data("GGUF".utf8)))
        let adapter = folder.path + "/adapter"
        #expect(await shell.run("model export mine '\(adapter)'").status == .success)
        #expect(await shell.run("model export mine '\(adapter)'").status != .success)
        #expect(await shell.run("model export mine '\(adapter)' --force").status == .success)
        try folder.write("a", to: "papers/letter.txt")
        let other = await shell.run("model export mine '\(folder.path)/papers' --force")
        #expect(other.errors.contains("': it is a folder of other files\n"), "\(other.errors)")
        let nowhere = await shell.run("model export mine '\(folder.path)/no/m.gguf'")
        #expect(
            nowhere.errors.hasPrefix(
                "error[model-unwritable]: cannot write the model '\(folder.path)/no/m.gguf': "
            ),
            "\(nowhere.errors)"
        )
        #expect(try folder.names == ["adapter", "d.csv", "m.gguf", "papers"])
    }

    @Test func baseModelIsWrittenWithItsTokensInTheOtherForm() async throws {
        let folder = try TemporaryFolder()
        let out = folder.path
        var shell = TestShell()
        let result = await shell.run(
            """
            model add '\(Self.tiny)' as tiny
            model export tiny '\(out)/tiny.gguf' type=f32
            model add '\(out)/tiny.gguf' as file
            model export file '\(out)/again' type=f32
            model add '\(out)/again' as again
            model export again '\(out)/again.gguf' type=f32 > '\(out)/last.json'
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: out + "/again").sorted() == [
                "config.json", "generation_config.json", "model.safetensors", "tokenizer.json",
                "tokenizer_config.json",
            ]
        )
        #expect(try Files.bytes(out + "/again.gguf").count > 0)
        let last = try Files.json(out + "/last.json")
        #expect(last["same"] as? Int == 20)
        #expect(last["furthest"] as? Double ?? 1 <= 0.001)
    }

    @Test func builtInModelIsWrittenAsItsOwnFile() async throws {
        let folder = try TemporaryFolder()
        var shell = try await SmallData.shell(folder)
        #expect(await shell.run("tune ngram on d n_epochs=1 as plain").status == .success)
        let file = folder.path + "/plain.model"
        let written = await shell.run("model export plain '\(file)'")
        #expect(
            written.output == """
                wrote \(file): model file of Fettle
                20 of 20 answers are the same, with the same log probabilities

                """
        )
        let other = await shell.run("model export plain '\(folder.path)/plain.gguf'")
        #expect(
            other.errors.hasPrefix(
                "error[bad-value]: 'plain' has no form 'gguf', expected model\n"
            ),
            "\(other.errors)"
        )
        let base = await shell.run("model export ngram '\(folder.path)/x'")
        #expect(base.errors.hasPrefix("error[base-model]: 'ngram' is a base model that "))
    }

    @Test func whatDoesNotBelongTogetherIsAnError() async throws {
        var shell = TestShell()
        let lines: [(command: String, error: String)] = [
            ("model export x", "error[missing-argument]: 'model export' needs a file or folder"),
            (
                "model export x y as gguff",
                "error[bad-value]: 'as' is 'gguff', expected adapter, folder, gguf, modelfile"
            ),
            (
                "model export x y type=q4",
                "error[bad-value]: 'type' is 'q4', expected f16, q8_0, f32"
            ),
            (
                "model show x type=f16",
                "error[unexpected-word]: 'type=' is for 'model export', and this is 'model show'"
            ),
            (
                "model export x y file=z",
                "error[unexpected-word]: 'file=' is for 'model pull', and this is 'model export'"
            ),
            (
                "model add x as y --force",
                "error[unexpected-word]: '--force' is for 'model export', and this is 'model add'"
            ),
            ("model export nobody y", "error[unknown-model]: no model 'nobody'"),
        ]
        for (command, error) in lines {
            let result = await shell.run(command)
            #expect(result.errors.hasPrefix(error), "\(command): \(result.errors)")
        }
        #expect(await shell.run("model add '\(Self.tiny)' as tiny").status == .success)
        let quantised = await shell.run("model export tiny nowhere type=q8_0")
        #expect(
            quantised.errors.hasPrefix(
                "error[bad-value]: the form 'folder' has no numbers of type 'q8_0', "
                    + "expected f16, f32\n"
            ),
            "\(quantised.errors)"
        )
    }
}
