#if canImport(Glibc)
import Glibc
#endif

/// Searches in UTF-8 bytes, eight at a time where nothing special stands.
enum ByteScan {
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// Returns `byte` in each of eight lanes.
    static func spread(_ byte: UInt8) -> UInt64 {
        UInt64(byte) &* ones
    }

    @inline(__always)
    private static func word(_ bytes: UnsafePointer<UInt8>, _ at: Int) -> UInt64 {
        UInt64(
            littleEndian: UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: at, as: UInt64.self)
        )
    }

    /// Marks the lanes of `word` that are zero; only the lowest mark is exact, which is all that is used.
    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 {
        (word &- ones) & ~word & highs
    }

    /// Returns the first place from `at` on that ends plain text in a JSON string: a quote, a backslash,
    /// a control character, a byte of a longer UTF-8 sequence, or `end`.
    @inline(__always)
    static func endOfPlainJSON(_ bytes: UnsafePointer<UInt8>, from at: Int, to end: Int) -> Int {
        var at = at
        while at &+ 8 <= end {
            let word = word(bytes, at)
            let controls = (word &- spread(0x20)) & ~word & highs
            let marks =
                zeros(word ^ spread(quote)) | zeros(word ^ spread(backslash)) | controls
                | (word & highs)
            if marks != 0 { return at &+ marks.trailingZeroBitCount >> 3 }
            at &+= 8
        }
        while at < end {
            let byte = bytes[at]
            if byte == quote || byte == backslash || byte < 0x20 || byte >= 0x80 { return at }
            at &+= 1
        }
        return end
    }

    /// Returns the first place from `at` on that has to be escaped in a JSON string: a quote, a backslash
    /// or a control character, or `end`.
    @inline(__always)
    static func endOfUnescaped(_ bytes: UnsafePointer<UInt8>, from at: Int, to end: Int) -> Int {
        var at = at
        while at &+ 8 <= end {
            let word = word(bytes, at)
            let controls = (word &- spread(0x20)) & ~word & highs
            let marks = zeros(word ^ spread(quote)) | zeros(word ^ spread(backslash)) | controls
            if marks != 0 { return at &+ marks.trailingZeroBitCount >> 3 }
            at &+= 8
        }
        while at < end {
            let byte = bytes[at]
            if byte == quote || byte == backslash || byte < 0x20 { return at }
            at &+= 1
        }
        return end
    }

    /// Returns the first place from `at` on that holds one of three bytes, a NUL or a byte of a longer
    /// UTF-8 sequence, or `end`.
    @inline(__always)
    static func endOfPlainText(
        _ bytes: UnsafePointer<UInt8>,
        from at: Int,
        to end: Int,
        stops first: UInt8,
        _ second: UInt8,
        _ third: UInt8
    ) -> Int {
        var at = at
        while at &+ 8 <= end {
            let word = word(bytes, at)
            let marks =
                zeros(word ^ spread(first)) | zeros(word ^ spread(second))
                | zeros(word ^ spread(third)) | zeros(word) | (word & highs)
            if marks != 0 { return at &+ marks.trailingZeroBitCount >> 3 }
            at &+= 8
        }
        while at < end {
            let byte = bytes[at]
            if byte == first || byte == second || byte == third || byte == 0 || byte >= 0x80 {
                return at
            }
            at &+= 1
        }
        return end
    }

    /// Returns the length of the UTF-8 sequence of 2 to 4 bytes at `at`, or 0 when it is not valid: cut
    /// short, over-long, a surrogate or beyond U+10FFFF.
    @inline(__always)
    static func sequenceLength(_ bytes: UnsafePointer<UInt8>, at: Int, end: Int) -> Int {
        let lead = bytes[at]
        func continues(_ offset: Int, _ low: UInt8 = 0x80, _ high: UInt8 = 0xBF) -> Bool {
            let next = at &+ offset
            return next < end && bytes[next] >= low && bytes[next] <= high
        }
        switch lead {
        case 0xC2...0xDF:
            return continues(1) ? 2 : 0
        case 0xE0...0xEF:
            let low: UInt8 = lead == 0xE0 ? 0xA0 : 0x80
            let high: UInt8 = lead == 0xED ? 0x9F : 0xBF
            return continues(1, low, high) && continues(2) ? 3 : 0
        case 0xF0...0xF4:
            let low: UInt8 = lead == 0xF0 ? 0x90 : 0x80
            let high: UInt8 = lead == 0xF4 ? 0x8F : 0xBF
            return continues(1, low, high) && continues(2) && continues(3) ? 4 : 0
        default:
            return 0
        }
    }

    /// Returns the place of the first `byte` in `start ..< end`, or `end`.
    static func first(
        _ byte: UInt8,
        in bytes: UnsafePointer<UInt8>,
        from start: Int,
        to end: Int
    ) -> Int {
        guard start < end, let found = memchr(bytes + start, Int32(byte), end - start) else {
            return end
        }
        return UnsafeRawPointer(found) - UnsafeRawPointer(bytes)
    }

    /// Returns how many line feeds stand in `start ..< end`.
    static func lineFeeds(in bytes: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
        var count = 0
        var at = start
        while true {
            at = first(lineFeed, in: bytes, from: at, to: end)
            guard at < end else { return count }
            count += 1
            at += 1
        }
    }
}
