import FettleCore

/// Addresses of a hub, and what of an address is shown.
enum HubAddress {
    /// Returns the address without its query, in which a redirect may carry a key.
    static func shown(_ url: String) -> String {
        String(url.prefix { $0 != "?" && $0 != "#" })
    }

    /// Returns the address of a hub without a last slash.
    ///
    /// - Throws: `hub-unreachable` when it is no http or https address.
    static func endpoint(_ text: String) throws(Diagnostic) -> String {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        let host = text.split(separator: "/").dropFirst().first ?? ""
        let isAddress = text.hasPrefix("http://") || text.hasPrefix("https://")
        guard isAddress, !host.isEmpty, !text.contains(where: { $0.isWhitespace || $0 == "@" })
        else {
            throw Diagnostic(
                "hub-unreachable",
                "the hub's address '\(text)' does not begin with 'https://' and a host",
                hint: "set HF_ENDPOINT to an address such as https://huggingface.co"
            )
        }
        return text
    }

    /// Sees to it that a model's name is an organisation's and its own.
    ///
    /// - Throws: `bad-model-name` with the name.
    static func requireName(_ name: String) throws(Diagnostic) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isName =
            parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty && !part.hasPrefix(".")
                    && part.utf8.allSatisfy { byte in
                        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                            || (0x61...0x7A).contains(byte) || "-._".utf8.contains(byte)
                    }
            }
        guard isName else {
            throw Diagnostic(
                "bad-model-name",
                "'\(name)' is not the name of a model on a hub",
                hint: "give it as ORG/NAME, such as HuggingFaceTB/SmolLM2-135M-Instruct"
            )
        }
    }
}
