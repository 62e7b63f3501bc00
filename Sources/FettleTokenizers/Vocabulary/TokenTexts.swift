/// Bytes by token.
struct TokenTexts: Sendable {
    /// The bytes of all tokens, one after the other.
    private var bytes: [UInt8] = []
    private var bounds: [(start: UInt32, end: UInt32)] = []

    /// Makes an empty list that will hold about `count` tokens.
    init(capacity count: Int) {
        bounds.reserveCapacity(count)
    }

    /// The largest id and one more.
    var count: Int { bounds.count }

    /// Calls `body` with the bytes of a token; none for an id that no token has.
    @inline(__always)
    func withBytes<Result>(_ id: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        guard id >= 0, Int(id) < bounds.count else {
            return body(UnsafeBufferPointer(start: nil, count: 0))
        }
        let (start, end) = bounds[Int(id)]
        return bytes.withUnsafeBufferPointer {
            body(UnsafeBufferPointer(rebasing: $0[Int(start)..<Int(end)]))
        }
    }

    /// Gives a token its bytes, instead of any that it has; `id` is at least 0.
    mutating func set(_ id: Int32, to text: some Collection<UInt8>) {
        while bounds.count <= Int(id) { bounds.append((0, 0)) }
        let start = UInt32(bytes.count)
        bytes.append(contentsOf: text)
        bounds[Int(id)] = (start, UInt32(bytes.count))
    }
}
