import CTransformerKernels
import FettleCore
import FettleModelFiles

/// Tokens through the network on one thread, with nothing kept for a way back.
final class InferencePass {
    let network: TransformerNetwork
    private let space: Workspace
    private let kept = TransformerLayer.Kept()
    private let residual = GrowingBuffer()
    private let norm = Normalization.Kept()

    init(_ network: TransformerNetwork, adapter: LowRankAdapter?) {
        self.network = network
        space = Workspace(network.configuration, adapter: adapter)
    }

    /// Takes a batch through all layers and calls `body` with the logits `[V]` after each wanted row, in their order.
    ///
    /// - Throws: what `check` throws, between layers; what ``TransformerNetwork/pack()`` throws.
    func run(
        _ batch: PackedBatch,
        wanted: [Int],
        check: () throws -> Void,
        _ body: (_ place: Int, _ logits: UnsafeBufferPointer<Float>) throws -> Void
    ) throws {
        try network.pack()
        let width = network.configuration.width
        let vocabulary = network.configuration.vocabularySize
        let x = residual.floats(batch.rows * width)
        try network.embedding.forward(batch, into: x)
        (x + batch.count * width).update(repeating: 0, count: (batch.rows - batch.count) * width)
        for layer in network.layers {
            try check()
            layer.forward(x, into: x, batch: batch, kept: kept, in: space)
        }
        for start in stride(from: 0, to: wanted.count, by: network.output.block) {
            try check()
            let some = wanted[start..<min(start + network.output.block, wanted.count)]
            let chosen = space.chosen.floats(some.count * width)
            for (place, row) in some.enumerated() {
                (chosen + place * width).update(from: x + row * width, count: width)
            }
            let normed = space.chosenOperand.operand(some.count * width, network.precision)
            network.finalNorm.forward(chosen, rows: some.count, into: normed, kept: norm)
            let logits = space.logits.floats(some.count * vocabulary)
            network.output.forward(normed, rows: some.count, into: logits, in: space)
            for place in some.indices {
                let row = logits + (place - start) * vocabulary
                try body(place, UnsafeBufferPointer(start: row, count: vocabulary))
            }
        }
    }

    /// A cache for this network.
    func cache(capacity: Int) -> KeyValueCache {
        KeyValueCache(network, capacity: capacity)
    }
}

extension KeyValueCache {
    convenience init(_ network: TransformerNetwork, capacity: Int) {
        let configuration = network.configuration
        self.init(
            layers: configuration.layers,
            width: configuration.keyValueHeads * configuration.headDimension,
            capacity: capacity
        )
    }
}

/// The natural logarithms of probabilities from a row of logits.
struct LogProbabilities {
    let logits: UnsafeBufferPointer<Float>
    private let logSum: Float

    init(_ logits: UnsafeBufferPointer<Float>) {
        self.logits = logits
        logSum = logits.baseAddress.map { fettle_log_sum_exp($0, logits.count) } ?? 0
    }

    subscript(token: Int32) -> Float { logits[Int(token)] - logSum }

    /// Returns the likeliest tokens, the likeliest first; of equally likely ones the smaller number first.
    func top(_ count: Int) -> [TokenLogprob] {
        guard count > 0 else { return [] }
        var best: [TokenLogprob] = []
        for (token, logit) in logits.enumerated()
        where best.count < count || logit - logSum > best[best.count - 1].logprob {
            let candidate = TokenLogprob(token: Int32(token), logprob: logit - logSum)
            let place = best.firstIndex { $0.logprob < candidate.logprob } ?? best.count
            best.insert(candidate, at: place)
            if best.count > count { best.removeLast() }
        }
        return best
    }
}

/// A token and the natural logarithm of its probability after those before it.
public struct TokenLogprob: Hashable, Sendable {
    /// The token.
    public let token: Int32
    /// ln p.
    public let logprob: Float

    /// Makes a pair.
    public init(token: Int32, logprob: Float) {
        self.token = token
        self.logprob = logprob
    }
}
