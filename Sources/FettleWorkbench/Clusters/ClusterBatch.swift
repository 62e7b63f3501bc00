import FettleCore
import FettleProviders
import FettleWorker
import Foundation

/// Pieces of work for a cluster that are done while the command waits, several at a time.
struct ClusterBatch {
    /// What is told on the way of one of them: its place, and the event.
    typealias OnEvent = (_ place: Int, WorkEvent) throws -> Void

    private let cluster: String
    private let engine: any ClusterEngine
    /// How many jobs there are at a time.
    private let width: Int
    /// Takes what the user should know of while the work goes on.
    private let onWarning: (String) -> Void

    /// Makes a batch.
    init(
        at cluster: String,
        _ engine: any ClusterEngine,
        width: Int,
        onWarning: @escaping (String) -> Void
    ) {
        (self.cluster, self.engine, self.width) = (cluster, engine, max(1, width))
        self.onWarning = onWarning
    }

    /// Does all of it; an error or a cancellation ends what still runs there.
    ///
    /// - Parameters:
    ///   - works: the pieces.
    ///   - onEvent: called with the metrics of each.
    ///   - onEnd: called with the place of each that is done.
    /// - Returns: their outcomes, in their order.
    /// - Throws: what ended one of them, `cannot-write`, `CancellationError`.
    func outcomes(
        _ works: [any ClusterWork],
        _ onEvent: OnEvent = { _, _ in },
        onEnd: (_ place: Int) -> Void
    ) throws -> [ClusterFollowing.Outcome] {
        let scratch = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let clock = SuspendingClock()
        var outcomes = [ClusterFollowing.Outcome?](repeating: nil, count: works.count)
        var running: [(place: Int, following: ClusterFollowing, due: SuspendingClock.Instant)] = []
        var next = 0
        func say(_ level: WorkEvent.Level, _ message: String) {
            if level == .warn { onWarning(message) }
        }
        do {
            while next < works.count || !running.isEmpty {
                while running.count < width, next < works.count {
                    let following = ClusterFollowing(
                        works[next],
                        at: cluster,
                        engine,
                        scratch: scratch,
                        telling: .init(say: say, again: "give the command again")
                    )
                    running.append((next, following, clock.now))
                    next += 1
                }
                for index in running.indices.reversed() where running[index].due <= clock.now {
                    let place = running[index].place
                    let outcome = try running[index].following.look { event, _ in
                        try onEvent(place, event)
                    }
                    if let outcome {
                        outcomes[place] = outcome
                        running.remove(at: index)
                        onEnd(place)
                    } else {
                        let pause = running[index].following.pause
                        running[index].due = clock.now + .seconds(pause)
                    }
                    try Task.checkCancellation()
                }
                guard let due = running.map(\.due).min() else { continue }
                try RetryPolicy.usual.wait(max(0, clock.now.duration(to: due) / .seconds(1)))
            }
        } catch {
            // A cluster that cannot be asked for one cannot be asked for the others.
            for (_, following, _) in running {
                guard (try? following.end()) != nil else { break }
            }
            throw error
        }
        return outcomes.compactMap(\.self)
    }

    private static func folder() throws(Diagnostic) -> String {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "fettle-batch-\(UUID().uuidString)").path
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw Diagnostic(
                "cannot-write",
                "the folder '\(path)' cannot be made: \(systemReason(error))",
                hint: "see TMPDIR and its free space"
            )
        }
        return path
    }
}
