public import FettleCore
public import FettleModelFiles

/// Which projections an adapter changes, and by how much (LoRA, arXiv:2106.09685).
public struct AdapterShape: Hashable, Sendable {
    /// The rank of each update.
    public var rank: Int
    /// The updates are multiplied by alpha / rank.
    public var alpha: Float
    /// The probability with which an element of an update's input is dropped in training.
    public var dropout: Float
    /// The projections by the last part of their names, such as `q_proj`.
    public var projections: Set<String>
    /// The layers, or nil for all of them.
    public var layers: Range<Int>?

    /// Makes a shape.
    public init(
        rank: Int = 16,
        alpha: Float = 32,
        dropout: Float = 0,
        projections: Set<String>,
        layers: Range<Int>? = nil
    ) {
        self.rank = rank
        self.alpha = alpha
        self.dropout = dropout
        self.projections = projections
        self.layers = layers
    }

    /// Checks that a model can have such an adapter.
    ///
    /// - Throws: `bad-hyperparameter` for a projection that it has not, with the nearest name, a rank under 1 or
    ///   over its width, an alpha of 0, a dropout out of 0 ..< 1, or layers that are not there.
    public func check(_ configuration: ModelConfiguration) throws(Diagnostic) {
        func fail(_ message: String, _ hint: String) -> Diagnostic {
            Diagnostic("bad-hyperparameter", message, hint: hint)
        }
        let known = TensorNames(architecture: configuration.architecture).projections
        for name in projections.sorted() where !known.contains(name) {
            let list = "its projections are " + known.joined(separator: ", ")
            throw Diagnostic(
                "bad-hyperparameter",
                "the model has no projection '\(name)'",
                hints: [didYouMean(name, among: known), list].compactMap(\.self)
            )
        }
        guard !projections.isEmpty else {
            throw fail("an adapter needs a projection, none was given", "name one: \(known[0])")
        }
        let limit = configuration.width
        guard (1...limit).contains(rank) else {
            throw fail("the rank is \(rank), 1 to \(limit) was expected", "take 8 or 16")
        }
        guard alpha.isFinite, alpha > 0 else {
            throw fail(
                "alpha is \(alpha), a positive number was expected",
                "take twice the rank"
            )
        }
        guard dropout >= 0, dropout < 1 else {
            throw fail(
                "the dropout is \(dropout), 0 or more and under 1 was expected",
                "take 0.05, or leave it out"
            )
        }
        let count = configuration.layers
        if let layers,
            layers.isEmpty || layers.lowerBound < 0 || layers.upperBound > count
        {
            throw fail(
                "layers \(layers.lowerBound) to \(layers.upperBound - 1) were asked for, 0 to \(count - 1) are there",
                "leave the layers out to tune all of them"
            )
        }
    }
}

/// The low-rank updates of a network's projections: what tuning learns.
///
/// Threads read it while a step runs; only the trainer writes it, between steps.
public final class LowRankAdapter: Sendable {
    /// Its shape.
    public let shape: AdapterShape
    let parameters: Parameters
    let updates: [Int: LowRankUpdate]

    /// Makes an adapter that changes nothing yet: A is drawn by `seed`, B is zero.
    ///
    /// A is uniform within ±1/√K, as PEFT draws it (Kaiming's rule with a = √5).
    /// - Throws: what ``AdapterShape/check(_:)`` throws.
    public init(
        _ shape: AdapterShape,
        for network: TransformerNetwork,
        seed: UInt64
    ) throws(Diagnostic) {
        try shape.check(network.configuration)
        self.shape = shape
        let layers = shape.layers ?? 0..<network.layers.count
        let chosen = network.linears.compactMap { linear -> (Linear, [Linear.Part])? in
            guard layers.contains(linear.index / 4) else { return nil }
            let parts = linear.parts.filter { part in
                shape.projections.contains(Self.projection(part.name))
            }
            return parts.isEmpty ? nil : (linear, parts)
        }
        parameters = Parameters(
            chosen.flatMap { linear, parts in
                parts.map { (Self.downName($0.name), [shape.rank, linear.inputs]) }
                    + parts.map { (Self.upName($0.name), [shape.rank, $0.outputs.count]) }
            }
        )
        Self.draw(parameters, seed)
        var updates: [Int: LowRankUpdate] = [:]
        for (linear, parts) in chosen {
            updates[linear.index] = Self.update(linear, parts, shape, parameters, network.precision)
        }
        self.updates = updates
    }

