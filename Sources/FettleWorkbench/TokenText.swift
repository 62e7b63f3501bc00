import FettleCore
import FettleTokenizers

/// How prompts and completions become tokens for a model; the same when it is tuned and when it is asked.
struct TokenText: Sendable {
    /// Tokens at the end of a prompt that stay when it is cut: the ending that prompts have in common.
    private static let keptEnding = 16

    let tokenizer: Tokenizer
    /// The tokens that end a completion.
    let ends: [Int32]
    /// Most tokens of a prompt; a longer one loses its middle.
    let promptTokens: Int
    /// Whether the end of a completion is one more token of it: where one label begins another, and where
    /// completions are written freely.
    let marksEnds: Bool
    /// How it reads conversations, where its prompts are made of those.
    var chat: ChatText?

    /// Returns the tokens of a prompt, at least one.
    func prompt(_ text: String) -> [Int32] {
        let tokens =
            chat == nil
            ? tokenizer.prefix + tokenizer.encode(text)
            : tokenizer.encode(text, specials: .asTokens)
        guard tokens.count > promptTokens else {
            return tokens.isEmpty ? [ends.first ?? 0] : tokens
        }
        let ending = min(Self.keptEnding, promptTokens / 2)
        return tokens[..<(promptTokens - ending)] + tokens.suffix(ending)
    }

    /// Returns the tokens of a completion, encoded apart from the prompt.
    func label(_ text: String) -> [Int32] {
        tokenizer.encode(chat?.trims == true ? text.withoutOuterBlanks : text)
            + (marksEnds ? ends.prefix(1) : [])
    }

    /// Whether one of these texts' tokens begin those of another.
    static func overlap(_ texts: [[Int32]]) -> Bool {
        let sorted = texts.sorted { $0.lexicographicallyPrecedes($1) }
        return zip(sorted, sorted.dropFirst()).contains { $1.starts(with: $0) }
    }
}
