#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Turns logits into probabilities in place and returns the natural logarithm of their sum of
/// exponentials.
@inline(__always)
func softmax(_ values: UnsafeMutablePointer<Float>, _ count: Int) -> Float {
    var highest = values[0]
    for k in 1..<max(count, 1) where values[k] > highest { highest = values[k] }
    var sum: Float = 0
    for k in 0..<count {
        let power = expf(values[k] - highest)
        values[k] = power
        sum += power
    }
    let factor = 1 / sum
    for k in 0..<count { values[k] *= factor }
    return highest + logf(sum)
}

/// Turns logits into natural log probabilities in place.
@inline(__always)
func logSoftmax(_ values: UnsafeMutablePointer<Double>, _ count: Int) {
    var highest = values[0]
    for k in 1..<max(count, 1) where values[k] > highest { highest = values[k] }
    var sum = 0.0
    for k in 0..<count { sum += exp(values[k] - highest) }
    let normaliser = highest + log(sum)
    for k in 0..<count { values[k] -= normaliser }
}
