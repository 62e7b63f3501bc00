import Dispatch
import Foundation

/// Where times come from, so that replays can show the same ones each time.
public struct WorkClock: Sendable {
    /// Milliseconds since 1970 (UTC).
    public var now: @Sendable () -> Int64
    /// Seconds from some fixed moment; nil when durations are not to be shown.
    public var seconds: @Sendable () -> Double?

    /// The machine's clock.
    public static let system = WorkClock(
        now: { Int64(Date().timeIntervalSince1970 * 1000) },
        seconds: { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
    )

    /// A clock that stands still at `milliseconds` and shows no durations.
    public static func fixed(at milliseconds: Int64) -> WorkClock {
        WorkClock(now: { milliseconds }, seconds: { nil })
    }

    /// Returns the time of day as the API's model ids write it: `2026-11-22-10-30-00` (UTC).
    public static func stamp(of milliseconds: Int64) -> String {
        let (days, second) = floorDivide(floorDivide(milliseconds, 1000).0, 86_400)
        let (year, month, day) = civil(days)
        let parts = [month, day, second / 3600, second / 60 % 60, second % 60]
        return ([String(year)] + parts.map { $0 < 10 ? "0\($0)" : "\($0)" }).joined(separator: "-")
    }

    /// Returns year, month and day of a count of days since 1970, after Howard Hinnant's "chrono-Compatible
    /// Low-Level Date Algorithms".
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * shifted + 2) / 5 + 1
        )
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
