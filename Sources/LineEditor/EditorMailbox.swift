import CTerminal
import Glibc
import Synchronization

/// Something that happens outside the editor while a line is being typed.
enum EditorMessage: Equatable {
    case notice(String)
    case alert(String)
    case resized
    case continued
    case interrupted
    case terminated(Int32)
}

/// Carries messages to the editor's thread; its eventfd wakes the read function.
final class EditorMailbox: Sendable {
    private struct State {
        var isReading = false
        var status = ""
        var messages: [EditorMessage] = []
    }

    private let state = Mutex(State())

    /// The eventfd to poll beside the terminal.
    let event = fettle_event_create()

    deinit {
        Glibc.close(event)
    }

    /// Keeps a notice for the editor, or prints it at once where no line is being typed.
    func post(notice: String) {
        state.withLock { state in
            if state.isReading {
                state.messages.append(.notice(notice))
                fettle_event_post(event)
            } else {
                writeToTerminal(notice.terminalLines)
            }
        }
    }

    /// Keeps what draws the user's attention for the editor, or writes it at once where no line is being
    /// typed.
    func post(alert: String) {
        state.withLock { state in
            if state.isReading {
                state.messages.append(.alert(alert))
                fettle_event_post(event)
            } else {
                writeToTerminal(alert)
            }
        }
    }

    /// What stands at the right of the prompt.
    var status: String { state.withLock { $0.status } }

    /// Sets what stands at the right of the prompt, now or when a line is typed next.
    func post(status: String) {
        state.withLock { state in
            guard state.status != status else { return }
            state.status = status
            if state.isReading { fettle_event_post(event) }
        }
    }

    /// Keeps a signal for the editor and returns whether that settles it.
    func take(signal: Int32) -> Bool {
        let message: EditorMessage
        switch signal {
        case SIGWINCH: message = .resized
        case SIGCONT: message = .continued
        case SIGINT: message = .interrupted
        case SIGTERM, SIGHUP: message = .terminated(signal)
        default: return false
        }
        return state.withLock { state in
            // The next read asks for the window's size and sets the modes itself.
            guard state.isReading else { return false }
            state.messages.append(message)
            fettle_event_post(event)
            return true
        }
    }

    /// Returns and forgets the messages so far.
    func takeAll() -> [EditorMessage] {
        fettle_event_drain(event)
        return state.withLock { state in
            defer { state.messages = [] }
            return state.messages
        }
    }

    func beginReading() {
        state.withLock { $0.isReading = true }
    }

    /// Ends the read and prints the notices that came too late for it; returns whether an interrupt did,
    /// which is then for what follows.
    func endReading() -> Bool {
        defer { fettle_event_drain(event) }
        return state.withLock { state in
            state.isReading = false
            let isInterrupted = state.messages.contains(.interrupted)
            for message in state.messages {
                switch message {
                case .notice(let text): writeToTerminal(text.terminalLines)
                case .alert(let text): writeToTerminal(text)
                default: continue
                }
            }
            state.messages = []
            return isInterrupted
        }
    }
}

/// Writes text to standard output past libedit's buffer, which is empty between two keys.
func writeToTerminal(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
        _ = fettle_write_all(1, bytes.baseAddress, bytes.count)
    }
}

extension String {
    /// The text as whole terminal lines: each line end is CR LF, and there is one at the end.
    var terminalLines: String {
        var lines = split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.count > 1, lines.last == "" { lines.removeLast() }
        return lines.map { $0 + "\r\n" }.joined()
    }
}
