import CTransformerKernels
import FettleCore

/// y = x Wᵀ + b, the projections that take the same x side by side: `[T, K]` to `[T, N]`.
///
/// Frozen weights are packed once for the way there (Wᵀ, `[K, N]`) and, for training, once for the way back
/// (W, `[N, K]`); trained ones are used as they stand among the parameters.
struct Linear: Sendable {
    /// One projection: its tensor's name without `.weight`, and its columns of the output.
    struct Part: Sendable {
        let name: String
        let outputs: Range<Int>
    }

    enum Weights: Sendable {
        case packed(forward: PackedMatrix, backward: PackedMatrix?)
        case trained(FloatView)
    }

    /// Rows of a batch that go through at a time: their outputs stay in the cache for what is added to them.
    static let block = 64

    /// Its number in the network, by which adapters find it.
    let index: Int
    let inputs: Int
    let outputs: Int
    let parts: [Part]
    let weights: Weights
    let bias: FloatView?
    let precision: Precision

    /// Computes `y`, or adds to it, for `rows` rows.
    func forward(
        _ x: Operand,
        rows: Int,
        into y: UnsafeMutablePointer<Float>,
        adding: Bool = false,
        kept: LowRankUpdate.Kept,
        in space: Workspace
    ) {
        let update = space.adapter?.updates[index]
        update?.prepare(x, rows: rows, kept: kept, in: space)
        for start in stride(from: 0, to: rows, by: Self.block) {
            let count = min(Self.block, rows - start)
            let out = y + start * outputs
            let left = MatrixShape(count, inputs, precision)
            let source = x.advanced(by: start * inputs).pointer
            switch weights {
            case .packed(let forward, _):
                space.products.multiply(source, left, by: forward, into: out, accumulate: adding)
            case .trained(let view):
                let right = MatrixShape(outputs, inputs, .float32).transposed
                space.products.multiply(
                    source,
                    left,
                    by: view.pointer,
                    right,
                    into: out,
                    accumulate: adding
                )
            }
            update?.forward(
                x,
                rows: start..<start + count,
                of: rows,
                into: y,
                kept: kept,
                in: space
            )
            if let bias { fettle_add_bias(out, bias.pointer, count, outputs) }
        }
    }

    /// Computes the gradient with respect to x, `[rows, K]`, unless `dx` is nil, and adds those of the trained
    /// numbers to `gradient`.
    func backward(
        _ x: Operand,
        dy: Operand,
        rows: Int,
        dx: UnsafeMutablePointer<Float>?,
        kept: LowRankUpdate.Kept,
        gradient: FloatBuffer,
        in space: Workspace
    ) {
        let update = space.adapter?.updates[index]
        update?.projectGradient(dy, rows: rows, kept: kept, in: space)
        if let dx {
            for start in stride(from: 0, to: rows, by: Self.block) {
                let count = min(Self.block, rows - start)
                let left = MatrixShape(count, outputs, precision)
                let source = dy.advanced(by: start * outputs).pointer
                let out = dx + start * inputs
                switch weights {
                case .packed(_, let backward):
                    guard let backward else {
                        preconditionFailure("'\(parts[0].name)' was packed for inference only")
                    }
                    space.products.multiply(source, left, by: backward, into: out)
                case .trained(let view):
                    let right = MatrixShape(outputs, inputs, .float32)
                    space.products.multiply(source, left, by: view.pointer, right, into: out)
                }
                update?.addInputGradient(rows: start..<start + count, dx: dx, kept: kept, in: space)
            }
        }
        update?.addGradients(x, dy: dy, rows: rows, kept: kept, gradient: gradient, in: space)
        addOwnGradients(x, dy: dy, rows: rows, gradient: gradient, in: space)
    }

    private func addOwnGradients(
        _ x: Operand,
        dy: Operand,
        rows: Int,
        gradient: FloatBuffer,
        in space: Workspace
    ) {
        guard case .trained(let view) = weights, let place = view.place(in: gradient) else {
            return
        }
        precondition(precision == .float32, "trained weights are single-precision")
        space.products.multiply(
            dy.pointer,
            MatrixShape(rows, outputs, .float32).transposed,
            by: x.pointer,
            MatrixShape(rows, inputs, .float32),
            into: place,
            accumulate: true
        )
        if let bias, let place = bias.place(in: gradient) {
            let floats = dy.pointer.assumingMemoryBound(to: Float.self)
            fettle_add_rows(floats, rows, outputs, place)
        }
    }
}
