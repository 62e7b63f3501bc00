import CTerminal
import Glibc
import Synchronization

/// Reads the process's signal pipe on one thread and hands each signal to who wants it.
///
/// Signal handlers belong to the whole process, hence one hub.
final class SignalHub: Sendable {
    static let shared = SignalHub()

    /// Who is asked first: an editor that is reading a line owns Ctrl-C.
    enum Role: Int {
        case editor
        case monitor
    }

    /// Names a subscriber.
    struct Subscription: Hashable {
        fileprivate let number: Int
    }

    private struct Subscriber {
        let subscription: Subscription
        let role: Role
        let handle: @Sendable (Int32) -> Bool
    }

    private struct State {
        var subscribers: [Subscriber] = []
        var count = 0
    }

    private let state = Mutex(State())

    private init() {
        let pipe = fettle_signals_open()
        startThread { [self] in
            var number: UInt8 = 0
            while true {
                let got = read(pipe, &number, 1)
                if got == 1 {
                    dispatch(Int32(number))
                } else if got == 0 || errno != EINTR {
                    return
                }
            }
        }
    }

    /// Adds a subscriber; its handler returns whether the signal is settled.
    func subscribe(
        as role: Role,
        _ handle: @escaping @Sendable (Int32) -> Bool
    ) -> Subscription {
        state.withLock { state in
            state.count += 1
            let subscription = Subscription(number: state.count)
            state.subscribers.append(
                Subscriber(subscription: subscription, role: role, handle: handle)
            )
            state.subscribers.sort { $0.role.rawValue < $1.role.rawValue }
            return subscription
        }
    }

    func cancel(_ subscription: Subscription) {
        state.withLock { state in
            state.subscribers.removeAll { $0.subscription == subscription }
        }
    }

    private func dispatch(_ signal: Int32) {
        let subscribers = state.withLock { $0.subscribers }
        if subscribers.contains(where: { $0.handle(signal) }) { return }
        switch signal {
        case SIGCONT:
            fettle_terminal_reenter()
        case SIGTERM, SIGHUP, SIGINT:
            fettle_terminal_restore()
            fettle_die_of_signal(signal)
        default:
            break
        }
    }
}
