#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Seconds on the wall and of the processor, and memory.
struct Usage {
    let wall: Double
    let processor: Double
    /// The most memory that was resident, in MB.
    let peak: Double

    static var now: Usage {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        var usage = rusage()
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ value: timeval) -> Double {
            Double(value.tv_sec) + Double(value.tv_usec) * 1e-6
        }
        return Usage(
            wall: Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9,
            processor: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            peak: Double(usage.ru_maxrss) / 1024
        )
    }
}

extension Usage {
    /// Seconds of the processor that this thread has taken.
    static var ofThread: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

/// Returns a number with this many places after the point.
func fixed(_ value: Double, _ places: Int) -> String {
    let factor = pow(10, Double(places))
    let whole = Int((value * factor).rounded())
    guard places > 0 else { return "\(whole)" }
    let digits = String(whole.magnitude)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return (whole < 0 ? "-" : "") + padded.dropLast(places) + "." + padded.suffix(places)
}
