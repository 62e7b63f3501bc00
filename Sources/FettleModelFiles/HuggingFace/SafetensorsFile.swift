import FettleCore

/// The header of a safetensors file, and where its tensors are.
///
/// The format is that of huggingface/safetensors, `README.md`: a 64-bit length, as many bytes of JSON,
/// and the numbers, each tensor where the one before it ends.
struct SafetensorsFile {
    /// A tensor as the file describes it.
    struct Tensor {
        let name: String
        /// The type's name in the file, such as `BF16`.
        let dtype: String
        let shape: [Int]
        /// Offset of the first byte in the file; the whole tensor lies within it.
        let offset: Int

        /// How the numbers are stored, or nil for a type that no tensor of a network has.
        var type: TensorType? {
            switch dtype {
            case "F32": .float32
            case "F16": .float16
            case "BF16": .bfloat16
            default: nil
            }
        }
    }

    /// The limit of the format's own library.
    private static let headerLimit: UInt64 = 100_000_000
    private static let sizes: [String: Int] = [
        "F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2,
        "U16": 2, "I8": 1, "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1,
    ]

    let bytes: ModelBytes
    let tensors: [Tensor]
    /// The texts under `__metadata__`.
    let metadata: [(name: String, text: String)]

    /// Reads the header.
    ///
    /// - Throws: `model-corrupt`, which names the tensor and the field.
    init(_ bytes: ModelBytes) throws(Diagnostic) {
        self.bytes = bytes
        var cursor = ByteCursor(bytes)
        let length = try cursor.integer(UInt64.self, "the length of its header")
        guard length <= Self.headerLimit, length <= UInt64(cursor.left) else {
            throw FileFault.corrupt(
                bytes.path,
                "its header has \(length) bytes, in a file of \(bytes.buffer.count)"
            )
        }
        let start = 8 + Int(length)
        let header = try JSONFields(bytes, 8..<start, path: bytes.path)
        let size = bytes.buffer.count - start
        var names: Set<String> = []
        var metadata: [(name: String, text: String)] = []
        var found: [(tensor: Tensor, range: Range<Int>)] = []
        for member in header.members {
            guard names.insert(member.name).inserted else {
                throw FileFault.corrupt(bytes.path, "'\(member.name)' stands there twice")
            }
            if member.name == "__metadata__" {
                metadata = try Self.texts(member.value, bytes.path)
            } else {
                let range = try Self.range(member, size, bytes.path)
                found.append((try Self.tensor(member, range, from: start, bytes.path), range))
            }
        }
        try Self.requireWhole(found.map { ($0.tensor.name, $0.range) }, size, bytes.path)
        self.metadata = metadata
        tensors = found.map(\.tensor)
    }

    private static func texts(
        _ value: JSONValue,
        _ path: String
    ) throws(Diagnostic) -> [(name: String, text: String)] {
        guard case .object(let members) = value else {
            throw FileFault.corrupt(path, "'__metadata__' is not an object")
        }
        return try members.map { (member) throws(Diagnostic) in
            guard case .string(let text) = member.value else {
                throw FileFault.corrupt(path, "'__metadata__.\(member.name)' is not a text")
            }
            return (member.name, text)
        }
    }

    private static func range(
        _ member: JSONValue.Member,
        _ size: Int,
        _ path: String
    ) throws(Diagnostic) -> Range<Int> {
        guard case .array(let ends)? = member.value["data_offsets"], ends.count == 2,
            case .integer(let lower) = ends[0], case .integer(let upper) = ends[1],
            lower >= 0, lower <= upper
        else {
            throw FileFault.corrupt(
                path,
                "'data_offsets' of '\(member.name)' are not two rising numbers"
            )
        }
        guard let upper = Int(exactly: upper), upper <= size else {
            throw FileFault.corrupt(
                path,
                "'\(member.name)' ends at byte \(upper) of the numbers, and they have \(size)"
            )
        }
        return Int(lower)..<upper
    }

    private static func tensor(
        _ member: JSONValue.Member,
        _ range: Range<Int>,
        from start: Int,
        _ path: String
    ) throws(Diagnostic) -> Tensor {
        guard case .string(let dtype)? = member.value["dtype"] else {
            throw FileFault.corrupt(path, "'\(member.name)' has no 'dtype'")
        }
        guard let width = sizes[dtype] else {
            throw FileFault.unsupported(path, "'\(member.name)' has numbers of type '\(dtype)'")
        }
        guard case .array(let items)? = member.value["shape"], items.count <= 8 else {
            throw FileFault.corrupt(path, "'\(member.name)' has no 'shape' of up to 8 dimensions")
        }
        var shape: [Int] = []
        var count = width
        for item in items {
            guard case .integer(let size) = item, let size = Int(exactly: size), size >= 0 else {
                throw FileFault.corrupt(
                    path,
                    "the shape of '\(member.name)' is not of whole numbers"
                )
            }
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow else {
                throw FileFault.corrupt(path, "'\(member.name)' is too large: \(shape + [size])")
            }
            shape.append(size)
            count = product
        }
        guard count == range.count else {
            throw FileFault.corrupt(
                path,
                "'\(member.name)' has \(range.count) bytes, and \(shape) of \(dtype) takes \(count)"
            )
        }
        return Tensor(
            name: member.name,
            dtype: dtype,
            shape: shape,
            offset: start + range.lowerBound
        )
    }

    /// Every byte of the numbers belongs to one tensor, so that nothing is hidden or shared.
    private static func requireWhole(
        _ ranges: [(name: String, range: Range<Int>)],
        _ size: Int,
        _ path: String
    ) throws(Diagnostic) {
        var end = 0
        let sorted = ranges.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        for (name, range) in sorted {
            guard range.lowerBound == end else {
                throw FileFault.corrupt(
                    path,
                    "'\(name)' begins at byte \(range.lowerBound) of the numbers, not at \(end)"
                )
            }
            end = range.upperBound
        }
        guard end == size else {
            throw FileFault.corrupt(path, "\(size - end) bytes follow the last tensor")
        }
    }
}
