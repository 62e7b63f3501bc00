import FettleCore

/// The header of a GGUF file, version 2 or 3, and where its tensors are.
///
/// The format is that of `docs/gguf.md` in ggml-org/ggml: magic, version, counts, metadata, tensor
/// descriptions, and from the next multiple of the alignment on the numbers.
struct GGUFFile {
    /// A tensor as the file describes it.
    struct Tensor {
        let name: String
        /// The fastest-changing dimension first, as in ggml.
        let dimensions: [Int]
        let type: TensorType
        /// Offset of the first byte in the file; the whole tensor lies within it.
        let offset: Int

        /// The slowest-changing dimension first, as everywhere else.
        var shape: [Int] { dimensions.reversed() }
    }

    static let magic = Array("GGUF".utf8)
    private static let keyLimit = 65_535
    /// A chat template of megabytes is a mistake.
    private static let textLimit = 16 << 20
    private static let depthLimit = 4

    let bytes: ModelBytes
    let metadata: GGUFMetadata
    let tensors: [Tensor]

    /// Reads the header.
    ///
    /// - Throws: `model-corrupt`, which names the field, or `model-unsupported` for another version or
    ///   a type of numbers that is not read.
    init(_ bytes: ModelBytes) throws(Diagnostic) {
        self.bytes = bytes
        var cursor = ByteCursor(bytes)
        try cursor.skip(4, "the magic 'GGUF'")
        let version = try cursor.integer(UInt32.self, "the version")
        guard version & 0xFFFF != 0 else {
            throw FileFault.unsupported(bytes.path, "it is a GGUF file in big-endian order")
        }
        guard version == 2 || version == 3 else {
            throw FileFault.unsupported(bytes.path, "it has version \(version) of GGUF, not 2 or 3")
        }
        let tensorCount = try cursor.integer(UInt64.self, "the number of tensors")
        let keyCount = try cursor.integer(UInt64.self, "the number of metadata keys")
        // A description takes 24 bytes or more, a key 13.
        guard tensorCount <= UInt64(cursor.left / 24) else {
            throw FileFault.corrupt(bytes.path, "its number of tensors is \(tensorCount)")
        }
        guard keyCount <= UInt64(cursor.left / 13) else {
            throw FileFault.corrupt(bytes.path, "its number of metadata keys is \(keyCount)")
        }
        var metadata = GGUFMetadata(bytes)
        for number in 0..<keyCount {
            let key = try cursor.string(limit: Self.keyLimit, "metadata key \(number)")
            let start = cursor.offset
            let value = try Self.value(&cursor, key)
            try metadata.append(key, value, start..<cursor.offset)
        }
        let alignment = try metadata.count("general.alignment") ?? 32
        guard alignment > 0, alignment <= 1 << 20, alignment & (alignment - 1) == 0 else {
            throw FileFault.corrupt(
                bytes.path,
                "'general.alignment' is \(alignment), not a power of two up to 1048576"
            )
        }
        var described: [(name: String, dimensions: [Int], type: UInt32, offset: UInt64)] = []
        for number in 0..<tensorCount {
            described.append(try Self.description(&cursor, number))
        }
        let start = (cursor.offset + alignment - 1) & ~(alignment - 1)
        var names: Set<String> = []
        self.metadata = metadata
        tensors = try described.map { (entry) throws(Diagnostic) in
            guard names.insert(entry.name).inserted else {
                throw FileFault.corrupt(bytes.path, "the tensor '\(entry.name)' stands there twice")
            }
            return try Self.located(entry, from: start, alignment, bytes)
        }
    }

    private static func value(
        _ cursor: inout ByteCursor,
        _ key: String
    ) throws(Diagnostic) -> GGUFValue {
        let type = try valueType(&cursor, key)
        switch type {
        case .string: return .string(try cursor.string(limit: textLimit, "the text of '\(key)'"))
        case .array: return .array(try array(&cursor, key, depth: 1))
        default: return try type.scalar(&cursor, "the value of '\(key)'")
        }
    }

    private static func valueType(
        _ cursor: inout ByteCursor,
        _ key: String
    ) throws(Diagnostic) -> GGUFValueType {
        let number = try cursor.integer(UInt32.self, "the type of '\(key)'")
        guard let type = GGUFValueType(rawValue: number) else {
            throw FileFault.corrupt(
                cursor.bytes.path,
                "the type of '\(key)' is \(number), limit 12"
            )
        }
        return type
    }

