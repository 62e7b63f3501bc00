import FettleCore
import Testing

@testable import FettleEngine

struct NgramEvidenceTests {
    private func names(_ text: String, _ settings: FeatureSettings) -> [String] {
        var extractor = FeatureExtractor(settings, keepsNames: true)
        defer { extractor.free() }
        Array(text.utf8).withUnsafeBytes { extractor.extract($0) }
        #expect(extractor.names.count == extractor.hashes.count)
        return extractor.names
    }

    @Test func featuresAreNamedAsTheModelReadsThem() {
        let words = FeatureSettings(
            wordOrder: 2,
            characterMinimum: 0,
            characterMaximum: 0,
            titles: false
        )
        #expect(
            names("Soooo GOOD!!!", words) == ["soo", "soo good", "good", "good !!", "!!"]
        )
        #expect(names("很好", words) == ["很", "很好", "好"])
        let titled = FeatureSettings(
            wordOrder: 1,
            characterMinimum: 4,
            characterMaximum: 5,
            titles: true
        )
        #expect(
            names("Bad\n\nit was", titled) == [
                "bad…", "bad", "…bad", "it", "was…", "was", "…was", "bad", "bad", "it", "was",
            ]
        )
    }

    @Test func keepingNamesChangesNoFeature() {
        let settings = FeatureSettings(
            wordOrder: 3,
            characterMinimum: 3,
            characterMaximum: 5,
            titles: true
        )
        for example in reviews(20, seed: 3) {
            var plain = FeatureExtractor(settings)
            var named = FeatureExtractor(settings, keepsNames: true)
            defer {
                plain.free()
                named.free()
            }
            let bytes = Array(example.prompt.utf8)
            bytes.withUnsafeBytes {
                plain.extract($0)
                named.extract($0)
            }
            let hashes = (0..<plain.hashes.count).map { plain.hashes[$0] }
            #expect((0..<named.hashes.count).map { named.hashes[$0] } == hashes)
            #expect(named.names.count == hashes.count)
        }
    }

    @Test func weightsAddUpToTheDifferenceOfTheLogProbabilities() throws {
        let model = try trained(on: reviews(300, seed: 1), Hyperparameters(epochs: 2))
        for example in reviews(10, seed: 2) {
            let logprobs = model.logprobs(of: example.prompt)
            for (label, other) in [(0, 1), (2, 0)] {
                let (ngrams, bias) = model.evidence(of: example.prompt, for: label, against: other)
                let sum = ngrams.reduce(bias) { $0 + $1.weight }
                #expect((sum - (logprobs[label] - logprobs[other])).magnitude < 1e-4)
                #expect(ngrams.map(\.weight) == ngrams.map(\.weight).sorted(by: >))
            }
        }
    }

    @Test func tellingWordSaysMost() throws {
        let model = try trained(on: reviews(600, seed: 1), Hyperparameters(epochs: 3))
        let prompt = "the dress was awful and it arrived\n\n###\n\n"
        let (ngrams, _) = model.evidence(of: prompt, for: 0, against: 2)
        #expect(ngrams.first?.text.contains("awful") == true, "\(ngrams.prefix(3))")
    }

    @Test func promptWithoutKnownNgramsHasNone() throws {
        let model = try trained(on: reviews(100, seed: 1), Hyperparameters(epochs: 1))
        let (ngrams, bias) = model.evidence(of: "", for: 0, against: 1)
        #expect(ngrams == [])
        let logprobs = model.logprobs(of: "")
        #expect((bias - (logprobs[0] - logprobs[1])).magnitude < 1e-6)
    }

    @Test func nearestTextsShareTheRareWords() throws {
        let texts = [
            "the red dress", "the blue dress", "the lamp", "nothing here", "the red dress was torn",
        ]
        let found = try NgramOverlap.nearest(to: "The red dress!", among: texts, count: 3)
        #expect(found.map(\.index) == [0, 4, 1])
        #expect(found[0].overlap == found[1].overlap)
        #expect(found[0].overlap > found[2].overlap)
    }

    @Test func sameTextOverlapsWhollyAndOthersNot() throws {
        let texts = ["a b", "c d", "e f"]
        let found = try NgramOverlap.nearest(to: "a b", among: texts, count: 5)
        #expect(found == [NgramOverlap.Neighbour(index: 0, overlap: 1)])
        #expect(try NgramOverlap.nearest(to: "a b", among: [], count: 5) == [])
        #expect(try NgramOverlap.nearest(to: "", among: texts, count: 5) == [])
    }
}
