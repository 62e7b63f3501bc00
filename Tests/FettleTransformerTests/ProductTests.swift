import CTransformerKernels
import Testing

@testable import FettleTransformer

/// Products of matrices in both precisions, on processors with bf16 and without.
struct ProductTests {
    private static let (m, k, n) = (5, 37, 19)

    init() throws { try MatrixLibrary.load() }

    /// Numbers that halves cannot hold.
    private static func numbers(_ count: Int, _ step: Float) -> [Float] {
        (0..<count).map { Float($0 % 23) * step - 1.37 }
    }

    private static func rounded(_ values: [Float]) -> [UInt16] {
        var halves = [UInt16](repeating: 0, count: values.count)
        fettle_to_operand(values, 1, values.count, &halves, 1)
        return halves
    }

    private static func held(_ values: [Float], _ precision: Precision) -> [Double] {
        guard precision == .bfloat16 else { return values.map(Double.init) }
        return rounded(values).map { Double(Float(bitPattern: UInt32($0) << 16)) }
    }

    @Test(arguments: Precision.allCases, [false, true])
    func productIsThatOfTheRoundedNumbers(precision: Precision, packs: Bool) throws {
        let (m, k, n) = (Self.m, Self.k, Self.n)
        let left = Self.numbers(m * k, 0.1237)
        // As it stands among tensors: [N, K].
        let right = Self.numbers(n * k, 0.0791)
        let (a, b) = (Self.held(left, precision), Self.held(right, precision))
        let shape = MatrixShape(n, k, packs ? .float32 : precision).transposed
        let products = MatrixProducts()
        var found = [Float](repeating: 1, count: m * n)
        func multiply(_ x: UnsafeRawPointer, _ w: UnsafeRawPointer) throws {
            let leftShape = MatrixShape(m, k, precision)
            guard packs else {
                return products.multiply(x, leftShape, by: w, shape, into: &found, accumulate: true)
            }
            let matrix = try PackedMatrix(
                w.assumingMemoryBound(to: Float.self),
                shape,
                as: precision
            )
            products.multiply(x, leftShape, by: matrix, into: &found, accumulate: true)
        }
        let (x, w) = (Self.rounded(left), Self.rounded(right))
        switch (precision, packs) {
        case (.float32, _): try multiply(left, right)
        case (.bfloat16, true): try multiply(x, right)
        case (.bfloat16, false): try multiply(x, w)
        }
        for row in 0..<m {
            for column in 0..<n {
                let sum = (0..<k).reduce(1.0) { $0 + a[row * k + $1] * b[column * k + $1] }
                let difference = abs(Double(found[row * n + column]) - sum)
                #expect(difference < 1e-4, "[\(row), \(column)]")
            }
        }
    }
}
