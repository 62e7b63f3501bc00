import CMappedFile
import FettleCore
import Synchronization

/// The bytes that text cells point into: a memory-mapped source file, and after it a side buffer for
/// text that does not stand in the file as it is, such as strings with escapes.
///
/// Offsets below `mappedCount` are in the file, those from there on in the side buffer. Fettle never
/// changes the bytes after `init`, so cells can be read from any thread; whether another program has
/// changed the file is told by ``checkSource()``.
public final class ByteHeap: @unchecked Sendable {
    private let mapped: UnsafeRawBufferPointer
    private let side: UnsafeMutableRawBufferPointer
    private let unmap: Bool
    private let origin = Mutex<Origin?>(nil)

    /// The mapped file as it was read.
    struct Origin: Hashable, Sendable {
        /// What the user calls it.
        var name: String
        /// The hash of its bytes.
        var fingerprint: Fingerprint
        /// Whether its bytes were found to be others.
        var isSuspect = false
    }

    /// How often the end of a mapped file was found to be lost, because another program cut the file
    /// short; zeros were read in its place.
    public static var lostPages: Int { fettle_mapping_faults() }

    /// Bytes of the mapped file.
    public var mappedCount: Int { mapped.count }

    /// Makes a heap of owned bytes alone.
    public convenience init(_ bytes: [UInt8] = []) {
        self.init(mapping: UnsafeRawBufferPointer(start: nil, count: 0), unmap: false, side: bytes)
    }

    /// Makes a heap over a mapped file, which it unmaps at its end when `unmap`, and the side buffer.
    public init(mapping: UnsafeRawBufferPointer, unmap: Bool, side: [UInt8]) {
        self.mapped = mapping
        self.unmap = unmap
        self.side = .allocate(byteCount: side.count, alignment: 1)
        self.side.copyBytes(from: side)
    }

    /// Makes a heap over a mapped file, which it unmaps at its end, and a side buffer that `fill` sets
    /// all of.
    init(
        mapping: UnsafeRawBufferPointer,
        sideCount: Int,
        fill: (UnsafeMutableRawBufferPointer) -> Void
    ) {
        mapped = mapping
        unmap = true
        side = .allocate(byteCount: sideCount, alignment: 1)
        fill(side)
    }

    deinit {
        side.deallocate()
        if unmap, let base = mapped.baseAddress {
            fettle_unmap(UnsafeMutableRawPointer(mutating: base), mapped.count)
        }
    }

    /// Keeps what the mapped file was when it was read.
    func note(_ origin: Origin) {
        self.origin.withLock { $0 = origin }
    }

    /// Sees to it that the mapped file still has the bytes that were read from it.
    ///
    /// Nothing is read unless the file's size or time of change differs.
    ///
    /// - Throws: `source-changed`, which names the file.
    func checkSource() throws(Diagnostic) {
        guard let base = mapped.baseAddress else { return }
        let changed = origin.withLock { origin -> Origin? in
            guard var known = origin, known.isSuspect || fettle_mapping_changed(base) != 0 else {
                return nil
            }
            // Taken as it is first, so that a change during the hashing is seen the next time.
            fettle_mapping_accept(base)
            known.isSuspect = ContentHash.xxh3_128(mapped) != known.fingerprint
            origin = known
            return known.isSuspect ? known : nil
        }
        guard let changed else { return }
        throw Diagnostic(
            "source-changed",
            "'\(changed.name)' was changed by another program after it was loaded",
            hint: "load it again: its rows are read from the file, not copied"
        )
    }

    /// The mapped file and the side buffer; the pointers are good as long as the heap lives.
    var regions: (mapped: UnsafeRawBufferPointer, side: UnsafeRawBufferPointer) {
        (mapped, UnsafeRawBufferPointer(side))
    }

    /// The bytes at `offset`; the pointer is good as long as the heap lives.
    func bytes(at offset: Int, count: Int) -> UnsafeRawBufferPointer {
        if offset < mapped.count {
            precondition(offset + count <= mapped.count, "text beyond the mapped file")
            return UnsafeRawBufferPointer(rebasing: mapped[offset..<offset + count])
        }
        let start = offset - mapped.count
        precondition(start + count <= side.count, "text beyond the side buffer")
        return UnsafeRawBufferPointer(rebasing: side[start..<start + count])
    }
}

/// Where a text cell's bytes stand in its heap, or that the cell is null or missing; 8 bytes.
///
/// Offset in the upper 40 bits (1 TiB), length in the lower 24 (16 MiB); the two highest values are
/// the absent cells.
public struct TextReference: Hashable, Sendable {
    /// The longest cell in bytes.
    public static let longest = (1 << 24) - 2
    /// A cell that holds an explicit null.
    public static let null = TextReference(raw: .max)
    /// A cell that its row does not have.
    public static let missing = TextReference(raw: .max - 1)

    private let raw: UInt64

    private init(raw: UInt64) {
        self.raw = raw
    }

    /// Makes a reference to `count` bytes at `offset`; both must be within the limits.
    public init(offset: Int, count: Int) {
        precondition(
            count <= Self.longest && offset < 1 << 40,
            "text of \(count) bytes at \(offset)"
        )
        raw = UInt64(offset) << 24 | UInt64(count)
    }

    /// Whether the cell is null or missing.
    public var isAbsent: Bool { raw >= UInt64.max - 1 }
    /// Offset into the heap.
    public var offset: Int { Int(raw >> 24) }
    /// Length in bytes.
    public var count: Int { Int(raw & 0xFF_FFFF) }
}
