#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Rotary positions (RoPE, arXiv:2104.09864) in the rotate-half order of Hugging Face: the pair of
/// dimension i is i + dimensions / 2.
public struct RopeSettings: Hashable, Sendable {
    /// How frequencies are changed for contexts longer than those of the first training.
    public enum Scaling: Hashable, Sendable {
        /// As trained.
        case none
        /// Every frequency divided by `factor` (arXiv:2306.15595).
        case linear(factor: Float)
        /// Llama 3.1's: low frequencies divided by `factor`, high ones kept, those between blended.
        case llama3(
            factor: Float,
            lowFrequencyFactor: Float,
            highFrequencyFactor: Float,
            originalContextLength: Int
        )
        /// A divisor for each frequency, as GGUF files keep Llama 3.1's.
        case divisors([Float])
    }

    /// θ, 10,000 in the paper.
    public var base: Float
    /// How many of a head's dimensions are turned; even.
    public var dimensions: Int
    /// The change for longer contexts.
    public var scaling: Scaling

    /// Makes settings; the values are taken as they are.
    public init(base: Float, dimensions: Int, scaling: Scaling = .none) {
        self.base = base
        self.dimensions = dimensions
        self.scaling = scaling
    }

    /// Returns the angle in radians by which each pair is turned from one position to the next,
    /// `[dimensions / 2]`: base^(−2i / dimensions), scaled.
    ///
    /// The scaling of Llama 3.1 is that of `transformers`, `modeling_rope_utils.py`,
    /// `_compute_llama3_parameters`.
    public func inverseFrequencies() -> [Float] {
        let plain = (0..<dimensions / 2).map { pair in
            Float(pow(Double(base), -Double(2 * pair) / Double(dimensions)))
        }
        switch scaling {
        case .none: return plain
        case .linear(let factor): return plain.map { $0 / factor }
        case .divisors(let divisors): return zip(plain, divisors).map { $0 / $1 }
        case .llama3(let factor, let low, let high, let length):
            return plain.map { frequency in
                let wavelength = 2 * Float.pi / frequency
                if wavelength < Float(length) / high { return frequency }
                if wavelength > Float(length) / low { return frequency / factor }
                let smooth = (Float(length) / wavelength - low) / (high - low)
                return (1 - smooth) * frequency / factor + smooth * frequency
            }
        }
    }
}
