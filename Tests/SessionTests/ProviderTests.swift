import FettleTestSupport
import Foundation
import Testing

/// Models of a provider that is another Fettle.
@Suite(.serialized) struct ProviderTests {
    @Test func modelOfAServerIsAskedAndMeasuredAsOneOfThisWorkspace() async throws {
        let there = try TemporaryFolder()
        try await ServedProgram.reviews(into: there)
        let tuned = try await FettleProgram.run(
            [
                "openai", "api", "fine_tunes.create", "-t", "learn.jsonl", "-m", "ada",
                "--n_epochs",
                "1",
            ],
            in: there
        )
        let model = try #require(
            tuned.output.firstMatch(of: #/create -m (ada:ft-personal-[-0-9]+) /#)?.1
        )
        let measured = try await FettleProgram.run(
            [
                "-c", "load measure.jsonl as m", "-c",
                "format prompt={{prompt}} completion={{completion}}", "-c",
                "evaluate '\(model)' on m > there.json",
            ],
            in: there
        )
        #expect(measured.status == 0, "\(measured.errors)")
        let server = try await ServedProgram(there)
        let here = try TemporaryFolder()
        try FileManager.default.copyItem(
            atPath: there.path + "/measure.jsonl",
            toPath: here.path + "/measure.jsonl"
        )
        func run(_ lines: String...) async throws -> FettleProgram.Result {
            try await FettleProgram.run(lines.flatMap { ["-c", $0] }, in: here)
        }
        let added = try await run(
            "provider add other url=\(server.baseURL)",
            "provider check other"
        )
        #expect(added.status == 0, "\(added.errors)")
        #expect(added.output.hasPrefix("other: \(server.baseURL)\n"))
        #expect(
            added.output.contains("\nother/\(model)\n")
                || added.output.hasSuffix("other/\(model)\n")
        )

        let loaded = "load measure.jsonl as m; format prompt={{prompt}} completion={{completion}}"
        let result = try await run(
            loaded,
            "evaluate 'other/\(model)' on m > here.json",
            "predict 'other/\(model)' on m as answered",
            "ask 'other/\(model)' row=1 on m logprobs=5",
            "ask 'other/\(model)' 'Broken ->' max_tokens=1"
        )
        #expect(result.status == 0, "\(result.errors)")
        // The same model gives the same figures through the wire.
        let reports = try [here.text("here.json"), there.text("there.json")].map { text in
            let value = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            return value?["accuracy"] as? Double
        }
        #expect(reports[0] != nil)
        #expect(reports[0] == reports[1])
        #expect(result.output.contains("\nPredicted: \" "), "\(result.output)")
        #expect(result.output.contains("\nProbabilities:\n"))

        let lacking = try await run(loaded, "evaluate 'other/nothing' on m")
        #expect(lacking.status == 1)
        #expect(
            lacking.errors.hasPrefix(
                "error[provider-lacks]: 'other' refuses: The model `nothing` does not exist or you do not "
            ),
            "\(lacking.errors)"
        )
        _ = try await server.stop()
        let forgotten = try await run("provider remove other", "provider list")
        #expect(
            forgotten.output.hasSuffix(
                "no provider: provider add NAME url=https://… key=secret:NAME\n"
            )
        )
    }

    @Test func keyIsInNoErrorAndNoRecord() async throws {
        let there = try TemporaryFolder()
        try there.write("sk-right\n", to: "keys")
        let server = try await ServedProgram(there, arguments: ["api_key_file=keys"])
        let here = try TemporaryFolder()
        func run(_ key: String, _ lines: String...) async throws -> FettleProgram.Result {
            try await FettleProgram.run(
                lines.flatMap { ["-c", $0] },
                environment: ["FETTLE_SECRET_OTHER": key],
                in: here
            )
        }
        let wrong = try await run(
            "sk-wrong-1234567890",
            "provider add other url=\(server.baseURL) key=secret:other",
            "provider check other"
        )
        #expect(wrong.status == 1)
        #expect(wrong.errors.hasPrefix("error[provider-refused]: 'other' does not take the key: "))
        #expect(!(wrong.output + wrong.errors).contains("sk-wrong-1234567890"))
        let right = try await run("sk-right", "provider check other")
        #expect(right.status == 0, "\(right.errors)")
        let typed = try await run("x", "provider add other url=\(server.baseURL) key=sk-right")
        #expect(typed.status == 2)
        #expect(
            typed.errors.hasPrefix(
                "error[bad-value]: 'key' is no name of a secret, expected secret:NAME"
            )
        )
    }
}
