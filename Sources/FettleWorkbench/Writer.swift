public import FettleCore

/// What a model that writes can do, for everything that asks one: `ask`, `chat` and servers.
///
/// A model that only chooses among labels has none: ``TunedModel/writer`` is nil.
///
/// ```swift
/// guard let writer = model.writer else { return }
/// var options = CompletionOptions()
/// options.stop = ["\n"]
/// let completion = try writer.write(.text("The capital of France is"), options, 0) { piece in
///     print(piece.text, terminator: "")
/// }
/// completion.finishReason  // .stop
/// ```
///
/// Its closures may be called from any thread. One completion is written at a time, others wait; a prompt that
/// begins like the one before it goes on from the keys and values of that.
public struct Writer: Sendable {
    /// What the model reads.
    public enum Prompt: Hashable, Sendable {
        /// A text, whose special tokens are text like any other, after what the tokenizer puts before texts.
        ///
        /// A tuned model takes it as its examples were taken: a longer one than those loses its middle.
        case text(String)
        /// These tokens and no others.
        case tokens([Int32])
        /// A conversation, put through the model's chat template, up to where its answer begins.
        case chat([Message])
    }

    /// A part of a completion that is certain: whole characters, and none that a stop text may begin with.
    public struct Piece: Sendable {
        /// The text after that of the piece before.
        public var text: String
        /// The tokens that came since the piece before.
        public var tokens: [Completion.Token]
    }

    /// Most tokens of a prompt and its completion together.
    public var contextLength: Int
    /// The numbers of tokens are less than this.
    public var tokenCount: Int
    /// Returns the tokens of a prompt, as ``write`` reads them.
    public var tokenize: @Sendable (_ prompt: Prompt) throws(Diagnostic) -> [Int32]
    /// Returns the text of tokens without the special ones, U+FFFD where their bytes are no UTF-8.
    public var text: @Sendable (_ tokens: [Int32]) -> String
    /// Returns the bytes of a token; none for a number that no token has.
    public var bytes: @Sendable (_ token: Int32) -> [UInt8]
    /// Returns whether a token steers the model rather than stands for text.
    public var isSpecial: @Sendable (_ token: Int32) -> Bool
    /// Returns the text that the model reads of a conversation; nil for a model without a chat template.
    public var render: (@Sendable (_ messages: [Message]) throws(Diagnostic) -> String)?
    /// Returns the prompt's own tokens with their probabilities, each after those before it, and `top` of
    /// the likeliest at its place.
    ///
    /// Throws `bad-token`, `prompt-too-long`, what ``tokenize`` does, and `CancellationError`.
    public var score: @Sendable (_ prompt: Prompt, _ top: Int) throws -> [Completion.Token]
    /// Writes a completion, and calls `next` with each piece of it; what that throws ends it.
    ///
    /// `number` tells several completions of one prompt apart: each has draws of its own. Throws as
    /// ``score`` does, and `bad-sampling`; cancelled, what came until then went to `next`.
    public var write:
        @Sendable (
            _ prompt: Prompt, _ options: CompletionOptions, _ number: Int,
            _ next: (Piece) throws -> Void
        ) throws -> Completion
}
