import FettleCore
import Foundation
import Testing

@testable import FettleEngine

struct NgramCheckpointFileTests {
    private struct Stop: Error {}

    private let examples = reviews(40, seed: 31)
    private let whole: [UInt8]

    init() throws {
        let examples = examples
        whole = try withFolder { folder in
            let path = "\(folder)/run.checkpoint"
            do {
                _ = try NgramTrainer(Hyperparameters(epochs: 2, seed: 7), threads: 1).train(
                    examples,
                    validation: [],
                    from: nil,
                    checkpoints: NgramCheckpointing(path: path)
                ) { row in
                    if row.step == 50 { throw Stop() }
                }
            } catch is Stop {}
            return Array(try Data(contentsOf: URL(filePath: path)))
        }
    }

    /// The diagnostic of reading a file with these bytes, its path written as 'FILE'.
    private func complaint(of bytes: [UInt8]) throws -> String? {
        try withFolder { folder in
            let path = "\(folder)/run.checkpoint"
            try Data(bytes).write(to: URL(filePath: path))
            guard let found = diagnostic(of: { _ = try NgramCheckpoint(contentsOf: path) })
            else { return nil }
            return "\(found.code): \(found.message)".replacingOccurrences(of: path, with: "FILE")
        }
    }

    private func corrupt(_ what: String) -> String {
        "checkpoint-corrupt: 'FILE' is a damaged 'ngram' checkpoint: \(what)"
    }

    @Test func everyShortenedOrChangedFileIsRefused() throws {
        for length in Array(0..<240) + stride(from: 240, to: whole.count, by: 977) {
            #expect(try complaint(of: Array(whole[..<length])) != nil, "\(length) bytes")
        }
        #expect(try complaint(of: whole + [0]) != nil)
        for place in Array(0..<240) + stride(from: 240, to: whole.count, by: 499) {
            var changed = whole
            changed[place] ^= 0x41
            #expect(try complaint(of: changed) != nil, "byte \(place)")
        }
    }

