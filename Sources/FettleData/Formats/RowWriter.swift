/// Writes the rows of a frame in one format.
protocol RowWriter: Sendable {
    /// Whether rows can be added to a file that has some; what stands before the first row is then left
    /// out.
    var canAppend: Bool { get }

    /// Appends what stands before the first row.
    func begin(_ columns: [WrittenColumn], to out: inout [UInt8])

    /// Appends a row of the source; `isFirst` when none was written before it.
    func row(_ row: Int, _ columns: [WrittenColumn], isFirst: Bool, to out: inout [UInt8])

    /// Appends what stands after the last row; `isEmpty` when there was none.
    func end(isEmpty: Bool, to out: inout [UInt8])
}

extension RowWriter {
    var canAppend: Bool { true }
    func end(isEmpty: Bool, to out: inout [UInt8]) {}
}

/// A column as the writers see it; its bytes do not change.
struct WrittenColumn: @unchecked Sendable {
    let name: String
    let column: Column
    /// The name as the start of an object's member: `"name": `.
    let key: [UInt8]
    /// The cells of a text column; taken out of it once, because doing so for every cell would count
    /// references for a tenth of the time that writing takes.
    private let references: [TextReference]
    private let mapped: UnsafeRawBufferPointer
    private let side: UnsafeRawBufferPointer

    init(_ named: Frame.NamedColumn) {
        if case .text(let references, let heap) = named.column.storage {
            self.references = references
            (mapped, side) = heap.regions
        } else {
            references = []
            mapped = UnsafeRawBufferPointer(start: nil, count: 0)
            side = mapped
        }
        name = named.name
        column = named.column
        var key: [UInt8] = []
        ByteText.append(json: named.name, to: &key)
        key += [UInt8(ascii: ":"), UInt8(ascii: " ")]
        self.key = key
    }

    /// Whether the cells are texts or JSON texts.
    var isText: Bool { !references.isEmpty }

    /// The reference to a cell of a text column.
    @inline(__always)
    func reference(at row: Int) -> TextReference { references[row] }

    /// The bytes of a cell of a text column, good as long as the column lives.
    @inline(__always)
    func bytes(of reference: TextReference) -> UnsafeRawBufferPointer {
        let (start, count) = (reference.offset, reference.count)
        if start < mapped.count {
            return UnsafeRawBufferPointer(rebasing: mapped[start..<start + count])
        }
        let place = start - mapped.count
        return UnsafeRawBufferPointer(rebasing: side[place..<place + count])
    }
}

/// Appends values to bytes.
enum ByteText {
    /// Appends the digits of an integer.
    static func append(_ value: Int64, to out: inout [UInt8]) {
        if value < 0 { out.append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        let start = out.count
        repeat {
            out.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        out[start...].reverse()
    }

    /// Appends bytes as a JSON string.
    static func append(json bytes: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        out.append(ByteScan.quote)
        append(escaped: bytes, to: &out)
        out.append(ByteScan.quote)
    }

    /// Appends bytes as they stand inside a JSON string.
    static func append(escaped bytes: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
        var at = 0
        while true {
            let stop = ByteScan.endOfUnescaped(base, from: at, to: bytes.count)
            out.append(contentsOf: UnsafeBufferPointer(start: base + at, count: stop - at))
            guard stop < bytes.count else { break }
            escape(base[stop], to: &out)
            at = stop + 1
        }
    }

    /// Appends a text as a JSON string.
    static func append(json text: String, to out: inout [UInt8]) {
        var text = text
        text.withUTF8 { append(json: UnsafeRawBufferPointer($0), to: &out) }
    }

    private static func escape(_ byte: UInt8, to out: inout [UInt8]) {
        out.append(ByteScan.backslash)
        switch byte {
        case ByteScan.lineFeed: out.append(UInt8(ascii: "n"))
        case ByteScan.carriageReturn: out.append(UInt8(ascii: "r"))
        case 0x09: out.append(UInt8(ascii: "t"))
        case ByteScan.quote, ByteScan.backslash: out.append(byte)
        default:
            out.append(contentsOf: ("u00" + ByteNames.hex(byte).dropFirst(2).lowercased()).utf8)
        }
    }

    /// Appends JSON text on one line: blanks outside its texts that hold line ends or tabs go.
    static func append(oneLine bytes: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        var inText = false
        var escaped = false
        for byte in bytes {
            if inText {
                if escaped {
                    escaped = false
                } else if byte == ByteScan.backslash {
                    escaped = true
                } else if byte == ByteScan.quote {
                    inText = false
                }
            } else if byte == ByteScan.quote {
                inText = true
            } else if byte == ByteScan.lineFeed || byte == ByteScan.carriageReturn || byte == 0x09 {
                continue
            }
            out.append(byte)
        }
    }
}
