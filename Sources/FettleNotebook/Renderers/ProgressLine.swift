import FettleCore

/// The state of long work as one line:
/// `  42 %  12,300/29,000 rows  61,000 rows/s  0:04 left  loss 1.02`.
///
/// It is only formatting: who draws it has the clock and decides when.
public struct ProgressLine: Hashable, Sendable {
    /// What is done, 0 or more.
    public var done: Int
    /// What there is to do; nil when that is not known.
    public var total: Int?
    /// What is counted, such as `rows`.
    public var unit: String
    /// The seconds since the work began.
    public var elapsed: Double
    /// What else there is to say, such as `loss 1.02`.
    public var extra: String
    /// What was done when the time began by which the rate is told: a job that goes on does not begin at 0.
    public var doneBefore = 0
    /// The seconds of that time; nil for all since the work began.
    public var rateSeconds: Double?
    /// The share of the time that is over, where units take different times; nil where `done` tells it.
    public var share: Double?
    /// The share that was over when that time began.
    public var shareBefore = 0.0

    /// Makes a line.
    public init(done: Int, total: Int?, unit: String, elapsed: Double, extra: String = "") {
        self.done = done
        self.total = total
        self.unit = unit
        self.elapsed = elapsed
        self.extra = extra
    }

    /// Returns the line in at most `width` columns.
    ///
    /// Parts that do not fit are left out from the least useful: the rate, the counts, the extra text.
    public func text(width: Int) -> String {
        let percentage = total.map { total in
            DisplayWidth.pad("\(percent(of: total)) %", to: 6, right: true)
        }
        let parts: [(text: String, worth: Int)] = [
            (percentage ?? "", 4),
            (counts, 1),
            (rate, 0),
            (time, 3),
            (Sanitizer.line(extra), 2),
        ]
        for leastWorth in 0...4 {
            let kept = parts.filter { $0.worth >= leastWorth && !$0.text.isEmpty }.map(\.text)
            let line = kept.joined(separator: "  ")
            if !kept.isEmpty, DisplayWidth.of(line) <= width || leastWorth == 4 {
                return DisplayWidth.fit(line, to: width)
            }
        }
        return DisplayWidth.fit(time, to: width)
    }

    /// The whole percent that are done; 100 only at the end.
    private func percent(of total: Int) -> Int {
        guard total > 0, done < total else { return 100 }
        return min(99, max(0, Int(Double(done) / Double(total) * 100)))
    }

    private var safeUnit: String { Sanitizer.line(unit) }

    private var counts: String {
        let whole = total.map { "/\(NumberText.count($0))" } ?? ""
        return "\(NumberText.count(done))\(whole) \(safeUnit)"
    }

    private var perSecond: Double {
        let seconds = rateSeconds ?? elapsed
        return seconds > 0 ? Double(max(0, done - doneBefore)) / seconds : 0
    }

    private var rate: String {
        guard perSecond > 0 else { return "" }
        let digits = perSecond < 10 ? 1 : 0
        return "\(NumberText.decimal(twoLeadingDigits(perSecond), digits: digits)) \(safeUnit)/s"
    }

    /// The time left when it can be told, else the time since the start.
    private var time: String {
        guard let total, done < total, perSecond > 0 else {
            return NumberText.clock(seconds: elapsed)
        }
        guard let share else {
            return "\(NumberText.clock(seconds: Double(total - done) / perSecond)) left"
        }
        guard share > shareBefore, share <= 1 else { return NumberText.clock(seconds: elapsed) }
        let left = (rateSeconds ?? elapsed) * (1 - share) / (share - shareBefore)
        return "\(NumberText.clock(seconds: left)) left"
    }

    /// Returns the number rounded to two leading digits, so that it does not flicker.
    private func twoLeadingDigits(_ value: Double) -> Double {
        var unit = 1.0
        while value / unit >= 100 { unit *= 10 }
        return value < 10 ? value : (value / unit).rounded() * unit
    }
}
