import FettleCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A folder as Hugging Face's `save_pretrained` writes it.
struct HuggingFaceFolder {
    static let configurationName = "config.json"
    private static let wholeName = "model.safetensors"
    private static let indexName = "model.safetensors.index.json"
    private static let shardLimit = 512

    let path: String

    init(_ path: String) {
        self.path = path
    }

    /// Whether there is a file of this name.
    func has(_ name: String) -> Bool {
        access("\(path)/\(name)", F_OK) == 0
    }

    /// Returns the members of a JSON file, or nil when there is no such file.
    func fields(_ name: String) throws(Diagnostic) -> JSONFields? {
        has(name) ? try JSONFields(contentsOf: "\(path)/\(name)") : nil
    }

    /// Returns the configuration, consistent with itself.
    func configuration() throws(Diagnostic) -> ModelConfiguration {
        try HuggingFaceConfiguration(
            JSONFields(contentsOf: "\(path)/\(Self.configurationName)"),
            generation: fields("generation_config.json")
        ).configuration()
    }

    /// Returns the tensors of the network.
    ///
    /// - Throws: `model-unreadable`, `model-corrupt` or `model-unsupported`; the message names the
    ///   file and the tensor.
    func weights(_ configuration: ModelConfiguration) throws(Diagnostic) -> ModelWeights {
        let needed = Set(configuration.tensorShapes.map(\.name))
        var found: [(name: String, tensor: ModelTensor)] = []
        for file in try files() {
            for tensor in file.tensors {
                let name = Self.networkName(tensor.name, configuration.architecture)
                guard needed.contains(name) else { continue }
                guard let type = tensor.type else {
                    throw FileFault.unsupported(
                        file.bytes.path,
                        "'\(tensor.name)' has numbers of type \(tensor.dtype), not F32, F16 or BF16"
                    )
                }
                let isTransposed =
                    configuration.architecture == .gpt2 && tensor.shape.count == 2
                    && tensor.name.contains(".c_")
                let tensor = ModelTensor(
                    bytes: file.bytes,
                    offset: tensor.offset,
                    type: type,
                    shape: isTransposed ? tensor.shape.reversed() : tensor.shape,
                    arrangement: isTransposed ? .transposed : .plain
                )
                found.append((name, tensor))
            }
        }
        return ModelWeights(found, source: path)
    }

    /// The base models are saved without the name of the part that a language model wraps them in.
    private static func networkName(
        _ name: String,
        _ architecture: ModelConfiguration.Architecture
    ) -> String {
        let start = architecture == .gpt2 ? "transformer." : "model."
        return name.hasPrefix(start) || name.hasPrefix("lm_head.") ? name : start + name
    }

    private func files() throws(Diagnostic) -> [SafetensorsFile] {
        guard let index = try fields(Self.indexName) else {
            guard has(Self.wholeName) else {
                throw FileFault.unreadable(path, "it has no '\(Self.wholeName)'").hinting(
                    has("pytorch_model.bin")
                        ? "get the model as safetensors; 'pytorch_model.bin' is a program, not data"
                        : "give a folder with 'config.json' and 'model.safetensors'"
                )
            }
            return [try SafetensorsFile(ModelBytes(mapping: "\(path)/\(Self.wholeName)"))]
        }
        guard let map = try index.fields("weight_map") else { throw index.missing("weight_map") }
        var names: [String] = []
        var shards: [String: SafetensorsFile] = [:]
        for member in map.members {
            guard case .string(let name) = member.value, Self.isPlain(name) else {
                throw FileFault.corrupt(
                    index.path,
                    "'weight_map.\(member.name)' is not the name of a file in the folder"
                )
            }
            if shards[name] == nil {
                guard names.count < Self.shardLimit else {
                    throw FileFault.unsupported(
                        index.path,
                        "it names more than \(Self.shardLimit) files"
                    )
                }
                names.append(name)
                shards[name] = try SafetensorsFile(ModelBytes(mapping: "\(path)/\(name)"))
            }
        }
        return names.compactMap { shards[$0] }
    }

    /// Whether a name stays within the folder.
    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && !name.utf8.contains(UInt8(ascii: "/"))
            && !name.utf8.contains(0)
    }
}
