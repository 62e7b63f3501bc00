import HTTPTypes
import HummingbirdCore

/// A method and a path, and what answers them.
struct Route: Sendable {
    /// The method.
    let method: HTTPRequest.Method
    /// The path, with names of parts in braces, as `/v1/files/{id}/content`.
    let pattern: String
    /// Whether it is answered without a key.
    var isOpen = false
    /// Whether it is answered without a key by a link to the file.
    var takesLinks = false
    /// The longest body in bytes; nil for the longest upload.
    var maximumBody: Int64? = 16 << 20
    /// How long the body may take to come.
    var bodyTime = Duration.seconds(60)
    /// Answers a request.
    let answer: @Sendable (Exchange) async throws -> Response

    /// The method and the path, as `GET /v1/files/{id}`.
    var name: String { "\(method.rawValue) \(pattern)" }

    /// Makes a route of the method GET.
    static func get(
        _ pattern: String,
        _ answer: @escaping @Sendable (Exchange) async throws -> Response
    ) -> Route {
        Route(method: .get, pattern: pattern, answer: answer)
    }

    /// Makes a route of the method POST.
    static func post(
        _ pattern: String,
        _ answer: @escaping @Sendable (Exchange) async throws -> Response
    ) -> Route {
        Route(method: .post, pattern: pattern, answer: answer)
    }

    /// Makes a route of the method DELETE.
    static func delete(
        _ pattern: String,
        _ answer: @escaping @Sendable (Exchange) async throws -> Response
    ) -> Route {
        Route(method: .delete, pattern: pattern, answer: answer)
    }
}

/// Finds the route of a request.
struct RouteTable: Sendable {
    /// A route with the parts of the path that its pattern names.
    struct Match: Sendable {
        let route: Route
        let parameters: [String: String]
    }

    private enum Part: Sendable {
        case text(String)
        case name(String)
    }

    private struct Entry: Sendable {
        let parts: [Part]
        let route: Route
    }

    /// Routes without named parts, by their path.
    private var fixed: [String: [Route]] = [:]
    /// The others, by the number of their parts.
    private var named: [Int: [Entry]] = [:]

    init(_ routes: [Route]) {
        for route in routes {
            let parts = route.pattern.split(separator: "/", omittingEmptySubsequences: false)
                .dropFirst().map { part in
                    part.hasPrefix("{")
                        ? Part.name(String(part.dropFirst().dropLast())) : .text(String(part))
                }
            if route.pattern.contains("{") {
                named[parts.count, default: []].append(Entry(parts: parts, route: route))
            } else {
                fixed[route.pattern, default: []].append(route)
            }
        }
    }

    /// Returns the route of a method and a path; HEAD has that of GET.
    ///
    /// - Throws: 404 when no route has the path, 405 when one has it with other methods.
    func match(
        _ method: HTTPRequest.Method,
        _ path: RequestPath
    ) throws(OpenAIErrorResponse) -> Match {
        let wanted = method == .head ? .get : method
        var others: [HTTPRequest.Method] = []
        for route in fixed[path.raw] ?? [] {
            if route.method == wanted { return Match(route: route, parameters: [:]) }
            others.append(route.method)
        }
        if let segments = path.segments {
            for entry in named[segments.count] ?? [] {
                guard let parameters = Self.parameters(entry.parts, segments) else { continue }
                if entry.route.method == wanted {
                    return Match(route: entry.route, parameters: parameters)
                }
                others.append(entry.route.method)
            }
        }
        guard others.isEmpty else {
            throw OpenAIErrorResponse(
                .methodNotAllowed,
                "Not allowed to \(method.rawValue) on \(path.shown). (HINT: Perhaps you meant to use a "
                    + "different HTTP method?)",
                headers: [.allow: Set(others.map(\.rawValue)).sorted().joined(separator: ", ")]
            )
        }
        throw OpenAIErrorResponse(.notFound, "Invalid URL (\(method.rawValue) \(path.shown))")
    }

    private static func parameters(_ parts: [Part], _ segments: [String]) -> [String: String]? {
        var parameters: [String: String] = [:]
        for (part, segment) in zip(parts, segments) {
            switch part {
            case .text(let text): guard text == segment else { return nil }
            case .name(let name):
                guard !segment.isEmpty else { return nil }
                parameters[name] = segment
            }
        }
        return parameters
    }
}
