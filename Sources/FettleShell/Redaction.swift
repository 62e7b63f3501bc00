import FettleCore
import FettleLanguage
import Foundation

/// Takes secrets out of text before it is stored or logged.
enum Redaction {
    /// What stands for a secret.
    static let mark = "‹secret›"

    /// Text without one of these has no secret in it; most lines end here.
    private static let triggers = [
        "key", "token", "passw", "secret", "bearer", "sk-", "hf_", "://",
    ]

    /// Verbs whose arguments name columns, values and texts, where `key=` is no secret.
    private static let verbsOfData: Set<String> = [
        "where", "derive", "relabel", "format", "select", "split", "dedupe", "stats", "sample",
        "balance", "drop", "rows", "ask",
    ]

    private static let name =
        #"(?<![\w-])(?!secret:\w)(?:[\w-]*[_-])?(?:key|apikey|token|password|passwd|secret)"#
    private static let value =
        #"(?:"""[\s\S]*?"""|<<~?'?(\w+)[\s\S]*|"(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$)|[^\s"'|;&]+)"#

    /// Patterns whose first group stays and whose rest is replaced.
    ///
    /// References to secrets and variables are no secrets, and `==` compares.
    private static let assignments = [
        #"(?i)("?\#(name)"?\s*[=:]\s*)(?!=)(?!["']?(?:secret:|\$|\{\{))"# + value,
        #"(?i)(--(?:[\w-]*-)?(?:key|token|password|passwd|secret)\s+)(?!-)(?!["']?(?:secret:|\$))"#
            + value,
    ].map(compiled)
    private static let tokens = [
        #"(?i)(\bbearer\s+)[^\s"']+"#,
        #"((?<![A-Za-z0-9])(?:sk-|hf_))[A-Za-z0-9_-]{8,}"#,
        #"(://)[^\s/@]+(?=@)"#,
    ].map(compiled)

    /// Compiles a pattern; one that is wrong must not pass for one that finds nothing.
    private static func compiled(_ pattern: String) -> NSRegularExpression {
        do {
            return try NSRegularExpression(pattern: pattern)
        } catch {
            preconditionFailure("the pattern of secrets '\(pattern)' is wrong: \(error)")
        }
    }

    /// Returns a statement, or what one shows, with a mark in place of secrets.
    ///
    /// Secrets are the values of names that end in key, token, password or secret (`api_key=…`,
    /// `--password …`, `"token": …`), what follows `Bearer`, keys such as `sk-…` and `hf_…`, and passwords
    /// in addresses. Commands that work on data have columns of such names, and there only the last three
    /// are looked for, but for what goes to the system's shell.
    static func redact(_ text: String) -> String {
        let lowered = text.lowercased()
        guard triggers.contains(where: { lowered.contains($0) }) else { return text }
        let verb = String(text.prefix { $0.isLetter })
        // What follows the name of a secret is its value, typed where it should not be.
        if verb == "secret", let match = text.firstMatch(of: /^secret\s+set\s+\S+\s+(?=\S)/) {
            return match.output + mark
        }
        guard verbsOfData.contains(verb) else { return replace(assignments + tokens, in: text) }
        guard let shell = text.firstRange(of: "| !") else { return replace(tokens, in: text) }
        return replace(tokens, in: String(text[..<shell.lowerBound]))
            + replace(assignments + tokens, in: String(text[shell.lowerBound...]))
    }

    /// Returns what a statement shows without its secrets, and without the values of variables whose names
    /// say that they are secrets, which a table shows without an equals sign.
    static func redact(_ output: String, knowing variables: [String: Session.Value]) -> String {
        var text = output
        for (name, value) in variables {
            // Shorter values stand in too many other words.
            guard case .text(let secret, _) = value, secret.utf8.count >= 4,
                redact("let \(name)=x") != "let \(name)=x"
            else { continue }
            text = text.replacing(secret, with: mark)
        }
        return redact(text)
    }

    /// Returns a line of several statements with each redacted by itself; all of one that does not parse.
    static func redactLine(_ line: String) -> String {
        guard let script = try? CommandCatalogue.parser.parse(line) else {
            return replace(assignments + tokens, in: line)
        }
        let bytes = Array(line.utf8)
        var out = ""
        var at = 0
        for case .statement(let statement) in script.items {
            out += String(decoding: bytes[at..<statement.span.start], as: UTF8.self)
            at = statement.span.end
            out += redact(String(decoding: bytes[statement.span.start..<at], as: UTF8.self))
        }
        return out + String(decoding: bytes[at...], as: UTF8.self)
    }

    /// Whether a text holds a key by its looks, such as `sk-…`, whatever stands before it.
    static func hasToken(_ text: String) -> Bool {
        replace(tokens, in: text) != text
    }

    private static func replace(_ patterns: [NSRegularExpression], in text: String) -> String {
        patterns.reduce(text) { text, pattern in
            pattern.stringByReplacingMatches(
                in: text,
                range: NSRange(text.startIndex..., in: text),
                withTemplate: "$1\(mark)"
            )
        }
    }
}
