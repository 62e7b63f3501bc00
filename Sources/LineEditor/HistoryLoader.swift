import CTerminal
import Glibc
import Synchronization

/// Reads the older lines of the history beside the editor, once it waits for its first key.
final class HistoryLoader: Sendable {
    private enum State {
        case waiting
        case reading
        case read([String])
        case taken
    }

    private let read: @Sendable () -> [String]
    private let state = Mutex(State.waiting)
    private let event = fettle_event_create()

    init(_ read: @escaping @Sendable () -> [String]) {
        self.read = read
    }

    deinit {
        Glibc.close(event)
    }

    /// Starts to read, the first time; calls `onEnd` on the thread that reads.
    func start(onEnd: @escaping @Sendable () -> Void) {
        let isFirst = state.withLock { state in
            guard case .waiting = state else { return false }
            state = .reading
            return true
        }
        guard isFirst else { return }
        startThread { [self] in
            let lines = read()
            state.withLock { $0 = .read(lines) }
            fettle_event_post(event)
            onEnd()
        }
    }

    /// Returns the lines once, when they have been read; `waits` until then.
    func take(waits: Bool) -> [String]? {
        if waits {
            start {}
            let isReading = state.withLock { if case .reading = $0 { true } else { false } }
            if isReading { _ = fettle_wait_readable(event, -1, -1) }
        }
        return state.withLock { state in
            guard case .read(let lines) = state else { return nil }
            state = .taken
            return lines
        }
    }
}
