import Synchronization

/// How far the scripts came that `run` ran in this session, for `run FILE --resume`.
final class ScriptProgress: Sendable {
    /// One run of a script.
    struct Entry: Sendable {
        /// The place of the first statement that it ran, from 0.
        var first = 0
        /// What brought back the state that it began with.
        var replayed: [SessionScript.Line] = []
        /// The statements that succeeded, in order.
        var done: [SessionScript.Line] = []
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// Notes how far the last run of a script came.
    func note(_ entry: Entry, of plan: ScriptPlan) {
        guard let file = plan.source.file else { return }
        entries.withLock { $0[ScriptResume.identity(of: file)] = entry }
    }

    /// Returns how far the last run of a script came in this session; nil when there was none.
    func entry(of plan: ScriptPlan) -> Entry? {
        guard let file = plan.source.file else { return nil }
        return entries.withLock { $0[ScriptResume.identity(of: file)] }
    }
}
