import FettleCore
import FettleServer
import FettleStore
import FettleWorkbench
import Foundation
import Testing

/// `serve --calibrated`.
struct CalibratedServingTests {
    private static let body =
        #""prompt": "lovely great 99 ->", "max_tokens": 1, "temperature": 0, "logprobs": 5"#

    /// The labels with their log probabilities, of a server with these settings.
    private func labels(
        _ isCalibrated: Bool,
        _ workspace: Workspace,
        _ model: String
    ) async throws -> [String: Double] {
        var found: [String: Double] = [:]
        try await TestServer.run(
            ServerSettings(isCalibrated: isCalibrated),
            workspace: workspace
        ) { server in
            let answer = try await server.completions(Self.body, model: model)
            let top = answer["choices"]?.items.first?["logprobs"]?["top_logprobs"]?.items.first
            guard case .object(let members)? = top else { return }
            for member in members { found[member.name] = member.value.number }
        }
        return found
    }

    @Test func logprobsAreThoseAtTheFittedTemperature() async throws {
        let workspace = Workspace(.ephemeral, session: "test")
        var model = ""
        try await TestServer.run(workspace: workspace) { model = try await $0.tuned() }
        try workspace.store().keep(
            CalibrationRecord(
                model: model,
                temperature: 2.5,
                dataset: "held",
                datasetFingerprint: "00ff",
                rowCount: 60,
                createdAt: 1
            )
        )
        let plain = try await labels(false, workspace, model)
        let calibrated = try await labels(true, workspace, model)
        #expect(Set(plain.keys) == [" 1", " 2", " 3"])
        #expect(Set(calibrated.keys) == Set(plain.keys))
        let total = plain.values.reduce(0) { $0 + exp($1 / 2.5) }
        for (label, logprob) in plain {
            let expected = logprob / 2.5 - log(total)
            #expect(abs((calibrated[label] ?? 0) - expected) < 1e-12, "\(label)")
        }
        #expect(
            plain.max { $0.value < $1.value }?.key == calibrated.max { $0.value < $1.value }?.key
        )
        #expect(plain != calibrated)
    }

    @Test func modelWithoutATemperatureIsRefused() async throws {
        try await TestServer.run(ServerSettings(isCalibrated: true)) { server in
            let model = try await server.tuned()
            let answer = try await server.ask(
                "POST",
                "/v1/completions",
                body: #"{"model": "\#(model)", \#(Self.body)}"#
            )
            #expect(answer.status == 400)
            let error = try answer.json["error"]
            #expect(
                error?["message"]?.string
                    == "no temperature was fitted for '\(model)', and this server answers with calibrated "
                    + "probabilities only (fit one: calibrate \(model) on DATASET; or serve without --calibrated)",
                "\(answer.text)"
            )
            #expect(error?["param"] == .string("model"))
        }
    }

    @Test func modelThatWritesNeedsNone() async throws {
        let workspace = try TinyModel.workspace()
        try await TestServer.run(
            ServerSettings(isCalibrated: true),
            workspace: workspace
        ) { server in
            let answer = try await server.completions(
                #""prompt": "the thing", "max_tokens": 4, "temperature": 0"#
            )
            let expected = try TinyModel.written(workspace, .text("the thing")) { $0.maxTokens = 4 }
            #expect(answer["choices"]?.items.first?["text"] == .string(expected.text))
        }
    }
}
