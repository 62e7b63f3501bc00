/// IEEE 754 half precision by its bits, without the processor's or the library's conversion, so that
/// loops over it are vectorised on every machine.
enum HalfFloat {
    /// Returns the number of these bits; exact.
    @inline(__always)
    static func float(_ bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let magnitude = UInt32(bits & 0x7FFF) << 13
        // A product by 2^112 moves the exponent and makes subnormals normal.
        let scaled = Float(bitPattern: magnitude) * Float(bitPattern: 0x7780_0000)
        let finite = scaled.bitPattern
        let infinite = magnitude | 0x7F80_0000
        return Float(bitPattern: sign | (magnitude >= 0x0F80_0000 ? infinite : finite))
    }

    /// Returns the bits of the nearest number, ties to even; what is too large becomes infinite.
    @inline(__always)
    static func bits(_ value: Float) -> UInt16 {
        let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
        let magnitude = value.bitPattern & 0x7FFF_FFFF
        if magnitude >= 0x7F80_0000 {
            return sign | (magnitude > 0x7F80_0000 ? 0x7E00 : 0x7C00)
        }
        if magnitude >= 0x477F_F000 { return sign | 0x7C00 }
        if magnitude < 0x3880_0000 {
            // The sum's last place is that of a subnormal, so that it rounds as one.
            let sum = Float(bitPattern: magnitude) + 0.5
            return sign | UInt16(truncatingIfNeeded: sum.bitPattern &- 0x3F00_0000)
        }
        let odd = magnitude >> 13 & 1
        let rounded = magnitude &+ 0xFFF &+ odd &- 0x3800_0000
        return sign | UInt16(truncatingIfNeeded: rounded >> 13)
    }
}
