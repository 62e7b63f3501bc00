import CTransformerKernels
import FettleCore
import FettleModelFiles

/// The rows that stand for tokens, and for positions where those are learnt.
///
/// Frozen rows are decoded from the model's file as they are wanted: few of them are in a batch, and the matrix
/// is the largest there is.
struct Embedding: Sendable {
    let width: Int
    let name: String
    let weights: ModelWeights
    /// `[V, D]` where it is trained.
    let trained: FloatView?
    /// `[positions, D]` where positions are learnt.
    let positions: FloatView?

    /// Writes a row for each token, `[T, D]`.
    ///
    /// - Throws: `model-unreadable` when the file changed.
    func forward(_ batch: PackedBatch, into x: UnsafeMutablePointer<Float>) throws(Diagnostic) {
        for (row, token) in batch.tokens.enumerated() {
            let place = x + row * width
            if let trained {
                place.update(from: trained.pointer + Int(token) * width, count: width)
            } else {
                let target = UnsafeMutableBufferPointer(start: place, count: width)
                try weights.readRows(name, Int(token)..<Int(token) + 1, into: target)
            }
            if let positions {
                let position = Int(batch.positions[row])
                fettle_add_scaled(place, positions.pointer + position * width, 1, width)
            }
        }
    }

    /// Adds the gradient of each token's row, `[T, D]`, to those of the tables.
    func backward(_ batch: PackedBatch, dx: UnsafePointer<Float>, gradient: FloatBuffer) {
        for (row, token) in batch.tokens.enumerated() {
            let from = dx + row * width
            if let place = trained?.place(in: gradient) {
                fettle_add_scaled(place + Int(token) * width, from, 1, width)
            }
            if let place = positions?.place(in: gradient) {
                fettle_add_scaled(place + Int(batch.positions[row]) * width, from, 1, width)
            }
        }
    }
}
