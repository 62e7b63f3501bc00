import CTransformerKernels

/// RMSNorm (arXiv:1910.07467) without a bias, LayerNorm (arXiv:1607.06450) with one.
///
/// y = (x − mean) / √(mean square of that + ε) · weight + bias for each row of `[T, D]`; RMSNorm leaves the
/// mean and the bias out.
struct Normalization: Sendable {
    /// What the way back needs of a pass: `[T]` each.
    final class Kept {
        fileprivate let means = GrowingBuffer()
        fileprivate let inverses = GrowingBuffer()
    }

    let weight: FloatView
    let bias: FloatView?
    let epsilon: Float

    var width: Int { weight.count }

    /// Writes the normalised rows of `x`, `[rows, D]`, as an operand.
    func forward(_ x: UnsafePointer<Float>, rows: Int, into operand: Operand, kept: Kept) {
        fettle_normalise(
            x,
            weight.pointer,
            bias?.pointer,
            rows,
            width,
            epsilon,
            operand.pointer,
            operand.precision.half,
            kept.means.floats(rows),
            kept.inverses.floats(rows)
        )
    }

    /// Adds the gradient with respect to `x` to `dx`; `dy` is that of the output, `[rows, D]`.
    func backward(
        _ x: UnsafePointer<Float>,
        dy: UnsafePointer<Float>,
        rows: Int,
        kept: Kept,
        dx: UnsafeMutablePointer<Float>,
        gradient: FloatBuffer?
    ) {
        fettle_normalise_backward(
            x,
            weight.pointer,
            bias == nil ? nil : kept.means.floats(rows),
            kept.inverses.floats(rows),
            dy,
            rows,
            width,
            dx,
            weight.place(in: gradient),
            bias?.place(in: gradient)
        )
    }
}

/// Floats somewhere in a buffer; those of trained parameters know their place among the gradients.
struct FloatView: Sendable {
    let buffer: FloatBuffer
    let offset: Int
    let count: Int
    let isTrained: Bool

    init(_ values: [Float]) {
        buffer = FloatBuffer(values)
        offset = 0
        count = values.count
        isTrained = false
    }

    init(_ parameters: Parameters, _ slot: Parameters.Slot) {
        self.init(parameters, slot.range)
    }

    init(_ parameters: Parameters, _ range: Range<Int>) {
        buffer = parameters.values
        offset = range.lowerBound
        count = range.count
        isTrained = true
    }

    var pointer: UnsafeMutablePointer<Float> { buffer.pointer + offset }

    /// Returns where the gradient of these numbers is summed, or nil when they are frozen.
    func place(in gradient: FloatBuffer?) -> UnsafeMutablePointer<Float>? {
        isTrained ? gradient.map { $0.pointer + offset } : nil
    }
}
