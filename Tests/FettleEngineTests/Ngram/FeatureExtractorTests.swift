import Testing

@testable import FettleEngine

struct FeatureExtractorTests {
    private static let words = FeatureSettings(
        wordOrder: 2,
        characterMinimum: 0,
        characterMaximum: 0,
        titles: false
    )

    private func features(_ text: String, _ settings: FeatureSettings = words) -> [UInt64] {
        features(Array(text.utf8), settings)
    }

    private func features(_ bytes: [UInt8], _ settings: FeatureSettings = words) -> [UInt64] {
        var extractor = FeatureExtractor(settings)
        defer { extractor.free() }
        bytes.withUnsafeBytes { extractor.extract($0) }
        return (0..<extractor.hashes.count).map { extractor.hashes[$0] }
    }

    private func tokenCount(_ text: String) -> Int {
        var extractor = FeatureExtractor(Self.words)
        defer { extractor.free() }
        return Array(text.utf8).withUnsafeBytes { extractor.countTokens($0) }
    }

    @Test func wordsAndPairsAreFeaturesOnce() {
        // red, red apple, apple, apple red
        #expect(features("red apple red apple").count == 4)
        #expect(features("red apple").count == 3)
    }

    @Test func caseAndSpacesDoNotMatter() {
        #expect(features("Red  APPLE") == features(" red\tapple\n"))
        #expect(features("ÄRGER ΣΟΦΙΑ МИР") == features("ärger σοφια мир"))
        #expect(features("ＡＢＣ１") == features("abc1"))
    }

    @Test func apostropheJoinsAWordAndOtherMarksAreTokens() {
        #expect(tokenCount("didn't") == 1)
        #expect(features("didn’t") == features("didn't"))
        #expect(tokenCount("'quoted'") == 3)
        #expect(tokenCount("so good!!!") == 3)
        #expect(features("good!!!") == features("good!!!!!!"))
        #expect(features("good!") != features("good!!"))
    }

    @Test func longRunsOfOneLetterAreTwo() {
        #expect(features("soooooo") == features("soo"))
        #expect(features("so") != features("soo"))
        #expect(features("1000000") != features("100"))
    }

    @Test func noPairCrossesABlankLine() {
        #expect(features("red\n\napple").count == 2)
        #expect(features("red\r\n\r\napple").count == 2)
        #expect(features("red\napple").count == 3)
    }

    @Test func charactersOfScriptsWithoutSpacesAreTokens() {
        #expect(tokenCount("質量很好") == 4)
        #expect(tokenCount("とても良い商品") == 7)
        #expect(tokenCount("ดีมาก") == 4)
        // Runs of one, two and three characters, whatever the order of words.
        #expect(features("質量很好").count == 4 + 3 + 2)
        #expect(features("質量很好").filter(Set(features("很好")).contains).count == 3)
    }

    @Test func accentsBelongToTheirWord() {
        #expect(tokenCount("cafe\u{301} noir") == 2)
        #expect(features("e\u{301}").count == 1)
        #expect(tokenCount("हिन्दी में") == 2)
    }

    @Test func characterRunsMarkTheEndsOfWords() {
        let settings = FeatureSettings(
            wordOrder: 1,
            characterMinimum: 3,
            characterMaximum: 4,
            titles: false
        )
        // _red_: _re red ed_ _red red_, and the word.
        #expect(features("red", settings).count == 6)
        let shared = Set(features("redder", settings)).intersection(features("red", settings))
        // _re red _red
        #expect(shared.count == 3)
    }

    @Test func wordsAndCharacterRunsOfTheSameLettersDiffer() {
        let settings = FeatureSettings(
            wordOrder: 1,
            characterMinimum: 4,
            characterMaximum: 4,
            titles: false
        )
        let letters = (0x61...0x7A).compactMap { Unicode.Scalar($0).map(String.init) }
        let text = letters.flatMap { first in letters.map { "\(first)ma\($0)" } }
        let identities = features(text.joined(separator: " "), settings).map { $0 >> 24 }
        // Words; whole words as runs; runs with the start mark, and with the end mark.
        #expect(identities.count == 676 + 676 + 26 + 26)
        #expect(Set(identities).count == identities.count)
    }

    @Test func titleWordsAreFeaturesOfTheirOwn() {
        var settings = Self.words
        settings.titles = true
        let body = "fits well"
        // great; great as title; fits, fits well, well
        #expect(features("great\n\n\(body)", settings).count == 5)
        #expect(features("\n\n\(body)", settings).count == 3)
        // Without a second paragraph of at least two tokens there is no title.
        #expect(features("\(body)\n\n###", settings).count == 4)
    }

    @Test(
        arguments: [
            [], [0x00], [0x20, 0x09, 0x0A], [0xFF, 0xFE, 0x80], [0xE2, 0x82],
            [0xF4, 0x90, 0x80, 0x80],
            [0xC0, 0x80], Array(0...0x1F), Array(0x80...0xFF), [0xCC, 0x81], [0x27],
            [0xEF, 0xBB, 0xBF],
        ] as [[UInt8]]
    )
    func anyBytesAreTaken(bytes: [UInt8]) {
        var settings = Self.words
        settings.titles = true
        settings.characterMinimum = 2
        settings.characterMaximum = 5
        #expect(features(bytes, settings).count <= 3 * bytes.count * 5 + 3)
    }

    @Test func aMegabyteWithoutASpaceIsOneWord() {
        var settings = Self.words
        settings.characterMinimum = 4
        settings.characterMaximum = 5
        let long = [UInt8](repeating: 0x61, count: 1 << 20)
        #expect(features(long, settings).count < 200)
        let digits = (0..<(1 << 18)).map { UInt8(0x30 + $0 % 10) }
        #expect(features(digits, settings).count < 200)
    }

    @Test func featuresOfAPromptDoNotDependOnTheOneBefore() {
        var extractor = FeatureExtractor(Self.words)
        defer { extractor.free() }
        let long = (0..<3_000).map { "w\($0)" }.joined(separator: " ")
        for text in [long, "red apple", "", "red apple"] {
            Array(text.utf8).withUnsafeBytes { extractor.extract($0) }
            let found = (0..<extractor.hashes.count).map { extractor.hashes[$0] }
            #expect(found == features(text))
        }
    }
}
