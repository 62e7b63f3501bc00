import FettleCore
import Foundation
import Testing

@testable import FettleData

/// Random frames are written and read again, and random bytes are read.
struct RoundTripTests {
    private static let pieces = [
        "", "a", "5", "true", "null", " ", "\"", "\"\"", ",", "\t", ";", "|", "\n", "\r\n", "\r",
        "\\",
        "\\n", "é", "好", "😀", "\u{0}", "\u{1F}", "\u{2028}", "\u{FEFF}", "007", "1e5", "-", "{}",
        "x y",
    ]

    private func text(_ generator: inout SeededGenerator) -> String {
        (0..<generator.below(6)).map { _ in Self.pieces[generator.below(Self.pieces.count)] }
            .joined()
    }

    private func frame(_ generator: inout SeededGenerator, nulText: Bool) throws -> Frame {
        let rows = 1 + generator.below(6)
        let kinds = ColumnKind.allCases
        let columns = try (0..<1 + generator.below(4)).map { place in
            let kind = kinds[generator.below(kinds.count)]
            var builder = ColumnBuilder(kind)
            for _ in 0..<rows {
                if generator.below(4) == 0 {
                    builder.appendNull()
                    continue
                }
                let bits = generator.next()
                switch kind {
                case .text:
                    let text = text(&generator)
                    try builder.append(nulText ? text : text.replacing("\u{0}", with: "0"))
                case .json: try builder.append("[\(bits), {\"k\": \"\\n|,\"}]")
                case .integer: builder.append(Int64(bitPattern: bits >> (bits & 63)))
                case .number:
                    let value = Double(bitPattern: bits)
                    builder.append(value.isFinite ? value : 0.1)
                case .boolean: builder.append(bits & 1 == 0)
                }
            }
            return Frame.NamedColumn("c\(place)\(text(&generator))\u{2E}", builder.build())
        }
        return Frame(
            columns: columns.map { .init($0.name.replacing("\u{0}", with: ""), $0.column) }
        )
    }

    @Test(arguments: ["jsonl", "json", "csv", "tsv"])
    func whatIsWrittenReadsAsTheSameCells(_ format: String) throws {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<400 {
            let isJSON = format.hasPrefix("json")
            let frame = try frame(&generator, nulText: isJSON)
            var options = LoadOptions(format: format, header: true)
            // Names and cells are full of other delimiters, so that finding it out would be guessing.
            options.delimiter = format == "csv" ? "," : nil
            for column in frame.columns { options.types[column.name] = column.column.kind }
            let text = try FrameWriter(format: format).text(frame)
            let again = try loaded(text, as: "x", options)
            options.pieceSize = 10
            #expect(try loaded(text, as: "x", options).frame.cells == frame.cells, "\(text)")
            #expect(again.frame.columnNames == frame.columnNames)
            #expect(again.frame.cells == frame.cells, "\(text)")
        }
    }

    @Test func jsonKindsAreFoundOutAgain() throws {
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<300 {
            let frame = try frame(&generator, nulText: true)
            let again = try loaded(FrameWriter(format: "jsonl").text(frame)).frame
            for (place, column) in frame.columns.enumerated() {
                for position in 0..<frame.count {
                    let (before, after) = (
                        frame.cell(place, at: position), again.cell(place, at: position)
                    )
                    // A number without a fraction reads as an integer when all of its column are.
                    if case .integer(let value) = after, column.column.kind == .number {
                        #expect(before == .number(Double(value)))
                    } else if case .text(let digits) = after, column.column.kind == .number {
                        #expect(before.displayText == digits)
                    } else {
                        #expect(after == before)
                    }
                }
            }
        }
    }

    /// Inputs a format; the environment asks for a longer run.
    private static let rounds =
        ProcessInfo.processInfo.environment["FETTLE_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 1_500

    private static let seeds = [
        "{\"title\": \"go\\u00e9d \\\"x\\\"\", \"stars\": 5, \"x\": [1, {\"a\": null}], \"y\": -1.5e3}\n{\"title\": null}\n",
        "[{\"a\": 1, \"b\": \"é\"},\n {\"a\": true}]",
        "title,body,stars\r\n\"a \"\"b\"\", c\",\"two\nlines\",5\n,\"\",4\nx;y\té|,z,1e+300\n",
    ]
    private static let bytes =
        Array("{}[]\",:;|\t\n\r\\u0d8e-+.19 tfn".utf8) + [0, 0xC3, 0xA9, 0xFF, 0xED, 0xA0]

    @Test(arguments: ["jsonl", "json", "csv", "tsv", nil])
    func randomChangesNeverCrashAndErrorsHaveAPlace(_ format: String?) {
        var generator = SeededGenerator(seed: 13)
        var good = 0
        for round in 0..<Self.rounds {
            var input = Array(Self.seeds[generator.below(Self.seeds.count)].utf8)
            for _ in 0..<1 + generator.below(5) where !input.isEmpty {
                let place = generator.below(input.count)
                let byte = Self.bytes[generator.below(Self.bytes.count)]
                switch generator.below(4) {
                case 0: input[place] = byte
                case 1: input.insert(byte, at: place)
                case 2: input.remove(at: place)
                default: input.removeLast(generator.below(input.count - place + 1))
                }
            }
            let options = LoadOptions(format: format, header: round % 2 == 0 ? true : nil)
            var small = options
            small.pieceSize = 8
            let found = problem(input, as: "standard input", options)
            #expect(problem(input, as: "standard input", small) == found, "\(input)")
            guard let found else {
                good += 1
                continue
            }
            let codes = ["empty-source", "not-utf8"]
            let hasPlace = found.location != nil && found.span != nil && found.source != nil
            #expect(hasPlace || codes.contains(found.code), "\(found.message)")
            if let source = found.source, let span = found.span {
                #expect(span.end <= source.utf8.count + 1, "\(source) \(span)")
            }
        }
        #expect(good > 0)
    }
}
