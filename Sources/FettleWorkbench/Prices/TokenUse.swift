public import FettleCore
import FettleData

/// How many tokens examples take.
public struct TokenUse: Hashable, Sendable {
    /// The examples.
    public var examples: Int
    /// Tokens of their prompts.
    public var promptTokens: Int
    /// Tokens of their completions.
    public var completionTokens: Int
    /// What counted them; nil where no tokenizer is at hand and four bytes of text count as one token.
    public var tokenizer: String?

    /// Tokens of all examples, once.
    public var all: Int { promptTokens + completionTokens }

    /// Counts the tokens of a dataset's rows.
    ///
    /// - Parameters:
    ///   - dataset: the rows.
    ///   - format: how they become examples.
    ///   - tokenizer: what cuts text into tokens; without one four bytes count as a token.
    ///   - onProgress: called with the examples done.
    /// - Throws: what is wrong with the format, and `CancellationError`.
    public init(
        of dataset: Dataset,
        format: PromptFormat,
        by tokenizer: TextTokenizer?,
        onProgress: (Int) -> Void
    ) throws {
        let set = try ExampleSet(dataset, format: format)
        func count(_ text: String) -> Int {
            tokenizer.map { $0.parts(text).count } ?? (text.utf8.count + 3) / 4
        }
        examples = set.examples.count
        promptTokens = 0
        completionTokens = 0
        self.tokenizer = tokenizer?.name
        for (index, example) in set.examples.enumerated() {
            if index % 256 == 0 {
                try Task.checkCancellation()
                onProgress(index)
            }
            promptTokens += count(example.prompt)
            completionTokens += count(example.completion)
        }
    }
}
