#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Chooses tokens of one completion from logits.
struct Sampler {
    private let options: SamplingOptions
    private var generator: SplitMix64
    private let prompt: Set<Int32>
    private var counts: [Int32: Int] = [:]

    init(_ options: SamplingOptions, prompt: [Int32], number: Int = 0) {
        self.options = options
        self.prompt = Set(prompt)
        generator = SplitMix64(options.seed &+ UInt64(number) &* 0xBF58_476D_1CE4_E5B9)
    }

    /// Returns the next token and remembers it for the penalties.
    mutating func choose(_ logits: UnsafeBufferPointer<Float>) -> Int32 {
        let token = options.temperature == 0 ? likeliest(logits) : draw(logits)
        counts[token, default: 0] += 1
        return token
    }

    private var penalises: Bool {
        options.repetitionPenalty != 1 || options.presencePenalty != 0
            || options.frequencyPenalty != 0 || !options.bias.isEmpty
    }

    private func penalised(_ logits: UnsafeBufferPointer<Float>) -> [Float] {
        var values = Array(logits)
        for (token, bias) in options.bias { values[Int(token)] += bias }
        if options.repetitionPenalty != 1 {
            for token in prompt.union(counts.keys) {
                let value = values[Int(token)]
                let penalty = options.repetitionPenalty
                values[Int(token)] = value > 0 ? value / penalty : value * penalty
            }
        }
        for (token, count) in counts {
            values[Int(token)] -=
                options.presencePenalty + options.frequencyPenalty * Float(count)
        }
        return values
    }

    private func likeliest(_ logits: UnsafeBufferPointer<Float>) -> Int32 {
        guard penalises else { return Self.largest(logits) }
        return penalised(logits).withUnsafeBufferPointer(Self.largest)
    }

    private static func largest(_ values: UnsafeBufferPointer<Float>) -> Int32 {
        var best = 0
        for index in values.indices where values[index] > values[best] { best = index }
        return Int32(best)
    }

    private mutating func draw(_ logits: UnsafeBufferPointer<Float>) -> Int32 {
        var candidates = kept(penalises ? penalised(logits) : Array(logits))
        let top = candidates.map(\.logit).max() ?? 0
        var total = 0.0
        for index in candidates.indices {
            let weight = exp(Double((candidates[index].logit - top) / options.temperature))
            candidates[index].weight = weight
            total += weight
        }
        keepLikely(&candidates, &total)
        // 53 random bits of 0 ..< total.
        var place = Double(generator.next() >> 11) * 0x1p-53 * total
        for candidate in candidates {
            place -= candidate.weight
            if place < 0 { return candidate.token }
        }
        return candidates.last?.token ?? 0
    }

    private struct Candidate {
        let token: Int32
        let logit: Float
        var weight = 0.0
    }

    /// Returns the tokens that top-k leaves, in the order of their numbers.
    private func kept(_ logits: [Float]) -> [Candidate] {
        let all = logits.enumerated().map { Candidate(token: Int32($0), logit: $1) }
        guard options.topK > 0, options.topK < all.count else { return all }
        // Sorting a whole vocabulary takes as long as a step of the network; the likely tokens are few.
        let top = logits.max() ?? 0
        for gap in [4, 16, Float.infinity] {
            let likely = gap.isFinite ? all.filter { $0.logit >= top - gap } : all
            guard likely.count >= options.topK || gap.isInfinite else { continue }
            let sorted = likely.sorted { ($1.logit, $0.token) < ($0.logit, $1.token) }
            return Array(sorted.prefix(options.topK))
        }
        return all
    }

    /// Leaves out what top-p and min-p do, and takes its weight off the total.
    private func keepLikely(_ candidates: inout [Candidate], _ total: inout Double) {
        guard options.topP < 1 || options.minP > 0 else { return }
        // Weights are parts of the likeliest token's, which is 1.
        candidates.removeAll { $0.weight < Double(options.minP) }
        if options.topP < 1 { keepNucleus(&candidates) }
        total = candidates.reduce(0) { $0 + $1.weight }
    }

    /// Keeps the fewest of the likeliest tokens that reach top-p.
    private func keepNucleus(_ candidates: inout [Candidate]) {
        let bound = Double(options.topP) * candidates.reduce(0) { $0 + $1.weight }
        for least in [1e-2, 1e-4, 0] {
            var likely = candidates.filter { $0.weight >= least }
            guard least == 0 || likely.reduce(0, { $0 + $1.weight }) > bound else { continue }
            likely.sort { ($1.weight, $0.token) < ($0.weight, $1.token) }
            var sum = 0.0
            let last = likely.firstIndex { candidate in
                sum += candidate.weight
                return sum >= bound
            }
            candidates = Array(likely.prefix((last ?? likely.count - 1) + 1))
            return
        }
    }
}
