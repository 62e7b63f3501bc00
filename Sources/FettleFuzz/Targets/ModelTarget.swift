import FettleCore
import FettleEngine
import Foundation

/// What a model and a checkpoint are made of.
private let examples = [
    Example(prompt: "ab c", completion: " y"), Example(prompt: "d e", completion: " n"),
    Example(prompt: "ab", completion: " n"),
]

/// The reader of model files: changed files are refused in words, or read and used.
struct ModelTarget: FuzzTarget {
    let name = "model"
    private let folder: String
    private let whole: [UInt8]

    init(_ folder: String) throws {
        self.folder = folder
        let trainer = NgramTrainer(Hyperparameters(epochs: 1), threads: 1)
        let model = try trainer.train(examples, validation: [], from: nil) { _ in }.model
        try model.write(to: "\(folder)/model")
        whole = Array(try Data(contentsOf: URL(filePath: "\(folder)/model")))
    }

    func input(_ generator: inout SeededGenerator) -> [UInt8] {
        BinaryChange.of(whole, checksumAt: 64, second: 16, &generator)
    }

    func check(_ input: [UInt8], _ generator: inout SeededGenerator) throws -> Bool {
        let path = "\(folder)/changed"
        try Data(input).write(to: URL(filePath: path))
        let model: NgramModel
        do {
            model = try NgramModel(contentsOf: path)
        } catch {
            try BinaryChange.requireFile(path, in: error)
            return false
        }
        let logprobs = model.logprobs(of: "ab c d")
        try require(logprobs.count == model.labels.count, "\(logprobs.count) labels")
        try require(!model.labels.isEmpty, "no labels")
        try model.write(to: path)
        let again = Array(try Data(contentsOf: URL(filePath: path)))
        try require(again == input, "what was read is written otherwise")
        guard generator.below(20) == 0 else { return true }
        let more = examples.map { Example(prompt: $0.prompt, completion: model.labels[0]) }
        do {
            let trainer = NgramTrainer(Hyperparameters(epochs: 1), threads: 1)
            _ = try trainer.train(more, validation: [], from: model) { _ in }
        } catch let error as Diagnostic {
            try requireWords(of: error)
        }
        return true
    }
}

/// The reader of checkpoints: changed files are refused in words, or gone on from.
struct CheckpointTarget: FuzzTarget {
    let name = "checkpoint"
    private let folder: String
    private let whole: [UInt8]
    private let trainer = NgramTrainer(Hyperparameters(epochs: 2), threads: 1)

    private struct Stop: Error {}

    init(_ folder: String) throws {
        self.folder = folder
        do {
            let keeping = NgramCheckpointing(path: "\(folder)/run")
            _ = try trainer.train(
                examples,
                validation: examples,
                from: nil,
                checkpoints: keeping
            ) { row in
                if row.step == 4 { throw Stop() }
            }
        } catch is Stop {}
        whole = Array(try Data(contentsOf: URL(filePath: "\(folder)/run")))
    }

    func input(_ generator: inout SeededGenerator) -> [UInt8] {
        BinaryChange.of(whole, checksumAt: 216, second: 16, &generator)
    }

    func check(_ input: [UInt8], _ generator: inout SeededGenerator) throws -> Bool {
        let path = "\(folder)/changed"
        try Data(input).write(to: URL(filePath: path))
        do {
            let checkpoint = try NgramCheckpoint(contentsOf: path)
            try require(checkpoint.totalSteps > 0, "\(checkpoint.totalSteps) steps")
            _ = try trainer.train(
                examples,
                validation: examples,
                from: nil,
                resuming: checkpoint
            ) { _ in }
            return true
        } catch let error as Diagnostic {
            try BinaryChange.requireFile(path, in: error)
            return false
        }
    }
}

/// Changes of files whose header holds a checksum.
private enum BinaryChange {
    private static let edges: [UInt64] = [0, 1, 255, 1 << 31, 1 << 32, 1 << 60, 1 << 63, .max]

    /// Returns the file with a few changes, half of the time with a checksum that fits again.
    static func of(
        _ whole: [UInt8],
        checksumAt place: Int,
        second: Int,
        _ generator: inout SeededGenerator
    ) -> [UInt8] {
        var bytes = whole
        for _ in 0...generator.below(4) { change(&bytes, headerBytes: place + 8, &generator) }
        if generator.below(2) == 0 { repair(&bytes, checksumAt: place, second: second) }
        return bytes
    }

    private static func change(
        _ bytes: inout [UInt8],
        headerBytes: Int,
        _ generator: inout SeededGenerator
    ) {
        // Headers decide most, so that half of the changes are there.
        let end = generator.below(2) == 0 ? min(headerBytes, bytes.count) : bytes.count
        guard end > 8 else { return }
        let place = generator.below(end)
        switch generator.below(7) {
        case 0: bytes[place] ^= 1 << UInt8(generator.below(8))
        case 1: bytes[place] = UInt8(generator.below(256))
        case 2: put(edges.any(&generator), in: &bytes, at: min(place & ~7, end - 8))
        case 3: put(UInt64(generator.below(32)), in: &bytes, at: min(place & ~3, end - 8))
        case 4: bytes.removeSubrange(place..<min(place + 1 + generator.below(9), bytes.count))
        case 5: bytes.insert(UInt8(generator.below(256)), at: place)
        default: bytes.removeLast(generator.below(bytes.count / 2 + 1))
        }
    }

    private static func put(_ value: UInt64, in bytes: inout [UInt8], at place: Int) {
        withUnsafeBytes(of: value.littleEndian) {
            bytes.replaceSubrange(place..<(place + 8), with: $0)
        }
    }

    private static func repair(_ bytes: inout [UInt8], checksumAt place: Int, second: Int) {
        let start = place + 8 + second
        guard bytes.count >= start else { return }
        var checksum = Checksum()
        bytes.withUnsafeBytes { all in
            checksum.add(UnsafeRawBufferPointer(rebasing: all[..<place]))
            checksum.add(UnsafeRawBufferPointer(rebasing: all[(place + 8)..<start]))
            checksum.add(UnsafeRawBufferPointer(rebasing: all[start...]))
        }
        put(checksum.value, in: &bytes, at: place)
    }

    /// Sees to it that an error names the file, and is of the readers.
    static func requireFile(_ path: String, in error: Diagnostic) throws(FuzzFinding) {
        try requireWords(of: error)
        try require(error.message.contains("'\(path)'"), "no file: \(error.message)")
        let isOfReaders = error.code.hasPrefix("model-") || error.code.hasPrefix("checkpoint-")
        try require(isOfReaders, "\(error.code): \(error.message)")
    }
}
