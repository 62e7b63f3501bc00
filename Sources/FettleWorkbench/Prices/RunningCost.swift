/// What a model costs day by day.
public struct RunningCost: Hashable, Sendable {
    /// What it is, as a picture names it.
    public var name: String
    /// What is paid before the first day.
    public var upfront: Double
    /// What is paid each day.
    public var perDay: Double

    /// Makes the cost of a model of this machine or elsewhere.
    public init(_ name: String, upfront: Double, perDay: Double) {
        self.name = name
        self.upfront = upfront
        self.perDay = perDay
    }

    /// Makes the cost of a model with a price for tokens.
    ///
    /// - Parameters:
    ///   - name: what it is.
    ///   - price: for a million tokens.
    ///   - requests: a day.
    ///   - promptTokens: that are read for each request.
    ///   - completionTokens: that are written for each.
    ///   - upfront: what is paid before the first day.
    public init(
        _ name: String,
        at price: Price,
        requests: Double,
        promptTokens: Double,
        completionTokens: Double,
        upfront: Double = 0
    ) {
        let tokens = promptTokens * price.input + completionTokens * price.output
        self.init(name, upfront: upfront, perDay: requests * tokens / 1e6)
    }

    /// Returns what has been paid at the end of a day; 0 is before the first.
    public func total(afterDays days: Double) -> Double { upfront + perDay * days }

    /// Returns the first day, from 1, at whose end no more has been paid than for another model; nil when that
    /// never is.
    public func breakEvenDay(against other: RunningCost) -> Int? {
        if total(afterDays: 1) <= other.total(afterDays: 1) { return 1 }
        let saving = other.perDay - perDay
        guard saving > 0 else { return nil }
        let days = (upfront - other.upfront) / saving
        guard days.isFinite, days < 1e9 else { return nil }
        // A sum that comes out even is even in the last digits only about.
        return max(1, Int((days - 1e-9 * days).rounded(.up)))
    }
}
