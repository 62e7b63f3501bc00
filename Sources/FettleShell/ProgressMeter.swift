import FettleCore
import FettleNotebook
import Dispatch
import Synchronization

/// Shows how far a command is: one line that is drawn over itself on a terminal, else a line every tenth.
///
/// Nothing is shown in the first second, nor at all when durations are not shown.
public final class ProgressMeter: Sendable {
    /// How lines reach the user.
    public enum Style: Sendable {
        /// A terminal of this width; the line is overwritten and erased at the end.
        case terminal
        /// Anything else: whole lines.
        case lines
        /// Nothing at all.
        case silent
    }

    private struct State {
        var started: Double?
        var lastShown = 0.0
        var lastTenth = 0
        var isDrawn = false
        var isRetired = false
    }

    private let style: Style
    private let width: @Sendable () -> Int
    private let write: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// Makes a meter that gives its text to `write`.
    public init(
        _ style: Style,
        width: @escaping @Sendable () -> Int,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.style = style
        self.width = width
        self.write = write
    }

    /// A meter that shows nothing.
    public static let silent = ProgressMeter(.silent, width: { 80 }, write: { _ in })

    /// Returns a meter of its own for one command.
    func forOneCommand() -> ProgressMeter {
        ProgressMeter(style, width: width, write: write)
    }

    /// Takes the line away, and shows nothing any more.
    func retire() {
        finish()
        state.withLock { $0.isRetired = true }
    }

    /// Says how far the work is.
    ///
    /// - Parameters:
    ///   - done: units done.
    ///   - total: all units, when known.
    ///   - unit: what is counted, such as `rows`.
    ///   - extra: more to show, such as the loss.
    public func update(done: Int, total: Int?, unit: String, extra: String = "") {
        if case .silent = style { return }
        let now = Double(DispatchTime.now().uptimeNanoseconds) / 1e9
        let text: String? = state.withLock { state in
            guard !state.isRetired else { return nil }
            guard let started = state.started else {
                state.started = now
                return nil
            }
            let elapsed = now - started
            guard elapsed >= 1 else { return nil }
            if case .terminal = style {
                guard now - state.lastShown >= 0.1 else { return nil }
            } else {
                let tenth = total.map { $0 > 0 ? done * 10 / $0 : 10 } ?? Int(elapsed / 10)
                guard tenth > state.lastTenth else { return nil }
                state.lastTenth = tenth
            }
            state.lastShown = now
            state.isDrawn = true
            let line = ProgressLine(
                done: done,
                total: total,
                unit: unit,
                elapsed: elapsed,
                extra: extra
            )
            return line.text(width: width())
        }
        guard let text else { return }
        if case .terminal = style {
            write("\r\u{1B}[2K\(text)")
        } else {
            write(text + "\n")
        }
    }

    /// Ends the work's line and readies the meter for the next.
    public func finish() {
        let wasDrawn = state.withLock { state in
            defer { state = State(isRetired: state.isRetired) }
            return state.isDrawn
        }
        if wasDrawn, case .terminal = style { write("\r\u{1B}[2K") }
    }
}
