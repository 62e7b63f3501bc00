import FettleCore
import Foundation
import Testing

@testable import FettleEngine

struct NgramModelFileTests {
    private let model: NgramModel

    init() throws {
        model = try trained(on: reviews(60, seed: 4), Hyperparameters(epochs: 1))
    }

    private func write(_ bytes: [UInt8], _ path: String) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }

    /// The diagnostic of reading a file with these bytes, its path written as 'FILE'.
    private func complaint(of bytes: [UInt8]) throws -> String? {
        try withFolder { folder in
            let path = "\(folder)/model.bin"
            try write(bytes, path)
            guard
                let found = diagnostic(of: { _ = try NgramModel(contentsOf: path) })
            else { return nil }
            return "\(found.code): \(found.message)"
                .replacingOccurrences(of: path, with: "FILE")
        }
    }

    private func bytes() throws -> [UInt8] {
        try withFolder { folder in
            try model.write(to: "\(folder)/model.bin")
            return Array(try Data(contentsOf: URL(filePath: "\(folder)/model.bin")))
        }
    }

    @Test func readsBackBitForBit() throws {
        try withFolder { folder in
            let path = "\(folder)/model.bin"
            try model.write(to: path)
            let read = try NgramModel(contentsOf: path)
            #expect(read.labels == model.labels)
            #expect(read.examplesSeen == model.examplesSeen)
            #expect(read.tokensSeen == model.tokensSeen)
            #expect(read.features == model.features)
            #expect(bits(read) == bits(model))
            let prompt = "great dress\n\nlovely\n\n###\n\n"
            #expect(read.logprobs(of: prompt) == model.logprobs(of: prompt))
            // Writing again replaces the file, and leaves nothing beside it.
            try read.write(to: path)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["model.bin"])
        }
    }

    @Test func trainingContinuesFromAFileAsFromMemory() throws {
        try withFolder { folder in
            try model.write(to: "\(folder)/model.bin")
            let read = try NgramModel(contentsOf: "\(folder)/model.bin")
            let more = reviews(40, seed: 6)
            let settings = Hyperparameters(epochs: 1)
            #expect(
                bits(try trained(on: more, settings, from: read))
                    == bits(try trained(on: more, settings, from: model))
            )
        }
    }

    @Test func everyShortenedFileIsRefused() throws {
        let whole = try bytes()
        for length in Array(0..<200) + stride(from: 200, to: whole.count, by: 977) {
            #expect(try complaint(of: Array(whole[..<length])) != nil, "\(length) bytes")
        }
        #expect(try complaint(of: whole + [0]) != nil)
    }

    @Test func everyChangedByteIsRefused() throws {
        let whole = try bytes()
        for place in Array(0..<110) + stride(from: 110, to: whole.count, by: 499) {
            var changed = whole
            changed[place] ^= 0x41
            #expect(try complaint(of: changed) != nil, "byte \(place)")
        }
    }

    @Test func messagesNameTheFileAndTheField() throws {
        let whole = try bytes()
        #expect(
            try complaint(of: Array("hello world, this is not a model".utf8))
                == "model-foreign: 'FILE' is not an 'ngram' model: it does not begin with 'FETTLNGR'"
        )
        #expect(
            try complaint(of: Array(whole[..<40]))
                == "model-corrupt: 'FILE' is a damaged 'ngram' model: it has 40 bytes, and the "
                + "header alone has 72"
        )
        #expect(
            try complaint(of: Array(whole.dropLast()))
                == "model-corrupt: 'FILE' is a damaged 'ngram' model: it has \(whole.count - 1) "
                + "bytes, and its header tells of \(whole.count)"
        )
        let fields: [(place: Int, value: UInt32, message: String)] = [
            (
                8, 2,
                "model-too-new: 'FILE' has version 2 of the 'ngram' model format, and this Fettle "
                    + "reads version 1"
            ),
            (12, 0, corrupt("its word order is 0, not 1 to 8")),
            (20, 99, corrupt("its character runs are 4 to 99 long")),
            (24, 2, corrupt("its title flag is 2, not 0 or 1")),
            (28, 5_000, corrupt("its number of labels is 5000, not 2 to 1000")),
            (32, 40, corrupt("its number of bucket bits is 40, not 8 to 26")),
            (36, .max, corrupt("its number of features is 4294967295, limit 67108864")),
            (44, .max, corrupt("its number of examples seen is too large")),
            (52, .max, corrupt("its number of tokens seen is too large")),
            (
                56, 80_000_000,
                corrupt("its labels have 80000000 bytes, in a file of \(whole.count)")
            ),
            (64, 1, corrupt("its checksum does not match its content")),
        ]
        for field in fields {
            var changed = whole
            withUnsafeBytes(of: field.value.littleEndian) {
                changed.replaceSubrange(field.place..<(field.place + 4), with: $0)
            }
            #expect(try complaint(of: changed) == field.message)
        }
    }

    private func corrupt(_ what: String) -> String {
        "model-corrupt: 'FILE' is a damaged 'ngram' model: \(what)"
    }

    @Test func contentThatContradictsItselfIsRefusedDespiteItsChecksum() throws {
        let whole = try bytes()
        // The first label's length, the first label's text, the index's second bucket.
        let labelBytes = 24
        let changes: [(place: Int, value: [UInt8], message: String)] = [
            (72, [200, 0, 0, 0], corrupt("label 0 has 200 bytes, 20 are left")),
            (77, [0xFF], corrupt("label 0 is not UTF-8")),
            (77, Array("2".utf8), corrupt("two of its labels are the same")),
            (
                72 + labelBytes - 1, [1],
                corrupt("6 bytes follow its last label, not up to 7 zeros")
            ),
            (72 + labelBytes, [1, 0, 0, 0], corrupt("its index does not cover its features")),
            (
                72 + labelBytes + 4, [255, 255, 255, 255],
                corrupt("bucket 1 of its index is out of order")
            ),
        ]
        for change in changes {
            var changed = whole
            changed.replaceSubrange(
                change.place..<(change.place + change.value.count),
                with: change.value
            )
            var checksum = Checksum()
            changed.withUnsafeBytes { all in
                checksum.add(UnsafeRawBufferPointer(rebasing: all[..<64]))
                checksum.add(UnsafeRawBufferPointer(rebasing: all[72..<(72 + labelBytes)]))
                checksum.add(UnsafeRawBufferPointer(rebasing: all[(72 + labelBytes)...]))
            }
            withUnsafeBytes(of: checksum.value.littleEndian) {
                changed.replaceSubrange(64..<72, with: $0)
            }
            #expect(try complaint(of: changed) == change.message)
        }
    }

    @Test func pipeWithoutAWriterIsNotWaitedFor() throws {
        try withFolder { folder in
            let path = "\(folder)/pipe"
            #expect(mkfifo(path, 0o600) == 0)
            #expect(
                diagnostic(of: { _ = try NgramModel(contentsOf: path) })
                    == Diagnostic(
                        "model-unreadable",
                        "cannot read the model '\(path)': it is not a regular file"
                    )
            )
        }
    }

    @Test func missingFolderAndUnwritablePlaceAreSaid() throws {
        try withFolder { folder in
            let path = "\(folder)/none/model.bin"
            #expect(
                diagnostic(of: { _ = try NgramModel(contentsOf: path) })
                    == Diagnostic(
                        "model-unreadable",
                        "cannot read the model '\(path)': No such file or directory"
                    )
            )
            #expect(
                diagnostic(of: { _ = try NgramModel(contentsOf: folder) })
                    == Diagnostic(
                        "model-unreadable",
                        "cannot read the model '\(folder)': it is not a regular file"
                    )
            )
            #expect(
                diagnostic(of: { try model.write(to: path) })
                    == Diagnostic(
                        "model-unwritable",
                        "cannot write the model '\(path)': No such file or directory",
                        hint: "check the free space and the permissions of its folder"
                    )
            )
        }
    }
}
