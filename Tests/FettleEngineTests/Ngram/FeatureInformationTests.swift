import FettleCore
import Testing

@testable import FettleEngine

struct FeatureInformationTests {
    private let settings = FeatureSettings(
        wordOrder: 1,
        characterMinimum: 0,
        characterMaximum: 0,
        titles: false
    )

    private func hash(_ word: String) -> UInt64 {
        var extractor = FeatureExtractor(settings)
        defer { extractor.free() }
        var word = word
        word.withUTF8 { extractor.extract(UnsafeRawBufferPointer($0)) }
        return extractor.hashes[0]
    }

    /// Numbers of a model of some words, all of scale 2 and weights 0.
    private func parameters(_ words: [String]) -> NgramParameters {
        let parameters = NgramParameters(featureCount: words.count, classCount: 2, bucketBits: 8)
        FeatureIndex.fill(
            words.map { hash($0) >> 24 }.sorted(),
            bucketBits: 8,
            starts: parameters.starts,
            tags: parameters.tags
        )
        for feature in words.indices { parameters.rows[feature * parameters.stride] = 2 }
        return parameters
    }

    private func scale(_ word: String, in parameters: NgramParameters) -> Float {
        parameters.rows[parameters.index.find(hash(word)) * parameters.stride]
    }

    @Test(arguments: [0.5, 1])
    func wordsThatTellTheCompletionWeighMore(exponent: Float) throws {
        let parameters = parameters(["good", "the", "old"])
        let examples = ["the good", "good old", "the", "old"].enumerated().map {
            Example(prompt: $1, completion: $0 < 2 ? " 5" : " 1")
        }
        let matrix = try ExampleMatrix(
            try PromptBytes(examples),
            settings: settings,
            index: parameters.index,
            threads: 1
        )
        var isFresh = [Bool](repeating: true, count: 3)
        isFresh[parameters.index.find(hash("old"))] = false
        let old = parameters.rows + parameters.index.find(hash("old")) * parameters.stride
        old[3] = 0.25
        try parameters.scaleByInformation(
            matrix,
            labels: [0, 0, 1, 1],
            isFresh: isFresh,
            exponent: exponent
        )
        // Shares of 0.6 and 0.4 after eight even examples: 0.6 ln 1.2 + 0.4 ln 0.8 is 0.020136 nats.
        let (telling, blank): (Float, Float) =
            exponent == 1 ? (0.070136, 0.05) : (0.264831, 0.223607)
        #expect(abs(scale("good", in: parameters) - 2 * telling) < 1e-5)
        #expect(abs(scale("the", in: parameters) - 2 * blank) < 1e-5)
        #expect(scale("old", in: parameters) == 2)
        #expect(old[3] == 0.25)
        for word in ["good", "the"] {
            let row = parameters.rows + parameters.index.find(hash(word)) * parameters.stride
            #expect((1..<parameters.stride).allSatisfy { row[$0] == 0 })
        }
    }

    @Test(arguments: [
        ([" 1", " 2", " 3"], [0, 1, 2]),
        ([" 10", " 8", " 9\n"], [1, 2, 0]),
        (["-1", "0", "1"], [0, 1, 2]),
        ([" 1", " 2"], []),
        ([" 1", " 2", " 4"], []),
        ([" 1", " 2", " good"], []),
        ([" 1 2", " 2", " 3"], []),
        (["-9223372036854775808", "1", "9223372036854775807"], []),
    ])
    func gradesAreWholeNumbersInARow(completions: [String], order: [Int]) throws {
        let examples = completions.map { Example(prompt: "a", completion: $0) }
        #expect(try LabelSet(examples, base: nil).grades == order)
    }

    @Test func moreThanTenNumbersAreNoGrades() throws {
        let examples = (0..<11).map { Example(prompt: "a", completion: " \($0)") }
        #expect(try LabelSet(examples, base: nil).grades == [])
    }
}
