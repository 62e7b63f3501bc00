import FettleModelFiles
import Testing

struct RopeTests {
    @Test func plainFrequenciesFallByTheBase() {
        let rope = RopeSettings(base: 10000, dimensions: 8)
        #expect(rope.inverseFrequencies() == [1, 0.1, 0.01, 0.001])
    }

    @Test func linearScalingDividesAll() {
        let rope = RopeSettings(base: 10000, dimensions: 4, scaling: .linear(factor: 4))
        #expect(rope.inverseFrequencies() == [0.25, 0.0025])
    }

    @Test func divisorsAreAppliedOneByOne() {
        let rope = RopeSettings(base: 10000, dimensions: 4, scaling: .divisors([1, 8]))
        #expect(rope.inverseFrequencies() == [1, 0.00125])
    }

    /// Of `transformers`: high frequencies stay, low ones are divided, one between is blended.
    @Test func llama3ScalingKeepsHighFrequencies() {
        let rope = RopeSettings(
            base: 500000,
            dimensions: 8,
            scaling: .llama3(
                factor: 8,
                lowFrequencyFactor: 1,
                highFrequencyFactor: 4,
                originalContextLength: 8192
            )
        )
        let found = rope.inverseFrequencies()
        #expect(found[0] == 1)
        #expect(found[1] == Float(0.03760603093086394))
        #expect(abs(found[2] - 0.00052484602) < 1e-9, "\(found)")
        #expect(found[3] == Float(5.318295896944988e-05) / 8)
    }
}
