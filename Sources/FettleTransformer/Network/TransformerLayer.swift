import FettleCore

/// One layer: attention and a feed-forward network, each on normalised rows and added to what came in.
struct TransformerLayer: Sendable {
    /// What the way back needs of a pass; each is `[T, …]`.
    final class Kept {
        fileprivate let attentionInput = GrowingBuffer()
        fileprivate let queriesKeysValues = GrowingBuffer()
        fileprivate let attended = GrowingBuffer()
        fileprivate let middle = GrowingBuffer()
        fileprivate let feedForwardInput = GrowingBuffer()
        fileprivate let gateUp = GrowingBuffer()
        fileprivate let activated = GrowingBuffer()
        fileprivate let firstNorm = Normalization.Kept()
        fileprivate let secondNorm = Normalization.Kept()
        fileprivate let attention = Attention.Kept()
        fileprivate let updates = (0..<4).map { _ in LowRankUpdate.Kept() }
    }

    let index: Int
    let precision: Precision
    let firstNorm: Normalization
    let attentionInputs: Linear
    let attention: Attention
    let attentionOutput: Linear
    let secondNorm: Normalization
    let feedForwardInputs: Linear
    let activation: FeedForwardActivation
    let feedForwardOutput: Linear

    var width: Int { firstNorm.width }
    var linears: [Linear] {
        [attentionInputs, attentionOutput, feedForwardInputs, feedForwardOutput]
    }

    /// Computes the layer's output `[T, D]` from `x`, which may be the same memory.
    func forward(
        _ x: UnsafePointer<Float>,
        into y: UnsafeMutablePointer<Float>,
        batch: PackedBatch,
        kept: Kept,
        in space: Workspace
    ) {
        let rows = batch.rows
        let normed = kept.attentionInput.operand(rows * width, precision)
        firstNorm.forward(x, rows: rows, into: normed, kept: kept.firstNorm)
        let qkv = kept.queriesKeysValues.floats(rows * attention.stride)
        attentionInputs.forward(normed, rows: rows, into: qkv, kept: kept.updates[0], in: space)
        let attended = kept.attended.operand(rows * attention.width, precision)
        attention.forward(
            qkv,
            batch: batch,
            layer: index,
            into: attended,
            kept: kept.attention,
            in: space
        )
        let middle = kept.middle.floats(rows * width)
        middle.update(from: x, count: rows * width)
        attentionOutput.forward(
            attended,
            rows: rows,
            into: middle,
            adding: true,
            kept: kept.updates[1],
            in: space
        )

        let second = kept.feedForwardInput.operand(rows * width, precision)
        secondNorm.forward(middle, rows: rows, into: second, kept: kept.secondNorm)
        let gateUp = kept.gateUp.floats(rows * activation.inputs)
        feedForwardInputs.forward(
            second,
            rows: rows,
            into: gateUp,
            kept: kept.updates[2],
            in: space
        )
        let activated = kept.activated.operand(rows * activation.width, precision)
        activation.forward(gateUp, rows: rows, into: activated)
        y.update(from: middle, count: rows * width)
        feedForwardOutput.forward(
            activated,
            rows: rows,
            into: y,
            adding: true,
            kept: kept.updates[3],
            in: space
        )
    }

    /// Turns the gradient of the output, `[T, D]` in `dx`, into that of the input `x`.
    func backward(
        _ x: UnsafePointer<Float>,
        dx: UnsafeMutablePointer<Float>,
        batch: PackedBatch,
        kept: Kept,
        gradient: FloatBuffer,
        in space: Workspace
    ) {
        let rows = batch.rows
        let activated = kept.activated.operand(rows * activation.width, precision)
        var dy = space.operand.operand(rows * width, precision)
        dy.take(dx, count: rows * width)
        let dActivated = space.wide.floats(rows * max(activation.width, attention.stride))
        feedForwardOutput.backward(
            activated,
            dy: dy,
            rows: rows,
            dx: dActivated,
            kept: kept.updates[3],
            gradient: gradient,
            in: space
        )
        let gateUp = kept.gateUp.floats(rows * activation.inputs)
        dy = space.operand.operand(rows * activation.inputs, precision)
        activation.backward(gateUp, dy: dActivated, rows: rows, into: dy)
        let narrow = space.narrow.floats(rows * max(width, attention.width))
        feedForwardInputs.backward(
            kept.feedForwardInput.operand(rows * width, precision),
            dy: dy,
            rows: rows,
            dx: narrow,
            kept: kept.updates[2],
            gradient: gradient,
            in: space
        )
        let middle = kept.middle.floats(rows * width)
        secondNorm.backward(
            middle,
            dy: narrow,
            rows: rows,
            kept: kept.secondNorm,
            dx: dx,
            gradient: gradient
        )
        attentionBackward(x, dx: dx, batch: batch, kept: kept, gradient: gradient, in: space)
    }

    private func attentionBackward(
        _ x: UnsafePointer<Float>,
        dx: UnsafeMutablePointer<Float>,
        batch: PackedBatch,
        kept: Kept,
        gradient: FloatBuffer,
        in space: Workspace
    ) {
        let rows = batch.rows
        var dy = space.operand.operand(rows * width, precision)
        dy.take(dx, count: rows * width)
        let narrow = space.narrow.floats(rows * max(width, attention.width))
        attentionOutput.backward(
            kept.attended.operand(rows * attention.width, precision),
            dy: dy,
            rows: rows,
            dx: narrow,
            kept: kept.updates[1],
            gradient: gradient,
            in: space
        )
        let dqkv = space.wide.floats(rows * attention.stride)
        attention.backward(
            kept.queriesKeysValues.floats(rows * attention.stride),
            batch: batch,
            dy: narrow,
            dx: dqkv,
            kept: kept.attention,
            in: space
        )
        dy = space.operand.operand(rows * attention.stride, precision)
        dy.take(dqkv, count: rows * attention.stride)
        attentionInputs.backward(
            kept.attentionInput.operand(rows * width, precision),
            dy: dy,
            rows: rows,
            dx: narrow,
            kept: kept.updates[0],
            gradient: gradient,
            in: space
        )
        firstNorm.backward(
            x,
            dy: narrow,
            rows: rows,
            kept: kept.firstNorm,
            dx: dx,
            gradient: gradient
        )
    }
}
