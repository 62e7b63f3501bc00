import CTransformerKernels
import FettleCore
import FettleModelFiles

/// A network arranged for steps of one token, its matrices as they are in the model's file.
final class StepNetwork: Sendable {
    struct Layer: Sendable {
        let attentionInputs: StoredLinear
        let attentionOutput: StoredLinear
        let feedForwardInputs: StoredLinear
        let feedForwardOutput: StoredLinear
    }

    let network: TransformerNetwork
    let layers: [Layer]
    let output: StoredLinear

    init(_ network: TransformerNetwork) throws(Diagnostic) {
        self.network = network
        let weights = network.embedding.weights
        var layers: [Layer] = []
        for layer in network.layers {
            func stored(_ linear: Linear) throws(Diagnostic) -> StoredLinear {
                if case .trained(let view) = linear.weights {
                    return StoredLinear(trained: view, inputs: linear.inputs, bias: linear.bias)
                }
                return try StoredLinear(
                    linear.parts.map { "\($0.name).weight" },
                    weights: weights,
                    inputs: linear.inputs,
                    bias: linear.bias
                )
            }
            layers.append(
                Layer(
                    attentionInputs: try stored(layer.attentionInputs),
                    attentionOutput: try stored(layer.attentionOutput),
                    feedForwardInputs: try stored(layer.feedForwardInputs),
                    feedForwardOutput: try stored(layer.feedForwardOutput)
                )
            )
        }
        self.layers = layers
        if case .trained(let view) = network.output.weights {
            output = StoredLinear(trained: view, inputs: network.output.width, bias: nil)
            return
        }
        let names = network.names
        let isTied = network.configuration.tiedOutput
        output = try StoredLinear(
            ["\(isTied ? names.embedding : names.output).weight"],
            weights: weights,
            inputs: network.configuration.width,
            bias: nil
        )
    }
}

/// One sequence, token by token.
final class StepPass {
    private let step: StepNetwork
    private let adapter: LowRankAdapter?
    private let cache: KeyValueCache
    private let team: Team
    private let rotations: RotaryTables
    private let norm = Normalization.Kept()
    private let x: FloatBuffer
    private let normed: FloatBuffer
    private let wide: FloatBuffer
    private let inner: FloatBuffer
    private let scratch: FloatBuffer
    private let ranks: FloatBuffer
    private let attention = GrowingBuffer()
    private let logSums: FloatBuffer
    private let logits: FloatBuffer

    init(
        _ step: StepNetwork,
        adapter: LowRankAdapter?,
        cache: KeyValueCache,
        team: Team
    ) {
        self.step = step
        self.adapter = adapter
        self.cache = cache
        self.team = team
        let network = step.network
        let configuration = network.configuration
        rotations = RotaryTables(configuration.rope)
        x = FloatBuffer(configuration.width)
        let linears = network.linears
        let inputs = linears.map(\.inputs).max() ?? 0
        let outputs = linears.map(\.outputs).max() ?? 0
        normed = FloatBuffer(inputs)
        inner = FloatBuffer(inputs)
        wide = FloatBuffer(outputs)
        scratch = FloatBuffer(max(configuration.vocabularySize, outputs) + inputs / 32 + 2)
        ranks = FloatBuffer(adapter?.updates.values.map(\.rank).max() ?? 0)
        logSums = FloatBuffer(configuration.heads)
        logits = FloatBuffer(configuration.vocabularySize)
    }

    /// Takes one token after those in the cache and returns the logits `[V]`, good until the next call.
    func run(_ token: Int32) throws(Diagnostic) -> UnsafeBufferPointer<Float> {
        let network = step.network
        var batch = PackedBatch()
        cache.reserve(cache.count + 1)
        batch.append([token], after: cache, recordingInto: cache)
        try network.embedding.forward(batch, into: x.pointer)
        for (layer, stored) in zip(network.layers, step.layers) {
            run(layer, stored, batch)
        }
        network.finalNorm.forward(x.pointer, rows: 1, into: single(normed), kept: norm)
        step.output.forward(
            normed.pointer,
            into: logits.pointer,
            scratch: scratch.pointer,
            team: team
        )
        return UnsafeBufferPointer(start: logits.pointer, count: logits.count)
    }

    private func single(_ buffer: FloatBuffer) -> Operand {
        Operand(pointer: UnsafeMutableRawPointer(buffer.pointer), precision: .float32)
    }

    private func run(
        _ layer: TransformerLayer,
        _ stored: StepNetwork.Layer,
        _ batch: PackedBatch
    ) {
        layer.firstNorm.forward(x.pointer, rows: 1, into: single(normed), kept: norm)
        multiply(stored.attentionInputs, layer.attentionInputs, normed, into: wide)
        layer.attention.attend(
            wide.pointer,
            batch: batch,
            layer: layer.index,
            into: single(inner),
            logSums: logSums.pointer,
            rotations: rotations,
            scratch: attention
        )
        multiply(stored.attentionOutput, layer.attentionOutput, inner, into: normed)
        fettle_add_scaled(x.pointer, normed.pointer, 1, x.count)

        layer.secondNorm.forward(x.pointer, rows: 1, into: single(normed), kept: norm)
        multiply(stored.feedForwardInputs, layer.feedForwardInputs, normed, into: wide)
        layer.activation.forward(wide.pointer, rows: 1, into: single(inner))
        multiply(stored.feedForwardOutput, layer.feedForwardOutput, inner, into: normed)
        fettle_add_scaled(x.pointer, normed.pointer, 1, x.count)
    }

    private func multiply(
        _ stored: StoredLinear,
        _ linear: Linear,
        _ input: FloatBuffer,
        into out: FloatBuffer
    ) {
        stored.forward(
            input.pointer,
            into: out.pointer,
            scratch: scratch.pointer,
            team: team
        )
        adapter?.updates[linear.index]?.step(input.pointer, into: out.pointer, ranks: ranks.pointer)
    }
}

extension LowRankUpdate {
    /// Adds the update of one row in single precision.
    func step(
        _ x: UnsafePointer<Float>,
        into y: UnsafeMutablePointer<Float>,
        ranks: UnsafeMutablePointer<Float>
    ) {
        fettle_rows_times_vector(
            Int32(fettle_rows_f32),
            down.pointer,
            inputs * 4,
            rank,
            inputs,
            x,
            nil,
            ranks
        )
        for part in parts {
            for (place, row) in part.ranks.enumerated() {
                fettle_add_scaled(
                    y + part.outputs.lowerBound,
                    part.up.pointer + place * part.outputs.count,
                    scale * ranks[row],
                    part.outputs.count
                )
            }
        }
    }
}
