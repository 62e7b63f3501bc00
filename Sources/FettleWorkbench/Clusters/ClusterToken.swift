public import FettleCore
import FettleProviders

/// What a cluster takes as the sign that a request may run anything there, where no secret is named for it.
public struct ClusterToken: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The token itself, to be sent and to be taken out of what is shown.
    public let value: String
    let token: RayToken

    /// Returns the token that Ray's own programs would use: of the variable RAY_AUTH_TOKEN, the file that
    /// RAY_AUTH_TOKEN_PATH names, or the file `~/.ray/auth_token`; nil where there is none of them.
    ///
    /// - Throws: `bad-cluster-token` when the first that is there cannot be read or is none.
    public static func ofRay(in environment: [String: String]) throws(Diagnostic) -> ClusterToken? {
        guard let token = try RayToken.ofRay(in: environment) else { return nil }
        return ClusterToken(value: token.value, token: token)
    }

    /// The token's origin, without the token.
    public var description: String { token.description }

    /// As ``description``.
    public var debugDescription: String { token.description }
}

extension Workspace {
    /// Takes what knows the token of clusters that name no secret.
    public func findClusterToken(
        by find: @escaping @Sendable () throws(Diagnostic) -> ClusterToken?
    ) {
        secrets.useToken(find)
    }
}