    @Test func messagesNameTheFileAndTheField() throws {
        #expect(
            try complaint(of: Array("FETTLNGR and more".utf8))
                == "checkpoint-foreign: 'FILE' is not an 'ngram' checkpoint: it does not begin with "
                + "'FETTLCKP'"
        )
        #expect(
            try complaint(of: Array(whole[..<40]))
                == corrupt("it has 40 bytes, and the header alone has 224")
        )
        #expect(
            try complaint(of: Array(whole.dropLast()))
                == corrupt(
                    "it has \(whole.count - 1) bytes, and its header tells of \(whole.count)"
                )
        )
        let huge = UInt64(1) << 63
        let fields: [(place: Int, value: UInt64, message: String)] = [
            (
                8, 1,
                "checkpoint-version: 'FILE' has version 1 of the 'ngram' checkpoint format, and "
                    + "this Fettle goes on from version 2"
            ),
            (16, 0, corrupt("its n_epochs is 0, not 1 to 9223372036854775807")),
            (24, huge, corrupt("its batch_size is \(huge), not 1 to 9223372036854775807")),
            (24, 3, corrupt("its position 10 is within a batch of 3")),
            (40, huge, corrupt("its shuffle is \(huge), not 0 to 2")),
            (56, 1, corrupt("its number of completions is 1, not 2 to 1000")),
            (64, 0, corrupt("its number of examples is 0, not 1 to 2147483647")),
            (112, 2, corrupt("its epoch is 2, not 0 to 1")),
            (120, 41, corrupt("its position in the epoch is 41, not 0 to 40")),
            (128, 12, corrupt("its part of the epoch is 12, not 1 to 11")),
            (136, huge, corrupt("its number of tokens is \(huge), not 0 to \(1 << 60)")),
            (144, 2, corrupt("its report due is 2, not 0 to 1")),
            (200, 1 << 27, corrupt("its number of features is 134217728, not 0 to 67108864")),
            (208, 40, corrupt("its number of bucket bits is 40, not 8 to 26")),
            (216, 1, corrupt("its checksum does not match its content")),
        ]
        for field in fields {
            var changed = whole
            put(field.value, in: &changed, at: field.place)
            #expect(try complaint(of: changed) == field.message)
        }
    }

    @Test func contentThatContradictsItselfIsRefusedDespiteItsChecksum() throws {
        let order = whole[224..<228].reversed().reduce(0) { $0 << 8 | Int($1) }
        let index = 224 + 160
        let changes: [(place: Int, value: [UInt8], message: String)] = [
            (
                228, Array(whole[224..<228]),
                corrupt("place 1 of its order is row \(order), which cannot be")
            ),
            (224, [40, 0, 0, 0], corrupt("place 0 of its order is row 40, which cannot be")),
            (index, [1, 0, 0, 0], corrupt("its index does not cover its features")),
            (index + 4, [255, 255, 255, 255], corrupt("bucket 1 of its index is out of order")),
        ]
        for change in changes {
            var changed = whole
            changed.replaceSubrange(
                change.place..<(change.place + change.value.count),
                with: change.value
            )
            repairCheckpoint(&changed, orderBytes: 160)
            #expect(try complaint(of: changed) == change.message)
        }
    }

    @Test func missingFileAndUnwritablePlaceAreSaid() throws {
        try withFolder { folder in
            let path = "\(folder)/none/run.checkpoint"
            #expect(
                diagnostic(of: { _ = try NgramCheckpoint(contentsOf: path) })
                    == Diagnostic(
                        "checkpoint-unreadable",
                        "cannot read the checkpoint '\(path)': No such file or directory"
                    )
            )
            let keeping = NgramCheckpointing(path: path, interval: .zero)
            #expect(
                diagnostic(of: {
                    _ = try NgramTrainer(Hyperparameters(), threads: 1).train(
                        examples,
                        validation: [],
                        from: nil,
                        checkpoints: keeping
                    ) { _ in }
                })
                    == Diagnostic(
                        "checkpoint-unwritable",
                        "cannot write the checkpoint '\(path)': No such file or directory",
                        hint: "check the free space and the permissions of its folder"
                    )
            )
        }
    }

    // MARK: - Another run

    /// The message of resuming with other inputs than the checkpoint's, its path written as 'FILE'.
    private func difference(
        _ hyperparameters: Hyperparameters = Hyperparameters(epochs: 2, seed: 7),
        training: [Example]? = nil,
        validation: [Example] = [],
        base: NgramModel? = nil
    ) throws -> String? {
        try withFolder { folder in
            let path = "\(folder)/run.checkpoint"
            try Data(whole).write(to: URL(filePath: path))
            let checkpoint = try NgramCheckpoint(contentsOf: path)
            let found = diagnostic {
                _ = try NgramTrainer(hyperparameters, threads: 1).train(
                    training ?? examples,
                    validation: validation,
                    from: base,
                    resuming: checkpoint
                ) { _ in }
            }
            guard let found else { return nil }
            #expect(found.code == "checkpoint-differs")
            let start = "'\(path)' is a checkpoint of another run: "
            #expect(found.message.hasPrefix(start))
            return String(found.message.dropFirst(start.count))
        }
    }

    @Test func anotherRunIsRefusedWithWhatDiffers() throws {
        #expect(try difference() == nil)
        #expect(
            try difference(Hyperparameters(epochs: 5, seed: 7)) == "n_epochs is 2 there and 5 here"
        )
        #expect(
            try difference(
                Hyperparameters(
                    epochs: 2,
                    batchSize: 4,
                    learningRateMultiplier: 0.5,
                    shuffle: .none,
                    seed: 8
                )
            )
                == "batch_size is 1 there and 4 here, learning_rate_multiplier is 1.0 there and "
                + "0.5 here, shuffle is 'epoch' there and 'none' here, seed is 7 there and 8 here"
        )
        #expect(
            try difference(training: Array(examples.dropLast()))
                == "the number of training examples is 40 there and 39 here"
        )
        #expect(
            try difference(training: examples.reversed())
                == "the training examples or their order are not the same"
        )
        var moved = examples
        moved[0].prompt += String(moved[0].completion.removeFirst())
        moved[0].completion = examples[0].completion
        #expect(
            try difference(training: moved)
                == "the training examples or their order are not the same"
        )
        #expect(
            try difference(validation: reviews(3, seed: 1))
                == "the number of validation examples is 0 there and 3 here"
        )
        #expect(
            try difference(base: try trained(on: reviews(30, seed: 2)))
                == "there is no model that is continued there, and one here"
        )
        #expect(
            try difference(
                training: examples + [Example(prompt: "x", completion: " 9")]
            )
                == "the number of different completions is 3 there and 4 here, "
                + "the number of training examples is 40 there and 41 here"
        )
    }
}
