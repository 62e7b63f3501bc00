import FettleCore
import Testing

struct JSONParserTests {
    private func parse(_ text: String, limits: JSONLimits = JSONLimits()) throws -> JSONValue {
        try JSONValue.parse(Array(text.utf8), file: "config.json", limits: limits)
    }

    @Test func everyKindOfValueIsRead() throws {
        let text = """
            {"b": [1, -0, 2.5, 1e3, -7], "a": {}, "n": null, "t": true, "f": false, "s": ""}
            """
        let value = try parse(text)
        #expect(
            value
                == .object([
                    .init(
                        "b",
                        .array([
                            .integer(1), .integer(0), .number(2.5), .number(1000), .integer(-7),
                        ])
                    ),
                    .init("a", .object([])), .init("n", .null), .init("t", .boolean(true)),
                    .init("f", .boolean(false)), .init("s", .string("")),
                ])
        )
    }

    @Test func escapesAreUndone() throws {
        #expect(try parse(#""\"\\\/\b\f\n\r\t""#) == .string("\"\\/\u{8}\u{C}\n\r\t"))
        #expect(try parse(#""a\u00e9\u0120\ud83d\ude00z""#) == .string("aéĠ😀z"))
    }

    @Test func membersKeepTheirOrderAndTheirDoubles() throws {
        let value = try parse(#"{"z": 1, "a": 2, "z": 3}"#)
        #expect(value.text() == #"{"z": 1, "a": 2, "z": 3}"#)
        #expect(value["z"] == .integer(1))
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let value = JSONValue.object([
            .init("a\u{1F}\"", .array([.null, .number(-1.5e-300), .integer(.min)])),
            .init("", .string("日本\u{0}\u{2028}")),
        ])
        #expect(try parse(value.text()) == value)
        #expect(try parse(value.text(pretty: true)) == value)
    }

    @Test func largeIntegersBecomeNumbersAndEndlessOnesAreRefused() throws {
        #expect(try parse("9223372036854775807") == .integer(.max))
        #expect(try parse("9223372036854775808") == .number(9223372036854775808))
        #expect(
            throws: Diagnostic(
                "bad-json",
                "expected a number that 64 bits hold, found '1e999'",
                location: SourceLocation(file: "config.json", line: 1, column: 2)
            )
        ) {
            try parse("[1e999]")
        }
    }

    @Test(arguments: [
        ("", 1, 1, "expected a value, found the end of the text"),
        ("{\n  \"a\": 1,\n  'b'", 3, 3, "expected a name in quotes, found a single quote"),
        ("[\"日本\", x]", 1, 8, "expected a value, found 'x'"),
        ("[1 2]", 1, 4, "expected ',' or ']', found '2'"),
        ("{\"a\" 1}", 1, 6, "expected ':' after the name, found '1'"),
        ("{\"a\": 1]", 1, 8, "expected ',' or '}', found ']'"),
        ("[1,]", 1, 4, "expected a value, found ']'"),
        ("[01]", 1, 3, "expected ',' or ']', found '1'"),
        ("[1.]", 1, 4, "expected a digit, found ']'"),
        ("-", 1, 2, "expected a digit, found the end of the text"),
        ("tru", 1, 1, "expected a value, found 't'"),
        ("1 é", 1, 3, "expected the end of the text, found 'é'"),
        ("[\"ab", 1, 2, "expected '\"' at the end of the text, found the end of the text"),
        ("\"a\nb\"", 1, 3, "expected an escape such as '\\n' in a text, found a line feed"),
        (
            "\"\\n\u{1}\"", 1, 4,
            "expected an escape such as '\\n' in a text, found the control character U+0001"
        ),
        (
            "\"\\q\"", 1, 2,
            "expected an escape of JSON (\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u), found '\\' and 'q'"
        ),
        ("\"\\u12g4\"", 1, 6, "expected four hexadecimal digits after '\\u', found 'g'"),
        ("\"a\\ud83dx\"", 1, 3, "expected both halves of a surrogate pair, found one"),
        ("\"\\udc00\"", 1, 2, "expected both halves of a surrogate pair, found one"),
    ])
    func errorsHaveTheirPlace(text: String, line: Int, column: Int, message: String) {
        let location = SourceLocation(file: "config.json", line: line, column: column)
        #expect(throws: Diagnostic("bad-json", message, location: location)) {
            try parse(text)
        }
    }

    @Test func bytesThatAreNoUTF8AreRefused() {
        let location = SourceLocation(file: "config.json", line: 1, column: 4)
        let expected = Diagnostic(
            "invalid-utf8",
            "expected UTF-8, found the byte 0xFF",
            location: location
        )
        for escape in ["b", "\\n"] {
            let bytes = Array("[\"a".utf8) + [0xFF] + Array("\(escape)\"]".utf8)
            #expect(throws: expected) { try JSONValue.parse(bytes, file: "config.json") }
        }
    }

    @Test func depthAndSizeAreBounded() throws {
        let deep = String(repeating: "[", count: 200_000)
        #expect(
            throws: Diagnostic(
                "bad-json",
                "nested deeper than 128 levels",
                location: SourceLocation(file: "config.json", line: 1, column: 129)
            )
        ) { try parse(deep) }
        #expect(try parse("[[1]]", limits: JSONLimits(depth: 2)) != .null)
        #expect(
            throws: Diagnostic(
                "too-large",
                "expected JSON of at most 4 bytes, found 5 bytes",
                location: SourceLocation(file: "config.json", line: 1, column: 1)
            )
        ) { try parse("[1,2]", limits: JSONLimits(bytes: 4)) }
    }

    @Test func anErrorWithoutAFileSaysWhereInItsMessage() {
        #expect(throws: Diagnostic("bad-json", "expected a value, found ',' (line 2, column 1)")) {
            try JSONValue.parse(Array("[\n,".utf8))
        }
    }
}