    /// Moves past the elements of a list, so that every one of them lies within the file.
    private static func array(
        _ cursor: inout ByteCursor,
        _ key: String,
        depth: Int
    ) throws(Diagnostic) -> GGUFArray {
        guard depth <= depthLimit else {
            throw FileFault.corrupt(
                cursor.bytes.path,
                "the lists of '\(key)' are more than \(depthLimit) deep"
            )
        }
        let type = try valueType(&cursor, key)
        let count = try cursor.integer(UInt64.self, "the number of elements of '\(key)'")
        let least = UInt64(type.byteCount ?? (type == .string ? 8 : 12))
        guard count <= UInt64(cursor.left) / least else {
            throw FileFault.corrupt(
                cursor.bytes.path,
                "'\(key)' has \(count) elements, and \(cursor.left) bytes are left"
            )
        }
        let start = cursor.offset
        switch type {
        case .string:
            for place in 0..<count {
                let length = try cursor.integer(
                    UInt64.self,
                    "the length of element \(place) of '\(key)'"
                )
                try cursor.skip(length, "element \(place) of '\(key)'")
            }
        case .array:
            for _ in 0..<count { _ = try array(&cursor, key, depth: depth + 1) }
        default: try cursor.skip(count * least, "the elements of '\(key)'")
        }
        return GGUFArray(
            bytes: cursor.bytes,
            key: key,
            element: type,
            offset: start,
            byteCount: cursor.offset - start,
            count: Int(count)
        )
    }

    private static func description(
        _ cursor: inout ByteCursor,
        _ number: UInt64
    ) throws(Diagnostic) -> (name: String, dimensions: [Int], type: UInt32, offset: UInt64) {
        let name = try cursor.string(limit: keyLimit, "the name of tensor \(number)")
        let rank = try cursor.integer(UInt32.self, "the number of dimensions of '\(name)'")
        guard (1...4).contains(rank) else {
            throw FileFault.corrupt(
                cursor.bytes.path,
                "'\(name)' has \(rank) dimensions, not 1 to 4"
            )
        }
        var dimensions: [Int] = []
        for place in 0..<rank {
            let size = try cursor.integer(UInt64.self, "dimension \(place) of '\(name)'")
            guard let size = Int(exactly: size), size > 0, size < 1 << 40 else {
                throw FileFault.corrupt(
                    cursor.bytes.path,
                    "dimension \(place) of '\(name)' is \(size)"
                )
            }
            dimensions.append(size)
        }
        let type = try cursor.integer(UInt32.self, "the type of '\(name)'")
        return (name, dimensions, type, try cursor.integer(UInt64.self, "the offset of '\(name)'"))
    }

    private static func located(
        _ entry: (name: String, dimensions: [Int], type: UInt32, offset: UInt64),
        from start: Int,
        _ alignment: Int,
        _ bytes: ModelBytes
    ) throws(Diagnostic) -> Tensor {
        let name = entry.name
        guard let type = TensorType(ggml: entry.type) else {
            throw FileFault.unsupported(
                bytes.path,
                "the tensor '\(name)' has numbers of ggml's type \(TensorType.ggmlName(entry.type))",
                hint: "get the model in one of "
                    + TensorType.allCases.map(\.name).joined(separator: ", ")
            )
        }
        guard entry.dimensions[0] % type.blockSize == 0 else {
            throw FileFault.corrupt(
                bytes.path,
                "rows of '\(name)' have \(entry.dimensions[0]) numbers, "
                    + "not a multiple of \(type.name)'s \(type.blockSize)"
            )
        }
        var count = 1
        for size in entry.dimensions {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow else {
                throw FileFault.corrupt(bytes.path, "'\(name)' is too large: \(entry.dimensions)")
            }
            count = product
        }
        let data = max(0, bytes.buffer.count - start)
        guard entry.offset % UInt64(alignment) == 0 else {
            throw FileFault.corrupt(
                bytes.path,
                "the offset of '\(name)' is \(entry.offset), not a multiple of \(alignment)"
            )
        }
        guard
            let size = type.byteCount(of: count), size <= data,
            entry.offset <= UInt64(data - size)
        else {
            throw FileFault.corrupt(
                bytes.path,
                "'\(name)' passes the end of the file: \(entry.dimensions) of \(type.name) "
                    + "at offset \(entry.offset), in \(data) bytes"
            )
        }
        return Tensor(
            name: name,
            dimensions: entry.dimensions,
            type: type,
            offset: start + Int(entry.offset)
        )
    }
}

extension TensorType {
    private static let ggmlNumbers: [(number: UInt32, type: TensorType)] = [
        (0, .float32), (1, .float16), (2, .q40), (3, .q41), (6, .q50), (7, .q51), (8, .q80),
        (12, .q4K), (13, .q5K), (14, .q6K), (30, .bfloat16),
    ]

    /// The type with this number in ggml, or nil.
    init?(ggml number: UInt32) {
        guard let found = Self.ggmlNumbers.first(where: { $0.number == number }) else { return nil }
        self = found.type
    }

    /// The number in ggml.
    var ggmlNumber: UInt32 {
        Self.ggmlNumbers.first { $0.type == self }?.number ?? 0
    }

    /// Returns the name of a type that is known and not read, or its number.
    static func ggmlName(_ number: UInt32) -> String {
        let names: [UInt32: String] = [
            9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS",
            18: "IQ3_XXS", 19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS",
            24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64", 29: "IQ1_M", 34: "TQ1_0",
            35: "TQ2_0", 39: "MXFP4",
        ]
        return names[number] ?? "\(number)"
    }
}
