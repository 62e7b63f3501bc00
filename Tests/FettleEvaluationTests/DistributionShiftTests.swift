import Testing

@testable import FettleEvaluation

/// Reference values: mpmath's `gammainc(k/2, x/2, regularized=True)` at 25 digits.
struct DistributionShiftTests {
    @Test func sharesDistanceAndTestAreThoseOfTheReference() throws {
        let shift = try #require(
            DistributionShift(["1": 20, "2": 30, "10": 50], ["1": 40, "2": 30, "10": 30])
        )
        #expect(shift.shares.map(\.label) == ["1", "2", "10"])
        #expect(shift.shares.map(\.first) == [20, 30, 50])
        #expect((shift.distance - 0.2).magnitude < 1e-15)
        #expect((shift.chiSquare - 11.666666666666666).magnitude < 1e-12)
        #expect(shift.degrees == 2)
        #expect((try #require(shift.p) - 0.00292829969481819).magnitude < 1e-12)
    }

    @Test func sameSharesOfOtherSizesDifferInNothing() throws {
        let shift = try #require(DistributionShift(["a": 10, "b": 30], ["a": 100, "b": 300]))
        #expect(shift.distance < 1e-15)
        #expect(shift.chiSquare < 1e-12)
        #expect(try #require(shift.p) > 0.999999)
    }

    @Test func rareLabelsAreTakenTogether() throws {
        let shift = try #require(
            DistributionShift(["a": 50, "b": 45, "c": 3, "d": 2], ["a": 50, "b": 45, "e": 5])
        )
        // a, b, and the three rare ones, 5 on each side.
        #expect(shift.degrees == 2)
        #expect(shift.chiSquare == 0)
        #expect(shift.p == 1)
        #expect((shift.distance - 0.05).magnitude < 1e-12)
    }

    @Test func oneLabelAloneHasNoTest() throws {
        let shift = try #require(DistributionShift(["a": 5], ["a": 7]))
        #expect(shift.degrees == 0)
        #expect(shift.p == nil)
        #expect(DistributionShift([:], ["a": 1]) == nil)
    }

    @Test(arguments: [
        (3.841458820694124, 1, 0.05), (0.5, 1, 0.4795001221869535),
        (18.307038053275146, 10, 0.05), (2.0, 10, 0.996340153172656),
        (150.0, 100, 0.000903932042354009), (30.0, 30, 0.46565370894401),
    ])
    func tailOfChiSquareIsThatOfTheReference(x: Double, degrees: Int, expected: Double) {
        #expect((chiSquareTail(x, degrees: degrees) - expected).magnitude < 1e-12)
    }
}
