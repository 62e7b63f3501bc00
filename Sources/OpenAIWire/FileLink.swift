import FettleCore

/// A right to read one file of a server until some time without showing a key: what follows the `?` of its address.
///
/// It is Fettle's own, beside OpenAI's API. Who has a key of the server signs it without asking, by HMAC (RFC 2104) with
/// SHA-256, and the key itself goes nowhere.
public struct FileLink: Hashable, Sendable {
    /// The file's id.
    public let file: String
    /// When it ends, in seconds since 1970.
    public let expires: Int64

    /// Makes a link.
    public init(file: String, expires: Int64) {
        (self.file, self.expires) = (file, expires)
    }

    /// Returns the query of the address `/v1/files/ID/content`.
    public func query(signedWith key: String) -> String {
        "expires=\(expires)&signature=\(signature(by: key))"
    }

    /// Returns its signature by a key, 64 hexadecimal digits.
    public func signature(by key: String) -> String {
        let message = "GET /v1/files/\(file)/content\n\(expires)"
        return SHA256.hmac(of: Array(message.utf8), key: Array(key.utf8))
    }
}
