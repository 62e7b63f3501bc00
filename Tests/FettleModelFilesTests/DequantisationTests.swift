import FettleCore
import Foundation
import Testing

@testable import FettleModelFiles

struct DequantisationTests {
    private struct Sample {
        let type: TensorType
        let blocks: [UInt8]
        let numbers: [Float]
    }

    private static func samples(_ key: String) throws -> [Sample] {
        guard case .array(let items) = try JSONValue.parse(Fixtures.bytes("blocks.json")) else {
            return []
        }
        return try items.compactMap { item in
            guard case .string(let name)? = item[key] else { return nil }
            guard case .string(let blocks)? = item["blocks"],
                case .string(let numbers)? = item["numbers"]
            else { throw CocoaError(.coderReadCorrupt) }
            let type = try #require(TensorType.allCases.first { $0.name == name })
            let bytes = Array(try #require(Data(base64Encoded: numbers)))
            return Sample(
                type: type,
                blocks: Array(try #require(Data(base64Encoded: blocks))),
                numbers: bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
            )
        }
    }

    /// The bits are compared, so that the sign of a zero counts.
    @Test func blocksOfEveryTypeAreDecodedBitForBit() throws {
        let samples = try Self.samples("type")
        #expect(
            samples.map(\.type.name).sorted()
                == TensorType.allCases.dropFirst().map(\.name).sorted()
        )
        for sample in samples {
            let decoded = decode(sample.blocks, sample.type)
            #expect(
                decoded.map(\.bitPattern) == sample.numbers.map(\.bitPattern),
                "\(sample.type.name)"
            )
        }
    }

    @Test func numbersOfWrittenTypesAreEncodedBitForBit() throws {
        let samples = try Self.samples("quantised")
        #expect(samples.map(\.type) == [.float16, .bfloat16, .q80])
        for sample in samples {
            var bytes: [UInt8] = [7]
            Quantisation.append(sample.numbers, sample.type, to: &bytes)
            #expect(bytes == [7] + sample.blocks, "\(sample.type.name)")
        }
    }

    private func decode(_ blocks: [UInt8], _ type: TensorType) -> [Float] {
        let count = blocks.count / type.blockBytes * type.blockSize
        return [Float](unsafeUninitializedCapacity: count) { out, filled in
            if let base = out.baseAddress {
                blocks.withUnsafeBytes { Dequantisation.decode($0, type, into: base) }
            }
            filled = count
        }
    }

    @Test func everyHalfIsTheSameNumber() {
        for bits in UInt16.min ... .max {
            let number = HalfFloat.float(bits)
            let expected = Float(Float16(bitPattern: bits))
            if expected.isNaN {
                #expect(number.isNaN)
            } else if number.bitPattern != expected.bitPattern {
                Issue.record("\(bits) is \(number), not \(expected)")
            }
            if !expected.isNaN, HalfFloat.bits(expected) != bits {
                Issue.record("\(expected) becomes \(HalfFloat.bits(expected)), not \(bits)")
            }
        }
    }

    @Test(arguments: [
        (Float(65519), UInt16(0x7BFF)), (65520, 0x7C00), (-1e30, 0xFC00), (1e-8, 0),
        (2.9802322e-8, 0), (2.9802326e-8, 1), (8.940697e-8, 2), (6.1005354e-5, 0x0400),
        (1.00048828125, 0x3C00), (1.0004884, 0x3C01), (1.00146484375, 0x3C02),
    ])
    func halvesAreRoundedToTheNearestAndEven(_ number: Float, _ bits: UInt16) {
        #expect(HalfFloat.bits(number) == bits)
        #expect(Float16(number).bitPattern == bits)
    }
}
