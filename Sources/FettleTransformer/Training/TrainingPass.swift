import CTransformerKernels
import FettleModelFiles

/// A token whose probability counts in the loss.
struct TrainedToken: Hashable, Sendable {
    /// The row of the batch after which it comes.
    let row: Int
    let token: Int32
    /// What its loss is multiplied by: its weight over the sum of weights of the step, times its example's.
    let weight: Float
}

/// Loss and gradients of one batch on one thread.
///
/// The loss is Σ weight · −ln p(token | those before it), in nats.
final class TrainingPass {
    private let network: TransformerNetwork
    private let space: Workspace
    private let recomputes: Bool
    private var kept: [TransformerLayer.Kept] = []
    private var residuals: [GrowingBuffer] = []
    private let dResidual = GrowingBuffer()
    private let chosenNorm = Normalization.Kept()
    /// Of each trained token of the last run, whether no other was likelier.
    private(set) var isLikeliest: [Bool] = []

    /// Makes a pass.
    ///
    /// - Parameters:
    ///   - network: the weights.
    ///   - adapter: what is trained, or nil where weights are.
    ///   - recomputes: whether only each layer's input is kept and the rest computed again on the
    ///     way back: a third more work for a small part of the memory.
    init(_ network: TransformerNetwork, adapter: LowRankAdapter?, recomputes: Bool) {
        self.network = network
        self.recomputes = recomputes
        space = Workspace(network.configuration, adapter: adapter)
        kept = (0..<(recomputes ? 1 : network.layers.count)).map { _ in TransformerLayer.Kept() }
        residuals = (0...network.layers.count).map { _ in GrowingBuffer() }
    }

    private func memory(_ layer: Int) -> TransformerLayer.Kept { kept[recomputes ? 0 : layer] }

    /// Computes the loss and adds its gradients.
    ///
    /// - Throws: `CancellationError` as soon as `check` does, between layers; the gradient is then worthless.
    func run(
        _ batch: PackedBatch,
        _ targets: [TrainedToken],
        dropoutSeed: UInt64?,
        gradient: FloatBuffer,
        check: () throws -> Void
    ) throws -> Double {
        space.dropoutSeed = dropoutSeed
        let width = network.configuration.width
        let elements = batch.rows * width
        let first = residuals[0].floats(elements)
        try network.embedding.forward(batch, into: first)
        let used = batch.count * width
        (first + used).update(repeating: 0, count: elements - used)
        for (index, layer) in network.layers.enumerated() {
            try check()
            layer.forward(
                residuals[index].floats(elements),
                into: residuals[index + 1].floats(elements),
                batch: batch,
                kept: memory(index),
                in: space
            )
        }
        let dx = dResidual.floats(elements)
        dx.update(repeating: 0, count: elements)
        let loss = lossAndGradient(batch, targets, dx: dx, gradient: gradient)
        // Nothing under an output matrix of its own is trained with it.
        if network.purpose == .head, !network.configuration.tiedOutput { return loss }
        for (index, layer) in network.layers.enumerated().reversed() {
            try check()
            if recomputes && index < network.layers.count - 1 {
                layer.forward(
                    residuals[index].floats(elements),
                    into: residuals[index + 1].floats(elements),
                    batch: batch,
                    kept: memory(index),
                    in: space
                )
            }
            layer.backward(
                residuals[index].floats(elements),
                dx: dx,
                batch: batch,
                kept: memory(index),
                gradient: gradient,
                in: space
            )
        }
        network.embedding.backward(batch, dx: dx, gradient: gradient)
        return loss
    }

    /// Computes the loss of the chosen rows only, and their gradient into `dx`.
    private func lossAndGradient(
        _ batch: PackedBatch,
        _ targets: [TrainedToken],
        dx: UnsafeMutablePointer<Float>,
        gradient: FloatBuffer
    ) -> Double {
        let width = network.configuration.width
        let vocabulary = network.configuration.vocabularySize
        let last = residuals[network.layers.count].floats(batch.rows * width)
        var loss = 0.0
        isLikeliest.removeAll(keepingCapacity: true)
        for start in stride(from: 0, to: targets.count, by: network.output.block) {
            let some = targets[start..<min(start + network.output.block, targets.count)]
            let rows = some.count
            let chosen = space.chosen.floats(rows * width)
            for (place, target) in some.enumerated() {
                (chosen + place * width).update(from: last + target.row * width, count: width)
            }
            let normed = space.chosenOperand.operand(rows * width, network.precision)
            network.finalNorm.forward(chosen, rows: rows, into: normed, kept: chosenNorm)
            let logits = space.logits.floats(rows * vocabulary)
            network.output.forward(normed, rows: rows, into: logits, in: space)
            let slopes = space.logitsOperand.operand(rows * vocabulary, network.precision)
            for (place, target) in some.enumerated() {
                let row = logits + place * vocabulary
                let logSum = fettle_log_sum_exp(row, vocabulary)
                isLikeliest.append(fettle_is_largest(row, vocabulary, Int(target.token)) != 0)
                loss += Double(target.weight) * Double(logSum - row[Int(target.token)])
                fettle_softmax_gradient(
                    row,
                    vocabulary,
                    logSum,
                    Int(target.token),
                    target.weight,
                    slopes.advanced(by: place * vocabulary).pointer,
                    slopes.precision.half
                )
            }
            let dh = space.narrow.floats(rows * width)
            network.output.backward(
                normed,
                dLogits: slopes,
                rows: rows,
                dh: dh,
                gradient: gradient,
                in: space
            )
            let back = space.chosenGradient.floats(rows * width)
            back.update(repeating: 0, count: rows * width)
            network.finalNorm.backward(
                chosen,
                dy: dh,
                rows: rows,
                kept: chosenNorm,
                dx: back,
                gradient: gradient
            )
            for (place, target) in some.enumerated() {
                fettle_add_scaled(dx + target.row * width, back + place * width, 1, width)
            }
        }
        return loss
    }
}
