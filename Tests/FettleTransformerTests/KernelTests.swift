import CTransformerKernels
import FettleModelFiles
import Testing

@testable import FettleTransformer

/// Gradients against differences of the values on both sides, with each width of vectors.
struct KernelTests {
    /// Numbers within ±`size`, the same for the same seed.
    private func numbers(_ count: Int, _ seed: UInt64, size: Float = 1) -> [Float] {
        var generator = SplitMix64(seed)
        return (0..<count).map { _ in (generator.unit() * 2 - 1) * size }
    }

    private func floats(_ count: Int, _ fill: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
        let buffer = FloatBuffer(count)
        fill(buffer.pointer)
        return buffer.array
    }

    /// Compares the gradient of Σ y · dy with central differences of it.
    private func expectGradient(
        _ x: [Float],
        _ gradient: [Float],
        _ dy: [Float],
        bound: Double = 5e-3,
        _ forward: ([Float]) -> [Float]
    ) {
        func value(_ x: [Float]) -> Double {
            zip(forward(x), dy).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        let step: Float = 1e-2
        let largest = gradient.map { abs(Double($0)) }.max() ?? 0
        #expect(largest > 0)
        for place in stride(from: 0, to: x.count, by: max(1, x.count / 40)) {
            var (up, down) = (x, x)
            up[place] += step
            down[place] -= step
            let slope = (value(up) - value(down)) / Double(up[place] - down[place])
            #expect(abs(slope - Double(gradient[place])) < bound * largest, "at \(place)")
        }
    }

    /// Runs a body with each width that the processor has.
    private func withEachWidth(_ body: (String) throws -> Void) rethrows {
        defer { fettle_kernels_limit(2) }
        for level in Int32(0)...2 {
            fettle_kernels_limit(level)
            try body(String(cString: fettle_kernels_name()))
        }
    }

    @Test(arguments: [false, true])
    func gradientOfANormIsItsDifference(hasBias: Bool) {
        let (rows, width) = (3, 37)
        let weight = numbers(width, 1)
        let bias = numbers(width, 2)
        let norm = Normalization(
            weight: FloatView(weight),
            bias: hasBias ? FloatView(bias) : nil,
            epsilon: 1e-5
        )
        let x = numbers(rows * width, 3)
        let dy = numbers(rows * width, 4)
        let kept = Normalization.Kept()
        func forward(_ x: [Float]) -> [Float] {
            floats(rows * width) { out in
                let operand = Operand(pointer: UnsafeMutableRawPointer(out), precision: .float32)
                norm.forward(x, rows: rows, into: operand, kept: kept)
            }
        }
        withEachWidth { _ in
            _ = forward(x)
            let gradient = floats(rows * width) {
                norm.backward(x, dy: dy, rows: rows, kept: kept, dx: $0, gradient: nil)
            }
            expectGradient(x, gradient, dy, forward)
        }
    }

    @Test(arguments: [(true, 21), (true, 32), (false, 21)])
    func gradientOfAnActivationIsItsDifference(isGated: Bool, width: Int) {
        let rows = 3
        let activation = FeedForwardActivation(kind: isGated ? .silu : .geluTanh, width: width)
        let x = numbers(rows * activation.inputs, 5, size: 3)
        let dy = numbers(rows * width, 6)
        func forward(_ x: [Float]) -> [Float] {
            floats(rows * width) { out in
                let operand = Operand(pointer: UnsafeMutableRawPointer(out), precision: .float32)
                activation.forward(x, rows: rows, into: operand)
            }
        }
        withEachWidth { _ in
            let gradient = floats(x.count) { out in
                let operand = Operand(pointer: UnsafeMutableRawPointer(out), precision: .float32)
                activation.backward(x, dy: dy, rows: rows, into: operand)
            }
            expectGradient(x, gradient, dy, forward)
        }
    }

    /// Rows over a block, heads that share keys, a dimension that is no whole vector.
    @Test(arguments: [(5, 8), (35, 20)])
    func gradientOfAttentionIsItsDifference(rows: Int, dimension: Int) {
        var shape = fettle_attention_shape(
            rows: rows,
            prefix: 0,
            heads: 4,
            key_heads: 2,
            dimension: dimension,
            stride: 8 * dimension,
            prefix_stride: 0,
            scale: 1 / Float(dimension).squareRoot()
        )
        let room = floats(fettle_attention_scratch(&shape, 1) + fettle_attention_scratch(&shape, 0))
        { _ in }
        let x = numbers(rows * 8 * dimension, 7)
        let dy = numbers(rows * 4 * dimension, 8)
        var logSums = [Float](repeating: 0, count: rows * 4)
        var scratch = room
        func forward(_ x: [Float]) -> [Float] {
            floats(rows * 4 * dimension) { out in
                x.withUnsafeBufferPointer { x in
                    guard let q = x.baseAddress else { return }
                    fettle_attention(
                        &shape,
                        q,
                        q + 4 * dimension,
                        q + 6 * dimension,
                        nil,
                        nil,
                        out,
                        0,
                        &logSums,
                        &scratch
                    )
                }
            }
        }
        withEachWidth { _ in
            _ = forward(x)
            let sums = logSums
            let gradient = floats(x.count) { out in
                x.withUnsafeBufferPointer { x in
                    guard let q = x.baseAddress else { return }
                    fettle_attention_backward(
                        &shape,
                        q,
                        q + 4 * dimension,
                        q + 6 * dimension,
                        sums,
                        dy,
                        out,
                        out + 4 * dimension,
                        out + 6 * dimension,
                        &scratch
                    )
                }
            }
            expectGradient(x, gradient, dy, bound: 2e-2, forward)
        }
    }

    @Test func rotationBackwardUndoesRotation() {
        let x = numbers(3 * 2 * 20, 9)
        let tables = numbers(20 * 5, 10).enumerated().map { index, angle in
            Float(index % 20 < 10 ? angle : 1 - angle)
        }
        let positions: [Int32] = [0, 3, 4]
        withEachWidth { _ in
            var turned = x
            fettle_rotate(&turned, 40, 3, 2, 20, 20, tables, positions, 1)
            #expect(turned != x)
            fettle_rotate(&turned, 40, 3, 2, 20, 20, tables, positions, -1)
            // The tables are no cosines and sines, so the way back is the transpose: lengths are scaled.
            for row in 0..<3 {
                let line = Int(positions[row]) * 20
                for head in 0..<2 {
                    for pair in 0..<10 {
                        let place = row * 40 + head * 20 + pair
                        let scale =
                            tables[line + pair] * tables[line + pair]
                            + tables[line + 10 + pair] * tables[line + 10 + pair]
                        #expect(abs(turned[place] - scale * x[place]) < 1e-5)
                        #expect(abs(turned[place + 10] - scale * x[place + 10]) < 1e-5)
                    }
                }
            }
        }
    }

    @Test func softmaxGradientIsItsDifference() {
        let x = numbers(53, 11, size: 4)
        func loss(_ x: [Float]) -> [Float] { [fettle_log_sum_exp(x, x.count) - x[17]] }
        withEachWidth { _ in
            let gradient = floats(x.count) {
                fettle_softmax_gradient(x, x.count, fettle_log_sum_exp(x, x.count), 17, 1, $0, 0)
            }
            expectGradient(x, gradient, [1], loss)
            #expect(abs(gradient.reduce(0, +)) < 1e-5)
        }
    }

    @Test func logarithmOfASumOfExponentialsIsExactAtTheEnds() {
        withEachWidth { _ in
            #expect(fettle_log_sum_exp([500, 500], 2) == 500 + 0.6931472)
            #expect(fettle_log_sum_exp([-500], 1) == -500)
            let wide = [Float](repeating: -1000, count: 40) + [3]
            #expect(fettle_log_sum_exp(wide, 41) == 3)
        }
    }

    @Test func halvesAreRoundedToEven() {
        // 1 + 1/256 lies halfway between two halves, 1 + 3/256 too: the even one is taken.
        let x: [Float] = [1 + 1 / 256, 1 + 3 / 256, -2, 0.1] + [Float](repeating: 3, count: 20)
        withEachWidth { _ in
            var halves = [UInt16](repeating: 0, count: x.count)
            fettle_to_operand(x, 1, x.count, &halves, 1)
            #expect(halves[..<4] == [0x3F80, 0x3F82, 0xC000, 0x3DCD])
            #expect(halves[4...].allSatisfy { $0 == 0x4040 })
        }
    }

    @Test func droppedElementsAreTheSameBothWaysAndKeepTheMean() {
        let ones = [Float](repeating: 1, count: 10_000)
        var dropped = ones
        fettle_drop_operand(ones, ones.count, 5, 0.25, 0, &dropped)
        var added = [Float](repeating: 0, count: ones.count)
        fettle_add_dropped(&added, ones, 0, 6_000, 5, 0.25)
        added.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            fettle_add_dropped(base + 6_000, ones, 6_000, 4_000, 5, 0.25)
        }
        #expect(dropped == added)
        #expect(abs(dropped.reduce(0, +) / 10_000 - 1) < 0.02)
        #expect(Set(dropped) == [0, 1 / 0.75])
    }

