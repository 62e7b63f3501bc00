#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Returns the natural logarithm.
func naturalLog(_ x: Double) -> Double { log(x) }

/// Returns the natural logarithm of 1 + x, exact for small x.
func naturalLog(onePlus x: Double) -> Double { log1p(x) }

/// Returns e to the power x.
func exponential(_ x: Double) -> Double { exp(x) }

/// Returns the natural logarithm of the gamma function, for positive x.
func logGamma(_ x: Double) -> Double { lgamma(x) }

/// Returns the sum of the values with Neumaier's correction, so that the order of 100,000 rows does
/// not show in the result.
func preciseSum(_ values: some Sequence<Double>) -> Double {
    var sum = 0.0
    var correction = 0.0
    for value in values {
        let next = sum + value
        correction += sum.magnitude >= value.magnitude ? (sum - next) + value : (value - next) + sum
        sum = next
    }
    let total = sum + correction
    return total.isNaN ? sum : total
}
