public import FettleModelFiles
import Synchronization

/// The weights of a transformer, arranged for computing; threads share it.
///
/// Shapes: T tokens of a batch, D the width, V the vocabulary. A pass takes tokens to `[T, D]` rows layer by
/// layer; the output matrix `[V, D]` is applied only to the rows of which a probability is wanted.
public final class TransformerNetwork: Sendable {
    /// What the network is for: it decides what is packed, and how much memory that takes.
    public enum Purpose: Hashable, Sendable {
        /// Asking only.
        case inference
        /// Training adapters on frozen weights, and asking.
        case adapters
        /// Training all weights, in single precision.
        case allWeights
        /// Training the output matrix and the norm before it, in single precision.
        case head
    }

    /// The sizes.
    public let configuration: ModelConfiguration
    /// What the products take.
    public let precision: Precision
    /// What it was made for.
    public let purpose: Purpose
    let names: TensorNames
    let embedding: Embedding
    let layers: [TransformerLayer]
    let finalNorm: Normalization
    let output: OutputMatrix
    /// What is trained apart from adapters; empty where nothing is.
    let parameters: Parameters

    private let threads: Int
    private let isPacked = Mutex(false)

    /// Reads and arranges the weights of a model.
    ///
    /// The matrices of a network that is only asked are packed at its first batch: ``pack()``.
    ///
    /// - Parameters:
    ///   - configuration: the sizes, which the tensors' shapes must match.
    ///   - weights: the tensors by Hugging Face's names.
    ///   - precision: what products take; training of weights wants `float32`.
    ///   - purpose: what the network is for.
    ///   - threads: how many threads read and pack.
    /// - Throws: `model-corrupt` for a missing tensor or one of another shape, `library-missing`,
    ///   `out-of-memory`, `CancellationError`.
    public init(
        configuration: ModelConfiguration,
        weights: ModelWeights,
        precision: Precision = .fastest,
        purpose: Purpose = .inference,
        threads: Int = 2
    ) throws {
        try MatrixLibrary.load()
        let trainsWeights = purpose == .allWeights || purpose == .head
        let builder = try NetworkBuilder(
            configuration: configuration,
            weights: weights,
            precision: trainsWeights ? .float32 : precision,
            purpose: purpose
        )
        self.configuration = configuration
        self.precision = builder.precision
        self.purpose = purpose
        names = builder.names
        parameters = builder.parameters
        embedding = try builder.embedding()
        finalNorm = try builder.norm(names.finalNorm)
        var layers: [TransformerLayer] = []
        for index in 0..<configuration.layers { layers.append(try builder.layer(index)) }
        self.layers = layers
        output = try builder.output()
        self.threads = min(max(1, threads), 256)
        if purpose != .inference { try pack() }
    }

    /// Packs the matrices, which is nearly all of the work before a first batch, on several threads; returns at
    /// once when they are.
    ///
    /// - Throws: `model-unreadable`, `out-of-memory`, `CancellationError`.
    func pack() throws {
        try isPacked.withLock { isPacked in
            guard !isPacked else { return }
            // The output matrix is the largest, so it comes first.
            let matrices = ([output.weights] + linears.map(\.weights)).compactMap { weights in
                if case .frozen(let matrix) = weights { matrix } else { nil }
            }
            let next = Atomic(0)
            try inLanes(threads) { _, cancellation in
                while true {
                    let number = next.add(1, ordering: .relaxed).oldValue
                    guard number < matrices.count else { return }
                    try cancellation.check()
                    try matrices[number].pack()
                }
            }
            isPacked = true
        }
    }

    /// What was trained of the weights, by Hugging Face's names, `[out, in]`; empty beside adapters.
    public func trainedWeights() -> ModelWeights {
        ModelWeights(
            parameters.slots.map { slot in
                let numbers = UnsafeBufferPointer(
                    start: parameters.pointer(slot),
                    count: slot.count
                )
                return (slot.name, slot.shape, Array(numbers))
            }
        )
    }

    /// The names by which adapters choose projections, in the order of a layer.
    public var projections: [String] { names.projections }

    /// The linear layers in order.
    var linears: [Linear] { layers.flatMap(\.linears) }
}
