import Foundation
import Testing

/// A safetensors file of F32 numbers, for tests that make models of models.
struct TensorFile {
    struct Tensor {
        var name: String
        var shape: [Int]
        var numbers: [Float]
    }

    var tensors: [Tensor]

    init(_ path: String) throws {
        let data = try Data(contentsOf: URL(filePath: path))
        let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = try JSONSerialization.jsonObject(with: data[8..<8 + length])
        let entries = try #require(header as? [String: [String: Any]])
        tensors = []
        for (name, entry) in entries where name != "__metadata__" {
            #expect(entry["dtype"] as? String == "F32")
            let offsets = try #require(entry["data_offsets"] as? [Int])
            let bytes = data[8 + length + offsets[0]..<8 + length + offsets[1]]
            tensors.append(
                Tensor(
                    name: name,
                    shape: try #require(entry["shape"] as? [Int]),
                    numbers: [Float](unsafeUninitializedCapacity: bytes.count / 4) {
                        buffer,
                        count in
                        count = bytes.copyBytes(to: buffer) / 4
                    }
                )
            )
        }
        tensors.sort { $0.name < $1.name }
    }

    func write(to path: String) throws {
        var entries: [String: [String: Any]] = [:]
        var numbers = Data()
        for tensor in tensors {
            let start = numbers.count
            tensor.numbers.withUnsafeBytes { numbers.append(contentsOf: $0) }
            entries[tensor.name] = [
                "dtype": "F32", "shape": tensor.shape, "data_offsets": [start, numbers.count],
            ]
        }
        let header = try JSONSerialization.data(withJSONObject: entries)
        var data = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
        data.append(header)
        data.append(numbers)
        try data.write(to: URL(filePath: path))
    }
}

/// Models of other models' files.
enum TinyModels {
    static let llama = Files.root + "/samples/tiny-llama"
    private static let fixtures = Files.root + "/Tests/FettleTransformerTests/Fixtures"

    /// Writes a random model of an architecture, with as many tokens as the tokenizer of the samples has; returns
    /// its folder.
    static func ofArchitecture(_ fixture: String, in folder: TemporaryFolder) throws -> String {
        let path = folder.path + "/" + fixture
        let tokens = 267
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true
        )
        var settings = try Files.json("\(fixtures)/\(fixture)/config.json")
        let known = try #require(settings["vocab_size"] as? Int)
        settings["vocab_size"] = tokens
        settings["bos_token_id"] = 0
        settings["eos_token_id"] = 0
        try JSONSerialization.data(withJSONObject: settings)
            .write(to: URL(filePath: path + "/config.json"))
        try FileManager.default.copyItem(
            atPath: llama + "/tokenizer.json",
            toPath: path + "/tokenizer.json"
        )
        var file = try TensorFile("\(fixtures)/\(fixture)/model.safetensors")
        for place in file.tensors.indices where file.tensors[place].shape.first == known {
            let old = file.tensors[place]
            let more = (old.numbers.count..<tokens * old.shape[1]).map { index in
                // A token that is like another in its size and in nothing else.
                old.numbers[index * 7 % old.numbers.count] * (index % 3 == 0 ? -1 : 1)
            }
            file.tensors[place].shape[0] = tokens
            file.tensors[place].numbers += more
        }
        try file.write(to: path + "/model.safetensors")
        return path
    }

    /// Writes the model of the samples with one number of a tensor changed; returns its folder.
    static func llama(
        _ name: String,
        with number: Float,
        in folder: TemporaryFolder
    ) throws -> String {
        let path = folder.path + "/changed"
        try FileManager.default.copyItem(atPath: llama, toPath: path)
        var file = try TensorFile(path + "/model.safetensors")
        let place = try #require(file.tensors.firstIndex { $0.name == name })
        file.tensors[place].numbers[0] = number
        try file.write(to: path + "/model.safetensors")
        return path
    }
}
