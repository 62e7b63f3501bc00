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
