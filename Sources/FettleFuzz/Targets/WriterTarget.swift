import FettleCore
import FettleData
import Foundation

/// The writers: random rows are written to memory or a file, and read again as the same rows.
struct WriterTarget: FuzzTarget {
    let name = "writers"
    private let folder: String

    init(_ folder: String) {
        self.folder = folder
    }

    /// The input is the seed of a frame, so that a file holds all there is to a case.
    func input(_ generator: inout SeededGenerator) -> [UInt8] {
        withUnsafeBytes(of: generator.next()) { Array($0) }
    }

    func check(_ input: [UInt8], _ generator: inout SeededGenerator) throws -> Bool {
        var own = SeededGenerator(seed: input.reduce(0) { $0 << 8 | UInt64($1) })
        let format = ["csv", "tsv", "json", "jsonl"].any(&own)
        let frame = FuzzFrames.random(&own, nulText: format.hasPrefix("json"))
        var options = LoadOptions(format: format, header: true)
        if format == "csv" { options.delimiter = "," }
        for column in frame.columns { options.types[column.name] = column.column.kind }
        if own.below(3) == 0 { options.pieceSize = 1 + own.below(20) }
        let writer = try FrameWriter(format: format)
        let source: SourceInput
        if own.below(8) == 0 {
            let path = "\(folder)/rows.\(format)"
            try writer.write(frame, toFile: path)
            source = .path(path)
        } else {
            source = .bytes(Array(try writer.text(frame).utf8), name: "rows")
        }
        let read = try DatasetLoader.load(source, options: options).frame
        try require(
            read.columnNames == frame.columnNames,
            "columns \(read.columnNames), not \(frame.columnNames)"
        )
        try require(read.cells == frame.cells, "\(format): \(read.cells), not \(frame.cells)")
        return true
    }
}
