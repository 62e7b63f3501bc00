/// The token of bytes.
struct TokenTable: Sendable {
    private var texts: TokenTexts
    /// Tokens by the hash of their bytes; -1 where there is none.
    private var slots: [Int32]
    private var used = 0
    private let seed = ByteHash.seed

    /// Makes a table that will hold about `count` tokens.
    init(capacity count: Int) {
        var size = 16
        while size < count * 2 { size *= 2 }
        slots = Array(repeating: -1, count: size)
        texts = TokenTexts(capacity: count)
    }

    /// Returns the token whose bytes these are.
    @inline(__always)
    func id(_ text: UnsafePointer<UInt8>, _ count: Int) -> Int32? {
        let mask = slots.count &- 1
        var place = Int(truncatingIfNeeded: ByteHash.of(text, count, seed: seed)) & mask
        while true {
            let id = slots[place]
            if id < 0 { return nil }
            if texts.withBytes(id, { Self.isEqual($0, text, count) }) { return id }
            place = (place &+ 1) & mask
        }
    }

    /// Returns the token whose bytes these are.
    func id(_ text: some Collection<UInt8>) -> Int32? {
        ContiguousArray(text).withUnsafeBufferPointer { buffer in
            buffer.baseAddress.flatMap { id($0, buffer.count) }
        }
    }

    /// Calls `body` with the bytes that a token was given.
    func withBytes<Result>(_ id: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        texts.withBytes(id, body)
    }

    /// Gives a token its bytes; of two with the same bytes the later one is found.
    mutating func set(_ id: Int32, to text: [UInt8]) {
        texts.set(id, to: text)
        guard !text.isEmpty else { return }
        if (used + 1) * 2 > slots.count { grow() }
        insert(id)
    }

    @inline(__always)
    private static func isEqual(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ text: UnsafePointer<UInt8>,
        _ count: Int
    ) -> Bool {
        guard bytes.count == count else { return false }
        for offset in 0..<count where bytes[offset] != text[offset] { return false }
        return true
    }

    private mutating func insert(_ id: Int32) {
        let mask = slots.count - 1
        var place = texts.withBytes(id) { bytes in
            bytes.baseAddress.map {
                Int(truncatingIfNeeded: ByteHash.of($0, bytes.count, seed: seed))
            }
                ?? 0
        }
        while true {
            place &= mask
            let other = slots[place]
            let isSame =
                other >= 0
                && texts.withBytes(id) { bytes in
                    bytes.baseAddress.map { base in
                        texts.withBytes(other) { Self.isEqual($0, base, bytes.count) }
                    } ?? false
                }
            if other < 0 || isSame {
                slots[place] = id
                used += isSame ? 0 : 1
                return
            }
            place += 1
        }
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: -1, count: old.count * 2)
        used = 0
        for id in old where id >= 0 { insert(id) }
    }
}
