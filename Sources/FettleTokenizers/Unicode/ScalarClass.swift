/// What the rules that split text ask of a scalar.
///
/// The classes are those of Hugging Face's tokenizers, not of the standard library: the two follow
/// different versions of Unicode, and one letter of a newer version would give other tokens.
enum ScalarClass {
    static let other: UInt8 = 0
    /// `\p{L}`.
    static let letter: UInt8 = 1
    /// `\p{N}`.
    static let number: UInt8 = 2
    /// `\s` without line ends.
    static let space: UInt8 = 3
    /// `\r` and `\n`.
    static let newline: UInt8 = 4
    /// What only the splitter of digits takes for a digit; ``other`` to every pattern.
    static let digit: UInt8 = 5

    /// Scalars below this have a byte each in ``low``; most of those above are of class ``other``.
    static let lowEnd: UInt32 = 0x20000

    /// The classes of the scalars below ``lowEnd``: 128 KiB, made once and kept.
    ///
    /// A pointer, since the check of an array's bounds costs a tenth of the time of splitting. It is
    /// written before it can be seen and never after.
    nonisolated(unsafe) static let low: UnsafePointer<UInt8> = {
        let table = UnsafeMutablePointer<UInt8>.allocate(capacity: Int(lowEnd))
        table.initialize(repeating: other, count: Int(lowEnd))
        for (position, start) in starts.enumerated() {
            let end = position + 1 < starts.count ? starts[position + 1] >> 3 : 0x110000
            guard start >> 3 < lowEnd else { break }
            for scalar in (start >> 3)..<min(end, lowEnd) { table[Int(scalar)] = UInt8(start & 7) }
        }
        return UnsafePointer(table)
    }()

    /// Returns the class of a scalar from ``lowEnd`` on.
    static func high(_ scalar: UInt32) -> UInt8 {
        var first = 0
        var end = starts.count
        while first < end {
            let middle = (first + end) / 2
            if starts[middle] >> 3 <= scalar { first = middle + 1 } else { end = middle }
        }
        return first == 0 ? other : UInt8(starts[first - 1] & 7)
    }
}

/// Valid UTF-8 in memory, read scalar by scalar.
struct ScalarText {
    let bytes: UnsafePointer<UInt8>
    private let classes = ScalarClass.low

    init(_ bytes: UnsafePointer<UInt8>) {
        self.bytes = bytes
    }

    /// Returns the bytes of the scalar whose first byte is given.
    @inline(__always)
    static func length(_ lead: UInt8) -> Int {
        lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    }

    /// Returns the scalar that starts at `at`, and its bytes.
    @inline(__always)
    func scalar(at: Int) -> (value: UInt32, length: Int) {
        let lead = UInt32(bytes[at])
        if lead < 0x80 { return (lead, 1) }
        let second = UInt32(bytes[at &+ 1] & 0x3F)
        if lead < 0xE0 { return ((lead & 0x1F) << 6 | second, 2) }
        let third = UInt32(bytes[at &+ 2] & 0x3F)
        if lead < 0xF0 { return ((lead & 0x0F) << 12 | second << 6 | third, 3) }
        let fourth = UInt32(bytes[at &+ 3] & 0x3F)
        return ((lead & 0x07) << 18 | second << 12 | third << 6 | fourth, 4)
    }

    /// Returns the class to patterns of the scalar that starts at `at`, and its bytes.
    @inline(__always)
    func kind(at: Int) -> (kind: UInt8, length: Int) {
        let lead = bytes[at]
        if lead < 0x80 { return (classes[Int(lead)], 1) }
        let (value, length) = scalar(at: at)
        if value < 0x10000 { return (classes[Int(value)], length) }
        let kind = value < ScalarClass.lowEnd ? classes[Int(value)] : ScalarClass.high(value)
        return (kind == ScalarClass.digit ? ScalarClass.other : kind, length)
    }

    /// Returns whether the splitter of digits puts the scalar at `at` by itself, and its bytes.
    @inline(__always)
    func isDigit(at: Int) -> (isDigit: Bool, length: Int) {
        let lead = bytes[at]
        if lead < 0x80 { return (lead &- 0x30 < 10, 1) }
        let (value, length) = scalar(at: at)
        let kind = value < ScalarClass.lowEnd ? classes[Int(value)] : ScalarClass.high(value)
        return (kind == ScalarClass.number || kind == ScalarClass.digit, length)
    }

    /// Returns the start of the scalar that ends before `end`.
    @inline(__always)
    func start(before end: Int) -> Int {
        var at = end &- 1
        while at > 0, bytes[at] & 0xC0 == 0x80 { at &-= 1 }
        return at
    }
}
