import Foundation

/// Takes secrets out of text before it is stored or logged.
enum Redaction {
    /// What stands for a secret.
    static let mark = "‹secret›"

    /// Text without one of these has no secret in it; most lines end here.
    private static let triggers = [
        "key", "token", "passw", "secret", "bearer", "sk-", "hf_", "://",
    ]

    private static let name = #"(?!secret:\w)[\w-]*(?:key|token|password|passwd|secret)"#
    private static let value = #"(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'|;&]+)"#

    /// Patterns whose first group stays and whose rest is replaced.
    ///
    /// References to secrets and variables are no secrets, and `==` compares.
    private static let assignments = [
        #"(?i)((?<![\w-])"?\#(name)"?\s*[=:]\s*)(?!=)(?!["']?(?:secret:|\$|\{\{))"# + value,
        #"(?i)((?<!\S)--\#(name)\s+)(?!-)(?!["']?(?:secret:|\$|\{\{))"# + value,
    ].compactMap { try? NSRegularExpression(pattern: $0) }
    private static let tokens = [
        #"(?i)(\bbearer\s+)[^\s"']+"#,
        #"((?<![A-Za-z0-9])(?:sk-|hf_))[A-Za-z0-9_-]{8,}"#,
        #"(://)[^\s/@:]+:[^\s/@]+(?=@)"#,
    ].compactMap { try? NSRegularExpression(pattern: $0) }

    /// Returns the text with a mark in place of secrets.
    ///
    /// Secrets are the values of names that end in key, token, password or secret (`api_key=…`,
    /// `--password …`, `"token": …`), what follows `Bearer`, keys such as `sk-…` and `hf_…`, and passwords
    /// in addresses. In `where` and `derive` such names are columns, and only the last three are looked for.
    static func redact(_ text: String) -> String {
        let lowered = text.lowercased()
        guard triggers.contains(where: { lowered.contains($0) }) else { return text }
        let isExpression = text.hasPrefix("where ") || text.hasPrefix("derive ")
        var result = text
        for expression in (isExpression ? [] : assignments) + tokens {
            result = expression.stringByReplacingMatches(
                in: result,
                range: NSRange(result.startIndex..., in: result),
                withTemplate: "$1\(mark)"
            )
        }
        return result
    }
}
