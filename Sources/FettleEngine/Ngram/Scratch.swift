/// A growing run of plain values in memory that its owner frees.
///
/// In place of an Array where reference counting and uniqueness checks per element would cost more
/// than the work itself.
struct GrowingBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
    // Has one owner at a time: the thread that fills it hands it over.

    private(set) var base: UnsafeMutablePointer<Element>
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int) {
        self.capacity = max(capacity, 1)
        base = .allocate(capacity: self.capacity)
    }

    func free() { base.deallocate() }

    @inline(__always)
    mutating func removeAll() { count = 0 }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count == capacity { grow() }
        base[count] = element
        count += 1
    }

    @inline(__always)
    subscript(index: Int) -> Element {
        get { base[index] }
        nonmutating _modify { yield &base[index] }
    }

    @inline(never)
    private mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
        capacity *= 2
    }
}

/// A set of hashes that forgets all of them in constant time, for telling repeats within a prompt.
struct SeenHashes {
    private var keys: UnsafeMutablePointer<UInt64>
    private var stamps: UnsafeMutablePointer<UInt32>
    private var mask: Int
    private var count = 0
    private var stamp: UInt32 = 0

    init() {
        mask = (1 << 11) - 1
        keys = .allocate(capacity: mask + 1)
        stamps = .allocate(capacity: mask + 1)
        stamps.initialize(repeating: 0, count: mask + 1)
    }

    func free() {
        keys.deallocate()
        stamps.deallocate()
    }

    mutating func startOver() {
        count = 0
        stamp &+= 1
        guard stamp == 0 else { return }
        stamps.update(repeating: 0, count: mask + 1)
        stamp = 1
    }

    /// Adds a hash and returns whether it was not there.
    @inline(__always)
    mutating func insert(_ hash: UInt64) -> Bool {
        var slot = Int(truncatingIfNeeded: hash >> 20) & mask
        while stamps[slot] == stamp {
            if keys[slot] == hash { return false }
            slot = (slot + 1) & mask
        }
        keys[slot] = hash
        stamps[slot] = stamp
        count += 1
        if count * 2 > mask { grow() }
        return true
    }

    @inline(never)
    private mutating func grow() {
        var larger = SeenHashes(slots: (mask + 1) * 4)
        larger.startOver()
        for slot in 0...mask where stamps[slot] == stamp { _ = larger.insert(keys[slot]) }
        free()
        self = larger
    }

    private init(slots: Int) {
        mask = slots - 1
        keys = .allocate(capacity: slots)
        stamps = .allocate(capacity: slots)
        stamps.initialize(repeating: 0, count: slots)
    }
}

/// Reads scalars from bytes that should be UTF-8; a byte that is none reads as U+FFFD.
struct UTF8Reader {
    private let base: UnsafePointer<UInt8>?
    private let end: Int
    private var position = 0

    init(_ text: UnsafeRawBufferPointer) {
        base = text.baseAddress?.assumingMemoryBound(to: UInt8.self)
        end = text.count
    }

    /// Whether the next byte is one of A–Z and a–z.
    @inline(__always)
    var isAtASCIILetter: Bool {
        guard let base, position < end else { return false }
        let byte = base[position] | 0x20
        return byte >= 0x61 && byte <= 0x7A
    }

    @inline(__always)
    mutating func next() -> UInt32? {
        guard let base, position < end else { return nil }
        let first = UInt32(base[position])
        position += 1
        if first < 0x80 { return first }
        return nextMultibyte(base, first)
    }

    private mutating func nextMultibyte(_ base: UnsafePointer<UInt8>, _ first: UInt32) -> UInt32 {
        let extra: Int
        var value: UInt32
        switch first {
        case 0xC2...0xDF: (extra, value) = (1, first & 0x1F)
        case 0xE0...0xEF: (extra, value) = (2, first & 0x0F)
        case 0xF0...0xF4: (extra, value) = (3, first & 0x07)
        default: return 0xFFFD
        }
        guard position + extra <= end else { return 0xFFFD }
        for offset in 0..<extra {
            let byte = UInt32(base[position + offset])
            guard byte & 0xC0 == 0x80 else { return 0xFFFD }
            value = value << 6 | byte & 0x3F
        }
        position += extra
        return value
    }
}
