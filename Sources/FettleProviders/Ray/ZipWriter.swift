import CZlib
import FettleCore

/// Writes a zip archive from its first byte to its last, such that the same files give the same bytes.
///
/// The format is that of PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 and 4.4: each file is deflated, its sizes
/// follow it, its time is the first that the format knows, and its Unix mode is kept, which says whether it is a
/// program. Sizes have 32 bits, far more than a cluster takes.
struct ZipWriter {
    /// What the directory says of a file.
    private struct Entry {
        var name: [UInt8]
        var mode: UInt32
        var offset: UInt32
        var checksum: UInt32 = 0
        var packed: UInt32 = 0
        var whole: UInt32 = 0
    }

    /// Flags: sizes follow the bytes (bit 3), and the name is UTF-8 (bit 11).
    private static let flags: UInt16 = 1 << 3 | 1 << 11
    /// Deflate needs version 2.0 of the format.
    private static let version: UInt16 = 20
    /// Midnight of 1 January 1980.
    private static let (time, date): (UInt16, UInt16) = (0, 1 << 5 | 1)

    private let write: ([UInt8]) throws -> Void
    private var offset: UInt64 = 0
    private var entries: [Entry] = []
    private var deflation: Deflation?

    /// Makes a writer whose bytes go to `write`.
    init(_ write: @escaping ([UInt8]) throws -> Void) {
        self.write = write
    }

    /// Begins a file.
    mutating func begin(_ name: String, isExecutable: Bool) throws {
        precondition(deflation == nil, "the file before '\(name)' has not ended")
        let entry = Entry(
            name: Array(name.utf8),
            // A regular file, which its owner may write and all may read.
            mode: 0o100_000 | (isExecutable ? 0o755 : 0o644),
            offset: try place()
        )
        precondition(!entries.contains { $0.name == entry.name }, "two files are '\(name)'")
        entries.append(entry)
        deflation = try Deflation()
        var head = ZipRecord(0x0403_4B50)
        head.add(Self.version)
        addKind(to: &head)
        head.add(UInt32(0), UInt32(0), UInt32(0))
        head.add(UInt16(entry.name.count), 0)
        try put(head.bytes + entry.name)
    }

    /// Adds bytes to the file that was begun.
    mutating func add(_ bytes: [UInt8]) throws {
        guard let deflation, !bytes.isEmpty else { return }
        let last = entries.count - 1
        entries[last].checksum = UInt32(
            truncatingIfNeeded: crc32(UInt(entries[last].checksum), bytes, UInt32(bytes.count))
        )
        entries[last].whole = try sum(entries[last].whole, bytes.count)
        try putPacked(deflation.pack(bytes, isLast: false))
    }

    /// Ends the file that was begun.
    mutating func end() throws {
        guard let deflation else { return }
        try putPacked(deflation.pack([], isLast: true))
        self.deflation = nil
        var sizes = ZipRecord(0x0807_4B50)
        addSizes(of: entries[entries.count - 1], to: &sizes)
        try put(sizes.bytes)
    }

    /// Writes the directory.
    mutating func finish() throws {
        let start = try place()
        for entry in entries {
            var record = ZipRecord(0x0201_4B50)
            // Made by Unix, whose modes stand in the upper half of the outer attributes.
            record.add(3 << 8 | Self.version, Self.version)
            addKind(to: &record)
            addSizes(of: entry, to: &record)
            record.add(UInt16(entry.name.count), 0, 0, 0, 0)
            record.add(entry.mode << 16, entry.offset)
            try put(record.bytes + entry.name)
        }
        let size = try place() - start
        var end = ZipRecord(0x0605_4B50)
        end.add(0, 0, UInt16(entries.count), UInt16(entries.count))
        end.add(size, start)
        end.add(UInt16(0))
        try put(end.bytes)
    }

    private func addKind(to record: inout ZipRecord) {
        record.add(Self.flags, UInt16(Z_DEFLATED), Self.time, Self.date)
    }

    private func addSizes(of entry: Entry, to record: inout ZipRecord) {
        record.add(entry.checksum, entry.packed, entry.whole)
    }

    private mutating func putPacked(_ bytes: [UInt8]) throws {
        let last = entries.count - 1
        entries[last].packed = try sum(entries[last].packed, bytes.count)
        if !bytes.isEmpty { try put(bytes) }
    }

    private mutating func put(_ bytes: [UInt8]) throws {
        try write(bytes)
        offset += UInt64(bytes.count)
    }

    private func place() throws(Diagnostic) -> UInt32 {
        guard let place = UInt32(exactly: offset), entries.count < Int(UInt16.max) else {
            throw Self.tooLarge
        }
        return place
    }

    private func sum(_ size: UInt32, _ more: Int) throws(Diagnostic) -> UInt32 {
        guard let sum = UInt32(exactly: Int(size) + more) else { throw Self.tooLarge }
        return sum
    }

    private static let tooLarge = Diagnostic(
        "package-too-large",
        "the files for a cluster are more than a zip archive takes: 4 GiB, or 65,535 files",
        hint: "put the data where the cluster can read it"
    )
}

/// Numbers one after the other, the low byte first.
private struct ZipRecord {
    private(set) var bytes: [UInt8] = []

    init(_ magic: UInt32) {
        add(magic)
    }

    mutating func add(_ numbers: UInt16...) {
        for number in numbers {
            withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        }
    }

    mutating func add(_ numbers: UInt32...) {
        for number in numbers {
            withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        }
    }
}

/// Packs bytes with zlib's usual effort, without a header.
private final class Deflation {
    private static let pieceSize = 1 << 16

    // The library remembers where it is, so that it must not move.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

    init() throws(Diagnostic) {
        stream.initialize(to: z_stream())
        let status = deflateInit2_(
            stream,
            Z_DEFAULT_COMPRESSION,
            Z_DEFLATED,
            -MAX_WBITS,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard status == Z_OK else {
            throw Diagnostic("cannot-write", "no memory to pack files for a cluster")
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Returns what is packed so far and was not returned before; all of it when `isLast`.
    func pack(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
        var input = bytes
        var packed: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: Self.pieceSize)
        input.withUnsafeMutableBufferPointer { input in
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = UInt32(input.count)
            var isFull = true
            while isFull {
                let made = piece.withUnsafeMutableBufferPointer { piece in
                    stream.pointee.next_out = piece.baseAddress
                    stream.pointee.avail_out = UInt32(piece.count)
                    // What it answers is told by the room that it leaves: it fails only when it is used wrongly.
                    _ = deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                    return piece.count - Int(stream.pointee.avail_out)
                }
                packed += piece[..<made]
                isFull = made == Self.pieceSize
            }
            stream.pointee.next_in = nil
        }
        return packed
    }
}
