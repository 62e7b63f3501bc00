public import FettleModelFiles

/// The memory that a model takes, told before any of it is taken.
///
/// In bytes; the model's file, which is mapped and shared with other programs, is not counted.
public struct MemoryEstimate: Hashable, Sendable {
    /// Weights in the layouts that products want.
    public var weights = 0
    /// What is trained: numbers, moments, and a gradient for each thread.
    public var trained = 0
    /// What passes over tokens keep and work with.
    public var passes = 0

    /// All of it.
    public var total: Int { weights + trained + passes }

    /// Estimates asking, with passes of batches and one cache of `cachedTokens` tokens.
    public init(
        asking configuration: ModelConfiguration,
        precision: Precision,
        threads: Int,
        cachedTokens: Int = 256
    ) {
        let sizes = Sizes(configuration, precision)
        weights = sizes.packed
        passes = threads * (LanguageModel.passTokens * (sizes.kept + sizes.shared) + sizes.logits)
        passes += cachedTokens * sizes.cache
    }

    /// Estimates tuning an adapter on examples of at most `longest` tokens.
    public init(
        tuning configuration: ModelConfiguration,
        precision: Precision,
        shape: AdapterShape,
        options: TuningOptions,
        longest: Int
    ) {
        let sizes = Sizes(configuration, precision)
        weights = 2 * sizes.packed
        let layers = shape.layers?.count ?? configuration.layers
        let numbers = layers * sizes.adapted(shape)
        trained = numbers * (4 * Self.copies(options) + precision.bytes)
        passes = Self.passes(sizes, configuration, options, longest)
    }

    /// Estimates tuning weights themselves, all or those of the output, on examples of at most `longest` tokens.
    public init(
        tuning configuration: ModelConfiguration,
        purpose: TransformerNetwork.Purpose,
        options: TuningOptions,
        longest: Int
    ) {
        let sizes = Sizes(configuration, .float32)
        let isHead = purpose == .head
        let matrices = configuration.layers * sizes.numbers
        let table = configuration.vocabularySize * configuration.width
        let positions = configuration.rope == nil ? configuration.contextLength : 0
        let tables = table * (configuration.tiedOutput ? 1 : 2)
        weights = isHead ? 2 * 4 * matrices : 0
        let numbers =
            isHead ? table : matrices + tables + positions * configuration.width
        // What is saved is copied first.
        trained = numbers * 4 * (Self.copies(options) + 1)
        passes = Self.passes(sizes, configuration, options, longest)
    }

    /// How often a trained number is there: itself, two moments, a gradient for each thread, the best.
    private static func copies(_ options: TuningOptions) -> Int {
        3 + options.threads + (options.keepsBest ? 1 : 0)
    }

    private static func passes(
        _ sizes: Sizes,
        _ configuration: ModelConfiguration,
        _ options: TuningOptions,
        _ longest: Int
    ) -> Int {
        let tokens = min(
            max(options.passTokens, longest),
            (options.batchSize * longest + options.threads - 1) / options.threads + longest
        )
        let residuals = 4 * configuration.width * (configuration.layers + 1)
        let kept = options.recomputes ? sizes.kept : configuration.layers * sizes.kept
        return options.threads * (tokens * (kept + residuals + sizes.shared) + sizes.logits)
    }
}

/// Bytes and numbers that follow from a configuration.
private struct Sizes {
    /// Packed weights for one direction.
    let packed: Int
    /// The numbers of a layer's matrices.
    let numbers: Int
    /// A layer's inner values of one token.
    let kept: Int
    /// Gradients and operands of one token that all layers share.
    let shared: Int
    /// Logits of the rows that are in work.
    let logits: Int
    /// Keys and values of one token.
    let cache: Int
    private let projections: [(name: String, inputs: Int, outputs: Int)]

    init(_ configuration: ModelConfiguration, _ precision: Precision) {
        let attention = Attention(configuration)
        let width = configuration.width
        let inner = configuration.feedForwardWidth
        let activation = FeedForwardActivation(kind: configuration.activation, width: inner)
        let isGPT2 = configuration.architecture == .gpt2
        projections =
            isGPT2
            ? [
                ("c_attn", width, attention.stride), ("c_proj", attention.width, width),
                ("c_fc", width, inner), ("c_proj", inner, width),
            ]
            : [
                ("q_proj", width, attention.width), ("k_proj", width, attention.keyWidth),
                ("v_proj", width, attention.keyWidth), ("o_proj", attention.width, width),
                ("gate_proj", width, inner), ("up_proj", width, inner),
                ("down_proj", inner, width),
            ]
        numbers = projections.reduce(0) { $0 + $1.inputs * $1.outputs }
        let vocabulary = configuration.vocabularySize
        packed = (configuration.layers * numbers + vocabulary * width) * precision.bytes
        // Buffers have an eighth of room.
        let halves = precision.bytes * (2 * width + attention.width + inner)
        kept = (halves + 4 * (attention.stride + width + activation.inputs)) * 9 / 8
        let wide = max(inner, attention.stride)
        let operands = precision.bytes * max(activation.inputs, attention.stride)
        shared = (4 * (wide + 2 * width + attention.width) + operands) * 9 / 8
        logits = max(1, min(64, 4_000_000 / vocabulary)) * vocabulary * (4 + precision.bytes)
        cache = 2 * 4 * configuration.layers * attention.keyWidth
    }

    /// The numbers of an adapter in one layer.
    func adapted(_ shape: AdapterShape) -> Int {
        projections.filter { shape.projections.contains($0.name) }
            .reduce(0) { $0 + shape.rank * ($1.inputs + $1.outputs) }
    }
}
