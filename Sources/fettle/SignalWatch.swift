import CTerminal
import LineEditor

/// Makes Ctrl-C and termination of a run without a prompt do what the exit codes say.
final class SignalWatch: Sendable {
    private let monitor: SignalMonitor

    /// Starts watching; `onTerminate` is called before the process ends by a signal.
    init(
        onInterrupt: @escaping @Sendable () -> Void,
        onTerminate: @escaping @Sendable () -> Void
    ) {
        monitor = SignalMonitor(
            onInterrupt: onInterrupt,
            onTerminate: { signal in
                onTerminate()
                fettle_die_of_signal(signal)
            }
        )
    }
}
