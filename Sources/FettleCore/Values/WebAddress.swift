/// Parts of addresses on the web.
public enum WebAddress {
    /// Returns scheme, host and port in small letters, which tell whether two addresses are of one server.
    public static func origin(of url: String) -> String {
        let path = url.prefix { $0 != "?" && $0 != "#" }
        let parts = path.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.prefix(3).joined(separator: "/").lowercased()
    }
}
