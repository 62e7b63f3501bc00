import FettleCore
import FettleEngine

/// Changes of files of numbers and lengths.
enum BinaryChange {
    private static let edges: [UInt64] = [0, 1, 255, 1 << 31, 1 << 32, 1 << 60, 1 << 63, .max]

    /// Returns the file with a few changes, half of the time with a checksum that fits again.
    static func of(
        _ whole: [UInt8],
        checksumAt place: Int,
        second: Int,
        _ generator: inout SeededGenerator
    ) -> [UInt8] {
        var bytes = whole
        for _ in 0...generator.below(4) { change(&bytes, headerBytes: place + 8, &generator) }
        if generator.below(2) == 0 { repair(&bytes, checksumAt: place, second: second) }
        return bytes
    }

    /// Makes one change, half of the time in the first bytes.
    static func change(
        _ bytes: inout [UInt8],
        headerBytes: Int,
        _ generator: inout SeededGenerator
    ) {
        // Headers decide most, so that half of the changes are there.
        let end = generator.below(2) == 0 ? min(headerBytes, bytes.count) : bytes.count
        guard end > 8 else { return }
        let place = generator.below(end)
        switch generator.below(7) {
        case 0: bytes[place] ^= 1 << UInt8(generator.below(8))
        case 1: bytes[place] = UInt8(generator.below(256))
        case 2: put(edges.any(&generator), in: &bytes, at: min(place & ~7, end - 8))
        case 3: put(UInt64(generator.below(32)), in: &bytes, at: min(place & ~3, end - 8))
        case 4: bytes.removeSubrange(place..<min(place + 1 + generator.below(9), bytes.count))
        case 5: bytes.insert(UInt8(generator.below(256)), at: place)
        default: bytes.removeLast(generator.below(bytes.count / 2 + 1))
        }
    }

    private static func put(_ value: UInt64, in bytes: inout [UInt8], at place: Int) {
        withUnsafeBytes(of: value.littleEndian) {
            bytes.replaceSubrange(place..<(place + 8), with: $0)
        }
    }

    private static func repair(_ bytes: inout [UInt8], checksumAt place: Int, second: Int) {
        let start = place + 8 + second
        guard bytes.count >= start else { return }
        var checksum = Checksum()
        bytes.withUnsafeBytes { all in
            checksum.add(UnsafeRawBufferPointer(rebasing: all[..<place]))
            checksum.add(UnsafeRawBufferPointer(rebasing: all[(place + 8)..<start]))
            checksum.add(UnsafeRawBufferPointer(rebasing: all[start...]))
        }
        put(checksum.value, in: &bytes, at: place)
    }

    /// Sees to it that an error names the file, and is of the readers.
    static func requireFile(_ path: String, in error: Diagnostic) throws(FuzzFinding) {
        try requireWords(of: error)
        try require(error.message.contains("'\(path)'"), "no file: \(error.message)")
        let isOfReaders = error.code.hasPrefix("model-") || error.code.hasPrefix("checkpoint-")
        try require(isOfReaders, "\(error.code): \(error.message)")
    }
}
