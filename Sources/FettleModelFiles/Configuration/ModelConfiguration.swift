/// The sizes and choices that make a transformer of its tensors, whatever file tells of them.
public struct ModelConfiguration: Hashable, Sendable {
    /// A family of networks.
    public enum Architecture: String, Sendable, CaseIterable {
        /// RMSNorm, rotary positions, grouped-query attention, SwiGLU: Llama, SmolLM2, TinyLlama.
        case llama
        /// Llama with biases on the query, key and value projections: Qwen2, Qwen2.5.
        case qwen2
        /// LayerNorm, learned positions, GELU, biases everywhere: GPT-2.
        case gpt2
    }

    /// The function between the two (or three) matrices of a feed-forward layer.
    public enum Activation: String, Sendable {
        /// x · σ(x), applied to the gate of SwiGLU.
        case silu
        /// GELU by its tanh approximation, `gelu_new` of GPT-2 (arXiv:1606.08415, section 2).
        case geluTanh
    }

    /// The family.
    public var architecture: Architecture
    /// V, the rows of the token embedding.
    public var vocabularySize: Int
    /// The most tokens that one sequence has.
    public var contextLength: Int
    /// D, the length of a token's vector between layers.
    public var width: Int
    /// The number of layers.
    public var layers: Int
    /// H, the number of query heads.
    public var heads: Int
    /// The number of key and value heads, of which `heads` is a multiple.
    public var keyValueHeads: Int
    /// The length of one head's vectors; `width / heads` unless the file says otherwise.
    public var headDimension: Int
    /// F, the length of the vector inside a feed-forward layer.
    public var feedForwardWidth: Int
    /// What is added to the mean square (RMSNorm) or the variance (LayerNorm) before its root.
    public var normEpsilon: Float
    /// The rotary positions; nil where positions are learned vectors (GPT-2).
    public var rope: RopeSettings?
    /// Whether the output matrix is the token embedding itself.
    public var tiedOutput: Bool
    /// Whether the query, key and value projections have biases (Qwen2, GPT-2).
    public var attentionBias: Bool
    /// The function of the feed-forward layers.
    public var activation: Activation
    /// The token that begins a text, where the family has one.
    public var bosTokenID: Int?
    /// The tokens that end a completion, the main one first; empty where none is named.
    public var eosTokenIDs: [Int]
    /// The token that fills a batch, where one is named.
    public var padTokenID: Int?

    /// Makes a configuration; the values are taken as they are.
    public init(
        architecture: Architecture,
        vocabularySize: Int,
        contextLength: Int,
        width: Int,
        layers: Int,
        heads: Int,
        keyValueHeads: Int,
        headDimension: Int,
        feedForwardWidth: Int,
        normEpsilon: Float,
        rope: RopeSettings?,
        tiedOutput: Bool,
        attentionBias: Bool,
        activation: Activation,
        bosTokenID: Int? = nil,
        eosTokenIDs: [Int] = [],
        padTokenID: Int? = nil
    ) {
        self.architecture = architecture
        self.vocabularySize = vocabularySize
        self.contextLength = contextLength
        self.width = width
        self.layers = layers
        self.heads = heads
        self.keyValueHeads = keyValueHeads
        self.headDimension = headDimension
        self.feedForwardWidth = feedForwardWidth
        self.normEpsilon = normEpsilon
        self.rope = rope
        self.tiedOutput = tiedOutput
        self.attentionBias = attentionBias
        self.activation = activation
        self.bosTokenID = bosTokenID
        self.eosTokenIDs = eosTokenIDs
        self.padTokenID = padTokenID
    }
}
