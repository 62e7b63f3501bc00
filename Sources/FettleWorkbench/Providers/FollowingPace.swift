/// How long to wait before the next look at what happens elsewhere, which is the longer the less happens.
struct FollowingPace {
    private static let first = 0.25
    private static let longest = 5.0
    private var seconds = first

    /// Returns the seconds until the next look, after one that saw news or none.
    mutating func next(hasNews: Bool) -> Double {
        seconds = hasNews ? Self.first : min(Self.longest, seconds * 1.5)
        return seconds
    }
}
