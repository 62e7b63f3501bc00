import FettleCore
import Testing

@testable import FettleData

struct DelimitedFormatTests {
    @Test func quotesLineEndsAndNullsAreRead() throws {
        let source = try loaded(
            "title,body,stars\r\n\"a \"\"b\"\", c\",\"two\r\nlines\",5\r\n,\"\",4\r\n",
            as: "r.csv"
        )
        #expect(source.frame.columnNames == ["title", "body", "stars"])
        #expect(
            source.frame.cells == [
                [.text("a \"b\", c"), .text("two\r\nlines"), .integer(5)],
                [.null, .text(""), .integer(4)],
            ]
        )
        #expect(source.format == "csv")
        #expect(source.delimiter == ",")
        #expect(source.header == true)
    }

    @Test(arguments: [
        ("a,b\n1,2\n", ",", "csv"), ("a\tb\n1\t2\n", "\t", "tsv"),
        ("a;b\n1,5;2\n", ";", "csv"), ("a|b|c\n1|2|x, y\n", "|", "csv"),
        ("a\n1\n", ",", "csv"), ("\"a,b\";c\n\"1,2\";3\n", ";", "csv"),
    ])
    func delimiterIsFoundOut(_ text: String, _ delimiter: Character, _ format: String) throws {
        let source = try loaded(text, as: "standard input")
        #expect(source.delimiter == delimiter)
        #expect(source.format == format)
        #expect(source.frame.count == 1)
    }

    @Test func firstRowWithANumberIsNoHeader() throws {
        let source = try loaded("good,5\nbad,1\n", as: "r.csv")
        #expect(source.header == false)
        #expect(source.frame.columnNames == ["column1", "column2"])
        #expect(
            source.frame.cells == [[.text("good"), .integer(5)], [.text("bad"), .integer(1)]]
        )
        let named = try loaded("good,5\nbad,1\n", as: "r.csv", LoadOptions(header: true))
        #expect(named.frame.columnNames == ["good", "5"])
    }

    @Test func onlyCanonicalNumbersAreNumbers() throws {
        let source = try loaded(
            """
            zip,plus,exp,price,flag,digits,mixed,long
            007,+1,1e5,9.90,true,12,1,0.123456789012345678
            12,2,2e5,-0.5,false,,x,0.5
            """,
            as: "r.csv"
        )
        #expect(
            source.columns.map(\.kind) == [
                .text, .text, .text, .number, .boolean, .integer, .text, .text,
            ]
        )
        #expect(
            source.frame.cells[1] == [
                .text("12"), .text("2"), .text("2e5"), .number(-0.5), .boolean(false), .null,
                .text("x"), .text("0.5"),
            ]
        )
    }

    @Test func declaredKindsAreFollowed() throws {
        let options = LoadOptions(types: ["id": .text, "price": .number, "tags": .json])
        let source = try loaded("id,price,tags\n7,3,\"[\"\"a\"\"]\"\n", as: "r.csv", options)
        #expect(source.frame.cells == [[.text("7"), .number(3), .json("[\"a\"]")]])
        #expect(
            drawn(problem("id,price,tags\n7,3,\"[\"\"a\"\"\"\n", as: "r.csv", options))
                == """
                r.csv:2:6: bad-json: expected ',' or ']', found the end
                  7,3,"[""a""\"
                       ^^^^^^
                hint: with '--quarantine' bad rows go to a side file
                """
        )
        #expect(
            drawn(problem("id,price,tags\n7,cheap,\n", as: "r.csv", options))
                == """
                r.csv:2:3: wrong-kind: expected a number in column 'price', found 'cheap'
                  7,cheap,
                    ^^^^^
                hint: with '--quarantine' bad rows go to a side file
                """
        )
    }

    @Test func raggedRowsAreBad() {
        #expect(
            drawn(problem("a,b\n1,2\n3\n", as: "r.csv"))
                == """
                r.csv:3:2: ragged-row: expected 2 cells in the row, found 1
                  3
                   ^
                hint: with '--quarantine' bad rows go to a side file
                """
        )
        #expect(
            drawn(problem("a,b\n\"x\ny\",2,3\n", as: "r.csv"))
                == """
                r.csv:3:6: ragged-row: expected 2 cells in the row, found 3
                  y",2,3
                       ^
                hint: a cell with ',' in it stands in quotes
                hint: with '--quarantine' bad rows go to a side file
                """
        )
    }

    @Test(arguments: [
        (
            "a,b\n\"x\"y,2\n", 2, 4,
            "expected ',' or the end of the row after the closing quote, found 'y'"
        ),
        (
            "a,b\n1,\"x\n2,3\n", 2, 3,
            "expected '\"' at the end of the quoted cell, found the end of the file"
        ),
        ("a,b\n1\r2,3\n", 2, 2, "expected a line feed after the carriage return, found '2'"),
        ("a,b\n1,x\u{0}\n", 2, 4, "expected text, found a NUL byte"),
        ("a,b,a\n1,2,3\n", 1, 5, "the header names 'a' twice"),
    ])
    func badTextsHaveTheirPlace(_ text: String, _ line: Int, _ column: Int, _ message: String) {
        let found = problem(text, as: "r.csv")
        #expect(found?.message == message)
        #expect(found?.location == SourceLocation(file: "r.csv", line: line, column: column))
    }

    @Test func emptyHeaderCellsGetNames() throws {
        let source = try loaded(",title\nx,good\n", as: "r.csv")
        #expect(source.frame.columnNames == ["column1", "title"])
    }

    @Test func headerAloneIsADatasetWithoutRows() throws {
        let source = try loaded("title,stars", as: "r.csv")
        #expect(source.frame.columnNames == ["title", "stars"])
        #expect(source.frame.count == 0)
        #expect(source.columns.map(\.kind) == [.text, .text])
    }

    @Test func blankLinesAreRowsOnlyOfOneColumn() throws {
        #expect(try loaded("a,b\n\n1,2\n\r\n", as: "r.csv").frame.count == 1)
        let single = try loaded("a\n\n\"\"\nx\n", as: "r.csv")
        #expect(single.frame.cells == [[.null], [.text("")], [.text("x")]])
    }

    @Test func delimiterOptionIsChecked() {
        #expect(
            drawn(problem("a\n", as: "r.csv", LoadOptions(delimiter: "→")))
                == "bad-delimiter: expected one visible ASCII character or a tab as delimiter, "
                + "found '→'"
        )
    }

    @Test func piecesGiveWhatOneReadingGives() throws {
        // Quoted cells full of line feeds that look like rows make most guesses of a row's start wrong.
        let tricky = "\"\n1,2\n3,4\n5,6\n\""
        let rows = 3_000
        let text = (0..<rows).map { "\($0),\($0 % 3 == 0 ? "x" : tricky)\n" }.joined()
        var options = LoadOptions()
        for size in [64, 1_000, 20_000] {
            options.pieceSize = size
            let source = try loaded("a,b\n" + text, as: "r.csv", options)
            #expect(source.frame.count == rows)
            #expect((0..<rows).allSatisfy { source.frame.cell(0, at: $0) == .integer(Int64($0)) })
        }
    }
}
