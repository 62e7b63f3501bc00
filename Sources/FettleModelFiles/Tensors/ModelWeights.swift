public import FettleCore

/// The tensors of a model by Hugging Face's names, whatever file they are in.
///
/// Matrices are `[out, in]`, row-major, and the rows of Llama's query and key projections stand for
/// rotate-half positions; what a file keeps otherwise is put right as it is read. The numbers stay in the
/// mapped files until they are asked for.
///
///     let weights = try ModelFiles.open("SmolLM2.gguf").weights
///     try weights.shape(of: "model.embed_tokens.weight")  // [49152, 576]
///     let norm = try weights.readFloats("model.norm.weight")
public struct ModelWeights: Sendable {
    /// The names in the order of the network: embeddings, layers, output.
    public let names: [String]
    private let tensors: [String: ModelTensor]
    let source: String

    /// Makes weights of tensors; of two with one name the later one counts.
    init(_ tensors: [(name: String, tensor: ModelTensor)], source: String) {
        let byName = Dictionary(tensors.map { ($0.name, $0.tensor) }) { $1 }
        self.tensors = byName
        self.source = source
        names = byName.keys.sorted { TensorOrder($0) < TensorOrder($1) }
    }

    /// Makes weights of numbers in memory.
    ///
    /// - Parameter tensors: each with as many numbers as its shape has places.
    public init(_ tensors: [(name: String, shape: [Int], numbers: [Float])]) {
        self.init(
            tensors.map { tensor in
                precondition(
                    tensor.numbers.count == tensor.shape.reduce(1, *),
                    "\(tensor.name): \(tensor.numbers.count) numbers for \(tensor.shape)"
                )
                let bytes = tensor.numbers.withUnsafeBytes {
                    ModelBytes(copying: $0, path: "memory")
                }
                return (
                    tensor.name,
                    ModelTensor(
                        bytes: bytes,
                        offset: 0,
                        type: .float32,
                        shape: tensor.shape,
                        arrangement: .plain
                    )
                )
            },
            source: "memory"
        )
    }

    /// Returns these weights with some of their tensors replaced.
    ///
    /// - Throws: `model-corrupt` when one of the others is not there, or has another shape.
    public func replacing(with others: ModelWeights) throws(Diagnostic) -> ModelWeights {
        for name in others.names {
            let (found, expected) = (try others.shape(of: name), tensors[name]?.shape)
            guard found != expected else { continue }
            let words = found.map(String.init).joined(separator: " × ")
            throw FileFault.corrupt(
                others.source,
                "its tensor '\(name)' of \(words) numbers is none of the base model's"
            )
        }
        let all = tensors.merging(others.tensors) { $1 }
        return ModelWeights(all.map { ($0.key, $0.value) }, source: source)
    }

    /// Whether there is a tensor of this name.
    public func contains(_ name: String) -> Bool {
        tensors[name] != nil
    }

    /// Returns the shape of a tensor, `[out, in]` for a matrix and `[n]` for a vector.
    ///
    /// - Throws: `model-corrupt` when the model has no such tensor.
    public func shape(of name: String) throws(Diagnostic) -> [Int] {
        try tensor(name).shape
    }

    /// Returns how a tensor is stored.
    ///
    /// - Throws: `model-corrupt` when the model has no such tensor.
    public func type(of name: String) throws(Diagnostic) -> TensorType {
        try tensor(name).type
    }

    /// Returns all numbers of a tensor in single precision, row-major.
    ///
    /// - Throws: `model-corrupt` when the model has no such tensor, `model-unreadable` when another
    ///   program changed the file since it was opened.
    public func readFloats(_ name: String) throws(Diagnostic) -> [Float] {
        let tensor = try tensor(name)
        let numbers = [Float](unsafeUninitializedCapacity: tensor.count) { buffer, count in
            tensor.read(0..<tensor.rows, into: buffer)
            count = tensor.count
        }
        try tensor.bytes.requireUnchanged()
        return numbers
    }

    /// Writes some rows of a tensor in single precision, `[rows.count, in]`.
    ///
    /// - Parameters:
    ///   - name: the tensor's name.
    ///   - rows: which rows, all of which the tensor has; a vector is one row.
    ///   - out: room for `rows.count` times the length of a row.
    /// - Throws: as ``readFloats(_:)``.
    public func readRows(
        _ name: String,
        _ rows: Range<Int>,
        into out: UnsafeMutableBufferPointer<Float>
    ) throws(Diagnostic) {
        let tensor = try tensor(name)
        tensor.read(rows, into: out)
        try tensor.bytes.requireUnchanged()
    }

    /// Returns the rows of a tensor as they are stored, or nil when it is stored column by column
    /// (GPT-2's matrices in a Hugging Face folder).
    ///
    /// - Throws: `model-corrupt` when the model has no such tensor.
    public func storedRows(of name: String) throws(Diagnostic) -> StoredRows? {
        let tensor = try tensor(name)
        return tensor.arrangement == .transposed ? nil : StoredRows(tensor: tensor)
    }

    /// The bytes that all tensors have in their files.
    public var byteCount: Int {
        tensors.values.reduce(0) { $0 + $1.byteCount }
    }

    /// How many numbers all tensors have.
    public var parameterCount: Int {
        tensors.values.reduce(0) { $0 + $1.count }
    }

    func tensor(_ name: String) throws(Diagnostic) -> ModelTensor {
        guard let tensor = tensors[name] else {
            throw FileFault.corrupt(source, "it has no tensor '\(name)'")
        }
        return tensor
    }
}

/// The rows of a tensor as they are stored, for products that work on quantised numbers.
public struct StoredRows: Sendable {
    let tensor: ModelTensor

    /// How the numbers are stored.
    public var type: TensorType { tensor.type }
    /// The number of rows; 1 for a vector.
    public var rows: Int { tensor.rows }
    /// The numbers of a row.
    public var columns: Int { tensor.columns }
    /// The bytes of a row.
    public var rowBytes: Int { tensor.columns / tensor.type.blockSize * tensor.type.blockBytes }

    /// Returns where the network's row stands among the stored rows.
    public func storedRow(_ row: Int) -> Int {
        tensor.shape.count > 1 ? tensor.storedRow(row) : row
    }

    /// Calls `body` with all stored bytes, `rows` times `rowBytes`; the address is good until it returns.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withExtendedLifetime(tensor.bytes) { () throws(Failure) in try body(tensor.stored) }
    }
}

/// Where a tensor stands in the network: embeddings, layers by number, the rest.
private struct TensorOrder: Comparable {
    private static let embeddings = ["embed_tokens", "wte", "wpe"]
    private let name: String
    private let rank: Int
    private let layer: Int

    init(_ name: String) {
        self.name = name
        let parts = name.split(separator: ".")
        let number = parts.lazy.compactMap { Int($0) }.first
        let isEmbedding = parts.contains { Self.embeddings.contains(String($0)) }
        layer = number ?? 0
        rank = isEmbedding ? 0 : number != nil ? 1 : 2
    }

    static func < (first: TensorOrder, second: TensorOrder) -> Bool {
        (first.rank, first.layer, first.name) < (second.rank, second.layer, second.name)
    }
}
