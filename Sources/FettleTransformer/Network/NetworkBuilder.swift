import FettleCore
import FettleModelFiles

/// Reads tensors, checks their shapes and arranges them.
struct NetworkBuilder {
    let configuration: ModelConfiguration
    let weights: ModelWeights
    let precision: Precision
    let purpose: TransformerNetwork.Purpose
    let names: TensorNames
    let parameters: Parameters

    init(
        configuration: ModelConfiguration,
        weights: ModelWeights,
        precision: Precision,
        purpose: TransformerNetwork.Purpose
    ) throws(Diagnostic) {
        self.configuration = configuration
        self.weights = weights
        self.precision = precision
        self.purpose = purpose
        names = TensorNames(architecture: configuration.architecture)
        let trained = Self.trained(configuration, names, purpose)
        var tensors: [(name: String, shape: [Int])] = []
        for name in trained where weights.contains(name) {
            tensors.append((name, try weights.shape(of: name)))
        }
        parameters = Parameters(tensors)
        for slot in parameters.slots {
            let values = try weights.readFloats(slot.name)
            values.withUnsafeBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                parameters.pointer(slot).update(from: base, count: buffer.count)
            }
        }
    }

    /// The names of what is trained, in the order of memory: projections that share an input side by side.
    private static func trained(
        _ configuration: ModelConfiguration,
        _ names: TensorNames,
        _ purpose: TransformerNetwork.Purpose
    ) -> [String] {
        func both(_ name: String) -> [String] { ["\(name).weight", "\(name).bias"] }
        func side(_ parts: [String]) -> [String] {
            parts.map { "\($0).weight" } + parts.map { "\($0).bias" }
        }
        let head =
            both(names.finalNorm) + (configuration.tiedOutput ? [] : ["\(names.output).weight"])
        let embedding = ["\(names.embedding).weight"]
        switch purpose {
        case .inference, .adapters: return []
        case .head: return (configuration.tiedOutput ? embedding : []) + head
        case .allWeights:
            var all = embedding
            if configuration.rope == nil { all.append("\(names.positions).weight") }
            for index in 0..<configuration.layers {
                all += both(names.attentionNorm(index))
                all += side(names.attentionInputs(index))
                all += side(names.attentionOutput(index))
                all += both(names.feedForwardNorm(index))
                all += side(names.feedForwardInputs(index))
                all += side(names.feedForwardOutput(index))
            }
            return all + head
        }
    }

    /// Checks a tensor's shape against the configuration's.
    private func require(_ name: String, _ shape: [Int]) throws(Diagnostic) {
        let found = try weights.shape(of: name)
        guard found == shape else {
            throw Diagnostic(
                "model-corrupt",
                "tensor '\(name)' has the shape \(words(found)), \(words(shape)) was expected",
                hint:
                    "fetch the model again: its configuration and its tensors do not belong together"
            )
        }
    }

    private func words(_ shape: [Int]) -> String {
        shape.map(String.init).joined(separator: " × ")
    }

    /// A vector, trained or frozen.
    private func vector(_ name: String, _ count: Int) throws(Diagnostic) -> FloatView {
        try require(name, [count])
        if let slot = parameters.slot(name) { return FloatView(parameters, slot) }
        return FloatView(try weights.readFloats(name))
    }

    func norm(_ name: String) throws(Diagnostic) -> Normalization {
        let hasBias = configuration.architecture == .gpt2
        return Normalization(
            weight: try vector("\(name).weight", configuration.width),
            bias: hasBias ? try vector("\(name).bias", configuration.width) : nil,
            epsilon: configuration.normEpsilon
        )
    }

    func embedding() throws(Diagnostic) -> Embedding {
        let name = "\(names.embedding).weight"
        try require(name, [configuration.vocabularySize, configuration.width])
        var positions: FloatView?
        if configuration.rope == nil {
            let table = "\(names.positions).weight"
            try require(table, [configuration.contextLength, configuration.width])
            if let slot = parameters.slot(table) {
                positions = FloatView(parameters, slot)
            } else {
                positions = FloatView(try weights.readFloats(table))
            }
        }
        return Embedding(
            width: configuration.width,
            name: name,
            weights: weights,
            trained: parameters.slot(name).map { FloatView(parameters, $0) },
            positions: positions
        )
    }

    func output() throws(Diagnostic) -> OutputMatrix {
        let name = configuration.tiedOutput ? names.embedding : names.output
        let trained = parameters.slot("\(name).weight").map { FloatView(parameters, $0) }
        let shape = [configuration.vocabularySize, configuration.width]
        try require("\(name).weight", shape)
        return OutputMatrix(
            vocabulary: configuration.vocabularySize,
            width: configuration.width,
            precision: precision,
            weights: try matrix(["\(name).weight"], configuration.width, trained)
        )
    }

    func layer(_ index: Int) throws(Diagnostic) -> TransformerLayer {
        let attention = Attention(configuration)
        let width = configuration.width
        let inner = configuration.feedForwardWidth
        let isGPT2 = configuration.architecture == .gpt2
        let activation = FeedForwardActivation(kind: configuration.activation, width: inner)
        let qkv =
            isGPT2
            ? [attention.stride] : [attention.width, attention.keyWidth, attention.keyWidth]
        let inputs = isGPT2 ? [inner] : [inner, inner]
        return TransformerLayer(
            index: index,
            precision: precision,
            firstNorm: try norm(names.attentionNorm(index)),
            attentionInputs: try linear(
                4 * index,
                names.attentionInputs(index),
                qkv,
                inputs: width,
                bias: configuration.attentionBias
            ),
            attention: attention,
            attentionOutput: try linear(
                4 * index + 1,
                names.attentionOutput(index),
                [width],
                inputs: attention.width,
                bias: isGPT2
            ),
            secondNorm: try norm(names.feedForwardNorm(index)),
            feedForwardInputs: try linear(
                4 * index + 2,
                names.feedForwardInputs(index),
                inputs,
                inputs: width,
                bias: isGPT2
            ),
            activation: activation,
            feedForwardOutput: try linear(
                4 * index + 3,
                names.feedForwardOutput(index),
                [width],
                inputs: inner,
                bias: isGPT2
            )
        )
    }

    private func linear(
        _ index: Int,
        _ parts: [String],
        _ outputs: [Int],
        inputs: Int,
        bias: Bool
    ) throws(Diagnostic) -> Linear {
        var places: [Linear.Part] = []
        for (name, count) in zip(parts, outputs) {
            try require("\(name).weight", [count, inputs])
            let start = places.last?.outputs.upperBound ?? 0
            places.append(Linear.Part(name: name, outputs: start..<start + count))
        }
        let total = outputs.reduce(0, +)
        let weightNames = parts.map { "\($0).weight" }
        return Linear(
            index: index,
            inputs: inputs,
            outputs: total,
            parts: places,
            weights: try matrix(weightNames, inputs, trained(weightNames)),
            bias: bias ? try biases(parts, outputs) : nil,
            precision: precision
        )
    }

    /// The parameters with these names, which stand one after another.
    private func trained(_ names: [String]) -> FloatView? {
        guard let first = names.first.flatMap(parameters.slot),
            let last = names.last.flatMap(parameters.slot)
        else { return nil }
        return FloatView(parameters, first.range.lowerBound..<last.range.upperBound)
    }

    private func biases(_ parts: [String], _ outputs: [Int]) throws(Diagnostic) -> FloatView {
        let names = parts.map { "\($0).bias" }
        for (name, count) in zip(names, outputs) { try require(name, [count]) }
        if let trained = trained(names) { return trained }
        var values: [Float] = []
        for name in names { values += try weights.readFloats(name) }
        return FloatView(values)
    }

    /// Tensors below each other, `[N, K]`, to be packed when they are wanted, or as they are trained.
    private func matrix(
        _ names: [String],
        _ inputs: Int,
        _ trained: FloatView?
    ) throws(Diagnostic) -> Linear.Weights {
        if let trained { return .trained(trained) }
        return .frozen(
            try FrozenMatrix(
                names,
                of: weights,
                inputs: inputs,
                precision: precision,
                goesBack: purpose != .inference
            )
        )
    }
}
