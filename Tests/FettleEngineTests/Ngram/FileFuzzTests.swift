import FettleCore
import Foundation
import Testing

@testable import FettleEngine

/// Writes a number over eight bytes, lowest first.
func put(_ value: UInt64, in bytes: inout [UInt8], at place: Int) {
    withUnsafeBytes(of: value.littleEndian) {
        bytes.replaceSubrange(place..<(place + 8), with: $0)
    }
}

/// Gives a changed checkpoint the checksum of its content.
func repairCheckpoint(_ bytes: inout [UInt8], orderBytes: Int) {
    repair(&bytes, checksumAt: 216, second: orderBytes)
}

/// Gives a changed file the checksum of its three parts: header, `second` bytes, and the rest.
private func repair(_ bytes: inout [UInt8], checksumAt place: Int, second: Int) {
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

/// Files with random changes are refused in words, and never crash their reader.
struct FileFuzzTests {
    private static var rounds: Int {
        ProcessInfo.processInfo.environment["FETTLE_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 1_000
    }

    private struct Stop: Error {}

    private let examples = [
        Example(prompt: "ab c", completion: " y"), Example(prompt: "d e", completion: " n"),
        Example(prompt: "ab", completion: " n"),
    ]

    private func changed(
        _ whole: [UInt8],
        _ headerBytes: Int,
        _ generator: inout SeededGenerator
    ) -> [UInt8] {
        var bytes = whole
        for _ in 0...generator.below(4) {
            // Headers decide most, so that half of the changes are there.
            let end = generator.below(2) == 0 ? min(headerBytes, bytes.count) : bytes.count
            guard end > 8 else { break }
            let place = generator.below(end)
            switch generator.below(6) {
            case 0: bytes[place] ^= 1 << UInt8(generator.below(8))
            case 1: bytes[place] = UInt8(generator.below(256))
            case 2:
                let edge: [UInt64] = [0, 1, 255, 1 << 31, 1 << 32, 1 << 60, 1 << 63, .max]
                put(edge[generator.below(edge.count)], in: &bytes, at: min(place & ~7, end - 8))
            case 3: bytes.removeSubrange(place..<min(place + 1 + generator.below(9), bytes.count))
            case 4: bytes.insert(UInt8(generator.below(256)), at: place)
            default: bytes.removeLast(generator.below(bytes.count / 2))
            }
        }
        return bytes
    }

    /// Reads changed copies of a file, half of them with a checksum that fits again.
    ///
    /// - Parameters:
    ///   - whole: the file.
    ///   - checksumPlace: where its checksum is.
    ///   - second: the length of the second part that the checksum is over.
    ///   - read: reads the file at a path, and uses what it read.
    /// - Throws: what `read` throws beside diagnostics, and errors of the file system.
    private func fuzz(
        _ whole: [UInt8],
        checksumAt checksumPlace: Int,
        second: Int,
        read: (String) throws -> Void
    ) throws {
        try withFolder { folder in
            let path = "\(folder)/file"
            var generator = SeededGenerator(seed: 41)
            for round in 0..<Self.rounds {
                var bytes = changed(whole, checksumPlace + 8, &generator)
                let isRepaired = round % 2 == 0
                if isRepaired { repair(&bytes, checksumAt: checksumPlace, second: second) }
                try Data(bytes).write(to: URL(filePath: path))
                do {
                    try read(path)
                    #expect(isRepaired || bytes == whole, "round \(round) was read")
                } catch let said as Diagnostic {
                    #expect(said.message.hasPrefix("'\(path)' "), "round \(round): \(said)")
                    #expect(said.code.hasPrefix("model-") || said.code.hasPrefix("checkpoint-"))
                }
            }
        }
    }

    @Test func changedModelFilesNeverCrash() throws {
        let whole = try withFolder { folder in
            try trained(on: examples, Hyperparameters(epochs: 1)).write(to: "\(folder)/model")
            return Array(try Data(contentsOf: URL(filePath: "\(folder)/model")))
        }
        try fuzz(whole, checksumAt: 64, second: 16) { path in
            let model = try NgramModel(contentsOf: path)
            #expect(model.logprobs(of: "ab c d").count == model.labels.count)
            let more = examples.map { Example(prompt: $0.prompt, completion: model.labels[0]) }
            _ = try trained(on: more, Hyperparameters(epochs: 1), from: model)
        }
    }

    @Test func changedCheckpointsNeverCrash() throws {
        let trainer = NgramTrainer(Hyperparameters(epochs: 2), threads: 1)
        let whole = try withFolder { folder in
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
            return Array(try Data(contentsOf: URL(filePath: "\(folder)/run")))
        }
        try fuzz(whole, checksumAt: 216, second: 16) { path in
            let checkpoint = try NgramCheckpoint(contentsOf: path)
            #expect(checkpoint.totalSteps > 0)
            _ = try trainer.train(
                examples,
                validation: examples,
                from: nil,
                resuming: checkpoint
            ) { _ in }
        }
    }
}
