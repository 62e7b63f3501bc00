#if canImport(Glibc)
import Glibc
#endif

/// The cells of one column of one piece of a source, while it is read.
///
/// Every cell keeps the place of its text, so that a column whose values turn out to be of different
/// kinds can become text without reading the source again.
struct ColumnGather {
    /// What the values so far have in common.
    enum Shape {
        case nothing, text, integer, number, boolean, json
        /// Different kinds, or a number that no 64-bit number holds.
        case mixed
    }

    /// The largest integer up to which doubles hold every integer.
    static let exactInDouble: UInt64 = 1 << 53

    let name: String
    let declared: ColumnKind?
    private(set) var shape = Shape.nothing
    private(set) var references: [TextReference] = []
    /// The values' bits while the shape is integer or number; a zero stands for an absent cell.
    private(set) var bits: [UInt64] = []
    /// The largest magnitude of an integer.
    private(set) var largest: UInt64 = 0
    /// Values of each kind; kept only when they are mixed.
    private(set) var tally: [JSONScanner.Kind: Int] = [:]
    /// Whether every text so far is an integer as JSON writes it.
    var textsAreIntegers = true

    init(name: String, declared: ColumnKind?, missing: Int, capacity: Int) {
        self.name = name
        self.declared = declared
        references.reserveCapacity(capacity)
        for _ in 0..<missing { references.append(.missing) }
    }

    var count: Int { references.count }

    /// Adds a cell without a value.
    @inline(__always)
    mutating func append(absent reference: TextReference) {
        references.append(reference)
        if !bits.isEmpty { bits.append(0) }
    }

    /// Adds a value of a kind other than null.
    @inline(__always)
    mutating func append(_ kind: JSONScanner.Kind, _ reference: TextReference, bits value: UInt64) {
        switch (shape, kind) {
        case (.text, .text), (.boolean, .boolean), (.json, .json):
            break
        case (.integer, .integer):
            largest = max(largest, Int64(bitPattern: value).magnitude)
            bits.append(value)
        case (.number, .number):
            bits.append(value)
        default:
            change(to: kind, value)
        }
        references.append(reference)
    }

    private mutating func change(to kind: JSONScanner.Kind, _ value: UInt64) {
        switch (shape, kind) {
        case (.nothing, .text): shape = .text
        case (.nothing, .boolean): shape = .boolean
        case (.nothing, .json): shape = .json
        case (.nothing, .integer), (.nothing, .number):
            shape = kind == .integer ? .integer : .number
            bits.reserveCapacity(references.capacity)
            for _ in references { bits.append(0) }
            bits.append(value)
            if kind == .integer { largest = Int64(bitPattern: value).magnitude }
        case (.integer, .number) where largest <= Self.exactInDouble:
            becomeNumber()
            bits.append(value)
        case (.number, .integer)
        where Int64(bitPattern: value).magnitude <= Self.exactInDouble:
            largest = max(largest, Int64(bitPattern: value).magnitude)
            bits.append(Double(Int64(bitPattern: value)).bitPattern)
        case (.mixed, _):
            tally[kind, default: 0] += 1
        default:
            mix()
            tally[kind, default: 0] += 1
        }
    }

    /// Makes doubles of the integers.
    mutating func becomeNumber() {
        guard shape == .integer else { return }
        shape = .number
        for place in bits.indices where !references[place].isAbsent {
            bits[place] = Double(Int64(bitPattern: bits[place])).bitPattern
        }
    }

    /// Gives up the common kind and keeps the texts.
    mutating func mix() {
        let kind: JSONScanner.Kind? =
            switch shape {
            case .text: .text
            case .integer: .integer
            case .number: .number
            case .boolean: .boolean
            case .json: .json
            case .nothing, .mixed: nil
            }
        if let kind { tally[kind] = references.count { !$0.isAbsent } }
        shape = .mixed
        bits = []
    }

    /// Keeps the texts of a sniffed column whose values are not all of one kind.
    mutating func becomeText() {
        shape = .text
        bits = []
        tally = [:]
    }

    /// Whether no row has this column.
    var isAllMissing: Bool {
        shape == .nothing && references.allSatisfy { $0 == .missing }
    }
}

/// The names of a source's columns as bytes, to find a row's key without making a text of it.
struct NameTable {
    private var bytes: [UInt8] = []
    private var starts: [Int] = [0]
    private var positions: [String: Int] = [:]

    var count: Int { starts.count - 1 }

    /// Returns the position of the name in `key`, looking first at the place where it is likely.
    @inline(__always)
    func position(of key: UnsafeBufferPointer<UInt8>, likely: Int) -> Int? {
        if likely < count, matches(key, likely) { return likely }
        return lookUp(key)
    }

    private func lookUp(_ key: UnsafeBufferPointer<UInt8>) -> Int? {
        if count <= 16 { return (0..<count).first { matches(key, $0) } }
        return positions[String(decoding: key, as: UTF8.self)]
    }

    @inline(__always)
    private func matches(_ key: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
        let start = starts[position]
        guard starts[position &+ 1] &- start == key.count else { return false }
        guard let text = key.baseAddress, key.count > 0 else { return true }
        return bytes.withUnsafeBufferPointer { names in
            names.baseAddress.map { memcmp($0 + start, text, key.count) == 0 } ?? false
        }
    }

    /// Adds a name and returns its position.
    mutating func add(_ name: String) -> Int {
        bytes.append(contentsOf: name.utf8)
        starts.append(bytes.count)
        positions[name] = count - 1
        return count - 1
    }
}
