import CTransformerKernels
import FettleCore
import FettleModelFiles

/// Matrices as they stand in the model's file, for steps of one token: y = W x + b, in single precision.
///
/// A step reads every weight once, so that its time is that of memory: rows of four bits a number are read three
/// to eight times as fast as packed ones. Kinds of blocks that have no kernel are decoded once.
struct StoredLinear: Sendable {
    /// One tensor.
    struct Part: Sendable {
        fileprivate let rows: StoredRows?
        fileprivate let decoded: FloatBuffer?
        // Good as long as `rows` or `decoded`, which own it.
        fileprivate nonisolated(unsafe) let start: UnsafeRawPointer
        fileprivate let kind: Int32
        fileprivate let rowBytes: Int
        fileprivate let count: Int
        /// Where stored rows belong, or empty where they are in order.
        fileprivate let order: [Int32]
    }

    let inputs: Int
    let outputs: Int
    let parts: [Part]
    let bias: FloatView?

    /// Takes trained weights `[N, K]` as they stand among the parameters.
    init(trained view: FloatView, inputs: Int, bias: FloatView?) {
        self.inputs = inputs
        self.bias = bias
        outputs = view.count / inputs
        parts = [
            Part(
                rows: nil,
                decoded: view.buffer,
                start: UnsafeRawPointer(view.pointer),
                kind: Int32(fettle_rows_f32),
                rowBytes: inputs * 4,
                count: view.count / inputs,
                order: []
            )
        ]
    }

    /// Takes tensors as the model's file has them.
    init(
        _ names: [String],
        weights: ModelWeights,
        inputs: Int,
        bias: FloatView?
    ) throws(Diagnostic) {
        var parts: [Part] = []
        for name in names { parts.append(try Self.part(name, weights)) }
        self.parts = parts
        self.inputs = inputs
        self.bias = bias
        outputs = parts.reduce(0) { $0 + $1.count }
    }

    private static func part(_ name: String, _ weights: ModelWeights) throws(Diagnostic) -> Part {
        let count = try weights.shape(of: name)[0]
        if let rows = try weights.storedRows(of: name), let kind = kind(rows.type) {
            let start = rows.withBytes { $0.baseAddress }
            if let start {
                let order = (0..<count).map { Int32(rows.storedRow($0)) }
                let isPlain = order.enumerated().allSatisfy { $0 == Int($1) }
                return Part(
                    rows: rows,
                    decoded: nil,
                    start: start,
                    kind: kind,
                    rowBytes: rows.rowBytes,
                    count: count,
                    order: isPlain ? [] : order
                )
            }
        }
        let decoded = FloatBuffer(try weights.readFloats(name))
        return Part(
            rows: nil,
            decoded: decoded,
            start: UnsafeRawPointer(decoded.pointer),
            kind: Int32(fettle_rows_f32),
            rowBytes: decoded.count / max(count, 1) * 4,
            count: count,
            order: []
        )
    }

    private static func kind(_ type: TensorType) -> Int32? {
        switch type {
        case .float32: Int32(fettle_rows_f32)
        case .float16: Int32(fettle_rows_f16)
        case .bfloat16: Int32(fettle_rows_bf16)
        case .q80: Int32(fettle_rows_q8_0)
        case .q40: Int32(fettle_rows_q4_0)
        case .q41: Int32(fettle_rows_q4_1)
        case .q50, .q51, .q4K, .q5K, .q6K: nil
        }
    }

    /// Computes y with the members of a team, in pieces of every part's rows.
    ///
    /// `scratch` has room for the outputs, and for the sums of x over blocks after them.
    func forward(
        _ x: UnsafePointer<Float>,
        into y: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>,
        team: Team
    ) {
        let sums = scratch + outputs
        fettle_block_sums(x, inputs, sums)
        let pieces = team.count == 1 ? 1 : 4 * team.count
        team.run(pieces) { piece in
            var start = 0
            for part in parts {
                let share = (part.count + pieces - 1) / pieces
                let first = min(piece * share, part.count)
                let last = min(first + share, part.count)
                if first < last {
                    let out = (part.order.isEmpty ? y : scratch) + start + first
                    fettle_rows_times_vector(
                        part.kind,
                        part.start + first * part.rowBytes,
                        part.rowBytes,
                        last - first,
                        inputs,
                        x,
                        sums,
                        out
                    )
                }
                start += part.count
            }
        }
        var start = 0
        for part in parts {
            for (row, stored) in part.order.enumerated() {
                y[start + row] = scratch[start + Int(stored)]
            }
            start += part.count
        }
        if let bias { fettle_add_bias(y, bias.pointer, 1, outputs) }
    }

    /// Floats of scratch.
    var scratchCount: Int { outputs + inputs / 32 + 1 }
}

/// Threads that share pieces of work of some ten microseconds.
final class Team {
    private let handle: OpaquePointer
    let count: Int

    init(_ threads: Int) throws(Diagnostic) {
        guard let handle = fettle_team_start(Int32(clamping: max(1, threads))) else {
            throw Diagnostic("out-of-memory", "there is no memory for \(threads) threads")
        }
        self.handle = handle
        count = Int(fettle_team_count(handle))
    }

    deinit { fettle_team_end(handle) }

    /// Calls `work` with each piece's number, on whichever member is free, and waits for all.
    func run(_ pieces: Int, _ work: (Int) -> Void) {
        withoutActuallyEscaping(work) { work in
            var body: (Int) -> Void = work
            withUnsafeMutablePointer(to: &body) { pointer in
                fettle_team_run(
                    handle,
                    Int32(clamping: pieces),
                    { context, piece in
                        guard let context else { return }
                        context.assumingMemoryBound(to: ((Int) -> Void).self).pointee(Int(piece))
                    },
                    pointer
                )
            }
        }
    }
}
