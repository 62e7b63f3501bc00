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
            for (place, number) in numbers.enumerated() {
                store(HalfFloat.bits(number), out, place * 2)
            }
        case .bfloat16:
            for (place, number) in numbers.enumerated() { store(brain(number), out, place * 2) }
        case .q80:
            for block in 0..<numbers.count / 32 {
                let slice = numbers[(block * 32)..<(block * 32 + 32)]
                q80(UnsafeBufferPointer(rebasing: slice), out + block * 34)
            }
        default:
            for (place, number) in numbers.enumerated() { store(number.bitPattern, out, place * 4) }
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

    /// Writes one block with the roundings of llama.cpp's `quantize_row_q8_0_ref`.
    private static func q80(_ numbers: UnsafeBufferPointer<Float>, _ out: UnsafeMutableRawPointer) {
        var largest: Float = 0
        for number in numbers { largest = max(largest, abs(number)) }
        let scale = largest / 127
        let inverse = scale == 0 ? 0 : 1 / scale
        store(HalfFloat.bits(scale), out, 0)
        for (place, number) in numbers.enumerated() {
            let rounded = (number * inverse).rounded(.toNearestOrAwayFromZero)
            let quant = rounded.isFinite ? Int8(clamping: Int(rounded)) : 0
            store(UInt8(bitPattern: quant), out, 2 + place)
        }
    }
}
