import FettleCore
import FettleServer
import FettleStore
import FettleWorkbench
import Testing

struct ModelRouteTests {
    private static let id = "ada:ft-personal-2026-11-22-10-30-00"

    /// Returns a workspace with one tuned model.
    private static func workspace() throws -> Workspace {
        let workspace = Workspace(.ephemeral, session: "test")
        try workspace.store().insert(
            ModelRecord(
                id: id,
                name: "stars",
                base: "ngram",
                parent: nil,
                file: "stars.model",
                format: .completion(
                    prompt: try PromptTemplate("{{body}}"),
                    completion: try PromptTemplate(" {{stars}}")
                ),
                settings: [],
                dataset: "reviews",
                datasetFingerprint: "00",
                labelCount: 3,
                examplesSeen: 1,
                trainingMilliseconds: 0,
                createdAt: 5000
            )
        )
        return workspace
    }

    @Test func listSaysWhatEachNameStandsFor() async throws {
        try await TestServer.run(workspace: Self.workspace()) { server in
            let json = try await server.ask("GET", "/v1/models").json
            guard case .array(let models)? = json["data"] else { return }
            #expect(models.count == 10)
            #expect(
                models[0].text()
                    == "{\"object\": \"model\", \"id\": \"ada\", \"created\": 0, \"owned_by\": "
                    + "\"alias of ngram\", \"root\": \"ngram\"}"
            )
            #expect(models[8]["id"] == .string("ngram"))
            #expect(
                models[9].text()
                    == "{\"object\": \"model\", \"id\": \"\(Self.id)\", \"created\": 5, \"owned_by\": "
                    + "\"personal\", \"root\": \"\(Self.id)\", \"parent\": \"ngram\"}"
            )
        }
    }

    @Test(arguments: [
        ("ada", "ada"), ("ngram", "ngram"), ("stars", id), (id, id),
        ("ada%3Aft-personal-2026-11-22-10-30-00", id),
    ])
    func modelIsFoundByIDNameAndAlias(path: String, id: String) async throws {
        try await TestServer.run(workspace: Self.workspace()) { server in
            let answer = try await server.ask("GET", "/v1/models/\(path)")
            #expect(try answer.json["id"] == .string(id))
        }
    }

    @Test(arguments: ["GET", "DELETE"]) func unknownModelHasTheAPIsWords(
        method: String
    ) async throws {
        try await TestServer.run { server in
            let answer = try await server.ask(method, "/v1/models/none")
            #expect(answer.status == 404)
            #expect(
                answer.text
                    == "{\"error\": {\"message\": \"That model does not exist\", \"type\": "
                    + "\"invalid_request_error\", \"param\": \"model\", \"code\": \"model_not_found\"}}\n"
            )
        }
    }

    @Test(arguments: ["ada", "ngram", "gpt-4o-mini"])
    func baseModelsAreNotDeleted(name: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.ask("DELETE", "/v1/models/\(name)")
            #expect(answer.status == 403)
            #expect(try answer.error("param") == .string("model"))
        }
    }

    @Test func tunedModelIsDeleted() async throws {
        try await TestServer.run(workspace: Self.workspace()) { server in
            let path = "/v1/models/ada%3Aft-personal-2026-11-22-10-30-00"
            let answer = try await server.ask("DELETE", path)
            #expect(
                answer.text
                    == "{\"id\": \"\(Self.id)\", \"object\": \"model\", \"deleted\": true}\n"
            )
            #expect(try await server.ask("GET", path).status == 404)
        }
    }

    @Test func aliasThatIsSetMeanwhileIsServed() async throws {
        let workspace = try Self.workspace()
        try await TestServer.run(workspace: workspace) { server in
            #expect(try await server.ask("GET", "/v1/models/prod").status == 404)
            _ = try AliasLibrary(workspace, clock: .system).set("prod", to: "stars")
            let answer = try await server.ask("GET", "/v1/models/prod")
            #expect(try answer.json["root"] == .string(Self.id))
        }
    }
}
