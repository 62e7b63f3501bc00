public import FettleCore

/// How many tokens an answer took.
public struct Usage: WireValue {
    /// Tokens of the prompts.
    public var promptTokens: Int
    /// Tokens that the model gave.
    public var completionTokens: Int
    /// Both together.
    public var totalTokens: Int

    /// Makes one.
    public init(
        promptTokens: Int = 0,
        completionTokens: Int = 0,
        totalTokens: Int = 0
    ) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.totalTokens = totalTokens
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        promptTokens = try object.integer("prompt_tokens") ?? 0
        completionTokens = try object.integer("completion_tokens") ?? 0
        totalTokens = try object.integer("total_tokens") ?? 0
    }

    /// The JSON of it.
    public var json: JSONValue {
        .object([
            .init("prompt_tokens", wire(promptTokens)),
            .init("completion_tokens", wire(completionTokens)),
            .init("total_tokens", wire(totalTokens)),
        ])
    }

    /// Counts both kinds together.
    public init(prompt: Int, completion: Int) {
        self.init(
            promptTokens: prompt,
            completionTokens: completion,
            totalTokens: prompt + completion
        )
    }
}

/// What a stream tells beside the text.
public struct StreamOptions: WireValue {
    /// Whether a last chunk says how many tokens it took.
    public var includeUsage: Bool

    /// Makes one.
    public init(
        includeUsage: Bool = false
    ) {
        self.includeUsage = includeUsage
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        includeUsage = try object.flag("include_usage") ?? false
    }

    /// The JSON of it.
    public var json: JSONValue {
        .object([
            .init("include_usage", wire(includeUsage))
        ])
    }
}
