/// Numbers in single precision as they are stored, the inverse of ``Dequantisation``.
enum Quantisation {
    /// The types that are written.
    static let types: [TensorType] = [.float32, .float16, .bfloat16, .q80]

    /// Appends numbers in a type of ``types``.
    ///
    /// - Parameters:
    ///   - numbers: whole blocks of the type.
    ///   - type: how to store them.
    ///   - bytes: where they go.
    static func append(_ numbers: [Float], _ type: TensorType, to bytes: inout [UInt8]) {
        precondition(types.contains(type), "\(type.name) is not written")
        precondition(numbers.count % type.blockSize == 0, "\(numbers.count) of \(type.name)")
        let size = numbers.count / type.blockSize * type.blockBytes
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: size))
        bytes.withUnsafeMutableBytes { all in
            guard let out = all.baseAddress.map({ $0 + start }) else { return }
            numbers.withUnsafeBufferPointer { encode($0, type, out) }
        }
    }

    private static func encode(
        _ numbers: UnsafeBufferPointer<Float>,
        _ type: TensorType,
        _ out: UnsafeMutableRawPointer
    ) {
        switch type {
        case .float16:
            for place in 0..<numbers.count {
                store(HalfFloat.bits(numbers[place]), out, place * 2)
            }
        case .bfloat16:
            for place in 0..<numbers.count { store(brain(numbers[place]), out, place * 2) }
        case .q80:
            for block in 0..<numbers.count / 32 {
                let slice = numbers[(block * 32)..<(block * 32 + 32)]
                q80(UnsafeBufferPointer(rebasing: slice), out + block * 34)
            }
        default:
            for place in 0..<numbers.count { store(numbers[place].bitPattern, out, place * 4) }
        }
    }

    @inline(__always)
    private static func store(
        _ value: some FixedWidthInteger,
        _ out: UnsafeMutableRawPointer,
        _ offset: Int
    ) {
        out.storeBytes(of: value.littleEndian, toByteOffset: offset, as: type(of: value))
    }

    /// Returns the nearest number's upper half, ties to even.
    @inline(__always)
    private static func brain(_ number: Float) -> UInt16 {
        let bits = number.bitPattern
        if number.isNaN { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
        return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
    }

    /// Writes one block with the roundings of llama.cpp's `quantize_row_q8_0_ref`: halves away from zero.
    ///
    /// A block with a number that is not finite becomes zeros.
    private static func q80(_ numbers: UnsafeBufferPointer<Float>, _ out: UnsafeMutableRawPointer) {
        var largest: Float = 0
        var check: Float = 0
        for place in 0..<32 {
            largest = max(largest, abs(numbers[place]))
            check += numbers[place] * 0
        }
        let scale = check == 0 ? largest / 127 : 0
        let inverse = scale == 0 ? 0 : 1 / scale
        store(HalfFloat.bits(scale), out, 0)
        guard inverse != 0, inverse.isFinite else {
            for place in 0..<34 { store(UInt8(0), out, place) }
            return
        }
        // A sum with 2^23 leaves the nearest whole number in the lowest bits, a half at the even one.
        let whole: Float = 8_388_608
        for place in 0..<32 {
            let scaled = numbers[place] * inverse
            let magnitude = abs(scaled)
            let sum = magnitude + whole
            let isHalfDown = magnitude - (sum - whole) == 0.5
            let rounded = Int32(truncatingIfNeeded: sum.bitPattern & 0xFF) &+ (isHalfDown ? 1 : 0)
            let quant = Int8(truncatingIfNeeded: scaled < 0 ? 0 &- rounded : rounded)
            store(UInt8(bitPattern: quant), out, 2 + place)
        }
    }
}
