import FettleCore
import HTTPTypes

/// The description of the API in the form of OpenAPI 3.1, made of the routes there are.
enum OpenAPIDocument {
    /// The document; `needsKey` says whether requests must bring one.
    static func json(of routes: [Route], needsKey: Bool) -> JSONValue {
        var patterns: [String] = []
        for route in routes where !patterns.contains(route.pattern) {
            patterns.append(route.pattern)
        }
        let paths = patterns.map { pattern in
            JSONValue.Member(
                pattern,
                .object(
                    parameters(of: pattern)
                        + routes.filter { $0.pattern == pattern }.map { route in
                            .init(
                                route.method.rawValue.lowercased(),
                                operation(route, needsKey: needsKey)
                            )
                        }
                )
            )
        }
        let schemas = RequestSchemas.all.map { $0 } + AnswerSchemas.all.map { $0 }
        return .object([
            .init("openapi", .string("3.1.0")),
            .init(
                "info",
                .object([
                    .init("title", .string("Fettle")),
                    .init("version", .string(FettleVersion.text)),
                    .init(
                        "description",
                        .string("OpenAI's API over the files, jobs and models of a workspace.")
                    ),
                ])
            ),
            .init("paths", .object(paths)),
            .init(
                "components",
                .object([
                    .init(
                        "schemas",
                        .object(schemas.map { .init($0.key, $0.value.json) })
                    ),
                    .init(
                        "securitySchemes",
                        .object([
                            .init(
                                "key",
                                .object([
                                    .init("type", .string("http")),
                                    .init("scheme", .string("bearer")),
                                ])
                            )
                        ])
                    ),
                ])
            ),
        ])
    }

    private static func parameters(of pattern: String) -> [JSONValue.Member] {
        let names = pattern.split(separator: "/").filter { $0.hasPrefix("{") }.map {
            String($0.dropFirst().dropLast())
        }
        guard !names.isEmpty else { return [] }
        return [
            .init(
                "parameters",
                .array(
                    names.map { parameter($0, "path", .string(1...200), isRequired: true) }
                )
            )
        ]
    }

    private static func parameter(
        _ name: String,
        _ place: String,
        _ schema: Schema,
        isRequired: Bool
    ) -> JSONValue {
        .object([
            .init("name", .string(name)), .init("in", .string(place)),
            .init("required", .boolean(isRequired)), .init("schema", schema.json),
        ])
    }

    private static func operation(_ route: Route, needsKey: Bool) -> JSONValue {
        guard let operation = Operations.all[route.name] else {
            preconditionFailure("'\(route.name)' has no operation")
        }
        var members: [JSONValue.Member] = [
            .init("operationId", .string(identifier(route))),
            .init("summary", .string(operation.summary)),
        ]
        if !operation.query.isEmpty {
            members.append(
                .init(
                    "parameters",
                    .array(
                        operation.query.map {
                            parameter($0.name, "query", $0.schema, isRequired: false)
                        }
                    )
                )
            )
        }
        if let body = operation.body { members.append(.init("requestBody", request(body))) }
        members.append(.init("responses", responses(operation)))
        if needsKey, !route.isOpen {
            members.append(.init("security", .array([.object([.init("key", .array([]))])])))
        }
        return .object(members)
    }

    /// A name such as `get_v1_files_id`.
    private static func identifier(_ route: Route) -> String {
        let words = route.pattern.split { !$0.isLetter && !$0.isNumber }
        return ([route.method.rawValue.lowercased()] + words.map(String.init)).joined(
            separator: "_"
        )
    }

    private static func request(_ body: Operation.Body) -> JSONValue {
        switch body {
        case .json(let schema): content([("application/json", .named(schema))], isRequired: true)
        case .form(let schema): content([("multipart/form-data", .named(schema))], isRequired: true)
        }
    }

    private static func responses(_ operation: Operation) -> JSONValue {
        let types: [(String, Schema)] =
            switch operation.answer {
            case .json(let schema): [("application/json", .named(schema))]
            case .jsonOrEvents(let schema):
                [("application/json", .named(schema)), ("text/event-stream", .string)]
            case .bytes: [("application/octet-stream", .string)]
            case .plain: [("text/plain", .string)]
            case .page: [("text/html", .string)]
            case .document: [("application/json", .anyObject)]
            }
        return .object([
            .init("200", described("What was asked for.", content(types))),
            .init(
                "4XX",
                described(
                    "What is wrong with the request.",
                    content([("application/json", .named("Error"))])
                )
            ),
        ])
    }

    private static func described(_ text: String, _ value: JSONValue) -> JSONValue {
        guard case .object(let members) = value else { return value }
        return .object([.init("description", .string(text))] + members)
    }

    private static func content(
        _ types: [(String, Schema)],
        isRequired: Bool = false
    ) -> JSONValue {
        .object(
            (isRequired ? [.init("required", .boolean(true))] : []) + [
                .init(
                    "content",
                    .object(
                        types.map { type, schema in
                            .init(type, .object([.init("schema", schema.json)]))
                        }
                    )
                )
            ]
        )
    }
}
