import FettleCore

/// The directory of a zip archive, and where the bytes of each file are.
///
/// The format is that of PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3 (zip64); files are stored or
/// deflated, in one volume and not encrypted.
struct ZipArchive: Sendable {
    /// A file in the archive.
    struct Entry: Sendable {
        /// The path in the archive.
        let name: String
        /// Whether the bytes are deflated, or stored as they are.
        let isDeflated: Bool
        /// Where the bytes are in the archive; all of them lie within it.
        let range: Range<Int>
        /// How many bytes the file has.
        let count: Int
        /// The CRC-32 of the file.
        let checksum: UInt32
    }

    static let magic: [UInt8] = [0x50, 0x4B, 3, 4]
    private static let endMagic: UInt32 = 0x0605_4B50
    private static let wideEndMagic: UInt32 = 0x0606_4B50
    private static let wideLocatorMagic: UInt32 = 0x0706_4B50
    private static let directoryMagic: UInt32 = 0x0201_4B50
    private static let localMagic: UInt32 = 0x0403_4B50
    private static let entryLimit: UInt64 = 100_000

    let bytes: ModelBytes
    let entries: [Entry]

    /// Reads the directory.
    ///
    /// - Throws: `model-corrupt`, which names the entry and the field, or `model-unsupported`.
    init(_ bytes: ModelBytes) throws(Diagnostic) {
        self.bytes = bytes
        let directory = try Self.directory(bytes)
        guard directory.count <= Self.entryLimit else {
            throw FileFault.unsupported(
                bytes.path,
                "its directory has \(directory.count) files, limit \(Self.entryLimit)"
            )
        }
        guard directory.offset <= UInt64(bytes.buffer.count) else {
            throw FileFault.corrupt(
                bytes.path,
                "its directory begins at byte \(directory.offset), and it has \(bytes.buffer.count)"
            )
        }
        var cursor = ByteCursor(bytes, at: Int(directory.offset))
        var entries: [Entry] = []
        for number in 0..<directory.count {
            entries.append(try Self.entry(&cursor, "file \(number) of its directory"))
        }
        self.entries = entries
    }

    private static func directory(
        _ bytes: ModelBytes
    ) throws(Diagnostic) -> (count: UInt64, offset: UInt64) {
        let size = bytes.buffer.count
        // A comment of up to 65,535 bytes follows the 22 of the end's record.
        var place = size - 22
        let first = max(0, place - 65_535)
        while place >= first {
            if word(bytes, place) == endMagic,
                Int(half(bytes, place + 20)) == size - 22 - place
            {
                break
            }
            place -= 1
        }
        guard place >= first, size >= 22 else {
            throw FileFault.corrupt(bytes.path, "it has no end of a zip directory")
        }
        let (disk, disks) = (half(bytes, place + 4), half(bytes, place + 6))
        let (count, offset) = (half(bytes, place + 10), word(bytes, place + 16))
        guard count == .max || offset == .max || disk == .max else {
            guard disk == 0, disks == 0 else {
                throw FileFault.unsupported(bytes.path, "it is one of several volumes")
            }
            return (UInt64(count), UInt64(offset))
        }
        guard place >= 20, word(bytes, place - 20) == wideLocatorMagic else {
            return (UInt64(count), UInt64(offset))
        }
        var locator = ByteCursor(bytes, at: place - 12)
        let end = try locator.integer(UInt64.self, "the place of its zip64 directory's end")
        guard end <= UInt64(size) else {
            throw FileFault.corrupt(bytes.path, "its zip64 directory ends at byte \(end)")
        }
        var cursor = ByteCursor(bytes, at: Int(end))
        let magic = try cursor.integer(UInt32.self, "the end of its zip64 directory")
        guard magic == wideEndMagic else {
            throw FileFault.corrupt(bytes.path, "its zip64 directory has no end")
        }
        try cursor.skip(28, "the end of its zip64 directory")
        let wideCount = try cursor.integer(UInt64.self, "the number of its files")
        try cursor.skip(8, "the size of its directory")
        return (wideCount, try cursor.integer(UInt64.self, "the place of its directory"))
    }

