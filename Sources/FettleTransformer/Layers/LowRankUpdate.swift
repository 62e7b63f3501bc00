import CTransformerKernels

/// What an adapter adds to a linear layer: y += s · dropout(x) Aᵀ B (LoRA, arXiv:2106.09685), `s` = alpha / rank.
///
/// The projections that share an x share one A, `[R, K]`, their ranks one below the other. B is kept the other
/// way around than in files, `[rank, out]` for each projection: so its gradient is a product written in place.
/// A dense `[R, N]` with zeros between the projections stands in for them in the products with y.
struct LowRankUpdate: Sendable {
    struct Part: Sendable {
        /// Rows of A.
        let ranks: Range<Int>
        /// Columns of y.
        let outputs: Range<Int>
        /// B's values, `[rank, out]`.
        let up: FloatView
    }

    /// What the way back needs of a pass.
    final class Kept {
        fileprivate let dropped = GrowingBuffer()
        fileprivate let projected = GrowingBuffer()
        fileprivate let gradient = GrowingBuffer()
        fileprivate var seed: UInt64 = 0
    }

    let index: Int
    let inputs: Int
    let outputs: Int
    let scale: Float
    let dropout: Float
    let precision: Precision
    /// A, `[R, K]`, all projections.
    let down: FloatView
    let parts: [Part]
    private let downOperand: SharedOperand
    private let upOperand: SharedOperand

    init(
        index: Int,
        inputs: Int,
        outputs: Int,
        scale: Float,
        dropout: Float,
        precision: Precision,
        down: FloatView,
        parts: [Part]
    ) {
        self.index = index
        self.inputs = inputs
        self.outputs = outputs
        self.scale = scale
        self.dropout = dropout
        self.precision = precision
        self.down = down
        self.parts = parts
        downOperand = SharedOperand(down.count, precision)
        upOperand = SharedOperand((parts.last?.ranks.upperBound ?? 0) * outputs, precision)
        refresh()
    }

    var rank: Int { parts.last?.ranks.upperBound ?? 0 }

    /// Takes the parameters as they are for the products that follow.
    func refresh() {
        downOperand.operand.take(down.pointer, count: down.count)
        for part in parts {
            for (place, row) in part.ranks.enumerated() {
                upOperand.operand.advanced(by: row * outputs + part.outputs.lowerBound).take(
                    part.up.pointer + place * part.outputs.count,
                    count: part.outputs.count
                )
            }
        }
    }

    /// Takes x to the ranks, s · dropout(x) Aᵀ, `[rows, R]`: elements are dropped where the space trains and
    /// the adapter drops any.
    func project(_ x: Operand, rows: Int, kept: Kept, in space: Workspace) {
        if let seed = space.dropoutSeed, dropout > 0 {
            kept.seed = seed &+ UInt64(index) &* 0xD129_0EAA_5F0C_9B1D
            let count = rows * inputs
            fettle_drop_operand(
                x.pointer,
                count,
                kept.seed,
                dropout,
                precision.half,
                kept.dropped.operand(count, precision).pointer
            )
        }
        let projected = space.lowRank.floats(rows * rank)
        space.products.multiply(
            source(x, rows: rows, kept: kept, in: space).pointer,
            MatrixShape(rows, inputs, precision),
            by: downOperand.operand.pointer,
            MatrixShape(rank, inputs, precision).transposed,
            into: projected
        )
        kept.projected.operand(rows * rank, precision).take(
            projected,
            scale: scale,
            count: rows * rank
        )
    }

    private func source(_ x: Operand, rows: Int, kept: Kept, in space: Workspace) -> Operand {
        guard space.dropoutSeed != nil, dropout > 0 else { return x }
        return kept.dropped.operand(rows * inputs, precision)
    }

    /// Adds what ``project(_:rows:kept:in:)`` came to, times B, to some rows of y.
    func add(
        to y: UnsafeMutablePointer<Float>,
        rows: Range<Int>,
        kept: Kept,
        in space: Workspace
    ) {
        space.products.multiply(
            kept.projected.operand(rows.upperBound * rank, precision)
                .advanced(by: rows.lowerBound * rank).pointer,
            MatrixShape(rows.count, rank, precision),
            by: upOperand.operand.pointer,
            MatrixShape(rank, outputs, precision),
            into: y + rows.lowerBound * outputs,
            accumulate: true
        )
    }

    /// Takes dy to the ranks: s · dy Bᵀ, `[rows, R]`.
    func projectGradient(_ dy: Operand, rows: Int, kept: Kept, in space: Workspace) {
        let projected = space.lowRank.floats(rows * rank)
        space.products.multiply(
            dy.pointer,
            MatrixShape(rows, outputs, precision),
            by: upOperand.operand.pointer,
            MatrixShape(rank, outputs, precision).transposed,
            into: projected
        )
        kept.gradient.operand(rows * rank, precision).take(
            projected,
            scale: scale,
            count: rows * rank
        )
    }

    /// Adds what goes back through A to the rows of dx.
    func addInputGradient(
        rows: Range<Int>,
        dx: UnsafeMutablePointer<Float>,
        kept: Kept,
        in space: Workspace
    ) {
        let drops = space.dropoutSeed != nil && dropout > 0
        let target = dx + rows.lowerBound * inputs
        let out = drops ? space.dropped.floats(rows.count * inputs) : target
        space.products.multiply(
            kept.gradient.operand(rows.upperBound * rank, precision)
                .advanced(by: rows.lowerBound * rank).pointer,
            MatrixShape(rows.count, rank, precision),
            by: downOperand.operand.pointer,
            MatrixShape(rank, inputs, precision),
            into: out,
            accumulate: !drops
        )
        if drops {
            fettle_add_dropped(
                target,
                out,
                rows.lowerBound * inputs,
                rows.count * inputs,
                kept.seed,
                dropout
            )
        }
    }

    /// Adds the gradients of A and B.
    func addGradients(
        _ x: Operand,
        dy: Operand,
        rows: Int,
        kept: Kept,
        gradient: FloatBuffer,
        in space: Workspace
    ) {
        if let place = down.place(in: gradient) {
            space.products.multiply(
                kept.gradient.operand(rows * rank, precision).pointer,
                MatrixShape(rows, rank, precision).transposed,
                by: source(x, rows: rows, kept: kept, in: space).pointer,
                MatrixShape(rows, inputs, precision),
                into: place,
                accumulate: true
            )
        }
        let projected = kept.projected.operand(rows * rank, precision)
        for part in parts {
            guard let place = part.up.place(in: gradient) else { continue }
            let left = MatrixShape(rows, part.ranks.count, precision, rowStride: rank)
            let right = MatrixShape(rows, part.outputs.count, precision, rowStride: outputs)
            space.products.multiply(
                projected.advanced(by: part.ranks.lowerBound).pointer,
                left.transposed,
                by: dy.advanced(by: part.outputs.lowerBound).pointer,
                right,
                into: place,
                accumulate: true
            )
        }
    }
}

/// An operand that threads read while a step runs and that is written between steps.
final class SharedOperand: @unchecked Sendable {
    let operand: Operand

    init(_ count: Int, _ precision: Precision) {
        let bytes = max(count, 1) * precision.bytes
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        operand = Operand(pointer: memory, precision: precision)
    }

    deinit { operand.pointer.deallocate() }
}
