import FettleCore

/// Changes of valid inputs.
struct Mutation {
    /// Pieces that mean something in the input's format.
    let tokens: [[UInt8]]

    init(_ tokens: [String]) {
        self.tokens = tokens.map { Array($0.utf8) } + Self.bytes
    }

    /// Bytes that break UTF-8, or sit at an edge.
    private static let bytes: [[UInt8]] = [
        [0], [0x1B], [0x7F], [0x80], [0xC3], [0xE2, 0x80], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF],
        [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xC2, 0x85], [0xE2, 0x80, 0xAE],
    ]

    /// Returns the bytes after one to six changes, mostly few; `other` is what a piece may be taken from.
    func changed(
        _ bytes: [UInt8],
        with other: [UInt8],
        _ generator: inout SeededGenerator
    ) -> [UInt8] {
        var bytes = bytes
        for _ in 0...min(generator.below(6), generator.below(6)) {
            let place = generator.below(bytes.count + 1)
            let end = min(bytes.count, place + 1 + generator.below(8))
            switch generator.below(9) {
            case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(generator.below(8))
            case 1 where place < bytes.count: bytes[place] = UInt8(generator.below(256))
            case 2: bytes.removeSubrange(place..<end)
            case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 4:
                let from = generator.below(other.count + 1)
                let length = generator.below(40)
                let piece = other[from..<min(other.count, from + length)]
                bytes.insert(contentsOf: piece, at: place)
            case 5 where generator.below(3) == 0: bytes.removeSubrange(place...)
            case 6 where generator.below(50) == 0:
                let token = tokens[generator.below(tokens.count)]
                let many = (0..<generator.below(2000)).flatMap { _ in token }
                bytes.insert(contentsOf: many, at: place)
            default:
                bytes.insert(contentsOf: tokens[generator.below(tokens.count)], at: place)
            }
        }
        return bytes
    }

    /// Returns a few pieces in a row.
    func soup(_ generator: inout SeededGenerator, atMost count: Int) -> [UInt8] {
        (0..<generator.below(count)).flatMap { _ in tokens[generator.below(tokens.count)] }
    }
}

extension Array {
    /// Returns one of the elements, of which there is at least one.
    func any(_ generator: inout SeededGenerator) -> Element {
        self[generator.below(count)]
    }
}

/// Sees to it that an error says where, within a text, and in words.
func requirePlace(
    of error: Diagnostic,
    in text: String
) throws(FuzzFinding) {
    try requireWords(of: error)
    guard let span = error.span else { throw FuzzFinding("no place: \(error.message)") }
    let bytes = Array(text.utf8)
    let isInside = span.start >= 0 && span.start <= span.end && span.end <= bytes.count
    try require(isInside, "place \(span) is outside of \(bytes.count) bytes: \(error.message)")
    for place in [span.start, span.end] where place < bytes.count {
        try require(bytes[place] & 0xC0 != 0x80, "place \(span) splits a character")
    }
}

/// Sees to it that an error has a code and a message of the usual shape.
func requireWords(of error: Diagnostic) throws(FuzzFinding) {
    let isShaped =
        !error.code.isEmpty && !error.message.isEmpty && !error.message.hasSuffix(".")
        && error.code.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x38 }
    try require(isShaped, "badly put: \(error.code): \(error.message)")
}
