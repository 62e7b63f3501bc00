import ArgumentParser
import CDNNL
import Dispatch
import FettleTransformer
import Synchronization

/// What oneDNN reaches at the shapes of a model's frozen matrices: the limit of all that is built on it.
struct MeasureProducts: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "products",
        abstract:
            "Time the matrix products of SmolLM2-135M's layers alone, on all threads at once.",
        discussion: """
            The products are those of a pass through the layers and back with respect to the inputs, without \
            adapters: rows × K by K × N with a right-hand side packed once. Each thread goes through as \
            many copies of the weights as the model has layers, so that they are no more in the cache than \
            in tuning. Rates are those of the processor's time, so that they are right on a busy machine.
            """
    )

    @Option(help: "Threads.")
    var threads = 2

    @Option(help: "Rows of the left-hand side.")
    var rows = 256

    @Option(help: "Copies of each matrix.")
    var layers = 30

    @Option(help: "Seconds of processor for each shape and type.")
    var seconds = 1.0

    /// Inputs and outputs of the projections that are one product: q, k and v; o; gate and up; down.
    private static let projections = [(576, 960), (576, 576), (576, 3072), (1536, 576)]

    func run() throws {
        try MatrixLibrary.load()
        for (name, type) in [
            ("float32", Int32(fettle_type_f32)), ("bfloat16", Int32(fettle_type_bf16)),
        ] {
            var forward = 0.0
            var both = 0.0
            var work = 0.0
            for (inputs, outputs) in Self.projections {
                let there = try rate(inputs, outputs, type)
                let back = try rate(outputs, inputs, type)
                print(
                    "\(name), \(rows) × \(inputs) × \(outputs): \(fixed(there, 0)) GFLOP/s there, "
                        + "\(fixed(back, 0)) back"
                )
                let operations = 2e-9 * Double(inputs * outputs * 30)
                work += operations
                forward += operations / there
                both += operations / there + operations / back
            }
            print(
                "\(name), all layers: \(fixed(work / forward, 0)) GFLOP/s there, "
                    + "\(fixed(2 * work / both, 0)) there and back; at most \(fixed(1 / forward, 0)) tokens/s "
                    + "of prompts, \(fixed(1 / both, 0)) of tuning"
            )
        }
    }

    /// Returns the GFLOP/s of all threads together.
    private func rate(_ inputs: Int, _ outputs: Int, _ type: Int32) throws -> Double {
        let weights = try (0..<layers).map { try Weights(inputs, outputs, type, seed: $0) }
        let total = Mutex(0.0)
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            let rate = oneThread(weights, inputs, outputs, type)
            total.withLock { $0 += rate }
        }
        let rate = total.withLock { $0 }
        guard rate > 0 else { throw ValidationError("oneDNN offers no such product") }
        return rate
    }

    private func oneThread(
        _ weights: [Weights],
        _ inputs: Int,
        _ outputs: Int,
        _ type: Int32
    ) -> Double {
        var left = fettle_matrix(
            rows: Int64(rows),
            columns: Int64(inputs),
            row_stride: Int64(inputs),
            column_stride: 1,
            type: type
        )
        var destination = fettle_matrix(
            rows: Int64(rows),
            columns: Int64(outputs),
            row_stride: Int64(outputs),
            column_stride: 1,
            type: Int32(fettle_type_f32)
        )
        guard
            let product = fettle_product_make(&left, nil, weights[0].handle, &destination, 0)
        else { return 0 }
        defer { fettle_product_free(product) }
        let x = Bytes(rows * inputs * 4)
        let y = Bytes(rows * outputs * 4)
        let scratch = Bytes(fettle_product_scratch(product) + 64)
        func pass() {
            for matrix in weights {
                _ = fettle_product_run(product, x.base, nil, matrix.handle, y.base, scratch.base)
            }
        }
        pass()
        var passes = 0
        let start = Usage.ofThread
        var end = start
        while end < start + seconds {
            pass()
            passes += 1
            end = Usage.ofThread
        }
        return 2e-9 * Double(rows * inputs * outputs * layers * passes) / (end - start)
    }
}

/// A packed matrix of small numbers.
private final class Weights: @unchecked Sendable {
    let handle: OpaquePointer

    init(_ inputs: Int, _ outputs: Int, _ type: Int32, seed: Int) throws {
        var shape = fettle_matrix(
            rows: Int64(inputs),
            columns: Int64(outputs),
            row_stride: Int64(outputs),
            column_stride: 1,
            type: Int32(fettle_type_f32)
        )
        let values = (0..<inputs * outputs).map { Float(($0 &* 2_654_435_761 + seed) % 251) / 1000 }
        guard let handle = fettle_pack(&shape, values, type) else {
            throw ValidationError("there is no memory for the matrices")
        }
        self.handle = handle
    }

    deinit { fettle_packed_free(handle) }
}

/// Zeroed memory that begins where the library likes it.
private final class Bytes {
    let base: UnsafeMutableRawPointer

    init(_ count: Int) {
        base = .allocate(byteCount: count, alignment: 64)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: count)
    }

    deinit { base.deallocate() }
}