    private static func entry(
        _ cursor: inout ByteCursor,
        _ field: String
    ) throws(Diagnostic) -> Entry {
        let bytes = cursor.bytes
        guard try cursor.integer(UInt32.self, field) == directoryMagic else {
            throw FileFault.corrupt(bytes.path, "\(field) does not begin with 'PK'")
        }
        try cursor.skip(4, field)
        let flags = try cursor.integer(UInt16.self, field)
        let method = try cursor.integer(UInt16.self, field)
        try cursor.skip(4, field)
        let checksum = try cursor.integer(UInt32.self, field)
        var sizes = ZipSizes(
            packed: UInt64(try cursor.integer(UInt32.self, field)),
            whole: UInt64(try cursor.integer(UInt32.self, field)),
            offset: 0
        )
        let nameLength = Int(try cursor.integer(UInt16.self, field))
        let extraLength = Int(try cursor.integer(UInt16.self, field))
        let commentLength = try cursor.integer(UInt16.self, field)
        try cursor.skip(8, field)
        sizes.offset = UInt64(try cursor.integer(UInt32.self, field))
        let nameStart = cursor.offset
        try cursor.skip(UInt64(nameLength), "the name of \(field)")
        let name = String(decoding: bytes.buffer[nameStart..<cursor.offset], as: UTF8.self)
        var extra = cursor
        try cursor.skip(UInt64(extraLength), "the extra fields of \(field)")
        try sizes.widen(&extra, end: cursor.offset, name)
        try cursor.skip(UInt64(commentLength), "the comment of \(field)")
        guard flags & 1 == 0 else {
            throw FileFault.unsupported(bytes.path, "'\(name)' in it is encrypted")
        }
        guard method == 0 || method == 8 else {
            throw FileFault.unsupported(
                bytes.path,
                "'\(name)' in it is packed by method \(method), not stored or deflated"
            )
        }
        return try located(name, isDeflated: method == 8, sizes, checksum, bytes)
    }

    private static func located(
        _ name: String,
        isDeflated: Bool,
        _ sizes: ZipSizes,
        _ checksum: UInt32,
        _ bytes: ModelBytes
    ) throws(Diagnostic) -> Entry {
        guard sizes.offset <= UInt64(bytes.buffer.count) else {
            throw FileFault.corrupt(bytes.path, "'\(name)' in it begins at byte \(sizes.offset)")
        }
        var cursor = ByteCursor(bytes, at: Int(sizes.offset))
        guard try cursor.integer(UInt32.self, "the header of '\(name)'") == localMagic else {
            throw FileFault.corrupt(bytes.path, "the header of '\(name)' does not begin with 'PK'")
        }
        try cursor.skip(22, "the header of '\(name)'")
        let nameLength = try cursor.integer(UInt16.self, "the header of '\(name)'")
        let extraLength = try cursor.integer(UInt16.self, "the header of '\(name)'")
        try cursor.skip(UInt64(nameLength) + UInt64(extraLength), "the header of '\(name)'")
        let start = cursor.offset
        try cursor.skip(sizes.packed, "'\(name)'")
        // Deflate makes at most 258 bytes of two bits.
        let (most, overflow) = sizes.packed.multipliedReportingOverflow(by: 1032)
        let isPossible = isDeflated ? !overflow && sizes.whole <= most : sizes.whole == sizes.packed
        guard isPossible, let count = Int(exactly: sizes.whole) else {
            throw FileFault.corrupt(
                bytes.path,
                "'\(name)' has \(sizes.whole) bytes, packed as \(sizes.packed)"
            )
        }
        return Entry(
            name: name,
            isDeflated: isDeflated,
            range: start..<cursor.offset,
            count: count,
            checksum: checksum
        )
    }

    private static func word(_ bytes: ModelBytes, _ place: Int) -> UInt32 {
        UInt32(littleEndian: bytes.buffer.loadUnaligned(fromByteOffset: place, as: UInt32.self))
    }

    private static func half(_ bytes: ModelBytes, _ place: Int) -> UInt16 {
        UInt16(littleEndian: bytes.buffer.loadUnaligned(fromByteOffset: place, as: UInt16.self))
    }
}

/// The sizes and the place of a file, which stand in an extra field where 32 bits are too few.
private struct ZipSizes {
    var packed: UInt64
    var whole: UInt64
    var offset: UInt64

    /// Takes from the extra fields what is marked as standing there.
    mutating func widen(
        _ cursor: inout ByteCursor,
        end: Int,
        _ name: String
    ) throws(Diagnostic) {
        let marked = UInt64(UInt32.max)
        guard packed == marked || whole == marked || offset == marked else { return }
        while end - cursor.offset >= 4 {
            let kind = try cursor.integer(UInt16.self, "an extra field of '\(name)'")
            let length = try cursor.integer(UInt16.self, "an extra field of '\(name)'")
            guard kind == 1 else {
                try cursor.skip(UInt64(length), "an extra field of '\(name)'")
                continue
            }
            if whole == marked { whole = try cursor.integer(UInt64.self, "the size of '\(name)'") }
            if packed == marked {
                packed = try cursor.integer(UInt64.self, "the packed size of '\(name)'")
            }
            if offset == marked {
                offset = try cursor.integer(UInt64.self, "the place of '\(name)'")
            }
            return
        }
    }
}
