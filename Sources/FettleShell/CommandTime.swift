import FettleCore

/// How long a command took, as `time` says it.
enum CommandTime {
    /// Returns `time: 12 ms, 9,000 rows, 750,000 rows/s`; the rows only where the command gave some.
    static func text(_ seconds: Double, rows: Int?) -> String {
        let milliseconds = max(0, seconds * 1000)
        let digits = milliseconds < 10 ? 1 : 0
        var text = "time: \(NumberText.decimal(milliseconds, digits: digits)) ms"
        guard let rows else { return text }
        text += ", \(NumberText.count(rows, "row"))"
        guard seconds > 0, rows > 0 else { return text }
        let rate = Double(rows) / seconds
        guard rate < 1e15 else { return text }
        return text + ", \(NumberText.count(Int(rate.rounded()))) rows/s"
    }
}