    /// Rows of each kind of block are decoded as llama.cpp does: number = scale × quant (+ minimum).
    @Test func storedRowsTimesAVectorAreTheSumOfTheirNumbers() {
        let columns = 64
        let x = numbers(columns, 12)
        let bytes = numbers(7 * 80, 13).map { UInt8(truncatingIfNeeded: Int($0 * 1000)) }
        func half(_ value: Float) -> [UInt8] {
            let bits = Float16(value).bitPattern
            return [UInt8(bits & 255), UInt8(bits >> 8)]
        }
        withEachWidth { width in
            for (kind, quants) in [
                (fettle_rows_q8_0, 32), (fettle_rows_q4_0, 16), (fettle_rows_q4_1, 16),
            ] {
                var rows: [UInt8] = []
                var expected: [Double] = []
                for row in 0..<7 {
                    var total = 0.0
                    for block in 0..<2 {
                        let scale = Float(row + 1) / 64
                        let minimum: Float = -0.25 * Float(block + 1)
                        let some = bytes[(row * 80 + block * 32)...].prefix(quants)
                        rows += half(scale) + (kind == fettle_rows_q4_1 ? half(minimum) : []) + some
                        for place in 0..<32 {
                            let byte = some[some.startIndex + place % quants]
                            let number: Float =
                                switch kind {
                                case fettle_rows_q8_0: scale * Float(Int8(bitPattern: byte))
                                case fettle_rows_q4_0:
                                    scale * Float(Int(place < 16 ? byte & 15 : byte >> 4) - 8)
                                default: scale * Float(place < 16 ? byte & 15 : byte >> 4) + minimum
                                }
                            total += Double(number) * Double(x[block * 32 + place])
                        }
                    }
                    expected.append(total)
                }
                var sums = [Float](repeating: 0, count: 2)
                fettle_block_sums(x, columns, &sums)
                let found = floats(7) {
                    fettle_rows_times_vector(
                        Int32(kind),
                        rows,
                        rows.count / 7,
                        7,
                        columns,
                        x,
                        sums,
                        $0
                    )
                }
                for (one, other) in zip(found, expected) {
                    #expect(
                        abs(Double(one) - other) < 1e-4 * max(1, abs(other)),
                        "\(width) \(kind)"
                    )
                }
            }
        }
    }

    @Test func plainRowsOfEachKindAreMultiplied() {
        let columns = 37
        let x = numbers(columns, 14)
        let values = numbers(5 * columns, 15).map { ($0 * 128).rounded() / 128 }
        let halves = values.map { Float16($0).bitPattern }
        let upper = values.map { UInt16(truncatingIfNeeded: $0.bitPattern >> 16) }
        let expected = (0..<5).map { row in
            (0..<columns).reduce(Float(0)) { $0 + values[row * columns + $1] * x[$1] }
        }
        withEachWidth { _ in
            let single = floats(5) {
                fettle_rows_times_vector(
                    Int32(fettle_rows_f32),
                    values,
                    columns * 4,
                    5,
                    columns,
                    x,
                    nil,
                    $0
                )
            }
            let half = floats(5) {
                fettle_rows_times_vector(
                    Int32(fettle_rows_f16),
                    halves,
                    columns * 2,
                    5,
                    columns,
                    x,
                    nil,
                    $0
                )
            }
            let brain = floats(5) {
                fettle_rows_times_vector(
                    Int32(fettle_rows_bf16),
                    upper,
                    columns * 2,
                    5,
                    columns,
                    x,
                    nil,
                    $0
                )
            }
            for found in [single, half, brain] {
                #expect(relativeDifference(found, expected) < 1e-5)
            }
        }
    }

    @Test func teamDoesEachPieceOnceInEachRound() throws {
        let team = try Team(3)
        let counts = FloatBuffer(7)
        for round in 1...1000 {
            team.run(7) { counts.pointer[$0] += 1 }
            guard counts.array == [Float](repeating: Float(round), count: 7) else { break }
        }
        #expect(counts.array == [Float](repeating: 1000, count: 7))
    }
}
