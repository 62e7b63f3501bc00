public import FettleCore
import Foundation

/// What a Ray cluster takes as the sign that a request may run anything there, and where it comes from.
public struct RayToken: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The token itself, to be sent and to be taken out of what is shown.
    public let value: String
    /// Where it comes from, in words: `the secret 'lab'`, `RAY_AUTH_TOKEN`.
    public let source: String

    /// Takes a token; blanks and line ends around it are no part of it.
    ///
    /// - Throws: `bad-token` when it is empty or has characters that no header takes.
    public init(_ value: String, source: String) throws(Diagnostic) {
        let value = value.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !value.isEmpty, value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Diagnostic(
                "bad-token",
                value.isEmpty
                    ? "the token of \(source) is empty"
                    : "the token of \(source) has characters that no token has",
                hint: "it is one line of letters, digits and signs of ASCII without blanks"
            )
        }
        (self.value, self.source) = (value, source)
    }

    /// Returns the token that Ray's own programs would use.
    ///
    /// Their order is that of Ray 2.60: the variable RAY_AUTH_TOKEN, the file that RAY_AUTH_TOKEN_PATH names, the
    /// file `~/.ray/auth_token`; nil where there is none of them.
    ///
    /// - Throws: `bad-token` when the first that is there cannot be read or is none.
    public static func ofRay(in environment: [String: String]) throws(Diagnostic) -> RayToken? {
        if let value = environment["RAY_AUTH_TOKEN"], !value.isEmpty {
            return try RayToken(value, source: "RAY_AUTH_TOKEN")
        }
        if let path = environment["RAY_AUTH_TOKEN_PATH"], !path.isEmpty {
            return try RayToken(
                contents(of: path, named: "RAY_AUTH_TOKEN_PATH"),
                source: "the file '\(path)' of RAY_AUTH_TOKEN_PATH"
            )
        }
        guard let home = environment["HOME"], !home.isEmpty else { return nil }
        let path = home + "/.ray/auth_token"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try RayToken(contents(of: path, named: nil), source: "the file '\(path)'")
    }

    /// The longest file that is read; a token has some dozens of bytes.
    private static let longest = 1 << 16

    private static func contents(
        of path: String,
        named variable: String?
    ) throws(Diagnostic) -> String {
        guard let handle = FileHandle(forReadingAtPath: path),
            let data = try? handle.read(upToCount: longest + 1), data.count <= longest
        else {
            let cause = variable.map { ", which \($0) names," } ?? ""
            throw Diagnostic(
                "bad-token",
                "the token's file '\(path)'\(cause) cannot be read",
                hint: "name a file with the token, or give the cluster one: token=secret:NAME"
            )
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Returns a text with a mark in place of the token.
    func masked(_ text: String) -> String { text.replacing(value, with: "‹secret›") }

    /// The token's origin, without the token.
    public var description: String { "token of \(source)" }

    /// As ``description``.
    public var debugDescription: String { description }
}
