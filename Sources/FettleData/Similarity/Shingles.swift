import FettleCore

/// The shingles of texts: what stands in any five characters that follow each other, or two where they are
/// Chinese, Japanese or Korean.
///
/// A text is seen without case and punctuation: letters and digits in lower case, with one blank for whatever
/// stands between them. Five characters is what Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets",
/// section 3.2, advise for short texts; an ideograph says about as much as a short word.
struct Shingles {
    static let characters = 5
    static let ideographs = 2

    /// The hashes of the text that was read last, ascending and each once.
    private(set) var hashes: [UInt64] = []

    /// Reads a text; one without letters and digits has no shingle.
    mutating func read(_ text: UnsafeRawBufferPointer) {
        hashes.removeAll(keepingCapacity: true)
        var window = Window()
        var at = 0
        while at < text.count {
            let byte = text[at]
            if byte < 0x80 {
                at += 1
                push(Self.ascii(byte), &window)
            } else {
                let (value, length) = TextScalars.decode(text, at)
                at += length
                push(Self.folded(value), &window)
            }
        }
        if hashes.isEmpty, window.count > 0 { hashes.append(window.hash(of: Self.characters)) }
        hashes.sort()
        var kept = 0
        for index in hashes.indices where index == 0 || hashes[index] != hashes[kept - 1] {
            hashes[kept] = hashes[index]
            kept += 1
        }
        hashes.removeLast(hashes.count - kept)
    }

    /// The Jaccard similarity of two sets of shingles, from 0 to 1: what is in both as a share of what is in
    /// either; 0 when both are empty.
    ///
    /// - Complexity: O(*n*) in the number of shingles.
    static func similarity(_ one: [UInt64], _ other: [UInt64]) -> Double {
        var (left, right, shared) = (0, 0, 0)
        while left < one.count, right < other.count {
            let (a, b) = (one[left], other[right])
            if a == b { shared += 1 }
            if a <= b { left += 1 }
            if b <= a { right += 1 }
        }
        let either = one.count + other.count - shared
        return either == 0 ? 0 : Double(shared) / Double(either)
    }

    /// Adds a character; 0 stands for all that is neither letter nor digit.
    private mutating func push(_ value: UInt32, _ window: inout Window) {
        guard value != 0 else { return window.separate() }
        if window.endsInBlank {
            window.add(0x20)
            if window.count >= Self.characters { hashes.append(window.hash(of: Self.characters)) }
        }
        window.add(value)
        if TextScalars.isIdeographic(value) {
            if window.count >= Self.ideographs { hashes.append(window.hash(of: Self.ideographs)) }
        } else if window.count >= Self.characters {
            hashes.append(window.hash(of: Self.characters))
        }
    }

    private static func ascii(_ byte: UInt8) -> UInt32 {
        switch byte {
        case 0x61...0x7A, 0x30...0x39: UInt32(byte)
        case 0x41...0x5A: UInt32(byte | 0x20)
        default: 0
        }
    }

    private static func folded(_ value: UInt32) -> UInt32 {
        if TextScalars.isIdeographic(value) { return value }
        guard let scalar = Unicode.Scalar(value) else { return 0 }
        let properties = scalar.properties
        guard properties.isAlphabetic || properties.numericType != nil else { return 0 }
        guard properties.changesWhenLowercased else { return value }
        return properties.lowercaseMapping.unicodeScalars.first?.value ?? value
    }

    /// The last five characters of a text.
    private struct Window {
        private var a: UInt32 = 0
        private var b: UInt32 = 0
        private var c: UInt32 = 0
        private var d: UInt32 = 0
        private var e: UInt32 = 0
        private(set) var count = 0
        /// Whether a blank comes before the next character.
        private(set) var endsInBlank = false

        mutating func separate() { endsInBlank = count > 0 }

        mutating func add(_ value: UInt32) {
            (a, b, c, d, e) = (b, c, d, e, value)
            count += 1
            endsInBlank = false
        }

        /// The hash of the last `length` characters.
        func hash(of length: Int) -> UInt64 {
            let tail = UInt64(d) << 32 | UInt64(e)
            guard length > Shingles.ideographs else { return TextHash.mixed(tail &+ 1) }
            return TextHash.mixed(
                TextHash.mixed(TextHash.mixed(UInt64(a) << 32 | UInt64(b)) ^ UInt64(c)) ^ tail
            )
        }
    }
}

/// Hashes of numbers, the same on every machine.
enum TextHash {
    /// Mixes the bits of a number so that different numbers stay different (the finaliser of SplitMix64,
    /// Steele, Lea and Flood 2014).
    @inline(__always)
    static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Characters in UTF-8 bytes.
enum TextScalars {
    /// Returns the scalar that begins at a byte above 0x7F, and its length in bytes; a broken one is U+FFFD and
    /// one byte long.
    @inline(__always)
    static func decode(_ text: UnsafeRawBufferPointer, _ at: Int) -> (value: UInt32, length: Int) {
        let lead = UInt32(text[at])
        func tail(_ offset: Int) -> UInt32? {
            guard at + offset < text.count, text[at + offset] & 0xC0 == 0x80 else { return nil }
            return UInt32(text[at + offset] & 0x3F)
        }
        switch lead {
        case 0xC2...0xDF:
            if let one = tail(1) { return ((lead & 0x1F) << 6 | one, 2) }
        case 0xE0...0xEF:
            if let one = tail(1), let two = tail(2) {
                return ((lead & 0x0F) << 12 | one << 6 | two, 3)
            }
        case 0xF0...0xF4:
            if let one = tail(1), let two = tail(2), let three = tail(3) {
                return ((lead & 0x07) << 18 | one << 12 | two << 6 | three, 4)
            }
        default: break
        }
        return (0xFFFD, 1)
    }

    /// Whether a scalar is a Chinese character, kana or hangul, which are written without blanks between words
    /// or say a syllable each.
    @inline(__always)
    static func isIdeographic(_ value: UInt32) -> Bool {
        switch value {
        case 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0x31F0...0x31FF, 0xFF66...0xFF9D, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
