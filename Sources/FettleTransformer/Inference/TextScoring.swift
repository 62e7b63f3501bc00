import FettleCore
import Synchronization

extension LanguageModel {
    /// Returns the tokens of a text but the first, each with its probability after those before it and with the
    /// `top` likeliest tokens of its place.
    ///
    /// - Throws: `bad-token`, `prompt-too-long`, `CancellationError`.
    public func scoredTokens(of text: [Int32], top: Int) throws -> [GeneratedToken] {
        try check(text)
        guard text.count > 1 else { return [] }
        let found = Mutex([GeneratedToken?](repeating: nil, count: text.count - 1))
        let probe = Probe(tokens: text, places: Array(0..<text.count - 1))
        try self.probe([probe]) { _, place, chances in
            let token = text[place + 1]
            let scored = GeneratedToken(
                token: token,
                logprob: chances[token],
                top: chances.top(top)
            )
            found.withLock { $0[place] = scored }
        }
        return found.withLock { $0.compactMap(\.self) }
    }
}
