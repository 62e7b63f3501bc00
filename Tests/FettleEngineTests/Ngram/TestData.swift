import FettleCore
import Foundation

@testable import FettleEngine

/// Reviews made of words that tell the stars, words that do not, and some noise.
func reviews(_ count: Int, seed: UInt64) -> [Example] {
    var generator = SeededGenerator(seed: seed)
    let telling = [
        ["awful", "broken", "refund", "waste"], ["meh", "okay", "average", "plain"],
        ["great", "lovely", "perfect", "happy"],
    ]
    let common = ["the", "dress", "shirt", "it", "was", "and", "colour", "size", "arrived", "box"]
    return (0..<count).map { _ in
        let stars = generator.below(3)
        var words: [String] = []
        for _ in 0..<8 { words.append(common[generator.below(common.count)]) }
        let source = generator.unit() < 0.8 ? stars : generator.below(3)
        let word = telling[source][generator.below(4)]
        words.insert(word, at: generator.below(words.count))
        return Example(
            prompt: "\(word)\n\n\(words.joined(separator: " "))\n\n###\n\n",
            completion: " \(stars + 1)"
        )
    }
}

/// Trains with the given hyperparameters, on one thread unless told otherwise.
func trained(
    on examples: [Example],
    _ hyperparameters: Hyperparameters = Hyperparameters(),
    from base: NgramModel? = nil,
    threads: Int = 1
) throws -> NgramModel {
    try NgramTrainer(hyperparameters, threads: threads)
        .train(examples, validation: [], from: base) { _ in }.model
}

/// Returns the share of examples whose completion is the model's most probable one.
func accuracy(_ model: NgramModel, on examples: [Example]) -> Double {
    var scorer = NgramScorer(model)
    var right = 0
    for example in examples {
        let logprobs = scorer.logprobs(of: example.prompt)
        let best = logprobs.indices.max { logprobs[$0] < logprobs[$1] }
        if let best, model.labels[best] == example.completion { right += 1 }
    }
    return Double(right) / Double(examples.count)
}

/// The numbers of a model as they are in memory.
func bits(_ model: NgramModel) -> [UInt8] { Array(model.parameters.bytes) }

/// Calls `body` with the path of an empty folder of its own, and removes the folder.
func withFolder<R>(_ body: (String) throws -> R) throws -> R {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("fettle-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
}

/// The diagnostic that `body` throws, or nil.
func diagnostic(of body: () throws -> Void) -> Diagnostic? {
    do {
        try body()
        return nil
    } catch {
        return error as? Diagnostic
    }
}
