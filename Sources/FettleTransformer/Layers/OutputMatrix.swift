import CTransformerKernels

/// Logits `[M, V]` of the rows of which a probability is wanted, `[M, D]`: h Wᵀ.
struct OutputMatrix: Sendable {
    let vocabulary: Int
    let width: Int
    let precision: Precision
    let weights: Linear.Weights

    /// Rows whose logits are in memory at a time: few, as a vocabulary has 50,000 to 250,000 tokens.
    var block: Int { max(1, min(64, 4_000_000 / vocabulary)) }

    /// Writes the logits of at most ``block`` rows.
    func forward(
        _ h: Operand,
        rows: Int,
        into logits: UnsafeMutablePointer<Float>,
        in space: Workspace
    ) {
        let left = MatrixShape(rows, width, precision)
        switch weights {
        case .frozen(let matrix):
            space.products.multiply(h.pointer, left, by: matrix.forward, into: logits)
        case .trained(let view):
            let right = MatrixShape(vocabulary, width, .float32).transposed
            space.products.multiply(h.pointer, left, by: view.pointer, right, into: logits)
        }
    }

    /// Computes the gradient of the rows, `[rows, D]`, and adds that of a trained matrix.
    func backward(
        _ h: Operand,
        dLogits: Operand,
        rows: Int,
        dh: UnsafeMutablePointer<Float>,
        gradient: FloatBuffer,
        in space: Workspace
    ) {
        let left = MatrixShape(rows, vocabulary, precision)
        switch weights {
        case .frozen(let matrix):
            space.products.multiply(dLogits.pointer, left, by: matrix.backward, into: dh)
        case .trained(let view):
            let right = MatrixShape(vocabulary, width, .float32)
            space.products.multiply(dLogits.pointer, left, by: view.pointer, right, into: dh)
            guard let place = view.place(in: gradient) else { return }
            space.products.multiply(
                dLogits.pointer,
                left.transposed,
                by: h.pointer,
                MatrixShape(rows, width, .float32),
                into: place,
                accumulate: true
            )
        }
    }
}
