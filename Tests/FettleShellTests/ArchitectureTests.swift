import Foundation
import Testing

@testable import FettleShell

/// Models of each architecture, from their files to a tuned one that leaves Fettle and comes back.
struct ArchitectureTests {
    @Test(arguments: [
        // Biases and learnt positions; biases; tied matrices and linear scaling; Llama 3's scaling.
        ("gpt2", "gpt2"), ("qwen2", "qwen2"), ("llama-tied", "llama"), ("llama-untied", "llama"),
    ])
    func modelIsTunedWrittenAndAddedAgain(fixture: String, architecture: String) async throws {
        let folder = try TemporaryFolder()
        let path = try TinyModels.ofArchitecture(fixture, in: folder)
        let out = folder.path
        var shell = try await SmallData.shell(folder)
        let shown = await shell.run(
            """
            split 80/20 by=label seed=7
            model add '\(path)' as small
            model show small
            """
        )
        #expect(shown.status == .success, "\(shown.errors)")
        #expect(shown.output.contains("\narchitecture    \(architecture)\n"), "\(shown.output)")
        #expect(shown.output.contains("\nvocabulary      267"), "\(shown.output)")

        // Two steps of any rate, and enough of them that the answers are clear.
        let short = await shell.run(
            "tune small on d.train n_epochs=1 batch_size=80 as short\nevaluate short on d.test"
        )
        #expect(short.output.contains("short on d.test: 40 rows\n"), "\(short.errors)")
        let tuned = await shell.run(
            """
            tune small on d.train n_epochs=6 learning_rate_multiplier=10 as mine
            evaluate mine on d.test
            """
        )
        #expect(tuned.output.contains("\nexact     100.0 %"), "\(tuned.errors)\(tuned.output)")
        let expected = await shell.run("predict mine on d.test | select text prediction | as csv")
        #expect(expected.output.split(separator: "\n").count == 41, "\(expected.output)")

        for (name, words) in [
            ("adapter", ""), ("folder", "type=f32"), ("half", "as folder"),
            ("f32.gguf", "type=f32"),
            ("f16.gguf", ""), ("q8.gguf", "type=q8_0"),
        ] {
            let words = name == "folder" ? "as folder " + words : words
            let written = await shell.run("model export mine '\(out)/\(name)' \(words) on d.test")
            #expect(written.output.contains("20 of 20 answers are the same, "), "\(written.errors)")
            guard name != "adapter" else { continue }
            let again = name.replacing(".", with: "-")
            let result = await shell.run(
                """
                model add '\(out)/\(name)' as \(again)
                predict \(again) on d.test | select text prediction | as csv
                """
            )
            #expect(result.output.hasSuffix(expected.output), "\(name): \(result.errors)")
        }
        // Two steps, whose answers are chance: the file gives the same probabilities.
        let same = await shell.run("model export short '\(out)/short.gguf' type=f32 on d.test")
        #expect(same.output.contains("20 of 20 answers are the same, "), "\(same.errors)")
    }

    @Test func tunedLayersAndProjectionsAreThoseOfTheAdapterInPEFTsForm() async throws {
        let folder = try TemporaryFolder()
        var shell = try await SmallData.shell(folder)
        let result = await shell.run(
            """
            model add '\(TinyModels.llama)' as tiny
            tune tiny on d n_epochs=1 layers=1 projections=v_proj,q_proj rank=4 as mine
            model export mine '\(folder.path)/adapter'
            """
        )
        #expect(result.output.contains("20 of 20 answers are the same, "), "\(result.errors)")
        let settings = try Files.json(folder.path + "/adapter/adapter_config.json")
        #expect(settings["layers_to_transform"] as? [Int] == [1])
        #expect(settings["target_modules"] as? [String] == ["q_proj", "v_proj"])
        #expect(settings["r"] as? Int == 4)
    }

    @Test func numbersThatHalvesCannotHoldAreFoundAndTheFileIsNotKept() async throws {
        let folder = try TemporaryFolder()
        let path = try TinyModels.llama(
            "model.layers.0.self_attn.v_proj.weight",
            with: 1e5,
            in: folder
        )
        let out = folder.path + "/out"
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        var shell = TestShell()
        #expect(await shell.run("model add '\(path)' as large").status == .success)
        for name in ["large.gguf", "large"] {
            let refused = await shell.run("model export large '\(out)/\(name)' type=f16")
            #expect(
                refused.errors.hasPrefix(
                    """
                    error[export-differs]: '\(out)/\(name)' would answer otherwise than the model, and was not \
                    kept: 0 of 20 answers are the same, some log probabilities are no numbers, limit 0.050; \
                    after "The capital of France is" it gives
                    """
                ),
                "\(refused.errors)"
            )
            #expect(refused.errors.contains("  hint: store more of each number: type=f32; or "))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: out) == [])
        let single = await shell.run("model export large '\(out)/large.gguf' type=f32")
        #expect(single.status == .success, "\(single.errors)")
        let unchecked = await shell.run("model export large '\(out)/half.gguf' --no-check")
        #expect(unchecked.status == .success, "\(unchecked.errors)")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: out).sorted()
                == ["half.gguf", "large.gguf"]
        )
    }
}
