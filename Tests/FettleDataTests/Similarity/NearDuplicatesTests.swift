import FettleCore
import Testing

@testable import FettleData

struct NearDuplicatesTests {
    private static let key = RowKey.columns(["text"])

    private static func frame(_ texts: [String?]) -> Frame {
        Frame(columns: [.init("text", TestFrames.text(texts))])
    }

    private static func threshold(_ value: Double) throws -> NearThreshold {
        try #require(NearThreshold(value))
    }

    /// Texts of made-up words, of which many are an earlier one with some words changed.
    private static func texts(seed: UInt64, count: Int) -> [String] {
        var generator = SeededGenerator(seed: seed)
        let words = (0..<400).map { _ in
            String(
                (0..<3 + generator.below(6)).map { _ in
                    Character(UnicodeScalar(UInt8(97 + generator.below(26))))
                }
            )
        }
        var texts: [String] = []
        for _ in 0..<count {
            var text: [String]
            if !texts.isEmpty, generator.below(2) == 0 {
                text = texts[generator.below(texts.count)].split(separator: " ").map(String.init)
                for _ in 0..<generator.below(4) {
                    text[generator.below(text.count)] = words[generator.below(words.count)]
                }
            } else {
                text = (0..<6 + generator.below(30)).map { _ in words[generator.below(words.count)]
                }
            }
            texts.append(text.joined(separator: " "))
        }
        return texts
    }

    /// The shingles of a text of lower-case letters and single blanks, told apart as texts.
    private static func shingles(_ text: String) -> Set<String> {
        let letters = Array(text)
        return Set((0...letters.count - 5).map { String(letters[$0..<$0 + 5]) })
    }

    /// Compares each text with all that were kept before it.
    private static func naive(_ texts: [String], _ threshold: Double) -> [UInt32] {
        let sets = texts.map(shingles)
        var kept: [UInt32] = []
        for (position, set) in sets.enumerated() {
            let isNear = kept.contains { other in
                let other = sets[Int(other)]
                let shared = other.intersection(set).count
                return Double(shared) / Double(other.count + set.count - shared) >= threshold
            }
            if !isNear { kept.append(UInt32(position)) }
        }
        return kept
    }

    @Test(arguments: [0.5, 0.7, 0.8, 0.95])
    func rowsKeptAreThoseOfComparingAllPairs(threshold: Double) throws {
        let texts = Self.texts(seed: UInt64(threshold * 100), count: 500)
        let expected = Self.naive(texts, threshold)
        let near = try Self.threshold(threshold)
        let frame = Self.frame(texts)
        let step = Dedupe(Self.key, near: near)
        #expect(try step.apply(to: frame).rows == expected)
        #expect(expected.count < 480 && expected.count > 100)
        let found = try NearDuplicates(in: frame, key: Self.key, threshold: near)
        #expect(found.dropped == texts.count - expected.count)
        #expect(found.compared < texts.count * texts.count / 8)
    }

    @Test func clustersNameTheRowKeptAndTheOthers() throws {
        let frame = Self.frame([
            "The parcel came late and the box was broken", "Nothing is like this one here",
            "the parcel came late, and the box was broken!",
            "The parcel came late and the box was torn",
            "Nothing is like this one here", nil, "", "!!!",
        ])
        let found = try NearDuplicates(in: frame, key: Self.key, threshold: Self.threshold(0.7))
        #expect(
            found.clusters == [
                .init(kept: 0, others: [2, 3], least: 33.0 / 43),
                .init(kept: 1, others: [4], least: 1),
            ]
        )
        #expect(found.differing == [.init(kept: 0, others: [2, 3], least: 33.0 / 43)])
        #expect(found.dropped == 3 && found.kept(of: frame).rows == [0, 1, 5, 6, 7])
    }

    @Test func rowLikeADroppedOneOnlyIsKept() throws {
        // Each text is 7/9 like the next, and 0.6 like the one after.
        let texts = ["abcdefghijklmnopqrst", "cdefghijklmnopqrstuv", "efghijklmnopqrstuvwx"]
        let frame = Self.frame(texts)
        let kept = try Dedupe(Self.key, near: Self.threshold(0.7)).apply(to: frame)
        #expect(kept.rows == Self.naive(texts, 0.7) && kept.rows == [0, 2])
    }

    @Test func textOfATemplateDoesNotCount() throws {
        let words =
            "Say in one word whether the customer is pleased with what the parcel had in it: "
        let frame = Self.frame(["bad", "fine indeed"])
        let key = RowKey.template(try PromptTemplate(words + "{{text}}"))
        #expect(try Dedupe(key, near: .standard).apply(to: frame).rows == [0, 1])
    }

    @Test func rowsOfAnotherFrameAreFoundAndEqualOnesAreNot() throws {
        let test = Self.frame([
            "A wholly other text it is", "the parcel came late and the box was broken",
        ])
        let train = Self.frame([
            "The parcel came late, and the box was broken.", "short", "a wholly other text it is",
            "A wholly other text it is", "The parcel came late, and the box was broken.",
        ])
        let report = try NearLeakReport(of: train, in: test, key: Self.key)
        #expect(
            report.pairs == [
                .init(position: 0, other: 1, similarity: 1),
                .init(position: 2, other: 0, similarity: 1),
                .init(position: 4, other: 1, similarity: 1),
            ]
        )
    }

    @Test func summaryIsTheCommand() throws {
        #expect(
            Dedupe(.columns(["a", "b c"]), near: .standard).summary == "dedupe on=a,'b c' near=0.8"
        )
        #expect(try Dedupe(near: Self.threshold(1)).summary == "dedupe near=1")
        #expect(
            NearThreshold(0.49) == nil && NearThreshold(1.01) == nil && NearThreshold(.nan) == nil
        )
    }

    @Test func bandsLoseAtMostOneInAThousandAtTheThreshold() {
        let plans = [0.5, 0.8, 0.9, 1].map { BandPlan(threshold: $0) }
        #expect(plans.map(\.rows) == [3, 7, 12, 256] && plans.map(\.bands) == [85, 36, 21, 1])
    }

    @Test func cancelledSearchStops() async throws {
        let frame = Self.frame(Self.texts(seed: 1, count: 50))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try NearDuplicates(in: frame, key: Self.key).dropped
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func unknownColumnIsSaid() throws {
        let error = #expect(throws: Diagnostic.self) {
            try NearDuplicates(in: Self.frame(["a"]), key: .columns(["texts"]))
        }
        #expect(error?.message == "no column 'texts'" && error?.code == "unknown-column")
    }
}
