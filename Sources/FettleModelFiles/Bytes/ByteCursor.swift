import FettleCore

/// Reads little-endian values one after the other, each checked to lie within the bytes.
struct ByteCursor {
    let bytes: ModelBytes
    /// Where the next value begins; at most the number of bytes.
    private(set) var offset: Int

    init(_ bytes: ModelBytes, at offset: Int = 0) {
        precondition((0...bytes.buffer.count).contains(offset), "offset \(offset)")
        self.bytes = bytes
        self.offset = offset
    }

    /// How many bytes are left.
    var left: Int { bytes.buffer.count - offset }

    /// Moves past bytes.
    ///
    /// - Throws: `model-corrupt`, which names the field, when fewer are left.
    @inline(__always)
    mutating func skip(_ count: UInt64, _ field: @autoclosure () -> String) throws(Diagnostic) {
        guard count <= UInt64(left) else {
            throw FileFault.corrupt(
                bytes.path,
                "\(field()) at byte \(offset) needs \(count) bytes, and \(left) are left"
            )
        }
        offset += Int(count)
    }

    /// Returns the next integer.
    ///
    /// - Throws: `model-corrupt`, which names the field, when the bytes end before it does.
    @inline(__always)
    mutating func integer<Value: FixedWidthInteger>(
        _ type: Value.Type,
        _ field: @autoclosure () -> String
    ) throws(Diagnostic) -> Value {
        let start = offset
        try skip(UInt64(MemoryLayout<Value>.size), field())
        return Value(
            littleEndian: bytes.buffer.loadUnaligned(fromByteOffset: start, as: Value.self)
        )
    }

    /// Returns the next text: a 64-bit length and as many bytes of UTF-8.
    ///
    /// - Throws: `model-corrupt`, which names the field, when it is longer than `limit`, passes the
    ///   end or is not UTF-8.
    mutating func string(
        limit: Int,
        _ field: @autoclosure () -> String
    ) throws(Diagnostic) -> String {
        let length = try integer(UInt64.self, "the length of \(field())")
        guard length <= UInt64(limit) else {
            throw FileFault.corrupt(
                bytes.path,
                "\(field()) has \(length) bytes, limit \(limit)"
            )
        }
        let start = offset
        try skip(length, field())
        guard let text = String(validating: bytes.buffer[start..<offset], as: UTF8.self) else {
            throw FileFault.corrupt(bytes.path, "\(field()) is not UTF-8")
        }
        return text
    }
}
