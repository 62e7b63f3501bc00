import FettleWorkbench
import HTTPTypes
import HummingbirdCore
import OpenAIWire

/// Lets requests in that have one of the keys.
struct KeyCheck: Sendable {
    private let keys: [[UInt8]]
    private let clock: WorkClock

    init(_ keys: [String], _ clock: WorkClock) {
        self.keys = keys.map { Array($0.utf8) }
        self.clock = clock
    }

    /// Sees to it that a request has a key, where one is needed, or a link to the file that it asks for.
    func check(
        _ request: Request,
        _ match: RouteTable.Match,
        _ query: QueryItems
    ) throws(OpenAIErrorResponse) {
        guard !keys.isEmpty else { return }
        if match.route.takesLinks, let signature = query["signature"] {
            return try check(signature, of: match, query)
        }
        let header = request.headers[.authorization] ?? ""
        let words = header.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "bearer" else {
            throw OpenAIErrorResponse(
                .unauthorized,
                "You didn't provide an API key. You need to provide your API key in an Authorization header "
                    + "using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
                headers: [.wwwAuthenticate: "Bearer"]
            )
        }
        let given = Array(words[1].utf8)
        // All keys are looked at, so that the time tells nothing of them.
        let isKnown = keys.reduce(false) { found, key in Self.isEqual(given, key) || found }
        guard isKnown else {
            throw OpenAIErrorResponse(
                .unauthorized,
                "Incorrect API key provided: \(Self.masked(words[1])). The keys that are taken are in the file "
                    + "that --api-key-file names.",
                code: "invalid_api_key",
                headers: [.wwwAuthenticate: "Bearer"]
            )
        }
    }

    private func check(
        _ signature: String,
        of match: RouteTable.Match,
        _ query: QueryItems
    ) throws(OpenAIErrorResponse) {
        let given = Array(signature.utf8)
        let expires = query["expires"].flatMap { Int64($0) } ?? 0
        let link = FileLink(file: match.parameters["id"] ?? "", expires: expires)
        let isSigned = keys.reduce(false) { found, key in
            let signature = link.signature(by: String(decoding: key, as: UTF8.self))
            return Self.isEqual(given, Array(signature.utf8)) || found
        }
        guard isSigned, expires > clock.now() / 1000 else {
            throw OpenAIErrorResponse(
                .unauthorized,
                "The link to this file has ended, or no key of this server has signed it.",
                code: "invalid_link"
            )
        }
    }

    /// Whether two texts are the same, in a time that depends on the length of the given one alone.
    static func isEqual(_ given: [UInt8], _ key: [UInt8]) -> Bool {
        var difference = UInt64(truncatingIfNeeded: given.count ^ key.count)
        for (place, byte) in given.enumerated() {
            difference |= UInt64(byte ^ (key.isEmpty ? 0xFF : key[place % key.count]))
        }
        return difference == 0
    }

    /// A few letters of a wrong key, by which its owner knows it.
    private static func masked(_ key: Substring) -> String {
        let plain = key.unicodeScalars.filter { (0x21..<0x7F).contains($0.value) }.map(
            Character.init
        )
        guard plain.count >= 12 else { return "…" }
        return String(plain.prefix(3)) + "…" + String(plain.suffix(4))
    }
}
