import FettleCore
import Foundation
import Testing

@testable import FettleWorkbench

/// Probabilities of labels by those of first tokens.
struct RemoteLabelsTests {
    private static func top(_ pairs: [(String, Double)]) -> [TokenLogprob] {
        pairs.map { TokenLogprob(token: $0.0, logprob: log($0.1)) }
    }

    private static func shares(_ labels: [String], _ pairs: [(String, Double)]) -> [Double]? {
        RemoteLabels.values(of: labels, top(pairs))?.map { (exp($0) * 1000).rounded() / 1000 }
    }

    @Test func wholeTokensAreTakenAsTheyAre() {
        #expect(
            Self.shares([" 1", " 2", " 3"], [(" 3", 0.7), (" 1", 0.2), ("1", 0.06), (" 2", 0.04)])
                == [0.2, 0.04, 0.7]
        )
    }

    @Test func firstTokenStandsForItsLabel() {
        #expect(
            Self.shares([" positive", " negative"], [(" pos", 0.9), (" neg", 0.05), (" ", 0.01)])
                == [0.9, 0.05]
        )
    }

    @Test func labelsThatAreNotToldShareTheRest() {
        // 0.1 is left for two; but none is likelier than the least that was told.
        #expect(Self.shares([" a", " b", " c"], [(" a", 0.9)]) == [0.9, 0.05, 0.05])
        #expect(Self.shares([" a", " b"], [(" a", 0.5), (" x", 0.01)]) == [0.5, 0.01])
    }

    @Test func tokenOfTwoLabelsTellsNeither() {
        #expect(Self.shares([" great", " greatest"], [(" great", 0.9), (" a", 0.1)]) == nil)
        #expect(Self.shares([" a b", " a c"], [(" a", 0.9)]) == nil)
    }
}
