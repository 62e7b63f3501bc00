import FettleEvaluation
import Testing

struct SignTestTests {
    /// `scipy.stats.binomtest(a, a + b).pvalue` of SciPy 1.17.1.
    @Test(arguments: [
        (5, 0, 0.0625),
        (6, 0, 0.03125),
        (20, 5, 0.004077315330505371),
        (14, 11, 0.6900379657745361),
        (1, 9, 0.021484375),
        (32, 20, 0.12634707581392135),
        (150, 101, 0.0023809925216453512),
        (7, 7, 1.0),
    ])
    func pIsThatOfSciPy(first: Int, second: Int, p: Double) {
        let test = SignTest(first: first, second: second)
        #expect(abs(test.p - p) <= 1e-12 * p, "\(test.p), \(p)")
        #expect(SignTest(first: second, second: first).p == test.p)
        #expect(test.isClear == (p < 0.05))
        #expect(test.decided == first + second)
    }

    @Test func nothingDecidedSaysNothing() {
        let test = SignTest(first: 0, second: 0)
        #expect(test.p == 1)
        #expect(!test.isClear)
    }
}
