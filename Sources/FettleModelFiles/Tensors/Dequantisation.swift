/// Stored numbers in single precision, with the roundings of llama.cpp's `dequantize_row_…`
/// (`ggml-quants.c`): every product and sum is rounded by itself.
enum Dequantisation {
    /// Decodes whole blocks of one type.
    ///
    /// - Parameters:
    ///   - bytes: whole blocks.
    ///   - type: how they are stored.
    ///   - out: room for as many numbers as the blocks hold.
    static func decode(
        _ bytes: UnsafeRawBufferPointer,
        _ type: TensorType,
        into out: UnsafeMutablePointer<Float>
    ) {
        guard let base = bytes.baseAddress else { return }
        let blocks = bytes.count / type.blockBytes
        switch type {
        case .float32: float32(base, blocks, out)
        case .float16:
            for place in 0..<blocks { out[place] = half(base + place * 2) }
        case .bfloat16: bfloat16(base, blocks, out)
        case .q80: each(blocks, base, type, out, q80)
        case .q40: each(blocks, base, type, out, q40)
        case .q41: each(blocks, base, type, out, q41)
        case .q50: each(blocks, base, type, out, q50)
        case .q51: each(blocks, base, type, out, q51)
        case .q4K: each(blocks, base, type, out, q4K)
        case .q5K: each(blocks, base, type, out, q5K)
        case .q6K: each(blocks, base, type, out, q6K)
        }
    }

    @inline(__always)
    private static func each(
        _ blocks: Int,
        _ base: UnsafeRawPointer,
        _ type: TensorType,
        _ out: UnsafeMutablePointer<Float>,
        _ decode: (UnsafePointer<UInt8>, UnsafeRawPointer, UnsafeMutablePointer<Float>) -> Void
    ) {
        let (size, bytes) = (type.blockSize, type.blockBytes)
        for block in 0..<blocks {
            let start = base + block * bytes
            decode(start.assumingMemoryBound(to: UInt8.self), start, out + block * size)
        }
    }

    private static func float32(
        _ base: UnsafeRawPointer,
        _ count: Int,
        _ out: UnsafeMutablePointer<Float>
    ) {
        for place in 0..<count {
            let bits = base.loadUnaligned(fromByteOffset: place * 4, as: UInt32.self)
            out[place] = Float(bitPattern: UInt32(littleEndian: bits))
        }
    }

    private static func bfloat16(
        _ base: UnsafeRawPointer,
        _ count: Int,
        _ out: UnsafeMutablePointer<Float>
    ) {
        for place in 0..<count {
            let bits = base.loadUnaligned(fromByteOffset: place * 2, as: UInt16.self)
            out[place] = Float(bitPattern: UInt32(UInt16(littleEndian: bits)) << 16)
        }
    }

    /// Returns the half-precision number at an address.
    @inline(__always)
    static func half(_ place: UnsafeRawPointer) -> Float {
        HalfFloat.float(UInt16(littleEndian: place.loadUnaligned(as: UInt16.self)))
    }

    // MARK: - Blocks of 32

    @inline(__always)
    private static func q80(
        _ block: UnsafePointer<UInt8>,
        _ start: UnsafeRawPointer,
        _ out: UnsafeMutablePointer<Float>
    ) {
        let scale = half(start)
        for place in 0..<32 { out[place] = Float(Int8(bitPattern: block[2 + place])) * scale }
    }

    @inline(__always)
    private static func q40(
        _ block: UnsafePointer<UInt8>,
        _ start: UnsafeRawPointer,
        _ out: UnsafeMutablePointer<Float>
    ) {
        let scale = half(start)
        for place in 0..<16 {
            let pair = Int32(block[2 + place])
            out[place] = Float((pair & 15) &- 8) * scale
            out[place + 16] = Float((pair >> 4) &- 8) * scale
        }
    }

    @inline(__always)
    private static func q41(
        _ block: UnsafePointer<UInt8>,
        _ start: UnsafeRawPointer,
        _ out: UnsafeMutablePointer<Float>
    ) {
        let (scale, minimum) = (half(start), half(start + 2))
        for place in 0..<16 {
            let pair = Int32(block[4 + place])
            out[place] = Float(pair & 15) * scale + minimum
            out[place + 16] = Float(pair >> 4) * scale + minimum
        }
    }

    @inline(__always)
    private static func q50(
        _ block: UnsafePointer<UInt8>,
        _ start: UnsafeRawPointer,
        _ out: UnsafeMutablePointer<Float>
    ) {
        let scale = half(start)
        let high = UInt32(littleEndian: start.loadUnaligned(fromByteOffset: 2, as: UInt32.self))
        for place in 0..<16 {
            let pair = Int32(block[6 + place])
            let low = Int32(truncatingIfNeeded: (high >> UInt32(place)) & 1) << 4
            let upper = Int32(truncatingIfNeeded: (high >> UInt32(place &+ 16)) & 1) << 4
            out[place] = Float((pair & 15 | low) &- 16) * scale
            out[place + 16] = Float((pair >> 4 | upper) &- 16) * scale
        }
    }

