import CTransformerKernels
import FettleCore

/// y = x Wᵀ + b, the projections that take the same x side by side: `[T, K]` to `[T, N]`.
///
/// Frozen weights are packed for the way there and, for training, for the way back (``FrozenMatrix``); trained ones
/// are used as they stand among the parameters.
struct Linear: Sendable {
    /// One projection: its tensor's name without `.weight`, and its columns of the output.
    struct Part: Sendable {
        let name: String
        let outputs: Range<Int>
    }

    enum Weights: Sendable {
        case frozen(FrozenMatrix)
        case trained(FloatView)
    }

    /// Rows of a batch that go through at a time.
    ///
    /// Each block reads all weights, and with matrix units (AMX) a low one waits for them.
    static let block = 256

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
        update?.project(x, rows: rows, kept: kept, in: space)
        switch weights {
        case .frozen(let matrix):
            let forward = matrix.forward
            for block in blocks(rows) {
                space.products.multiply(
                    x.advanced(by: block.lowerBound * inputs).pointer,
                    MatrixShape(block.count, inputs, precision),
                    by: forward,
                    into: y + block.lowerBound * outputs,
                    accumulate: adding
                )
                update?.add(to: y, rows: block, kept: kept, in: space)
            }
        case .trained(let view):
            space.products.multiply(
                x.pointer,
                MatrixShape(rows, inputs, precision),
                by: view.pointer,
                MatrixShape(outputs, inputs, .float32).transposed,
                into: y,
                accumulate: adding
            )
            update?.add(to: y, rows: 0..<rows, kept: kept, in: space)
        }
        if let bias { fettle_add_bias(y, bias.pointer, rows, outputs) }
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
        if let dx { addInputGradient(dy, rows: rows, dx: dx, update, kept: kept, in: space) }
        update?.addGradients(x, dy: dy, rows: rows, kept: kept, gradient: gradient, in: space)
        addOwnGradients(x, dy: dy, rows: rows, gradient: gradient, in: space)
    }

    private func addInputGradient(
        _ dy: Operand,
        rows: Int,
        dx: UnsafeMutablePointer<Float>,
        _ update: LowRankUpdate?,
        kept: LowRankUpdate.Kept,
        in space: Workspace
    ) {
        switch weights {
        case .frozen(let matrix):
            let backward = matrix.backward
            for block in blocks(rows) {
                space.products.multiply(
                    dy.advanced(by: block.lowerBound * outputs).pointer,
                    MatrixShape(block.count, outputs, precision),
                    by: backward,
                    into: dx + block.lowerBound * inputs
                )
                update?.addInputGradient(rows: block, dx: dx, kept: kept, in: space)
            }
        case .trained(let view):
            space.products.multiply(
                dy.pointer,
                MatrixShape(rows, outputs, precision),
                by: view.pointer,
                MatrixShape(outputs, inputs, .float32),
                into: dx
            )
            update?.addInputGradient(rows: 0..<rows, dx: dx, kept: kept, in: space)
        }
    }

    private func blocks(_ rows: Int) -> some Sequence<Range<Int>> {
        stride(from: 0, to: rows, by: Self.block).lazy.map { $0..<min($0 + Self.block, rows) }
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
