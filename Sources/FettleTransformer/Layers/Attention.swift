import CTransformerKernels
import FettleModelFiles

/// Grouped-query attention (arXiv:2305.13245) with rotary positions, between its two linear layers.
///
/// Queries, keys and values stand side by side in the rows of `[T, (H + 2 G) d]`, H query heads and G heads of
/// keys and values. Sequences are packed one after another without padding: the mask is block-diagonal and
/// causal by the bounds of each sequence, never a matrix.
struct Attention: Sendable {
    /// What the way back needs of a pass: `[T, H]`.
    final class Kept {
        fileprivate let logSums = GrowingBuffer()
    }

    let heads: Int
    let keyHeads: Int
    let dimension: Int
    /// How many dimensions of a head are turned; 0 where positions are learnt.
    let rotated: Int

    init(_ configuration: ModelConfiguration) {
        heads = configuration.heads
        keyHeads = configuration.keyValueHeads
        dimension = configuration.headDimension
        rotated = configuration.rope?.dimensions ?? 0
    }

    var width: Int { heads * dimension }
    var keyWidth: Int { keyHeads * dimension }
    /// Floats from a row to the next.
    var stride: Int { width + 2 * keyWidth }

    private func shape(rows: Int, prefix: Int) -> fettle_attention_shape {
        fettle_attention_shape(
            rows: rows,
            prefix: prefix,
            heads: heads,
            key_heads: keyHeads,
            dimension: dimension,
            stride: stride,
            prefix_stride: keyWidth,
            scale: 1 / Float(dimension).squareRoot()
        )
    }

    private func rotate(
        _ x: UnsafeMutablePointer<Float>,
        _ batch: PackedBatch,
        sign: Float,
        _ rotations: RotaryTables
    ) {
        guard rotated > 0 else { return }
        let tables = rotations.tables(positions: batch.positionLimit)
        batch.positions.withUnsafeBufferPointer { positions in
            fettle_rotate(
                x,
                stride,
                positions.count,
                heads + keyHeads,
                dimension,
                rotated,
                tables,
                positions.baseAddress,
                sign
            )
        }
    }

    /// Turns queries and keys in place and writes what each token takes from those before it, `[T, H d]`.
    ///
    /// Keys and values are put into the caches of the sequences that have one, at `layer`.
    func forward(
        _ x: UnsafeMutablePointer<Float>,
        batch: PackedBatch,
        layer: Int,
        into operand: Operand,
        kept: Kept,
        in space: Workspace
    ) {
        operand.advanced(by: batch.count * width).clear((batch.rows - batch.count) * width)
        attend(
            x,
            batch: batch,
            layer: layer,
            into: operand,
            logSums: kept.logSums.floats(batch.rows * heads),
            rotations: space.rotations,
            scratch: space.attention
        )
    }

    /// The same in memory that the caller gives.
    func attend(
        _ x: UnsafeMutablePointer<Float>,
        batch: PackedBatch,
        layer: Int,
        into operand: Operand,
        logSums: UnsafeMutablePointer<Float>,
        rotations: RotaryTables,
        scratch: GrowingBuffer
    ) {
        rotate(x, batch, sign: 1, rotations)
        for sequence in batch.sequences {
            let start = sequence.rows.lowerBound
            let q = x + start * stride
            let earlier = sequence.cache?.prefix(layer)
            var shape = shape(rows: sequence.rows.count, prefix: sequence.prefix)
            let room = scratch.floats(fettle_attention_scratch(&shape, 0))
            fettle_attention(
                &shape,
                q,
                q + width,
                q + width + keyWidth,
                earlier?.keys,
                earlier?.values,
                operand.advanced(by: start * width).pointer,
                operand.precision.half,
                logSums + start * heads,
                room
            )
            sequence.recording?.record(
                layer: layer,
                keys: q + width,
                values: q + width + keyWidth,
                rows: sequence.rows.count,
                stride: stride,
                at: sequence.prefix
            )
        }
    }

    /// Computes the gradient of the rows of `x` from that of the output, `[T, H d]`.
    func backward(
        _ x: UnsafePointer<Float>,
        batch: PackedBatch,
        dy: UnsafePointer<Float>,
        dx: UnsafeMutablePointer<Float>,
        kept: Kept,
        in space: Workspace
    ) {
        let logSums = kept.logSums.floats(batch.rows * heads)
        for sequence in batch.sequences {
            precondition(sequence.prefix == 0, "no gradient goes into a cache")
            let start = sequence.rows.lowerBound
            let q = x + start * stride
            let dq = dx + start * stride
            var shape = shape(rows: sequence.rows.count, prefix: 0)
            let scratch = space.attention.floats(fettle_attention_scratch(&shape, 1))
            fettle_attention_backward(
                &shape,
                q,
                q + width,
                q + width + keyWidth,
                logSums + start * heads,
                dy + start * width,
                dq,
                dq + width,
                dq + width + keyWidth,
                scratch
            )
        }
        (dx + batch.count * stride).update(
            repeating: 0,
            count: (batch.rows - batch.count) * stride
        )
        rotate(dx, batch, sign: -1, space.rotations)
    }
}
