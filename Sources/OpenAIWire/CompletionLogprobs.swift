public import FettleCore

/// The tokens of an answer: lists of one length, one entry a token.
public struct CompletionLogprobs: WireValue {
    /// The tokens' texts, leading space included.
    public var tokens: [String]
    /// The natural logarithms of their probabilities; nil for the first token of a text.
    public var tokenLogprobs: [Double?]
    /// The likeliest tokens at each place, likeliest first; nil for the first token of a text.
    public var topLogprobs: [[TokenLogprob]?]?
    /// Where each token begins, in Unicode scalars from the start of the prompt.
    public var textOffset: [Int]

    /// Makes one.
    public init(
        tokens: [String] = [],
        tokenLogprobs: [Double?] = [],
        topLogprobs: [[TokenLogprob]?]? = nil,
        textOffset: [Int] = []
    ) {
        self.tokens = tokens
        self.tokenLogprobs = tokenLogprobs
        self.topLogprobs = topLogprobs
        self.textOffset = textOffset
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        tokens = try object.strings("tokens") ?? []
        tokenLogprobs = []
        if case .array(let items)? = object.any("token_logprobs") {
            tokenLogprobs = items.map { WireObject.number($0) }
        }
        textOffset = []
        if case .array(let items)? = object.any("text_offset") {
            textOffset = items.compactMap { WireObject.integer($0) }
        }
        guard case .array(let items)? = object.any("top_logprobs") else { return }
        topLogprobs = items.map { item in
            guard case .object(let members) = item else { return nil }
            return members.compactMap { member in
                WireObject.number(member.value).map {
                    TokenLogprob(token: member.name, logprob: $0)
                }
            }
        }
    }

    /// The JSON of it; of two likeliest tokens with one text the likelier stays.
    public var json: JSONValue {
        let top = topLogprobs?.map { place -> JSONValue in
            guard let place else { return .null }
            var members: [JSONValue.Member] = []
            var seen: [String: Int] = [:]
            for entry in place {
                if let other = seen[entry.token] {
                    if case .number(let value) = members[other].value, value < entry.logprob {
                        members[other].value = wire(entry.logprob)
                    }
                } else {
                    seen[entry.token] = members.count
                    members.append(.init(entry.token, wire(entry.logprob)))
                }
            }
            return .object(members)
        }
        return .object([
            .init("tokens", wire(tokens)),
            .init("token_logprobs", .array(tokenLogprobs.map { $0.map { wire($0) } ?? .null })),
            .init("top_logprobs", top.map { .array($0) } ?? .null),
            .init("text_offset", .array(textOffset.map { wire($0) })),
        ])
    }
}
