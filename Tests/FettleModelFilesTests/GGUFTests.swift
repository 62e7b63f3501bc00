import FettleCore
import Testing

@testable import FettleModelFiles

struct GGUFTests {
    /// The parts of a file that has one key and one tensor of 32 numbers.
    private struct Parts {
        var magic = Array("GGUF".utf8)
        var version: UInt32 = 3
        var tensorCount: UInt64 = 1
        var keyCount: UInt64 = 1
        var key = text("k")
        var type: UInt32 = 8
        var value = text("v")
        var name = text("t")
        var rank: UInt32 = 1
        var dimensions: [UInt64] = [32]
        var numbers: UInt32 = 0
        var offset: UInt64 = 0
        var data = 128

        var bytes: [UInt8] {
            var bytes = magic + little(version) + little(tensorCount) + little(keyCount)
            bytes += key + little(type) + value
            bytes += name + little(rank) + dimensions.flatMap { little($0) }
            bytes += little(numbers) + little(offset)
            while bytes.count % 32 != 0 { bytes.append(0) }
            return bytes + [UInt8](repeating: 0, count: data)
        }
    }

    private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    private static func text(_ text: String) -> [UInt8] {
        little(UInt64(text.utf8.count)) + Array(text.utf8)
    }

    private static func list(_ type: UInt32, _ count: UInt64, _ elements: [UInt8]) -> [UInt8] {
        little(type) + little(count) + elements
    }

    private static func file(_ change: (inout Parts) -> Void) throws(Diagnostic) -> GGUFFile {
        var parts = Parts()
        change(&parts)
        return try GGUFFile(ModelBytes(copying: parts.bytes, path: "x.gguf"))
    }

    @Test func wholeFileIsRead() throws {
        let file = try Self.file { _ in }
        #expect(try file.metadata.string("k") == "v")
        #expect(file.tensors.map(\.name) == ["t"])
        #expect(file.tensors.map(\.offset) == [96])
        #expect(file.tensors.map(\.shape) == [[32]])
    }

    @Test func everyTypeOfValueIsRead() throws {
        let values: [(UInt32, [UInt8], String)] = [
            (0, [200], "integer(200)"), (1, [200], "integer(-56)"),
            (2, Self.little(UInt16.max), "integer(65535)"),
            (3, Self.little(Int16.min), "integer(-32768)"),
            (4, Self.little(UInt32.max), "integer(4294967295)"),
            (5, Self.little(Int32(-2)), "integer(-2)"),
            (6, Self.little(Float(0.5).bitPattern), "number(0.5)"), (7, [1], "boolean(true)"),
            (8, Self.text("é"), "string(\"é\")"),
            (10, Self.little(UInt64.max), "large(18446744073709551615)"),
            (10, Self.little(UInt64(7)), "integer(7)"),
            (11, Self.little(Int64.min), "integer(-9223372036854775808)"),
            (12, Self.little(Double(-0.25).bitPattern), "number(-0.25)"),
        ]
        for (type, value, expected) in values {
            let file = try Self.file { ($0.type, $0.value) = (type, value) }
            #expect(file.metadata["k"].map { "\($0)" } == expected)
        }
        let nested = Self.list(9, 2, Self.list(0, 1, [1]) + Self.list(8, 1, Self.text("a")))
        let file = try Self.file { ($0.type, $0.value) = (9, nested) }
        #expect(try file.metadata.array("k")?.count == 2)
        #expect(file.tensors.count == 1)
    }

