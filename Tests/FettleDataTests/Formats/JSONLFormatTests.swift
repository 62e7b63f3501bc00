import FettleCore
import Testing

@testable import FettleData

struct JSONLFormatTests {
    @Test func nullMissingAndEmptyStayThreeThings() throws {
        let source = try loaded(
            """
            {"title": "good", "stars": 5}
            {"title": "", "stars": null}
            {"stars": 3}
            {"title": null}
            """
        )
        #expect(
            source.frame.cells == [
                [.text("good"), .integer(5)],
                [.text(""), .null],
                [.missing, .integer(3)],
                [.null, .missing],
            ]
        )
        #expect(
            source.columns == [
                ColumnFacts(
                    name: "title",
                    kind: .text,
                    values: 2,
                    nulls: 1,
                    missing: 1,
                    empty: 1
                ),
                ColumnFacts(
                    name: "stars",
                    kind: .integer,
                    values: 2,
                    nulls: 1,
                    missing: 1,
                    empty: 0
                ),
            ]
        )
        #expect(source.format == "jsonl")
        #expect(source.encoding == "UTF-8")
        #expect(source.byteCount == 87)
    }

    @Test func everyEscapeIsRead() throws {
        let source = try loaded(#"{"a": "q\" b\\ s\/ \b\f\n\r\t \u00e9 \ud83d\ude00 \u0000"}"#)
        #expect(
            source.frame.cells == [
                [.text("q\" b\\ s/ \u{8}\u{C}\n\r\t é 😀 \u{0}")]
            ]
        )
    }

    @Test func keysWithEscapesNameTheSameColumn() throws {
        let source = try loaded("{\"caf\\u00e9\": 1}\n{\"café\": 2}")
        #expect(source.frame.columnNames == ["café"])
        #expect(source.frame.cells == [[.integer(1)], [.integer(2)]])
    }

    @Test func onlyLineFeedsEndLines() throws {
        let text = "{\"a\": \"x\u{2028}y\u{85}z\"}\r\n\r\n  \n{\"a\": \"b\"}\r"
        let source = try loaded(text)
        #expect(source.frame.cells == [[.text("x\u{2028}y\u{85}z")], [.text("b")]])
    }

    @Test func byteOrderMarkIsNotText() throws {
        let source = try loaded("\u{FEFF}{\"a\": 1}")
        #expect(source.frame.cells == [[.integer(1)]])
        #expect(source.encoding == "UTF-8 with byte order mark")
    }

    @Test func nestedValuesKeepTheirText() throws {
        let source = try loaded(#"{"m": [{"role":"user"},  1.50]}"#)
        #expect(source.columns[0].kind == .json)
        #expect(source.frame.cells == [[.json(#"[{"role":"user"},  1.50]"#)]])
    }

    @Test func integersAndNumbersMixToNumbers() throws {
        let source = try loaded(
            "{\"a\": 1}\n{\"a\": null}\n{\"a\": 2.5}\n{\"a\": -3}\n{\"a\": 1e3}"
        )
        #expect(
            source.frame.cells == [
                [.number(1)], [.null], [.number(2.5)], [.number(-3)], [.number(1000)],
            ]
        )
    }

    @Test func otherMixesBecomeTextWithARemark() throws {
        let source = try loaded(
            "{\"a\": 1}\n{\"a\": \"x\"}\n{\"a\": 2.50}\n{\"a\": true}\n{\"a\": [1]}"
        )
        #expect(
            source.frame.cells == [
                [.text("1")], [.text("x")], [.text("2.50")], [.text("true")], [.text("[1]")],
            ]
        )
        #expect(
            source.columns[0].remark
                == "kept as text: 1 text, 1 integer, 1 number, 1 boolean, 1 list or object"
        )
    }

    @Test func numbersBeyondSixtyFourBitsLoseNoDigits() throws {
        let source = try loaded(
            """
            {"id": 9223372036854775807, "big": 9223372036854775808, "huge": 1e400, "mix": 0.5}
            {"id": -9223372036854775808, "big": 7, "huge": 1, "mix": 9007199254740993}
            """
        )
        #expect(
            source.frame.cells == [
                [.integer(.max), .text("9223372036854775808"), .text("1e400"), .text("0.5")],
                [.integer(.min), .text("7"), .text("1"), .text("9007199254740993")],
            ]
        )
        #expect(
            source.columns[1].remark == "kept as text: 1 integer, 1 number too big for 64 bits"
        )
    }

    @Test func textsThatAreAllIntegersAreRemarkedOn() throws {
        let source = try loaded(
            "{\"stars\": \"5\", \"zip\": \"01\"}\n{\"stars\": null, \"zip\": \"2\"}"
        )
        #expect(source.columns[0].kind == .text)
        #expect(source.columns[0].remark == "all integers")
        #expect(source.columns[1].remark == nil)
    }

    @Test func declaredKindsAreFollowed() throws {
        let options = LoadOptions(types: ["stars": .integer, "id": .text, "p": .number])
        let source = try loaded("{\"stars\": \"5\", \"id\": 7, \"p\": 1}", as: "x.jsonl", options)
        #expect(source.frame.cells == [[.integer(5), .text("7"), .number(1)]])
        #expect(
            drawn(
                problem(
                    "{\"stars\": \"five\"}",
                    as: "x.jsonl",
                    LoadOptions(types: ["stars": .integer])
                )
            )
                == """
                x.jsonl:1:12: wrong-kind: expected an integer in column 'stars', found 'five'
                  {"stars": "five"}
                             ^^^^
                hint: with '--quarantine' bad rows go to a side file
                """
        )
        #expect(
            drawn(problem("{\"stars\": 5}", as: "x.jsonl", LoadOptions(types: ["star": .integer])))
                == """
                unknown-column: no column 'star' to give a type to
                hint: did you mean 'stars'?
                hint: columns: stars
                """
        )
    }

    @Test func doublesAreReadAsExactlyAsTheirTextSays() throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<2_000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            let digits = 1 + generator.below(17)
            for text in ["\(value)", "\(Int64(generator.next() % 100_000)).\(digits)e\(digits)"] {
                let source = try loaded("{\"a\": \(text), \"b\": 0.5}")
                let cell = source.frame.cell(0, at: 0)
                #expect(cell == .number(Double(text) ?? .nan), "\(text)")
            }
        }
    }

    @Test(arguments: [
        ("{\"a\": 1", 1, 8, "expected ',' or '}', found the end of the line"),
        ("{\"a\": 1}\n{\"a\": 1,}", 2, 9, "expected a name in quotes, found '}'"),
        ("{\"a\" 1}", 1, 6, "expected ':' after the name, found '1'"),
        ("{\"a\": 1} x", 1, 10, "expected the end of the line after the object, found 'x'"),
        ("{\"a\": tru}", 1, 7, "expected a value, found 't'"),
        ("{\"a\": 'b'}", 1, 7, "expected a value, found a single quote"),
        ("{\"a\": 01}", 1, 7, "a number must not start with '0'"),
        ("{\"a\": 1.}", 1, 9, "expected a digit after '.', found '}'"),
        ("{\"a\": -}", 1, 8, "expected a digit, found '}'"),
        ("{\"a\": 1e}", 1, 9, "expected a digit in the exponent, found '}'"),
        (
            "{\"é\": \"ab\ncd\"}", 1, 7,
            "expected '\"' at the end of the text, found the end of the line"
        ),
        ("{\"a\": \"b\tc\"}", 1, 9, "expected an escape such as '\\n' in a text, found a tab"),
        (
            "{\"a\": \"\\x\"}", 1, 8,
            "expected an escape of JSON (\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u), found '\\' and 'x'"
        ),
        ("{\"a\": \"\\u12G4\"}", 1, 8, "expected four hexadecimal digits after '\\u'"),
        ("{\"a\": \"\\ud83d!\"}", 1, 8, "expected both halves of a surrogate pair, found one"),
        ("{\"a\": 1, \"a\": 2}", 1, 10, "the row has 'a' twice"),
        ("[1]", 1, 1, "expected an object, '{…}', found '['"),
        ("{\"a\": 1}\nhello", 2, 1, "expected an object, '{…}', found 'h'"),
        ("{\"a\": [1, }", 1, 11, "expected a value, found '}'"),
        ("{\"a\": {\"b\" 1}}", 1, 12, "expected ':' after the name, found '1'"),
    ])
    func badRowsHaveTheirPlace(_ text: String, _ line: Int, _ column: Int, _ message: String) {
        let found = problem(text)
        #expect(found?.message == message)
        #expect(
            found?.location == SourceLocation(file: "reviews.jsonl", line: line, column: column)
        )
        #expect(found?.span != nil)
    }

    @Test func bytesThatAreNoUTF8HaveTheirPlace() {
        let found = problem(Array("{\"a\": \"é".utf8) + [0xE9, 0x22, 0x7D])
        #expect(
            drawn(found) == """
                reviews.jsonl:1:9: invalid-utf8: expected UTF-8, found the byte 0xE9
                  {"a": "é\u{FFFD}"}
                          ^^^
                hint: convert the file with 'iconv -f LATIN1 -t UTF-8', naming its real encoding
                hint: with '--quarantine' bad rows go to a side file
                """
        )
        let nul = problem("{\"a\": \"b\u{0}\"}")
        #expect(
            nul?.message == "expected an escape such as '\\n' in a text, found a NUL byte"
        )
    }

    @Test func longLinesAreShownRoundThePlace() {
        let long = String(repeating: "ü", count: 200)
        let found = problem("{\"a\": \"\(long)\", \"b\": nul, \"c\": \"\(long)\"}")
        #expect(
            drawn(found) == """
                reviews.jsonl:1:216: bad-json: expected a value, found 'n'
                  …\(String(repeating: "ü", count: 26))", "b": nul, "c": "\(String(repeating: "ü", count: 24))…
                \(String(repeating: " ", count: 37))^
                hint: with '--quarantine' bad rows go to a side file
                """
        )
    }

    @Test func nestingHasALimit() throws {
        let fine = String(repeating: "[", count: 256) + String(repeating: "]", count: 256)
        #expect(try loaded("{\"a\": \(fine)}").frame.count == 1)
        let found = problem("{\"a\": [\(fine)]}")
        #expect(found?.message == "nested deeper than 256 levels")
        #expect(found?.location?.column == 263)
    }

    @Test func cellsHaveALimit() {
        let long = String(repeating: "x", count: TextReference.longest + 1)
        let found = problem("{\"a\": \"\(long)\"}")
        #expect(
            found?.message == "the cell of column 'a' has 16777217 bytes, limit 16777214"
        )
    }

    @Test func laterColumnsAreMissingBefore() throws {
        let source = try loaded("{}\n{\"a\": 1}\n{\"b\": [], \"a\": 2}")
        #expect(
            source.frame.cells == [
                [.missing, .missing], [.integer(1), .missing], [.integer(2), .json("[]")],
            ]
        )
    }

    @Test func rowsWithoutColumnsAreRows() throws {
        let source = try loaded("{}\n{}")
        #expect(source.frame.count == 2)
        #expect(source.columns.isEmpty)
    }
}
