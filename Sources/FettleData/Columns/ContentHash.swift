import CXXHash

/// Fast hashes of byte buffers, the same on every machine; not for secrets.
public enum ContentHash {
    /// Returns the 64-bit XXH3 hash of `bytes`.
    public static func xxh3_64(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
        XXH3_64bits_withSeed(bytes.baseAddress, bytes.count, seed)
    }

    /// Returns the 128-bit XXH3 hash of `bytes`.
    public static func xxh3_128(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> Fingerprint {
        Fingerprint(XXH3_128bits_withSeed(bytes.baseAddress, bytes.count, seed))
    }
}

/// A 128-bit XXH3 hash that stands for some bytes; shown as 32 hexadecimal digits.
public struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
    /// The upper 64 bits.
    public let high: UInt64
    /// The lower 64 bits.
    public let low: UInt64

    /// Makes a fingerprint of its two halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    init(_ hash: XXH128_hash_t) {
        self.init(high: hash.high64, low: hash.low64)
    }

    /// Reads 32 hexadecimal digits, or returns nil.
    public init?(hex: String) {
        let digits = Array(hex.utf8)
        guard digits.count == 32, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
            let high = UInt64(hex.prefix(16), radix: 16),
            let low = UInt64(hex.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    /// The fingerprint as 32 lower-case hexadecimal digits, upper half first, as `xxh128sum` prints it.
    public var hex: String {
        Self.digits(high) + Self.digits(low)
    }

    /// The same as ``hex``.
    public var description: String { hex }

    private static func digits(_ half: UInt64) -> String {
        let text = String(half, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}

/// Computes a ``Fingerprint`` of bytes that come in pieces.
public struct FingerprintStream: ~Copyable {
    private let state: OpaquePointer?

    /// Starts with no bytes.
    public init(seed: UInt64 = 0) {
        state = XXH3_createState()
        _ = XXH3_128bits_reset_withSeed(state, seed)
    }

    deinit {
        _ = XXH3_freeState(state)
    }

    /// Adds bytes at the end.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        _ = XXH3_128bits_update(state, bytes.baseAddress, bytes.count)
    }

    /// Adds the UTF-8 bytes of a text at the end.
    public mutating func update(_ text: String) {
        var text = text
        _ = text.withUTF8 { XXH3_128bits_update(state, $0.baseAddress, $0.count) }
    }

    /// The fingerprint of the bytes added so far; more may follow.
    public var digest: Fingerprint {
        Fingerprint(XXH3_128bits_digest(state))
    }
}
