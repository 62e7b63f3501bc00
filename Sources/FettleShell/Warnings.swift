import FettleCore
import Dispatch
import Synchronization

/// Tells what the user should know of while commands go on: without secrets, not endless, and what many jobs meet once.
final class Warnings: Sendable {
    /// How many characters of one are told.
    private static let longest = 400
    /// For how long the same is not told again, in seconds.
    private static let quiet = 60.0

    private let mask: @Sendable (String) -> String
    private let now: @Sendable () -> Double
    private let write: @Sendable (String) -> Void
    /// When each was told.
    private let told = Mutex<[String: Double]>([:])

    /// Makes one that takes out secrets by `mask` and gives lines to `write`.
    init(
        mask: @escaping @Sendable (String) -> String,
        now: @escaping @Sendable () -> Double = {
            Double(DispatchTime.now().uptimeNanoseconds) / 1e9
        },
        write: @escaping @Sendable (String) -> Void
    ) {
        (self.mask, self.now, self.write) = (mask, now, write)
    }

    /// Tells a warning; called from any thread.
    func tell(_ text: String) {
        let text = mask(text)
        // Of the same trouble of another job, its number alone differs.
        let key = String(text.replacing(#/^job \d+:? /#, with: "").prefix(Self.longest))
        let now = now()
        let isNew = told.withLock { told in
            told = told.filter { now - $0.value < Self.quiet }
            guard told[key] == nil else { return false }
            told[key] = now
            return true
        }
        guard isNew else { return }
        let isLong = text.count > Self.longest
        write("warning: " + (isLong ? text.prefix(Self.longest) + "…" : text))
    }
}
