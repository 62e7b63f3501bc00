import FettleCore
import FettleTestSupport
import FettleWorkbench
import Foundation
import Synchronization
import Testing

@testable import FettleShell

/// Models come from a hub; it is a server of this machine with the paths of huggingface.co.
struct ModelPullTests {
    private static let tiny = Files.root + "/samples/tiny-llama"

    @Test func fetchedModelIsTunedAndAsked() async throws {
        let hub = try LocalServer(hub: Self.tiny)
        let folder = try TemporaryFolder()
        let file = try folder.write(SmallData.csv, to: "d.csv")
        var shell = TestShell(environment: ["HF_ENDPOINT": hub.address, "HF_TOKEN": "hf_open"])
        let result = await shell.run(
            """
            load \(file)
            \(SmallData.format)
            model pull org/tiny > '\(folder.path)/facts.json'
            tune tiny on d n_epochs=1 as mine
            ask mine row=1 on d
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        #expect(result.output.contains("outside the labels: "))
        let facts = try Files.json(folder.path + "/facts.json")
        #expect(facts["weights"] as? String == "8,960")
        #expect(
            hub.requests.map(\.path).first == "/api/models/org/tiny/revision/main?blobs=true"
        )
        #expect(hub.requests.count == 5)
        #expect(hub.requests.allSatisfy { $0.headers["authorization"] == "Bearer hf_open" })
        #expect(await shell.run("model delete mine\nmodel delete tiny").status == .success)
        let bases = try #require(shell.services.workspace.existingFolder("bases"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: bases) == [])
    }

    @Test func tokenIsASecretThatIsNamed() async throws {
        let hub = try LocalServer(hub: Self.tiny, token: "hf_closed_1234567890")
        defer { withExtendedLifetime(hub) {} }
        let environment = ["HF_ENDPOINT": hub.address, "FETTLE_SECRET_HF": "hf_closed_1234567890"]
        var shell = TestShell(environment: environment)
        let without = await shell.run("model pull org/tiny as tiny")
        #expect(
            without.errors.hasPrefix("error[hub-refused]: \(hub.address) does not give 'org/tiny'"),
            "\(without.errors)"
        )
        let typed = await shell.run("model pull org/tiny as tiny token=hf_closed_1234567890")
        #expect(
            typed.errors.hasPrefix(
                "error[bad-value]: 'token' is no name of a secret, expected secret:NAME\n"
            ),
            "\(typed.errors)"
        )
        let unknown = await shell.run("model pull org/tiny as tiny token=secret:other")
        #expect(unknown.errors.hasPrefix("error[unknown-variable]: no secret 'other'\n"))
        let named = await shell.run("model pull org/tiny as tiny token=secret:hf")
        #expect(named.status == .success, "\(named.errors)")
        #expect(!named.output.contains("hf_closed"))
    }

    @Test func brokenFetchGoesOnWithTheSameCommand() async throws {
        let isBroken = Mutex(true)
        let hub = try LocalServer(hub: Self.tiny) { request, response in
            var response = response
            if request.path.hasSuffix("/model.safetensors"), isBroken.withLock({ $0 }) {
                response.cut = 5000
            }
            return response
        }
        var shell = TestShell(environment: ["HF_ENDPOINT": hub.address])
        let broken = await shell.run("model pull org/tiny")
        #expect(broken.errors.hasPrefix("error[hub-unreachable]: "), "\(broken.errors)")
        #expect(broken.errors.contains("give the command again: it goes on where it stopped"))
        #expect(await shell.run("models").output.contains("base tiny") == false)
        isBroken.withLock { $0 = false }
        #expect(await shell.run("model pull org/tiny").status == .success)
        let last = hub.requests.last { $0.path.hasSuffix("/model.safetensors") }
        #expect(last?.headers["range"]?.hasPrefix("bytes=") == true)
        #expect(await shell.run("models").output.contains("base tiny"))
    }

    @Test func wrongNamesAndHubsThatAreNotThereAreErrors() async throws {
        // Nobody listens at port 1.
        let closed = "http://127.0.0.1:1"
        var shell = TestShell(environment: ["HF_ENDPOINT": closed])
        let lines: [(command: String, error: String)] = [
            ("model pull org/tiny", "error[hub-unreachable]: cannot fetch '\(closed)/api/models/"),
            (
                "model pull tiny",
                "error[bad-model-name]: 'tiny' is not the name of a model on a hub"
            ),
            ("model pull org/ngram", "error[bad-name]: 'ngram' is a base model's name"),
            ("model pull org/7b", "error[bad-name]: '7b' cannot be a name"),
            ("model pull", "error[missing-argument]: 'model pull' needs MODEL"),
        ]
        for (command, error) in lines {
            let result = await shell.run(command)
            #expect(result.errors.hasPrefix(error), "\(command): \(result.errors)")
        }
    }
}
