import FettleCore

/// What is exported: a model's files, and where the numbers of its tensors come from.
///
///     let merged = TensorSource(model) { name in try network.mergedWeights(name) }
///     try merged.writeGGUF(to: "model.gguf", as: .q80) { done, total in }
public struct TensorSource {
    /// The model whose tokens, template and sizes are taken over.
    public let model: ModelFiles
    let numbers: (String) throws -> [Float]

    /// Takes the numbers of a model as they are in its files.
    public init(_ model: ModelFiles) {
        self.init(model) { try model.weights.readFloats($0) }
    }

    /// Takes the numbers from somewhere else.
    ///
    /// - Parameters:
    ///   - model: the model whose tokens, template and sizes are taken over.
    ///   - numbers: gives the numbers of each tensor of the configuration, `[out, in]` row-major under
    ///     Hugging Face's name.
    public init(_ model: ModelFiles, numbers: @escaping (String) throws -> [Float]) {
        self.model = model
        self.numbers = numbers
    }

    /// The configuration of the model.
    var configuration: ModelConfiguration { model.configuration }

    /// Returns the numbers of a tensor, as many as its shape has places.
    func numbers(_ name: String, _ shape: [Int]) throws -> [Float] {
        try Task.checkCancellation()
        let found = try numbers(name)
        precondition(
            found.count == shape.reduce(1, *),
            "\(found.count) numbers of '\(name)', whose shape is \(shape)"
        )
        return found
    }

    /// Sees to it that a type can be written.
    static func requireWritten(_ type: TensorType, of types: [TensorType]) throws(Diagnostic) {
        guard !types.contains(type) else { return }
        let names = types.map(\.name).joined(separator: ", ")
        throw Diagnostic(
            "model-unsupported",
            "numbers are not written as \(type.name), only as \(names)"
        )
    }
}
