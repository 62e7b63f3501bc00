/// The bytes of a source after its byte order mark, as the readers see them.
///
/// The bytes belong to a ``SourceBytes``, which outlives every reader.
struct SourceText: @unchecked Sendable {
    let bytes: UnsafePointer<UInt8>
    /// Where the text starts: after the byte order mark.
    let start: Int
    /// All bytes, the byte order mark included.
    let count: Int
    /// What the user calls the source.
    let name: String
    /// The extension of its name in lower case, without the dot; empty when there is none.
    let fileExtension: String

    /// The first byte that is no white space, within the first 64 KiB.
    var firstByte: UInt8? {
        (start..<min(count, start + 65_536)).lazy.map { bytes[$0] }
            .first { !(0x09...0x0D).contains($0) && $0 != 0x20 }
    }

    /// Whether anything but white space stands in the source.
    var hasText: Bool {
        (start..<count).contains { !(0x09...0x0D).contains(bytes[$0]) && bytes[$0] != 0x20 }
    }
}
