import FettleModelFiles
import Foundation
import Testing

@testable import FettleTransformer

/// A tiny model with what PyTorch computes with it; see Fixtures/README.md.
struct Fixture {
    static let names = ["llama-untied", "llama-tied", "qwen2", "gpt2"]

    struct Tensor {
        let shape: [Int]
        let numbers: [Float]
    }

    struct Sequence: Decodable {
        let tokens: [Int32]
        let promptLength: Int
    }

    struct Full: Decodable {
        let learningRate: Float
        let weightDecay: Float
        let losses: [Double]
        let gradientNorms: [Double]
    }

    struct LowRank: Decodable {
        let learningRate: Float
        let weightDecay: Float
        let warmupSteps: Int
        let clipNorm: Float
        let rank: Int
        let alpha: Float
        let projections: [String]
        let losses: [Double]
        let gradientNorms: [Double]
        let learningRates: [Double]
    }

    struct Greedy: Decodable {
        let prompt: [Int32]
        let tokens: [Int32]
    }

    struct Labels: Decodable {
        let prompt: [Int32]
        let labels: [[Int32]]
        let scores: [Double]
    }

    struct PromptLossWeight: Decodable {
        let weight: Float
        let loss: Double
    }

    struct Reference: Decodable {
        let sequences: [Sequence]
        let loss: Double
        let promptLossWeight: PromptLossWeight
        let greedy: Greedy
        let labels: Labels
        let full: Full
        let lora: LowRank
    }

    let name: String
    let configuration: ModelConfiguration
    let weights: ModelWeights
    let reference: Reference
    let tensors: [String: Tensor]
    let adapter: [String: Tensor]

    init(_ name: String) throws {
        self.name = name
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/\(name)")
        configuration = try Self.configuration(folder.appending(path: "config.json"))
        let isGPT2 = configuration.architecture == .gpt2
        let model = try Self.safetensors(folder.appending(path: "model.safetensors"))
        weights = ModelWeights(
            model.map { key, tensor in
                // GPT-2's matrices, but not its tables, are stored [in, out].
                let isTable = key.contains("wte") || key.contains("wpe")
                let turns = isGPT2 && tensor.shape.count == 2 && !isTable
                let stored = turns ? tensor.turned : tensor
                return (key, stored.shape, stored.numbers)
            }
        )
        reference = try JSONDecoder().decode(
            Reference.self,
            from: Data(contentsOf: folder.appending(path: "reference.json"))
        )
        tensors = try Self.safetensors(folder.appending(path: "reference.safetensors"))
        adapter = try Self.safetensors(folder.appending(path: "adapter/adapter_model.safetensors"))
    }

    /// The values of a tensor of the reference.
    func numbers(_ name: String) throws -> [Float] {
        try #require(tensors[name], "\(self.name) has no \(name)").numbers
    }

    private static func safetensors(_ url: URL) throws -> [String: Tensor] {
        let data = try Data(contentsOf: url)
        let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = try JSONSerialization.jsonObject(with: data[8..<8 + length])
        let entries = try #require(header as? [String: [String: Any]])
        var found: [String: Tensor] = [:]
        for (name, entry) in entries where name != "__metadata__" {
            let shape = try #require(entry["shape"] as? [Int])
            let offsets = try #require(entry["data_offsets"] as? [Int])
            let bytes = data[8 + length + offsets[0]..<8 + length + offsets[1]]
            found[name] = Tensor(
                shape: shape,
                numbers: [Float](unsafeUninitializedCapacity: bytes.count / 4) { buffer, count in
                    count = bytes.copyBytes(to: buffer) / 4
                }
            )
        }
        return found
    }

    private static func configuration(_ url: URL) throws -> ModelConfiguration {
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
        let json = try #require(object as? [String: Any])
        func integer(_ key: String) throws -> Int { try #require(json[key] as? Int, "\(key)") }
        func float(_ value: Any?) throws -> Float { Float(try #require(value as? Double)) }
        let family = try #require(json["model_type"] as? String)
        let architecture = try #require(ModelConfiguration.Architecture(rawValue: family))
        if architecture == .gpt2 {
            let width = try integer("n_embd")
            let heads = try integer("n_head")
            return ModelConfiguration(
                architecture: .gpt2,
                vocabularySize: try integer("vocab_size"),
                contextLength: try integer("n_positions"),
                width: width,
                layers: try integer("n_layer"),
                heads: heads,
                keyValueHeads: heads,
                headDimension: width / heads,
                feedForwardWidth: 4 * width,
                normEpsilon: try float(json["layer_norm_epsilon"]),
                rope: nil,
                tiedOutput: true,
                attentionBias: true,
                activation: .geluTanh
            )
        }
        let width = try integer("hidden_size")
        let heads = try integer("num_attention_heads")
        let dimension = json["head_dim"] as? Int ?? width / heads
        let rope = json["rope_parameters"] as? [String: Any]
        let scaling = try #require(rope ?? json["rope_scaling"] as? [String: Any])
        let kind = try #require(scaling["rope_type"] as? String)
        let change: RopeSettings.Scaling =
            switch kind {
            case "linear": .linear(factor: try float(scaling["factor"]))
            case "llama3":
                .llama3(
                    factor: try float(scaling["factor"]),
                    lowFrequencyFactor: try float(scaling["low_freq_factor"]),
                    highFrequencyFactor: try float(scaling["high_freq_factor"]),
                    originalContextLength: try #require(
                        scaling["original_max_position_embeddings"] as? Int
                    )
                )
            default: .none
            }
        return ModelConfiguration(
            architecture: architecture,
            vocabularySize: try integer("vocab_size"),
            contextLength: try integer("max_position_embeddings"),
            width: width,
            layers: try integer("num_hidden_layers"),
            heads: heads,
            keyValueHeads: try integer("num_key_value_heads"),
            headDimension: dimension,
            feedForwardWidth: try integer("intermediate_size"),
            normEpsilon: try float(json["rms_norm_eps"]),
            rope: RopeSettings(
                base: try float(scaling["rope_theta"] ?? json["rope_theta"]),
                dimensions: dimension,
                scaling: change
            ),
            tiedOutput: try #require(json["tie_word_embeddings"] as? Bool),
            attentionBias: architecture == .qwen2,
            activation: .silu
        )
    }
}

extension Fixture.Tensor {
    /// The matrix the other way around.
    var turned: Fixture.Tensor {
        let (rows, columns) = (shape[0], shape[1])
        var result = numbers
        for row in 0..<rows {
            for column in 0..<columns {
                result[column * rows + row] = numbers[row * columns + column]
            }
        }
        return Fixture.Tensor(shape: [columns, rows], numbers: result)
    }
}

/// The largest difference of two arrays over the largest number of the second.
func relativeDifference(_ found: [Float], _ expected: [Float]) -> Float {
    guard found.count == expected.count else { return .infinity }
    let largest = expected.map(abs).max() ?? 1
    let difference = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
    return difference / max(largest, .leastNormalMagnitude)
}

extension Double {
    /// e to this power.
    var exponential: Double { exp(self) }
}
