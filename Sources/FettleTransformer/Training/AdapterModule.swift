public import FettleCore
public import FettleModelFiles

/// A projection of a model that an adapter changes.
public struct AdapterModule: Hashable, Sendable {
    /// The projection's name, such as `model.layers.0.self_attn.q_proj`.
    public let name: String
    /// The length of its inputs, K.
    public let inputs: Int
    /// The length of its outputs, N.
    public let outputs: Int
}

extension AdapterShape {
    /// Returns the projections of a model that the adapter changes, in the order in which its numbers are drawn.
    ///
    /// - Throws: what ``check(_:)`` throws.
    public func modules(
        of configuration: ModelConfiguration
    ) throws(Diagnostic) -> [AdapterModule] {
        try check(configuration)
        let names = TensorNames(architecture: configuration.architecture)
        let shapes = Dictionary(
            configuration.tensorShapes.map { ($0.name, $0.shape) },
            uniquingKeysWith: { first, _ in first }
        )
        return (layers ?? 0..<configuration.layers).flatMap { layer in
            let all =
                names.attentionInputs(layer) + names.attentionOutput(layer)
                + names.feedForwardInputs(layer) + names.feedForwardOutput(layer)
            return all.compactMap { name -> AdapterModule? in
                let last = name.split(separator: ".").last.map(String.init) ?? name
                guard projections.contains(last), let shape = shapes[name + ".weight"] else {
                    return nil
                }
                return AdapterModule(name: name, inputs: shape[1], outputs: shape[0])
            }
        }
    }
}
