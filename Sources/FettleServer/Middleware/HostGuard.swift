import HTTPTypes
import HummingbirdCore

/// Turns away what a web page in a browser could send: names that only point here (DNS rebinding), and pages of
/// other origins.
struct HostGuard: Sendable {
    /// Whether the server listens at all addresses, so that it cannot know its names; a key is then needed.
    private let takesAnyName: Bool
    private let name: String

    init(_ host: String) {
        name = Self.bare(host.lowercased())
        takesAnyName = ["0.0.0.0", "::"].contains(name)
    }

    /// Sees to it that a request names this server, and comes from no page of another origin.
    func check(_ request: Request) throws(OpenAIErrorResponse) {
        guard !request.headers.contains(.hostAgain) else {
            throw OpenAIErrorResponse(.badRequest, "The request has more than one Host header.")
        }
        let authority = request.head.authority?.lowercased()
        if let authority, !takesAnyName {
            let host = Self.host(authority)
            guard host == name || Self.isLoopback(host) else {
                throw OpenAIErrorResponse(
                    .forbidden,
                    "This server does not answer to the host '\(host.prefix(100))'; it answers to '\(name)' "
                        + "and the names of its own machine.",
                    code: "foreign_host"
                )
            }
        }
        // A browser names the origin of the page with each request that could change something.
        if let origin = request.headers[.origin]?.lowercased() {
            guard let authority, origin == "http://" + authority || origin == "https://" + authority
            else {
                throw OpenAIErrorResponse(
                    .forbidden,
                    "This server takes no requests from pages of other origins.",
                    code: "foreign_origin"
                )
            }
        }
    }

    /// Whether a name or address is the machine's own and cannot be reached from others.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in UInt8(part) != nil && part.utf8.first != UInt8(ascii: "+")
            }
    }

    /// The host of `host:port`.
    private static func host(_ authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return bare(String(authority[...end]))
        }
        return authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            .first.map(String.init) ?? ""
    }

    private static func bare(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }
}
