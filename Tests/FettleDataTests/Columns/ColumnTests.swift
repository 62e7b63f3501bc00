import FettleCore
import Testing

@testable import FettleData

struct ColumnTests {
    private func text(_ values: [String?]) throws -> Column {
        var builder = ColumnBuilder(.text)
        for value in values {
            if let value { try builder.append(value) } else { builder.appendNull() }
        }
        return builder.build()
    }

    @Test func hashesAreThoseOfXXHash() {
        // From the reference implementation's own tool, xxhsum 0.8.1.
        let text = Array("fettle".utf8)
        let whole = text.withUnsafeBytes { ContentHash.xxh3_128($0) }
        var stream = FingerprintStream()
        stream.update("fet")
        text[3...].withUnsafeBytes { stream.update($0) }
        #expect(stream.digest == whole)
        #expect(Fingerprint(hex: whole.hex) == whole)
        #expect(FingerprintStream().digest.hex == "99aa06d3014798d86001c324468d497f")
        #expect(
            ContentHash.xxh3_64(UnsafeRawBufferPointer(start: nil, count: 0))
                == 0x2D06_8005_38D3_94C2
        )
        #expect(Fingerprint(high: 1, low: 0xAB).hex == "000000000000000100000000000000ab")
        #expect(Fingerprint(hex: "+0000000000000010000000000000ab") == nil)
        #expect(Fingerprint(hex: "12") == nil)
    }

    @Test func buildersKeepNullAndMissingApart() throws {
        var builder = ColumnBuilder(.number, reserving: 4)
        builder.append(0.5)
        builder.append(Int64(2))
        builder.appendNull()
        try builder.append(.missing)
        let column = builder.build()
        #expect((0..<4).map { column[$0] } == [.number(0.5), .number(2), .null, .missing])
        var texts = ColumnBuilder(.text)
        try texts.append(.integer(5))
        try texts.append(.text("é"))
        try texts.append(.null)
        #expect(texts.count == 3)
        let built = texts.build()
        #expect((0..<3).map { built[$0] } == [.text("5"), .text("é"), .null])
    }

    @Test func cellsOfShownRowsGoToTheirSourceRows() throws {
        let frame = Frame(
            columns: [.init("n", Column(integers: [10, 11, 12, 13]))],
            rows: [3, 1, 3]
        )
        var builder = ColumnBuilder(.text)
        for word in ["first", "second", "third"] { try builder.append(word) }
        let column = builder.build(over: frame)
        #expect(
            (0..<4).map { column[$0] } == [.missing, .text("second"), .missing, .text("third")]
        )
        var flags = ColumnBuilder(.boolean)
        for flag in [true, false, true] { flags.append(flag) }
        let booleans = flags.build(over: frame)
        #expect(
            (0..<4).map { booleans[$0] } == [.missing, .boolean(false), .missing, .boolean(true)]
        )
    }

    @Test func textsAreSummarised() throws {
        let values = ["good", "好", nil, "good", "", "so so", "好", "good"]
        let frame = Frame(columns: [.init("title", try text(values))])
        let summary = try ColumnSummary(of: "title", in: frame, mostFrequent: 2)
        #expect(summary.values == 7)
        #expect(summary.nulls == 1)
        #expect(summary.missing == 0)
        #expect(summary.empty == 1)
        #expect(summary.distinct == 4)
        #expect(summary.range == nil)
        #expect(
            summary.frequent == [
                .init(cell: .text("good"), count: 3), .init(cell: .text("好"), count: 2),
            ]
        )
        let lengths = try #require(summary.lengths)
        #expect(
            [lengths.minimum, lengths.median, lengths.percentile95, lengths.maximum] == [
                0, 4, 5, 5,
            ]
        )
        #expect(lengths.histogram.map(\.count) == [1, 2, 0, 0, 3, 1])
        #expect(lengths.histogram.first == .init(lower: 0, upper: 1, count: 1))
    }

    @Test func numbersAreSummarisedOverTheRowsShown() throws {
        let column = Column(
            numbers: [1, 2.5, 0, 100, -0.0],
            presence: [.value, .value, .missing, .value, .value]
        )
        let frame = Frame(columns: [.init("x", column)], rows: [0, 1, 1, 2, 4])
        let summary = try ColumnSummary(of: "x", in: frame)
        #expect(summary.range == .init(minimum: -0.0, maximum: 2.5, mean: 1.5))
        #expect(summary.distinct == 3)
        #expect(summary.missing == 1)
        #expect(summary.lengths == nil)
        #expect(summary.frequent.first == .init(cell: .number(2.5), count: 2))
    }

    @Test(arguments: [0, 1, 3, 5000, 9999])
    func manyDifferentValuesAreCountedWhateverIsKept(_ limit: Int) throws {
        // 5,000 values, of which 4990 stands three times and 7 twice.
        let column = Column(integers: Array(0..<5000) + [4990, 7, 4990])
        let frame = Frame(columns: [.init("n", column)])
        let summary = try ColumnSummary(of: "n", in: frame, mostFrequent: limit)
        #expect(summary.distinct == 5000)
        #expect(summary.frequent.count == min(limit, 5000))
        #expect(
            Array(summary.frequent.prefix(3))
                == Array(
                    [
                        .init(cell: .integer(4990), count: 3), .init(cell: .integer(7), count: 2),
                        .init(cell: .integer(0), count: 1),
                    ].prefix(limit)
                )
        )
    }

    @Test func unknownColumnsAreErrors() {
        let frame = Frame(columns: [.init("stars", Column(integers: [1]))])
        #expect(throws: frame.unknownColumn("star")) { try ColumnSummary(of: "star", in: frame) }
    }

    @Test func histogramBinsAreRound() {
        let lengths = LengthSummary([12, 499, 250, 251, 88])
        #expect(lengths.histogram.map(\.lower) == Array(stride(from: 0, to: 500, by: 50)))
        #expect(lengths.histogram.map(\.count) == [1, 1, 0, 0, 0, 2, 0, 0, 0, 1])
        #expect(LengthSummary([7, 7]).histogram == [.init(lower: 7, upper: 8, count: 2)])
        #expect(lengths.median == 250)
        #expect(lengths.percentile95 == 499)
    }

    @Test func manyKeysAreCountedExactly() {
        var tally = ContentTally()
        for row in 0..<30_000 {
            var key = row % 10_000
            let hash = withUnsafeBytes(of: &key) { ContentHash.xxh3_64($0) }
            #expect(tally.add(hash, row: UInt32(row)) == row % 10_000)
        }
        #expect(tally.distinct == 10_000)
        #expect(tally.counts.allSatisfy { $0 == 3 })
        #expect(tally.firstRows.map(Int.init) == Array(0..<10_000))
    }
}
