import FettleCore
import FettleTestSupport
import FettleWorkbench
import Foundation
import Testing

@testable import FettleServer

/// The description of the API.
struct DocumentRouteTests {
    @Test func everyRouteIsDescribedAndNothingElse() async throws {
        try await TestServer.run { server in
            let answer = try await server.ask("GET", "/openapi.json")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/json")
            let document = try answer.json
            #expect(document["openapi"] == .string("3.1.0"))
            guard case .object(let paths)? = document["paths"] else {
                Issue.record("no paths")
                return
            }
            let described = paths.flatMap { path in
                Self.members(path.value).filter { $0.name != "parameters" }.map {
                    "\($0.name.uppercased()) \(path.name)"
                }
            }
            let routes = RouteCatalogue.all.map(\.name)
            #expect(described.sorted() == routes.sorted())
            #expect(Set(Operations.all.keys) == Set(routes))
        }
    }

    /// Every reference leads to a schema, every named part of a path is a parameter, and every operation says what
    /// is answered when all is well and when the request is wrong.
    @Test func documentHoldsTogether() async throws {
        try await TestServer.run { server in
            let document = try await server.ask("GET", "/openapi.json").json
            let schemas = Set(
                Self.members(document["components"]?["schemas"] ?? .null).map(\.name)
            )
            let references = Self.references(document)
            #expect(references.count > 60)
            #expect(
                Set(references).isSubset(of: schemas.map { "#/components/schemas/\($0)" })
            )
            // Each schema is used.
            #expect(
                schemas.filter { !references.contains("#/components/schemas/\($0)") } == []
            )
            var names: [String] = []
            for path in Self.members(document["paths"] ?? .null) {
                let wanted = path.name.matches(of: /\{([a-z]+)\}/).map { String($0.output.1) }
                let given = path.value["parameters"]?.items.compactMap { $0["name"]?.string } ?? []
                #expect(given == wanted, "\(path.name)")
                for operation in Self.members(path.value) where operation.name != "parameters" {
                    names.append(operation.value["operationId"]?.string ?? "")
                    let answers = operation.value["responses"] ?? .null
                    #expect(Self.members(answers).map(\.name) == ["200", "4XX"])
                    #expect(operation.value["security"] == nil)
                    let takesBody = operation.value["requestBody"] != nil
                    #expect(operation.name == "post" || !takesBody, "\(path.name)")
                }
            }
            #expect(Set(names).count == names.count)
        }
    }

    @Test func keysAreAskedForWhereTheServerDoes() async throws {
        try await TestServer.run(ServerSettings(keys: ["sk-one"])) { server in
            let document = try await server.ask("GET", "/openapi.json").json
            let open = Self.members(document["paths"] ?? .null).flatMap { path in
                Self.members(path.value).filter {
                    $0.name != "parameters" && $0.value["security"] == nil
                }.map { "\($0.name) \(path.name)" }
            }
            #expect(open.sorted() == ["get /", "get /health", "get /openapi.json"])
        }
    }

    @Test(
        .enabled(
            if: Peers.isUsable("openapi_spec_validator"),
            "no openapi-spec-validator in FETTLE_PYTHON"
        )
    )
    func documentIsValidForThePeer() async throws {
        try await TestServer.run { server in
            let text = try await server.ask("GET", "/openapi.json").text
            let file = NSTemporaryDirectory() + "fettle-\(UUID().uuidString).json"
            defer { try? FileManager.default.removeItem(atPath: file) }
            try Data(text.utf8).write(to: URL(filePath: file))
            let result = try Peers.runPython(["-m", "openapi_spec_validator", file])
            #expect(result.output == "\(file): OK\n")
            #expect(result.status == 0)
        }
    }

    private static func members(_ value: JSONValue) -> [JSONValue.Member] {
        if case .object(let members) = value { members } else { [] }
    }

    private static func references(_ value: JSONValue) -> [String] {
        switch value {
        case .object(let members):
            members.flatMap { member -> [String] in
                if member.name == "$ref", case .string(let text) = member.value { return [text] }
                return references(member.value)
            }
        case .array(let items): items.flatMap(references)
        default: []
        }
    }
}
