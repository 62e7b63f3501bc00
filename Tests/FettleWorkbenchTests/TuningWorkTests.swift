import Testing

@testable import FettleWorkbench

struct TuningWorkTests {
    @Test func measurementsCountByTheTokensTheyScore() {
        // 10 steps of 30 tokens, and two measurements of 150 tokens, which take 50 tokens' time each.
        let work = TuningWork(steps: 10, tokens: 300, measured: [5, 10], scored: 150)
        #expect(abs(work.share(after: 4) - 120.0 / 400) < 1e-12)
        #expect(abs(work.share(after: 5) - 200.0 / 400) < 1e-12)
        #expect(abs(work.share(after: 9) - 320.0 / 400) < 1e-12)
        #expect(work.share(after: 10) == 1)
    }
}
