import FettleCore
import Testing

@testable import FettleModelFiles

struct SafetensorsTests {
    private static let good =
        #"{"__metadata__": {"format": "pt"}, "a": {"dtype": "F32", "shape": [2, 1], "data_offsets": [0, 8]}, "#
        + #""b": {"dtype": "I8", "shape": [3], "data_offsets": [8, 11]}}"#

    private static func file(_ header: String, length: UInt64? = nil, numbers: Int = 11) -> [UInt8]
    {
        let length = length ?? UInt64(header.utf8.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + Array(header.utf8)
            + [UInt8](repeating: 0, count: numbers)
    }

    private static func read(_ bytes: [UInt8]) throws -> SafetensorsFile {
        try SafetensorsFile(ModelBytes(copying: bytes, path: "x.safetensors"))
    }

    @Test func headerGivesTensorsInItsOrder() throws {
        let file = try Self.read(Self.file(Self.good))
        #expect(file.tensors.map(\.name) == ["a", "b"])
        #expect(file.tensors.map(\.shape) == [[2, 1], [3]])
        #expect(file.tensors.map(\.type) == [.float32, nil])
        #expect(file.tensors.map { $0.offset - Self.good.utf8.count } == [8, 16])
        #expect(file.metadata.map(\.text) == ["pt"])
    }

    /// Each change of the header and what is said of it.
    @Test(arguments: [
        (#""b""#, #""a""#, "'a' stands there twice"),
        ("[0, 8]", "[0, 12]", "'a' ends at byte 12 of the numbers, and they have 11"),
        ("[0, 8]", "[8, 0]", "'data_offsets' of 'a' are not two rising numbers"),
        ("[0, 8]", "[-8, 0]", "'data_offsets' of 'a' are not two rising numbers"),
        (
            "[0, 8]", "[0, 9223372036854775807]",
            "'a' ends at byte 9223372036854775807 of the numbers, and they have 11"
        ),
        ("[0, 8]", "[0, 9223372036854775808]", "'data_offsets' of 'a' are not two rising numbers"),
        ("[0, 8]", "[0, 4]", "'a' has 4 bytes, and [2, 1] of F32 takes 8"),
        (
            "[2, 1]", "[4611686018427387904, 4]",
            "'a' is too large: [4611686018427387904]"
        ),
        ("[2, 1]", "[2.5]", "the shape of 'a' is not of whole numbers"),
        ("[2, 1]", "7", "'a' has no 'shape' of up to 8 dimensions"),
        (#""dtype": "F32", "#, "", "'a' has no 'dtype'"),
        ("[3]", "[2]", "'b' has 3 bytes, and [2] of I8 takes 2"),
        (
            "[3], \"data_offsets\": [8, 11]", "[2], \"data_offsets\": [8, 10]",
            "1 bytes follow the last tensor"
        ),
        (
            "[3], \"data_offsets\": [8, 11]", "[4], \"data_offsets\": [7, 11]",
            "'b' begins at byte 7 of the numbers, not at 8"
        ),
        (#"{"format": "pt"}"#, "1", "'__metadata__' is not an object"),
        (#""pt""#, "1", "'__metadata__.format' is not a text"),
    ])
    func headerIsRefused(_ change: (old: String, new: String, message: String)) throws {
        #expect(Self.good.contains(change.old))
        let header = Self.good.replacing(change.old, with: change.new, maxReplacements: 1)
        let error = #expect(throws: Diagnostic.self) { try Self.read(Self.file(header)) }
        #expect(error?.message == "'x.safetensors' is damaged: \(change.message)")
        #expect(error?.code == "model-corrupt")
    }

    @Test func unknownTypeIsNotSupported() {
        let header = Self.good.replacing("I8", with: "F4")
        let error = #expect(throws: Diagnostic.self) { try Self.read(Self.file(header)) }
        #expect(error?.code == "model-unsupported")
        #expect(error?.message == "cannot use 'x.safetensors': 'b' has numbers of type 'F4'")
    }

    @Test(arguments: [
        (UInt64.max, "its header has 18446744073709551615 bytes, in a file of 178"),
        (171, "its header has 171 bytes, in a file of 178"),
        (0, "expected a value, found the end of the text (line 1, column 1)"),
        (158, "expected ',' or '}', found the end of the text (line 1, column 159)"),
    ])
    func lengthIsRefused(_ length: UInt64, _ message: String) {
        let error = #expect(throws: Diagnostic.self) {
            try Self.read(Self.file(Self.good, length: length))
        }
        #expect(error?.message == "'x.safetensors' is damaged: \(message)")
    }

    @Test func cutFileNeedsMoreBytes() {
        let error = #expect(throws: Diagnostic.self) { try Self.read([1, 2, 3]) }
        #expect(
            error?.message
                == "'x.safetensors' is damaged: the length of its header at byte 0 needs 8 bytes, and 3 are left"
        )
    }
}
