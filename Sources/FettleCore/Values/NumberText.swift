/// How numbers are written for people: one spelling for the whole product.
///
/// A number that is not finite is written as `–`.
public enum NumberText {
    /// Returns a whole number with thousands separators: `12,910`.
    public static func count(_ value: Int) -> String {
        grouped(String(value))
    }

    /// Returns a count and its unit: `1 row`, `12,910 rows`, `2 classes`.
    ///
    /// The plural is the unit with an `s` unless it is given.
    public static func count(_ value: Int, _ unit: String, plural: String? = nil) -> String {
        "\(count(value)) \(value == 1 ? unit : plural ?? unit + "s")"
    }

    /// Returns a number with exactly `digits` digits after the point and thousands separators.
    ///
    /// `digits` is 0 to 9; others are moved to the nearest.
    public static func decimal(_ value: Double, digits: Int) -> String {
        guard value.isFinite else { return "–" }
        let places = min(max(digits, 0), 9)
        var scale: UInt64 = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = (value.magnitude * Double(scale)).rounded()
        guard scaled < 1e18 else { return "\(value)" }
        let (whole, rest) = UInt64(scaled).quotientAndRemainder(dividingBy: scale)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        let fraction = String(rest)
        guard places > 0 else { return sign + grouped(String(whole)) }
        let zeros = String(repeating: "0", count: places - fraction.utf8.count)
        return "\(sign)\(grouped(String(whole))).\(zeros)\(fraction)"
    }

    /// Returns a fraction as a percentage: 0.6312 is `63.1 %`.
    public static func percent(_ fraction: Double, digits: Int = 1) -> String {
        fraction.isFinite ? "\(decimal(fraction * 100, digits: digits)) %" : "–"
    }

    /// Returns the difference of two fractions in percentage points, with its sign: `+1.1 points`.
    public static func points(_ difference: Double, digits: Int = 1) -> String {
        guard difference.isFinite else { return "–" }
        let text = decimal(difference * 100, digits: digits)
        return "\(text.hasPrefix("-") ? "" : "+")\(text) points"
    }

    /// Returns a factor: `4.0×`.
    public static func multiple(_ factor: Double) -> String {
        factor.isFinite ? "\(decimal(factor, digits: 1))×" : "–"
    }

    /// Returns a probability of chance: `p = 0.21`, `p = 0.004`, `p < 0.001`.
    ///
    /// Under 0.1 there are three digits, and as many as it takes to show which side of 0.05 it is on.
    public static func pValue(_ p: Double) -> String {
        guard p.isFinite else { return "p = –" }
        if p < 0.001 { return "p < 0.001" }
        if p >= 0.0995 { return "p = \(decimal(p, digits: 2))" }
        var digits = 3
        while digits < 9, p < 0.05, decimal(p, digits: digits).hasPrefix("0.05") { digits += 1 }
        return "p = \(decimal(p, digits: digits))"
    }

    /// Returns a time in the unit that suits it: `12 ms`, `0.8 s`, `42 s`, `2 min 05 s`, `1 h 02 min`.
    public static func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e15 else { return "–" }
        let time = max(0, seconds)
        if time < 0.0995 { return "\(decimal(time * 1000, digits: 0)) ms" }
        if time < 9.95 { return "\(decimal(time, digits: 1)) s" }
        let whole = Int(time.rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
        let minutes = Int((time / 60).rounded())
        return "\(count(minutes / 60)) h \(twoDigits(minutes % 60)) min"
    }

    /// Returns a time as a clock shows it: `0:04`, `12:30`, `1:02:09`.
    public static func clock(seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e15 else { return "–" }
        let whole = Int(max(0, seconds).rounded())
        let (minutes, rest) = whole.quotientAndRemainder(dividingBy: 60)
        guard minutes >= 60 else { return "\(minutes):\(twoDigits(rest))" }
        return "\(minutes / 60):\(twoDigits(minutes % 60)):\(twoDigits(rest))"
    }

    /// Returns a size in decimal units: `980 B`, `1.2 MB`, `560 MB`.
    public static func bytes(_ count: Int) -> String {
        guard count >= 1000 else { return "\(max(0, count)) B" }
        var value = Double(count) / 1000
        var unit = 0
        let units = ["kB", "MB", "GB", "TB", "PB", "EB"]
        while value >= 999.5, unit + 1 < units.count {
            value /= 1000
            unit += 1
        }
        return "\(decimal(value, digits: value < 99.95 ? 1 : 0)) \(units[unit])"
    }

    private static func twoDigits(_ value: Int) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }

    private static func grouped(_ digits: String) -> String {
        let sign = digits.hasPrefix("-") ? "-" : ""
        let body = digits.dropFirst(sign.count)
        var out = sign
        for (position, digit) in body.enumerated() {
            if position > 0, (body.count - position) % 3 == 0 { out += "," }
            out.append(digit)
        }
        return out
    }
}