    /// What is said of each damage.
    @Test func damageIsNamedByItsField() {
        let cases: [(String, (inout Parts) -> Void)] = [
            ("its number of tensors is 18446744073709551615", { $0.tensorCount = .max }),
            ("its number of metadata keys is 1000", { $0.keyCount = 1000 }),
            (
                "metadata key 0 has 18446744073709551615 bytes, limit 65535",
                { $0.key = Self.little(UInt64.max) }
            ),
            (
                "metadata key 0 at byte 32 needs 500 bytes, and 192 are left",
                { $0.key = Self.little(UInt64(500)) }
            ),
            ("metadata key 0 is not UTF-8", { $0.key = Self.little(UInt64(1)) + [0xFF] }),
            ("the type of 'k' is 13, limit 12", { $0.type = 13 }),
            ("the value of 'k' is 2, not 0 or 1", { ($0.type, $0.value) = (7, [2]) }),
            (
                "the text of 'k' has 9223372036854775808 bytes, limit 16777216",
                { $0.value = Self.little(UInt64(1) << 63) }
            ),
            (
                "'k' has 9223372036854775807 elements, and 175 bytes are left",
                { ($0.type, $0.value) = (9, Self.list(12, UInt64(Int64.max), [])) }
            ),
            (
                "the lists of 'k' are more than 4 deep",
                {
                    let lists = (0..<5).flatMap { _ in Self.list(9, 1, []) }
                    ($0.type, $0.value) = (9, lists)
                }
            ),
            (
                "the key 'k' stands there twice",
                {
                    $0.keyCount = 2
                    $0.value = Self.text("v") + Self.text("k") + Self.little(UInt32(7)) + [1]
                }
            ),
            (
                "'general.alignment' is 24, not a power of two up to 1048576",
                {
                    $0.key = Self.text("general.alignment")
                    ($0.type, $0.value) = (4, Self.little(UInt32(24)))
                }
            ),
            (
                "'general.alignment' is a text, not a whole number from 0 on",
                { $0.key = Self.text("general.alignment") }
            ),
            (
                "the tensor 't' stands there twice",
                {
                    $0.tensorCount = 2
                    $0.name =
                        Self.text("t") + Self.little(UInt32(1)) + Self.little(UInt64(32))
                        + Self.little(UInt32(0)) + Self.little(UInt64(0)) + Self.text("t")
                }
            ),
            ("'t' has 0 dimensions, not 1 to 4", { $0.rank = 0 }),
            ("'t' has 5 dimensions, not 1 to 4", { $0.rank = 5 }),
            ("dimension 0 of 't' is 0", { $0.dimensions = [0] }),
            ("dimension 0 of 't' is 18446744073709551615", { $0.dimensions = [.max] }),
            (
                "'t' is too large: [549755813888, 549755813888]",
                { ($0.rank, $0.dimensions) = (2, [1 << 39, 1 << 39]) }
            ),
            (
                "rows of 't' have 31 numbers, not a multiple of Q8_0's 32",
                { ($0.numbers, $0.dimensions) = (8, [31]) }
            ),
            ("the offset of 't' is 8, not a multiple of 32", { $0.offset = 8 }),
            (
                "'t' passes the end of the file: [32] of F32 at offset 32, in 128 bytes",
                { $0.offset = 32 }
            ),
            (
                "'t' passes the end of the file: [32] of F32 at offset 18446744073709551584, in 128 bytes",
                { $0.offset = .max - 31 }
            ),
            (
                "'t' passes the end of the file: [33] of F32 at offset 0, in 128 bytes",
                { $0.dimensions = [33] }
            ),
        ]
        for (message, change) in cases {
            let error = #expect(throws: Diagnostic.self) { try Self.file(change) }
            #expect(error?.message == "'x.gguf' is damaged: " + message)
            #expect(error?.code == "model-corrupt")
        }
    }

    @Test func otherVersionsAndTypesAreNotSupported() {
        let cases: [(String, (inout Parts) -> Void)] = [
            ("it has version 1 of GGUF, not 2 or 3", { $0.version = 1 }),
            ("it is a GGUF file in big-endian order", { $0.version = 3 << 24 }),
            ("the tensor 't' has numbers of ggml's type Q2_K", { $0.numbers = 10 }),
            (
                "the tensor 't' has numbers of ggml's type 4000000000",
                { $0.numbers = 4_000_000_000 }
            ),
        ]
        for (message, change) in cases {
            let error = #expect(throws: Diagnostic.self) { try Self.file(change) }
            #expect(error?.message == "cannot use 'x.gguf': " + message)
            #expect(error?.code == "model-unsupported")
        }
    }

    /// Wherever a file ends, the error is one of words and nothing is read beyond it.
    @Test func everyShorterFileIsRefused() throws {
        let whole = Parts().bytes
        for length in 4..<whole.count {
            let bytes = ModelBytes(copying: whole[..<length], path: "x.gguf")
            let error = #expect(throws: Diagnostic.self) { try GGUFFile(bytes) }
            #expect(error?.message.hasPrefix("'x.gguf' is damaged: ") == true)
        }
    }
}
