import Glibc

/// Calls closures on Ctrl-C and on requests to end, for as long as it lives.
///
/// It sees what no ``LineEditor`` is reading a line for, so Ctrl-C while a command runs. Without a
/// monitor such a signal ends the process, the terminal restored.
public final class SignalMonitor: Sendable {
    private let subscription: SignalHub.Subscription

    /// Starts calling the closures, on a thread of the monitor's; they must not block for long.
    ///
    /// - Parameters:
    ///   - onInterrupt: Called for each SIGINT, so for each Ctrl-C; typically cancels a task.
    ///   - onTerminate: Called for SIGTERM and SIGHUP with the signal's number.
    public init(
        onInterrupt: @escaping @Sendable () -> Void,
        onTerminate: @escaping @Sendable (Int32) -> Void
    ) {
        subscription = SignalHub.shared.subscribe(as: .monitor) { signal in
            switch signal {
            case SIGINT:
                onInterrupt()
                return true
            case SIGTERM, SIGHUP:
                onTerminate(signal)
                return true
            default:
                return false
            }
        }
    }

    deinit {
        SignalHub.shared.cancel(subscription)
    }
}
