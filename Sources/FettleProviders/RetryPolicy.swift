import Foundation

/// How often and after how long a request is made again.
public struct RetryPolicy: Sendable {
    /// How often a request is made at most.
    public var attempts: Int
    /// Waits for so many seconds; throws when the task was cancelled.
    public var wait: @Sendable (Double) throws -> Void
    /// Returns a number from 0 to 1, by which those who were refused together come back apart.
    public var random: @Sendable () -> Double

    /// Makes a policy.
    public init(
        attempts: Int,
        wait: @escaping @Sendable (Double) throws -> Void,
        random: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) {
        self.attempts = attempts
        self.wait = wait
        self.random = random
    }

    /// Six times in about twenty seconds.
    public static let usual = RetryPolicy(attempts: 6) { seconds in
        let end = Date(timeIntervalSinceNow: seconds)
        while Date() < end {
            try Task.checkCancellation()
            Thread.sleep(forTimeInterval: min(0.05, max(0, end.timeIntervalSinceNow)))
        }
    }

    /// Once.
    public static let once = RetryPolicy(attempts: 1) { _ in }

    /// The longest wait that a server may ask for.
    private static let longest = 120.0

    /// Returns for how long to wait after the failed attempt `number`, from 0.
    func pause(after number: Int, _ answer: HTTPAnswer?) -> Double {
        if let asked = answer.flatMap(Self.asked), asked <= Self.longest { return asked }
        let usual = min(8, 0.5 * Double(1 << min(number, 10)))
        return usual * (1 - 0.25 * random())
    }

    /// For how long a server asks to wait: in seconds, in milliseconds, or until a time.
    private static func asked(_ answer: HTTPAnswer) -> Double? {
        if let text = answer.headers["retry-after-ms"], let value = Double(text), value >= 0 {
            return value / 1000
        }
        guard let text = answer.headers["retry-after"] else { return nil }
        if let value = Double(text) { return value >= 0 ? value : nil }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return format.date(from: text).map { max(0, $0.timeIntervalSinceNow) }
    }

    /// Whether an answer says that the same request may go better later.
    static func isPassing(_ answer: HTTPAnswer) -> Bool {
        switch answer.headers["x-should-retry"] {
        case "true": return true
        case "false": return false
        default: return [408, 409, 429].contains(answer.status) || answer.status >= 500
        }
    }
}
