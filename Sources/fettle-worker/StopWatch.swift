import Dispatch
import Glibc
import Synchronization

/// Cancels the work when the process is asked to end.
final class StopWatch {
    private final class Noted: Sendable {
        let signal = Mutex<Int32?>(nil)
    }

    /// Seconds after which the process ends whatever it does; a checkpoint may be on its way to a slow disk, and
    /// schedulers kill after 5 to 30.
    private static let patience = 4

    /// A hangup is left as it was: 'nohup' lets a run outlive its terminal.
    private static let signals = [SIGTERM, SIGINT]

    private let first = Noted()
    private let sources: [any DispatchSourceSignal]

    /// Starts watching.
    init(_ cancel: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "signals")
        sources = Self.signals.map { number in
            // The source sees what is ignored, and nothing else acts on it.
            Glibc.signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: queue)
        }
        for (source, number) in zip(sources, Self.signals) {
            source.setEventHandler { [first] in
                first.signal.withLock { $0 = $0 ?? number }
                cancel()
                queue.asyncAfter(deadline: .now() + .seconds(Self.patience)) {
                    _exit(128 + number)
                }
            }
            source.activate()
        }
    }

    /// The signal that came first; nil where none did.
    var signal: Int32? { first.signal.withLock(\.self) }
}
