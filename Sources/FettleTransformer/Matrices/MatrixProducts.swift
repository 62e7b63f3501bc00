import CDNNL
public import FettleCore

/// A matrix in memory: its size, and how far apart its elements are.
struct MatrixShape: Hashable {
    var rows: Int
    var columns: Int
    var rowStride: Int
    var columnStride = 1
    var precision: Precision

    init(_ rows: Int, _ columns: Int, _ precision: Precision, rowStride: Int? = nil) {
        self.rows = rows
        self.columns = columns
        self.rowStride = rowStride ?? columns
        self.precision = precision
    }

    var transposed: MatrixShape {
        var turned = self
        (turned.rows, turned.columns) = (columns, rows)
        (turned.rowStride, turned.columnStride) = (columnStride, rowStride)
        return turned
    }

    fileprivate var description: fettle_matrix {
        fettle_matrix(
            rows: Int64(rows),
            columns: Int64(columns),
            row_stride: Int64(rowStride),
            column_stride: Int64(columnStride),
            type: precision.type
        )
    }
}

extension Precision {
    fileprivate var type: Int32 {
        Int32(self == .float32 ? fettle_type_f32 : fettle_type_bf16)
    }

    /// What frozen weights are packed as: halves where the processor multiplies them faster.
    public static var fastest: Precision {
        fettle_dnnl_bf16_is_fast() != 0 ? .bfloat16 : .float32
    }
}

/// oneDNN, loaded at the first call.
public enum MatrixLibrary {
    /// Loads the library.
    ///
    /// - Throws: `library-missing` when it is not installed or not one of the versions that are known.
    public static func load() throws(Diagnostic) {
        guard let reason = fettle_dnnl_load() else { return }
        throw Diagnostic(
            "library-missing",
            "language models need oneDNN, version 2 or 3: \(String(cString: reason))",
            hint: "install it: 'apt-get install libdnnl-dev' on Debian and Ubuntu"
        )
    }
}

/// A right-hand side `[k, n]` in the layout that products like best.
final class PackedMatrix: @unchecked Sendable {
    fileprivate let handle: OpaquePointer
    let shape: MatrixShape

    /// Packs single-precision values of any strides.
    ///
    /// - Throws: `out-of-memory`.
    init(
        _ values: UnsafePointer<Float>,
        _ shape: MatrixShape,
        as precision: Precision
    ) throws(Diagnostic) {
        var source = shape.description
        guard let handle = fettle_pack(&source, values, precision.type) else {
            throw Diagnostic(
                "out-of-memory",
                "there is no memory for a matrix of \(shape.rows) × \(shape.columns) numbers"
            )
        }
        self.handle = handle
        self.shape = MatrixShape(shape.rows, shape.columns, precision)
    }

    deinit { fettle_packed_free(handle) }

    var byteCount: Int { fettle_packed_size(handle) }
}

/// Products for one thread, each shape's made once.
final class MatrixProducts {
    private struct Key: Hashable {
        let left: MatrixShape
        let right: MatrixShape
        let packed: Bool
        let destinationStride: Int
        let accumulate: Bool
    }

    private var made: [Key: OpaquePointer] = [:]
    private let scratch = GrowingBuffer()

    deinit { forget() }

    /// destination[m, n] (+)= left[m, k] × right[k, n], the right-hand side packed.
    func multiply(
        _ left: UnsafeRawPointer,
        _ leftShape: MatrixShape,
        by right: PackedMatrix,
        into destination: UnsafeMutablePointer<Float>,
        stride: Int? = nil,
        accumulate: Bool = false
    ) {
        run(leftShape, right.shape, right, stride, accumulate) { product, scratch in
            fettle_product_run(product, left, nil, right.handle, destination, scratch)
        }
    }

    /// destination[m, n] (+)= left[m, k] × right[k, n].
    func multiply(
        _ left: UnsafeRawPointer,
        _ leftShape: MatrixShape,
        by right: UnsafeRawPointer,
        _ rightShape: MatrixShape,
        into destination: UnsafeMutablePointer<Float>,
        stride: Int? = nil,
        accumulate: Bool = false
    ) {
        run(leftShape, rightShape, nil, stride, accumulate) { product, scratch in
            fettle_product_run(product, left, right, nil, destination, scratch)
        }
    }

    private func run(
        _ left: MatrixShape,
        _ right: MatrixShape,
        _ packed: PackedMatrix?,
        _ stride: Int?,
        _ accumulate: Bool,
        _ body: (OpaquePointer, UnsafeMutableRawPointer) -> Int32
    ) {
        precondition(
            left.columns == right.rows && left.precision == right.precision,
            "a product of \(left) and \(right)"
        )
        guard left.rows > 0 else { return }
        let key = Key(
            left: left,
            right: right,
            packed: packed != nil,
            destinationStride: stride ?? right.columns,
            accumulate: accumulate
        )
        let product = made[key] ?? make(key, packed)
        let failed = body(product, scratch.raw(fettle_product_scratch(product)))
        precondition(failed == 0, "the product of \(left) and \(right) failed")
    }

    private func make(_ key: Key, _ packed: PackedMatrix?) -> OpaquePointer {
        // Each holds a few kB: heights of batches are many, those of one batch few.
        if made.count >= 4096 { forget() }
        var left = key.left.description
        var right = key.right.description
        let shape = MatrixShape(
            key.left.rows,
            key.right.columns,
            .float32,
            rowStride: key.destinationStride
        )
        var destination = shape.description
        let accumulate: Int32 = key.accumulate ? 1 : 0
        let product =
            if let packed {
                fettle_product_make(&left, nil, packed.handle, &destination, accumulate)
            } else {
                fettle_product_make(&left, &right, nil, &destination, accumulate)
            }
        guard let product else {
            preconditionFailure("oneDNN offers no product of \(key.left) and \(key.right)")
        }
        made[key] = product
        return product
    }

    private func forget() {
        for product in made.values { fettle_product_free(product) }
        made.removeAll()
    }
}
