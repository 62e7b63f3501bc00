import FettleCore
import Testing

@testable import FettleData

struct ShinglesTests {
    private static func hashes(_ text: String) -> [UInt64] {
        var text = text
        var shingles = Shingles()
        text.withUTF8 { shingles.read(UnsafeRawBufferPointer($0)) }
        return shingles.hashes
    }

    @Test(arguments: [
        ("abcde", 1), ("abcdef", 2), ("ab", 1), ("", 0), ("…!?", 0), ("a b c", 1),
        ("  a  b  c!", 1),
        ("aaaaaaaa", 1), ("abcdeabcde", 5), ("好", 1), ("很好用", 2), ("とても良い", 4), ("ok 好", 1),
    ])
    func textHasAsManyShinglesAsDifferentStretches(text: String, count: Int) {
        #expect(Self.hashes(text).count == count)
    }

    @Test func caseBlanksAndPunctuationMakeNoDifference() {
        #expect(
            Self.hashes("The Straße, ÉTÉ -- is  LONG.") == Self.hashes("the straße été is long")
        )
        #expect(Self.hashes("The street") != Self.hashes("Thestreet"))
    }

    @Test func hashesAreAscendingAndEachOnce() {
        let hashes = Self.hashes("the parcel came late and the parcel came broken")
        #expect(hashes == Set(hashes).sorted() && hashes.count == 31)
    }

    @Test func similarityIsSharedAmongEither() {
        #expect(Shingles.similarity([1, 2, 3, 4], [3, 4, 5, 6]) == 2.0 / 6)
        #expect(Shingles.similarity([1, 2], [1, 2]) == 1)
        #expect(Shingles.similarity([1], [2]) == 0)
        #expect(Shingles.similarity([], []) == 0 && Shingles.similarity([], [1]) == 0)
    }

    @Test func brokenUTF8IsReadToItsEnd() {
        let bytes: [UInt8] = [0xE5, 0x61, 0xC3, 0xF0, 0x9F, 0x62, 0x63, 0xFF, 0xE4, 0xBD]
        var shingles = Shingles()
        bytes.withUnsafeBytes { shingles.read($0) }
        #expect(shingles.hashes == Self.hashes("a bc"))
    }
}