    @inline(__always)
    private static func q51(
        _ block: UnsafePointer<UInt8>,
        _ start: UnsafeRawPointer,
        _ out: UnsafeMutablePointer<Float>
    ) {
        let (scale, minimum) = (half(start), half(start + 2))
        let high = UInt32(littleEndian: start.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        for place in 0..<16 {
            let pair = Int32(block[8 + place])
            let low = Int32(truncatingIfNeeded: (high >> UInt32(place)) & 1) << 4
            let upper = Int32(truncatingIfNeeded: (high >> UInt32(place &+ 16)) & 1) << 4
            out[place] = Float(pair & 15 | low) * scale + minimum
            out[place + 16] = Float(pair >> 4 | upper) * scale + minimum
        }
    }

    // MARK: - Blocks of 256

    /// Returns the 6-bit scale and minimum of one of the eight groups of 32.
    @inline(__always)
    private static func scaleAndMinimum(
        _ group: Int,
        _ packed: UnsafePointer<UInt8>
    ) -> (scale: Float, minimum: Float) {
        if group < 4 { return (Float(packed[group] & 63), Float(packed[group + 4] & 63)) }
        let scale = packed[group + 4] & 15 | (packed[group - 4] >> 6) << 4
        let minimum = packed[group + 4] >> 4 | (packed[group] >> 6) << 4
        return (Float(scale), Float(minimum))
    }

    @inline(__always)
    private static func q4K(
        _ block: UnsafePointer<UInt8>,
        _ start: UnsafeRawPointer,
        _ out: UnsafeMutablePointer<Float>
    ) {
        let (scale, minimum) = (half(start), half(start + 2))
        for pair in 0..<4 {
            let (first, second) = (2 * pair, 2 * pair + 1)
            let (low, lowMinimum) = scaleAndMinimum(first, block + 4)
            let (high, highMinimum) = scaleAndMinimum(second, block + 4)
            let (d1, m1) = (scale * low, minimum * lowMinimum)
            let (d2, m2) = (scale * high, minimum * highMinimum)
            let (quants, target) = (block + 16 + pair * 32, out + pair * 64)
            for place in 0..<32 {
                let bits = Int32(quants[place])
                target[place] = d1 * Float(bits & 15) - m1
                target[place + 32] = d2 * Float(bits >> 4) - m2
            }
        }
    }

    @inline(__always)
    private static func q5K(
        _ block: UnsafePointer<UInt8>,
        _ start: UnsafeRawPointer,
        _ out: UnsafeMutablePointer<Float>
    ) {
        let (scale, minimum) = (half(start), half(start + 2))
        let fifth = block + 16
        for pair in 0..<4 {
            let (first, second) = (2 * pair, 2 * pair + 1)
            let (low, lowMinimum) = scaleAndMinimum(first, block + 4)
            let (high, highMinimum) = scaleAndMinimum(second, block + 4)
            let (d1, m1) = (scale * low, minimum * lowMinimum)
            let (d2, m2) = (scale * high, minimum * highMinimum)
            let (quants, target) = (block + 48 + pair * 32, out + pair * 64)
            for place in 0..<32 {
                let (bits, extra) = (Int32(quants[place]), Int32(fifth[place]))
                let one = (extra >> Int32(first) & 1) << 4
                let two = (extra >> Int32(second) & 1) << 4
                target[place] = d1 * Float(bits & 15 | one) - m1
                target[place + 32] = d2 * Float(bits >> 4 | two) - m2
            }
        }
    }

    @inline(__always)
    private static func q6K(
        _ block: UnsafePointer<UInt8>,
        _ start: UnsafeRawPointer,
        _ out: UnsafeMutablePointer<Float>
    ) {
        let scale = half(start + 208)
        for part in 0..<2 {
            let (low, high) = (block + part * 64, block + 128 + part * 32)
            let (scales, target) = (block + 192 + part * 8, out + part * 128)
            for place in 0..<32 {
                let group = place / 16
                let (near, far, bits) = (
                    Int32(low[place]), Int32(low[place + 32]), Int32(high[place])
                )
                let quants = SIMD4<Int32>(
                    near & 15 | (bits & 3) << 4,
                    far & 15 | (bits >> 2 & 3) << 4,
                    near >> 4 | (bits >> 4 & 3) << 4,
                    far >> 4 | (bits >> 6) << 4
                )
                for quarter in 0..<4 {
                    let factor = scale * Float(Int8(bitPattern: scales[group + 2 * quarter]))
                    target[place + 32 * quarter] = factor * Float(quants[quarter] &- 32)
                }
            }
        }
    }
}