    private static func projection(_ name: String) -> String {
        name.split(separator: ".").last.map(String.init) ?? name
    }

    static func downName(_ part: String) -> String { "\(part).lora_A.weight" }
    static func upName(_ part: String) -> String { "\(part).lora_B.weight" }

    private static func draw(_ parameters: Parameters, _ seed: UInt64) {
        var generator = SplitMix64(seed)
        for slot in parameters.slots where slot.name.hasSuffix("lora_A.weight") {
            let bound = 1 / Float(slot.shape[1]).squareRoot()
            let place = parameters.pointer(slot)
            for index in 0..<slot.count {
                place[index] = (generator.unit() * 2 - 1) * bound
            }
        }
    }

    private static func update(
        _ linear: Linear,
        _ parts: [Linear.Part],
        _ shape: AdapterShape,
        _ parameters: Parameters,
        _ precision: Precision
    ) -> LowRankUpdate {
        func slot(_ name: String) -> Parameters.Slot {
            guard let slot = parameters.slot(name) else {
                preconditionFailure("the adapter has no '\(name)'")
            }
            return slot
        }
        let downs = parts.map { slot(downName($0.name)).range }
        let start = downs.map(\.lowerBound).min() ?? 0
        let end = downs.map(\.upperBound).max() ?? 0
        return LowRankUpdate(
            index: linear.index,
            inputs: linear.inputs,
            outputs: linear.outputs,
            scale: shape.alpha / Float(shape.rank),
            dropout: shape.dropout,
            precision: precision,
            down: FloatView(parameters, start..<end),
            parts: parts.enumerated().map { place, part in
                LowRankUpdate.Part(
                    ranks: place * shape.rank..<(place + 1) * shape.rank,
                    outputs: part.outputs,
                    up: FloatView(parameters, slot(upName(part.name)))
                )
            }
        )
    }

    /// Takes the parameters as they are for the products that follow.
    func refresh() {
        for update in updates.values { update.refresh() }
    }

    /// How many numbers tuning learns.
    public var parameterCount: Int { parameters.count }

    /// Its tensors as files have them: `….lora_A.weight` `[rank, in]` and `….lora_B.weight` `[out, rank]`, named as
    /// the projections are.
    public func tensors() -> [(name: String, shape: [Int], numbers: [Float])] {
        parameters.slots.map { slot in
            let numbers = Array(
                UnsafeBufferPointer(start: parameters.pointer(slot), count: slot.count)
            )
            guard slot.name.hasSuffix("lora_B.weight") else {
                return (slot.name, slot.shape, numbers)
            }
            return (slot.name, slot.shape.reversed(), turned(numbers, slot.shape[0], slot.shape[1]))
        }
    }

    /// Takes tensors in the form of ``tensors()``.
    ///
    /// - Throws: `model-corrupt` when one is missing or has another number of elements.
    public func load(
        _ tensor: (_ name: String) throws -> [Float]
    ) throws {
        for slot in parameters.slots {
            var numbers = try tensor(slot.name)
            guard numbers.count == slot.count else {
                throw Diagnostic(
                    "model-corrupt",
                    "the adapter's tensor '\(slot.name)' has \(numbers.count) numbers, \(slot.count) were expected"
                )
            }
            if slot.name.hasSuffix("lora_B.weight") {
                numbers = turned(numbers, slot.shape[1], slot.shape[0])
            }
            numbers.withUnsafeBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                parameters.pointer(slot).update(from: base, count: buffer.count)
            }
        }
        refresh()
    }

    private func turned(_ numbers: [Float], _ rows: Int, _ columns: Int) -> [Float] {
        var result = numbers
        for row in 0..<rows {
            for column in 0..<columns {
                result[column * rows + row] = numbers[row * columns + column]
            }
        }
        return result
    }
}
