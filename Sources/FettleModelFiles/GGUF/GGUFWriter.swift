import FettleCore

/// Writes a GGUF file of version 3: the header at once, then one tensor after the other.
struct GGUFWriter {
    /// A tensor to write.
    struct Tensor {
        let name: String
        /// The slowest-changing dimension first.
        let shape: [Int]
        let type: TensorType

        var count: Int { shape.reduce(1, *) }
        var byteCount: Int { count / type.blockSize * type.blockBytes }
    }

    private static let alignment = 32

    private let file: NewFile
    private let tensors: [Tensor]
    private var written = 0

    /// Writes the header.
    ///
    /// - Parameters:
    ///   - metadata: the keys and values.
    ///   - tensors: in the order in which their numbers follow.
    ///   - file: where the bytes go.
    /// - Throws: `model-unwritable` with the path and the system's reason.
    init(_ metadata: GGUFHeader, _ tensors: [Tensor], to file: NewFile) throws(Diagnostic) {
        self.file = file
        self.tensors = tensors
        var header = GGUFFile.magic + UInt32(3).littleEndianBytes
        header += UInt64(tensors.count).littleEndianBytes + UInt64(metadata.count).littleEndianBytes
        header += metadata.bytes
        var offset = 0
        for tensor in tensors {
            GGUFHeader.append(tensor.name, to: &header)
            header += UInt32(tensor.shape.count).littleEndianBytes
            for size in tensor.shape.reversed() { header += UInt64(size).littleEndianBytes }
            header += tensor.type.ggmlNumber.littleEndianBytes + UInt64(offset).littleEndianBytes
            offset += (tensor.byteCount + Self.alignment - 1) & ~(Self.alignment - 1)
        }
        try file.write(header)
        try file.pad(to: Self.alignment)
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
        try file.pad(to: Self.alignment)
    }

    /// Sees to it that all tensors were written, and gives the file its name.
    consuming func finish() throws(Diagnostic) {
        precondition(written == tensors.count, "\(written) of \(tensors.count) tensors")
        try file.finish()
    }
}

/// Keys and values as they stand in a GGUF file.
struct GGUFHeader {
    /// The number of keys.
    private(set) var count: UInt64 = 0
    /// The bytes of all keys and values.
    private(set) var bytes: [UInt8] = []

    mutating func set(_ key: String, _ text: String) {
        start(key, .string)
        Self.append(text, to: &bytes)
    }

    mutating func set(_ key: String, _ number: Int) {
        start(key, .uint32)
        bytes += UInt32(clamping: number).littleEndianBytes
    }

    mutating func set(_ key: String, _ number: Float) {
        start(key, .float32)
        bytes += number.bitPattern.littleEndianBytes
    }

    mutating func set(_ key: String, _ truth: Bool) {
        start(key, .bool)
        bytes.append(truth ? 1 : 0)
    }

    mutating func set(_ key: String, _ texts: [String]) {
        start(key, .array)
        bytes += GGUFValueType.string.rawValue.littleEndianBytes
        bytes += UInt64(texts.count).littleEndianBytes
        for text in texts { Self.append(text, to: &bytes) }
    }

    mutating func set(_ key: String, _ numbers: [Int32]) {
        start(key, .array)
        bytes += GGUFValueType.int32.rawValue.littleEndianBytes
        bytes += UInt64(numbers.count).littleEndianBytes
        for number in numbers { bytes += number.littleEndianBytes }
    }

    /// Takes a key and its value over from another file, byte for byte.
    mutating func copy(_ key: String, from metadata: GGUFMetadata) {
        guard let stored = metadata.stored(key) else { return }
        count += 1
        Self.append(key, to: &bytes)
        bytes += stored
    }

    private mutating func start(_ key: String, _ type: GGUFValueType) {
        count += 1
        Self.append(key, to: &bytes)
        bytes += type.rawValue.littleEndianBytes
    }

    static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes += UInt64(text.utf8.count).littleEndianBytes
        bytes += text.utf8
    }
}
