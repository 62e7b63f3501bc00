import FettleCore

/// Writes a safetensors file, one tensor after the other.
struct SafetensorsWriter {
    /// A tensor to write.
    struct Tensor {
        let name: String
        /// The shape in the file.
        let shape: [Int]
        let type: TensorType

        var count: Int { shape.reduce(1, *) }
    }

    private let file: NewFile
    private var written = 0
    private let tensors: [Tensor]

    /// Writes the header.
    ///
    /// - Parameters:
    ///   - tensors: in the order in which their numbers follow; F32, F16 or BF16.
    ///   - metadata: texts that stand under `__metadata__`.
    ///   - file: where the bytes go.
    /// - Throws: `model-unwritable` with the path and the system's reason.
    init(
        _ tensors: [Tensor],
        metadata: [(name: String, text: String)] = [],
        to file: NewFile
    ) throws(Diagnostic) {
        self.file = file
        self.tensors = tensors
        // transformers reads a file only when it says whose tensors they are.
        let texts = [("format", "pt")] + metadata
        var members = [
            JSONValue.Member("__metadata__", .object(texts.map { .init($0.0, .string($0.1)) }))
        ]
        var end = 0
        for tensor in tensors {
            let start = end
            end += tensor.count * tensor.type.blockBytes
            let value = JSONValue.object([
                .init("dtype", .string(tensor.type.name)),
                .init("shape", .array(tensor.shape.map { .integer(Int64($0)) })),
                .init("data_offsets", .array([.integer(Int64(start)), .integer(Int64(end))])),
            ])
            members.append(.init(tensor.name, value))
        }
        var header = Array(JSONValue.object(members).text().utf8)
        while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
        try file.write(UInt64(header.count).littleEndianBytes + header)
    }

    /// Writes the numbers of the next tensor, row-major.
    ///
    /// - Throws: `model-unwritable` with the path and the system's reason.
    mutating func write(_ numbers: [Float]) throws(Diagnostic) {
        let tensor = tensors[written]
        precondition(numbers.count == tensor.count, "\(numbers.count) numbers of '\(tensor.name)'")
        written += 1
        var bytes: [UInt8] = []
        Quantisation.append(numbers, tensor.type, to: &bytes)
        try file.write(bytes)
    }

    /// Sees to it that all tensors were written, and gives the file its name.
    consuming func finish() throws(Diagnostic) {
        precondition(written == tensors.count, "\(written) of \(tensors.count) tensors")
        try file.finish()
    }
}

extension FixedWidthInteger {
    /// The bytes, lowest first.
    var littleEndianBytes: [UInt8] {
        withUnsafeBytes(of: littleEndian) { Array($0) }
    }
}
