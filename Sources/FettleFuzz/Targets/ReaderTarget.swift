import FettleCore
import FettleData
import Foundation

/// The reader of a format: from memory, in small pieces, and from a mapped file that may be cut short.
struct ReaderTarget: FuzzTarget {
    let name: String
    private let folder: String
    private let seeds: [[UInt8]]
    private let mutation: Mutation

    init(_ name: String, _ corpus: FuzzCorpus, _ folder: String) {
        self.name = name
        self.folder = folder
        // A reader has to refuse the other formats too.
        seeds =
            corpus.data[name, default: []] + corpus.data[name == "csv" ? "tsv" : "csv", default: []]
        let isJSON = name.hasPrefix("json")
        mutation = Mutation(
            isJSON
                ? [
                    "{", "}", "[", "]", "\"", ":", ",", "\\", "\\u", "\\ud83d", "\\u0000", "\n",
                    "\r\n", "null", "true", "1e9", "-", "0", "1e999", "9223372036854775808", "{}",
                    "[]", "{\"a\":1}", "\"a\":", "[[[[[[[[", "{\"a\":{\"a\":", " ", "\t",
                    "\u{2028}",
                ]
                : [
                    "\"", "\"\"", ",", ";", "\t", "|", "\n", "\r\n", "\r", "\\", "a", "1", "1.5",
                    "true", "null", "NA", "-", "1e999", "9223372036854775808", " ", "é", "\u{2028}",
                ]
        )
    }

    func input(_ generator: inout SeededGenerator) -> [UInt8] {
        if generator.below(6) == 0 { return mutation.soup(&generator, atMost: 30) }
        var bytes = seeds.any(&generator)
        if bytes.count > 300, generator.below(4) != 0 {
            let end = 100 + generator.below(200)
            let line = bytes[..<end].lastIndex(of: UInt8(ascii: "\n")) ?? end - 1
            bytes = Array(bytes[...line])
        }
        return mutation.changed(bytes, with: seeds.any(&generator), &generator)
    }

    func check(_ input: [UInt8], _ generator: inout SeededGenerator) throws -> Bool {
        var options = LoadOptions()
        options.format = generator.below(5) == 0 ? nil : name
        options.header = [nil, true, false].any(&generator)
        if name == "csv" { options.delimiter = [nil, ",", ";", "\t", "|"].any(&generator) }
        let whole = outcome(.bytes(input, name: "input"), options)
        var small = options
        small.pieceSize = 1 + generator.below(20)
        try require(
            outcome(.bytes(input, name: "input"), small) == whole,
            "in pieces of \(small.pieceSize) bytes it reads otherwise"
        )
        if generator.below(4) == 0 { try checkFile(input, options, whole, &generator) }
        switch whole {
        case .failure(let error):
            try requireInside(error, input)
            return false
        case .success(let source):
            try checkRewritten(source, options)
            return true
        }
    }

    /// What reading gave, without what differs from file to file.
    private enum Outcome: Equatable {
        case success(Content)
        case failure(Diagnostic)
    }

    private struct Content: Equatable {
        var names: [String]
        var kinds: [ColumnKind]
        var cells: [[Cell]]
        var fingerprint: String
        var frame: Frame

        static func == (one: Content, other: Content) -> Bool {
            one.names == other.names && one.kinds == other.kinds && one.cells == other.cells
                && one.fingerprint == other.fingerprint
        }
    }

    private func outcome(_ input: SourceInput, _ options: LoadOptions) -> Outcome {
        do {
            let loaded = try DatasetLoader.load(input, options: options)
            return .success(
                Content(
                    names: loaded.frame.columnNames,
                    kinds: loaded.frame.columns.map(\.column.kind),
                    cells: loaded.frame.cells,
                    fingerprint: loaded.fingerprint.hex,
                    frame: loaded.frame
                )
            )
        } catch let error as Diagnostic {
            return .failure(error)
        } catch {
            return .failure(Diagnostic("unexpected-error", "\(error)"))
        }
    }

    private func requireInside(_ error: Diagnostic, _ input: [UInt8]) throws {
        try requireWords(of: error)
        try require(error.code != "unexpected-error", error.message)
        guard let location = error.location, let span = error.span, let source = error.source else {
            // They are about the source as a whole.
            let codes = [
                "empty-source", "not-utf8", "bad-encoding", "unknown-format", "no-columns",
            ]
            return try require(
                codes.contains(error.code),
                "no place: \(error.code): \(error.message)"
            )
        }
        let lines = input.count { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } + 1
        try require(
            (1...lines).contains(location.line) && location.column >= 1,
            "line \(location.line), column \(location.column) of \(lines) lines: \(error.message)"
        )
        try require(
            span.start >= 0 && span.start <= span.end && span.end <= source.utf8.count + 1,
            "place \(span) in the \(source.utf8.count) bytes shown: \(error.message)"
        )
    }

    /// The same bytes from a file give the same; so does what is left after the file was cut short.
    private func checkFile(
        _ input: [UInt8],
        _ options: LoadOptions,
        _ whole: Outcome,
        _ generator: inout SeededGenerator
    ) throws {
        let path = "\(folder)/input"
        try Data(input).write(to: URL(filePath: path))
        var options = options
        switch (outcome(.path(path), options), whole) {
        case (.success(let file), .success(let memory)):
            try require(file == memory, "as a file it reads otherwise")
            truncate(path, off_t(generator.below(input.count)))
            // Rows whose bytes are gone are other rows, but reading them is no crash.
            _ = file.frame.cells
        case (.failure(let file), .failure(let memory)):
            try require(
                file.code == memory.code && file.span == memory.span
                    && file.location?.line == memory.location?.line,
                "as a file it fails otherwise: \(file.message)"
            )
        default: throw FuzzFinding("as a file it does not read as in memory")
        }
        guard case .failure(let error) = whole, error.location != nil else { return }
        // Setting bad rows aside leaves nothing to fail for but the head of the file.
        options.quarantine = "\(folder)/aside.jsonl"
        let aside = outcome(.path(path), options)
        if case .failure(let error) = aside { try requireWords(of: error) }
    }

    /// What was read and is written reads as the same cells, given its kinds.
    private func checkRewritten(_ content: Content, _ options: LoadOptions) throws {
        guard content.frame.count > 0, !content.frame.columns.isEmpty else { return }
        let text: String
        do {
            text = try FrameWriter(format: name).text(content.frame)
        } catch let error as Diagnostic {
            return try requireWords(of: error)
        }
        var again = LoadOptions(format: name, header: true)
        if name == "csv" { again.delimiter = "," }
        for (column, kind) in zip(content.names, content.kinds) { again.types[column] = kind }
        switch outcome(.bytes(Array(text.utf8), name: "input"), again) {
        case .failure(let error): throw FuzzFinding("what it writes is refused: \(error)\n\(text)")
        case .success(let read):
            try require(read.names == content.names, "written, it has columns \(read.names)")
            let expected = content.cells.map { $0.map(written) }
            let found = read.cells.map { $0.map(written) }
            try require(found == expected, "written and read it is \(found), not \(expected)")
        }
    }

    /// The cell as the format keeps it: a delimited text has no missing cell, and the blanks between the
    /// values of an array are not kept.
    private func written(_ cell: Cell) -> Cell {
        switch cell {
        case .missing where !name.hasPrefix("json"): .null
        case .json(let text): .json(text.filter { !$0.isWhitespace })
        default: cell
        }
    }
}
