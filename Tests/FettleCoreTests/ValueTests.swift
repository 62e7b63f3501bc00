import FettleCore
import Testing

struct JSONValueTests {
    @Test(arguments: [
        (JSONValue.null, "null"), (.boolean(true), "true"),
        (.integer(.min), "-9223372036854775808"),
        (.number(0.1), "0.1"), (.number(2), "2"), (.number(-0.0), "-0"), (.number(1e300), "1e+300"),
        (.number(.nan), "null"), (.number(.infinity), "null"), (.string(""), "\"\""),
        (.string("é评😀\u{7F}\u{2028}"), "\"é评😀\u{7F}\u{2028}\""),
        (.string("\"\\\n\r\t\u{0}\u{1B}"), #""\"\\\n\r\t\u0000\u001b""#), (.array([]), "[]"),
        (.object([]), "{}"),
    ])
    func valuesHaveOneText(_ value: JSONValue, _ text: String) {
        #expect(value.text() == text)
    }

    @Test func objectsKeepTheirOrder() {
        let value = JSONValue.object([
            .init("b", .array([.integer(1), .array([])])),
            .init("a\n", .object([.init("c", .null)])),
        ])
        #expect(value.text() == #"{"b": [1, []], "a\n": {"c": null}}"#)
        #expect(
            value.text(pretty: true) == """
                {
                  "b": [
                    1,
                    []
                  ],
                  "a\\n": {
                    "c": null
                  }
                }
                """
        )
        #expect(value["b"] == .array([.integer(1), .array([])]))
        #expect(value["x"] == nil)
        #expect(JSONValue.integer(1)["b"] == nil)
    }
}

struct SeededGeneratorTests {
    @Test func sequenceIsTheOneOfTheReference() {
        var zero = SeededGenerator(seed: 0)
        let first = (0..<3).map { _ in zero.next() }
        #expect(first == [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F])
        var other = SeededGenerator(seed: 1_234_567)
        let second = (0..<3).map { _ in other.next() }
        #expect(
            second == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ]
        )
    }

    @Test func derivedNumbersArePinned() {
        var generator = SeededGenerator(seed: 0)
        let below = (0..<6).map { _ in generator.below(10) }
        #expect(below == [8, 4, 0, 9, 1, 3])
        generator = SeededGenerator(seed: 0)
        #expect(generator.unit() == 0.883_310_808_213_642_6)
        var items = Array(0..<8)
        generator = SeededGenerator(seed: 7)
        generator.shuffle(&items)
        #expect(items == [7, 4, 6, 1, 2, 5, 0, 3])
    }

    @Test func boundsHoldForAllSizes() {
        var generator = SeededGenerator(seed: 5)
        for bound in [1, 2, 3, 1000, Int.max] {
            for _ in 0..<50 {
                let value = generator.below(bound)
                #expect(value >= 0 && value < bound)
            }
        }
        var none: [Int] = []
        generator.shuffle(&none)
        #expect(none.isEmpty)
    }
}
