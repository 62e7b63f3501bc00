public import FettleCore

/// What tuning learnt, in one safetensors file, with a text that says what it belongs to.
///
///     try AdapterFile.write(adapter.tensors(), note: note, to: "job.model")
///     let file = try AdapterFile("job.model")
///     try adapter.load { try file.weights.readFloats($0) }
public struct AdapterFile: Sendable {
    private static let key = "fettle"

    /// The tensors by their names.
    public let weights: ModelWeights
    /// The text that was written with them.
    public let note: String

    /// Opens a file.
    ///
    /// - Throws: `model-unreadable`, `model-corrupt`, and `model-foreign` for one without a note.
    public init(_ path: String) throws(Diagnostic) {
        let file = try SafetensorsFile(ModelBytes(mapping: path))
        guard let note = file.metadata.first(where: { $0.name == Self.key })?.text else {
            throw Diagnostic("model-foreign", "'\(path)' is no model that was tuned here")
        }
        self.note = note
        weights = ModelWeights(
            file.tensors.compactMap { tensor in
                tensor.type.map { type in
                    (
                        tensor.name,
                        ModelTensor(
                            bytes: file.bytes,
                            offset: tensor.offset,
                            type: type,
                            shape: tensor.shape,
                            arrangement: .plain
                        )
                    )
                }
            },
            source: path
        )
    }

    /// Writes tensors and a note, all of it or nothing.
    ///
    /// - Throws: `model-unwritable` with the path and the system's reason.
    public static func write(
        _ tensors: [(name: String, shape: [Int], numbers: [Float])],
        note: String,
        to path: String
    ) throws(Diagnostic) {
        var writer = try SafetensorsWriter(
            tensors.map { .init(name: $0.name, shape: $0.shape, type: .float32) },
            metadata: [(key, note)],
            to: try NewFile(path)
        )
        for tensor in tensors { try writer.write(tensor.numbers) }
        try writer.finish()
    }

    /// Writes tensors, one at a time in memory, and a note, all of it or nothing.
    ///
    /// - Throws: `model-unwritable` with the path and the system's reason, or what reading them throws.
    public static func write(
        _ weights: ModelWeights,
        note: String,
        to path: String
    ) throws(Diagnostic) {
        var writer = try SafetensorsWriter(
            weights.names.map { name throws(Diagnostic) in
                .init(name: name, shape: try weights.shape(of: name), type: .float32)
            },
            metadata: [(key, note)],
            to: try NewFile(path)
        )
        for name in weights.names { try writer.write(weights.readFloats(name)) }
        try writer.finish()
    }
}
