import FettleCore
import FettleModelFiles
import Synchronization

/// Weights that nothing trains, tensors below each other: `[N, K]`.
///
/// They are packed when the network first takes a batch: for the way there (Wᵀ, `[K, N]`) and, for training, for the
/// way back (W, `[N, K]`). Steps of one token read them as they are in the file and need neither.
final class FrozenMatrix: Sendable {
    private let names: [String]
    private let weights: ModelWeights
    private let rows: Int
    private let inputs: Int
    private let precision: Precision
    private let goesBack: Bool
    private let packed = Mutex<(forward: PackedMatrix, backward: PackedMatrix?)?>(nil)

    init(
        _ names: [String],
        of weights: ModelWeights,
        inputs: Int,
        precision: Precision,
        goesBack: Bool
    ) throws(Diagnostic) {
        self.names = names
        self.weights = weights
        self.inputs = inputs
        self.precision = precision
        self.goesBack = goesBack
        var rows = 0
        for name in names { rows += try weights.shape(of: name)[0] }
        self.rows = rows
    }

    /// Reads and packs the numbers, unless that has been done.
    ///
    /// - Throws: `model-unreadable`, `out-of-memory`.
    func pack() throws(Diagnostic) {
        guard packed.withLock({ $0 == nil }) else { return }
        let values = FloatBuffer(rows * inputs)
        var filled = 0
        for name in names {
            let count = try weights.shape(of: name)[0]
            let place = UnsafeMutableBufferPointer(
                start: values.pointer + filled * inputs,
                count: count * inputs
            )
            try weights.readRows(name, 0..<count, into: place)
            filled += count
        }
        let shape = MatrixShape(rows, inputs, .float32)
        let forward = try PackedMatrix(values.pointer, shape.transposed, as: precision)
        let backward =
            goesBack ? try PackedMatrix(values.pointer, shape, as: precision) : nil
        packed.withLock { $0 = (forward, backward) }
    }

    /// Wᵀ, `[K, N]`.
    var forward: PackedMatrix {
        guard let forward = packed.withLock({ $0?.forward }) else {
            preconditionFailure("'\(names[0])' is not packed")
        }
        return forward
    }

    /// W, `[N, K]`.
    var backward: PackedMatrix {
        guard let backward = packed.withLock({ $0?.backward }) else {
            preconditionFailure("'\(names[0])' is not packed for training")
        }
        return backward
    }
}
