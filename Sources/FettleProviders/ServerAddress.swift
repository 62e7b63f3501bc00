public import FettleCore

/// The address of a server with OpenAI's API, such as `https://api.openai.com/v1`.
public struct ServerAddress: Hashable, Sendable {
    /// The address without a slash at its end.
    public let text: String

    /// Takes an address.
    ///
    /// - Throws: `bad-address` when it is no http or https address, or has a key in it.
    public init(_ text: String) throws(Diagnostic) {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        let parts = text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        let isAddress =
            parts.count >= 3 && ["http:", "https:"].contains(parts[0]) && parts[1].isEmpty
            && !parts[2].isEmpty
        guard isAddress,
            text.utf8.allSatisfy({
                (0x21...0x7E).contains($0) && !"@?#\"<>\\^`{|}".utf8.contains($0)
            })
        else {
            throw Diagnostic(
                "bad-address",
                "the address of a server begins with https:// or http:// and a host, and has no key in it",
                hint: "such as https://api.openai.com/v1; the key is key=secret:NAME"
            )
        }
        self.text = text
    }

    /// Scheme, host and port.
    var origin: String { WebAddress.origin(of: text) }

    /// Whether what goes there can be read on the way: no https, and no address of this machine.
    public var isOpen: Bool {
        text.hasPrefix("http:") && !isLocal
    }

    /// Whether it is an address of this machine.
    public var isLocal: Bool {
        let host = origin.drop { $0 != "/" }.drop { $0 == "/" }
        if host.hasPrefix("[") { return host == "[::1]" || host.hasPrefix("[::1]:") }
        let name = host.prefix { $0 != ":" }
        if name == "localhost" { return true }
        // A name such as 127.0.0.1.example.com is one of the network.
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
