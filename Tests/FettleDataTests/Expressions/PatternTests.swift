import FettleCore
import Testing

@testable import FettleData

struct PatternTests {
    private func matches(_ pattern: String, _ text: String) throws -> Bool {
        let matcher = PatternMatcher(try Pattern(pattern))
        return try Array(text.utf8).withUnsafeBytes { try matcher.matches($0) }
    }

    @Test(arguments: [
        ("^a.c$", "a\u{1F600}c", true),
        ("\\w+", "größe", true),
        ("^\\w+$", "größe", true),
        ("(?i)GRÖSSE|größe", "GRÖßE", true),
        ("", "", true),
        ("x", "", false),
        ("\\p{Han}", "很好", true),
    ])
    func patternsReadUnicode(pattern: String, text: String, expected: Bool) throws {
        #expect(try matches(pattern, text) == expected)
    }

    @Test func matchesAfterTheFirstStretchOfALongText() throws {
        let text = String(repeating: "ä", count: 50_000) + "needle"
        #expect(try matches("ne+dle$", text))
        #expect(try matches("(?<=ä)needle", text))
        #expect(try !matches("^needle", text))
    }

    @Test func brokenUTF8IsNoTrap() throws {
        let matcher = PatternMatcher(try Pattern("b"))
        let bytes: [UInt8] = [0xFF, 0x62, 0xC3]
        #expect(try bytes.withUnsafeBytes { try matcher.matches($0) })
    }

    @Test func runawayPatternIsAnErrorWithItsPlace() throws {
        let frame = Frame(columns: [
            .init("body", TestFrames.text(["b", String(repeating: "a", count: 60) + "b"]))
        ])
        let source = "len(body) > 0 and body ~ '^(a+)+$'"
        do {
            _ = try Where(Expression(parsing: source)).apply(to: frame)
            Issue.record("no error")
        } catch let error as Diagnostic {
            #expect(
                TestFrames.lines(error, source) == [
                    "pattern-limit: pattern '^(a+)+$' is too slow: it needs more than 1,000,000 steps "
                        + "on a text of 61 bytes, in row 2",
                    "'^(a+)+$'",
                    "a repetition inside a repetition, such as (a+)+, tries every way to share the "
                        + "text out; write a+, or (?>a+) which does not go back",
                ]
            )
        }
    }

    @Test func slowPatternGivesTheSameAnswerAndStopsInsideAShortText() async throws {
        // From each place two ways for each letter: tens of thousands of steps.
        let (pattern, text) = ("(?:a|a)+[bd]", String(repeating: "aaaaaaaaaaaaaaac", count: 8))
        #expect(try !matches(pattern, text))
        #expect(try matches(pattern, text + "ad"))
        let task = Task { () throws -> Bool in
            withUnsafeCurrentTask { $0?.cancel() }
            return try matches(pattern, text)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    private func replaced(_ pattern: String, _ replacement: String, _ text: String) throws -> String
    {
        let matcher = PatternMatcher(try Pattern(pattern))
        let out = ScratchBytes()
        try Array(text.utf8).withUnsafeBytes {
            try matcher.replace(in: $0, with: Array(replacement.utf8), into: out)
        }
        return String(decoding: out.bytes, as: UTF8.self)
    }

    /// Short texts are replaced in at once, long ones match by match.
    @Test(arguments: [
        ("x*", "-", "-a--b"),
        ("(\\w)(x)?", "<$2$1>", "<xa><b>"),
        ("", "·", "·a·x·b"),
        ("x(?=b)", "${0}!", "ax!b"),
        ("a", "好", "好xb"),
        ("q", "-", "axb"),
    ])
    func longTextIsReplacedLikeAShortOne(
        pattern: String,
        replacement: String,
        one: String
    ) throws {
        for count in [1, 2, 2000] {
            let text = String(repeating: "axb", count: count) + "\n数"
            let expected = try replaced(pattern, replacement, "axb\n数")
            let tail = expected.dropFirst(one.count)
            #expect(expected.hasPrefix(one))
            #expect(
                try replaced(pattern, replacement, text)
                    == String(repeating: one, count: count) + tail
            )
        }
    }

    @Test func aCancelledTaskStopsInsideALongText() async throws {
        let task = Task { () throws -> Bool in
            let matcher = PatternMatcher(try Pattern("needle"))
            withUnsafeCurrentTask { $0?.cancel() }
            return try Array(repeating: UInt8(ascii: "x"), count: 100_000).withUnsafeBytes {
                bytes in
                try matcher.matches(bytes)
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
