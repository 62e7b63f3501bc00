import FettleCore
import Foundation
import Testing

@testable import FettleData

struct LoaderTests {
    @Test func everyFormatReadsItsSampleAndWritesItAgain() throws {
        let samples = [
            "csv": "title,stars\ngood,5\n\"\",4\n,1\n",
            "tsv": "title\tstars\ngood\t5\n\"\"\t4\n\t1\n",
            "json": """
            [
            {"title": "good", "stars": 5},
            {"title": "", "stars": 4},
            {"title": null, "stars": 1}
            ]

            """,
            "jsonl": """
            {"title": "good", "stars": 5}
            {"title": "", "stars": 4}
            {"title": null, "stars": 1}

            """,
        ]
        for format in DatasetFormats.all {
            let sample = try #require(samples[format.name], "a sample of \(format.name)")
            let name = "sample." + (format.extensions.first ?? "")
            for source in [
                try loaded(sample, as: name), try loaded(sample, as: "standard input"),
                try loaded(sample, as: "x", LoadOptions(format: format.name)),
            ] {
                #expect(source.format == format.name)
                #expect(
                    source.frame.cells == [
                        [.text("good"), .integer(5)], [.text(""), .integer(4)],
                        [.null, .integer(1)],
                    ]
                )
                #expect(try FrameWriter(format: format.name).text(source.frame) == sample)
            }
        }
        #expect(Set(DatasetFormats.names).count == DatasetFormats.all.count)
        #expect(DatasetFormats.names == ["csv", "json", "jsonl", "tsv"])
        #expect(FrameWriter.names == ["csv", "json", "jsonl", "md", "tsv"])
    }

    @Test func everyFormatFileIsListed() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Sources/FettleData/Formats")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix("Format.swift") && $0 != "DatasetFormat.swift" }
        #expect(files.count == DatasetFormats.all.count)
    }

    @Test func jsonArraysAreRead() throws {
        let source = try loaded(
            "[\n  {\"a\": 1,\n   \"b\": [1,\n 2]},\n  {\"a\": 2}\n]\n",
            as: "r.json"
        )
        #expect(source.format == "json")
        #expect(
            source.frame.cells == [[.integer(1), .json("[1,\n 2]")], [.integer(2), .missing]]
        )
        #expect(
            try FrameWriter(format: "jsonl").text(source.frame)
                == "{\"a\": 1, \"b\": [1, 2]}\n{\"a\": 2}\n"
        )
        #expect(try loaded("{\"a\": 1}\n{\"a\": 2}", as: "r.json").format == "jsonl")
        #expect(try loaded("[]", as: "r.json").frame.count == 0)
    }

    @Test(arguments: [
        ("[1]", 1, 2, "expected an object, '{…}', found '1'"),
        ("[{\"a\": 1}\n{\"a\": 2}]", 2, 1, "expected ',' or ']' after the row, found '{'"),
        ("[{\"a\": 1},\n]", 2, 1, "expected an object, '{…}', found ']'"),
        ("[{\"a\": 1}] x", 1, 12, "expected the end of the file after the array, found 'x'"),
        ("[{\"a\": \"b", 1, 8, "expected '\"' at the end of the text, found the end of the file"),
        ("5", 1, 1, "expected an array of objects, '[{…}, …]', found '5'"),
    ])
    func badArraysHaveTheirPlace(_ text: String, _ line: Int, _ column: Int, _ message: String) {
        let found = problem(text, as: "r.json")
        #expect(found?.message == message)
        #expect(found?.location == SourceLocation(file: "r.json", line: line, column: column))
    }

    @Test func badRowsGoToTheSideFile() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "{\"a\": 1}\noops \"x\"\n{\"a\": 2, \"ghost\": }\n\n{\"a\": 3}\n",
            to: "r.jsonl"
        )
        let side = LoadOptions.usualQuarantine(of: path)
        let source = try DatasetLoader.load(.path(path), options: LoadOptions(quarantine: side))
        #expect(source.quarantined == 2)
        #expect(source.quarantinePath == side)
        #expect(source.frame.columnNames == ["a"])
        #expect(source.frame.cells == [[.integer(1)], [.integer(3)]])
        #expect(
            try folder.read("r.jsonl.quarantine.jsonl") == """
                {"line": 2, "column": 1, "reason": "expected an object, '{…}', found 'o'", "row": "oops \\"x\\""}
                {"line": 3, "column": 19, "reason": "expected a value, found '}'", "row": "{\\"a\\": 2, \\"ghost\\": }"}

                """
        )
        #expect(folder.names == ["r.jsonl", "r.jsonl.quarantine.jsonl"])
    }

    @Test func badRowsOfDelimitedTextGoToTheSideFile() throws {
        let folder = try TemporaryFolder()
        let side = folder.file("bad.jsonl")
        let bytes =
            Array("a,b\n1,2\n\"x\n y\",2,3\n\"z\"z,1\n3,".utf8) + [0xFF]
            + Array("\n4,5\r\n6,\"7\n8,9\n".utf8)
        let source = try DatasetLoader.load(
            .bytes(bytes, name: "r.csv"),
            options: LoadOptions(quarantine: side)
        )
        #expect(
            source.frame.cells == [
                [.integer(1), .integer(2)], [.integer(4), .integer(5)], [.integer(8), .integer(9)],
            ]
        )
        #expect(
            try folder.read("bad.jsonl") == """
                {"line": 4, "column": 7, "reason": "expected 2 cells in the row, found 3", "row": "\\"x\\n y\\",2,3"}
                {"line": 5, "column": 4, "reason": "expected ',' or the end of the row after the closing quote, found 'z'", "row": "\\"z\\"z,1"}
                {"line": 6, "column": 3, "reason": "expected UTF-8, found the byte 0xFF", "row_bytes": "332CFF"}
                {"line": 8, "column": 3, "reason": "expected '\\"' at the end of the quoted cell, found the end of the file", "row": "6,\\"7"}

                """
        )
    }

    @Test func twoThreadsGiveWhatOneGives() throws {
        let rows = 3_000
        let text = (0..<rows).map { row in
            let body = String(repeating: "é\\n", count: row % 50)
            return
                "{\"n\": \(row), \"body\": \"\(body)\"\(row == 2_000 ? ", \"late\": 0.5" : "")}\n"
        }.joined()
        var options = LoadOptions()
        options.pieceSize = 5_000
        var reported: [Int] = []
        let bytes = Array(text.utf8)
        let source = try DatasetLoader.load(.bytes(bytes, name: "r.jsonl"), options: options) {
            reported.append($0.bytesDone)
            #expect($0.bytesTotal == bytes.count)
        }
        #expect(reported == reported.sorted() && reported.last == bytes.count)
        #expect(source.frame.columnNames == ["n", "body", "late"])
        #expect(try source.frame.cells == loaded(text).frame.cells)
        #expect(source.columns[2].values == 1 && source.columns[2].missing == rows - 1)
        let first = problem(
            text + "{\"n\": x}\n" + text + "{\"n\": y}\n",
            as: "reviews.jsonl",
            options
        )
        #expect(first?.location == SourceLocation(file: "reviews.jsonl", line: rows + 1, column: 7))
    }

    @Test func cancellationEndsTheLoading() async throws {
        let text = Array(String(repeating: "{\"body\": \"x\"}\n", count: 2_000).utf8)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            var options = LoadOptions()
            options.pieceSize = 1_000
            return try DatasetLoader.load(.bytes(text, name: "r.jsonl"), options: options).frame
                .count
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func filesThatCannotBeReadAreNamed() throws {
        let folder = try TemporaryFolder()
        try folder.write("a\n", to: "reviews.csv")
        func message(_ path: String) -> String {
            do {
                _ = try DatasetLoader.load(.path(path))
                return "no error"
            } catch {
                return drawn(error as? Diagnostic)
            }
        }
        #expect(
            message(folder.file("review.csv"))
                == """
                no-such-file: no file '\(folder.file("review.csv"))'
                hint: did you mean 'reviews.csv'?
                """
        )
        #expect(
            message(folder.file("none/x.csv"))
                == """
                no-such-file: no file '\(folder.file("none/x.csv"))'
                hint: there is no folder '\(folder.file("none"))'
                """
        )
        #expect(
            message(folder.path)
                == """
                is-a-folder: expected a file, found the folder '\(folder.path)'
                hint: files in it: reviews.csv
                """
        )
        #expect(
            message("/dev/zero")
                == """
                cannot-read: '/dev/zero' is a device, which may never end
                hint: name a file, or pipe it in and load from '-'
                """
        )
    }

    @Test(arguments: ["", "\n \r\n", "\u{FEFF}", "\u{FEFF}\n"])
    func nothingIsAnError(_ text: String) {
        #expect(
            drawn(problem(text, as: "r.csv"))
                == "empty-source: expected rows, found nothing in 'r.csv'"
        )
    }

    @Test func otherEncodingsAreNamed() {
        let text = "title,stars\ngood,5\n"
        let little: [UInt8] = text.utf8.flatMap { [$0, 0] as [UInt8] }
        let big: [UInt8] = text.utf8.flatMap { [0, $0] as [UInt8] }
        let wide: [UInt8] = text.utf8.flatMap { [$0, 0, 0, 0] as [UInt8] }
        func found(_ bytes: [UInt8]) -> String { drawn(problem(bytes, as: "r.csv")) }
        #expect(
            found([0xFF, 0xFE] + little) == """
                not-utf8: expected UTF-8, found UTF-16 (by its byte order mark) in 'r.csv'
                hint: convert it: iconv -f UTF-16 -t UTF-8 'r.csv' > utf8.txt
                """
        )
        #expect(found(little).contains("-f UTF-16LE"))
        #expect(found(big).contains("-f UTF-16BE"))
        #expect(found(wide).contains("-f UTF-32LE"))
        #expect(found([0xFF, 0xFE, 0, 0] + wide).contains("UTF-32 (by its byte order mark)"))
        #expect(
            found([0x1F, 0x8B, 8, 0]).hasPrefix("not-utf8: expected text, found gzip in 'r.csv'")
        )
        #expect(
            drawn(problem(text, as: "r.csv", LoadOptions(encoding: "latin1")))
                == """
                unknown-encoding: cannot read the encoding 'latin1', only UTF-8
                hint: convert it: iconv -f latin1 -t UTF-8 'r.csv' > utf8.txt
                """
        )
    }

    @Test func unknownFormatsAreErrors() {
        #expect(
            drawn(problem("a", as: "r.csv", LoadOptions(format: "jsnl")))
                == """
                unknown-format: no format 'jsnl'
                hint: did you mean 'jsonl'?
                hint: formats: csv, json, jsonl, tsv
                """
        )
    }

    @Test func fingerprintIsThatOfTheBytes() throws {
        let bytes = Array("a\n1\n".utf8)
        let expected = bytes.withUnsafeBytes { ContentHash.xxh3_128($0) }
        #expect(try loaded("a\n1\n", as: "r.csv").fingerprint == expected)
    }

    @Test func everySampleIsRead() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../samples")
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let url = folder.appending(path: file)
            guard DatasetFormats.name(forExtension: url.pathExtension) != nil else { continue }
            // One sample is full of bad rows, to show what becomes of them.
            let hasBadRows = file.contains("bad")
            let side = try TemporaryFolder()
            let options = LoadOptions(quarantine: side.file("bad.jsonl"))
            let source = try DatasetLoader.load(.path(url.path), options: options)
            #expect(source.frame.count > 0, "\(file)")
            #expect((source.quarantined > 0) == hasBadRows, "\(file)")
        }
    }

    @Test func linesThatAreCutSayWhatALineIs() {
        #expect(
            drawn(problem("{\n  \"a\": 1\n}\n", as: "r.json")) == """
                r.json:1:2: bad-json: expected a name in quotes, found the end of the line
                  {
                   ^
                hint: JSON Lines have a whole object on each line
                hint: with '--quarantine' bad rows go to a side file
                """
        )
        #expect(
            drawn(problem("{\"a\": 1}", as: "r", LoadOptions(format: "json"))) == """
                r:1:1: bad-json: expected an array of objects, '[{…}, …]', found '{'
                  {"a": 1}
                  ^
                hint: format=jsonl reads one object a line
                """
        )
    }

    @Test func realReviewsAreRead() throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../../shared/data/womens_clothing_en/train.jsonl")
        guard FileManager.default.fileExists(atPath: url.path) else { return }
        let source = try DatasetLoader.load(.path(url.path))
        #expect(source.frame.count == 12_910)
        #expect(try source.frame.column("stars").kind == .integer)
        let text = try FrameWriter(format: "jsonl").text(source.frame)
        #expect(try text == String(contentsOf: url, encoding: .utf8))
    }
}
