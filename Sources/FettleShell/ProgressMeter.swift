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

    /// The line that stands on the terminal, which the meters of all commands share with what is written
    /// over it.
    final class DrawnLine: Sendable {
        let text = Mutex<String?>(nil)
    }

    private static let eraser = "\r\u{1B}[2K"

    private struct State {
        var started: Double?
        var doneBefore = 0
        var shareBefore = 0.0
        var lastShown = 0.0
        var lastTenth = 0
        var isDrawn = false
        var isRetired = false
    }

    private let style: Style
    private let width: @Sendable () -> Int
    private let now: @Sendable () -> Double
    private let write: @Sendable (String) -> Void
    private let line: DrawnLine
    private let state = Mutex(State())

    /// Makes a meter that gives its text to `write`.
    public convenience init(
        _ style: Style,
        width: @escaping @Sendable () -> Int,
        write: @escaping @Sendable (String) -> Void
    ) {
        let now = { @Sendable in Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
        self.init(style, width: width, now: now, write: write)
    }

    /// Makes a meter with a clock in seconds.
    init(
        _ style: Style,
        width: @escaping @Sendable () -> Int,
        now: @escaping @Sendable () -> Double,
        write: @escaping @Sendable (String) -> Void,
        line: DrawnLine = DrawnLine()
    ) {
        (self.style, self.width, self.now, self.write) = (style, width, now, write)
        self.line = line
    }

    /// A meter that shows nothing.
    public static let silent = ProgressMeter(.silent, width: { 80 }, write: { _ in })

    /// Returns a meter of its own for one command.
    func forOneCommand() -> ProgressMeter {
        ProgressMeter(style, width: width, now: now, write: write, line: line)
    }

    /// Runs `write`, which writes whole lines to the terminal, where the line stands: it is taken away
    /// before and drawn again below them.
    public func above(_ write: () -> Void) {
        line.text.withLock { text in
            if text != nil { self.write(Self.eraser) }
            write()
            if let text { self.write(text) }
        }
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
    ///   - share: the share of the work's time that is over, where units take different times.
    public func update(
        done: Int,
        total: Int?,
        unit: String,
        extra: String = "",
        share: Double? = nil
    ) {
        if case .silent = style { return }
        let now = now()
        state.withLock { state in
            guard !state.isRetired else { return }
            guard let started = state.started else {
                // What is done when the clock starts took time that it does not know.
                state.started = now
                state.doneBefore = done
                state.shareBefore = share ?? 0
                return
            }
            let elapsed = now - started
            guard elapsed >= 1 else { return }
            if case .terminal = style {
                guard now - state.lastShown >= 0.1 else { return }
            } else {
                let tenth = total.map { $0 > 0 ? done * 10 / $0 : 10 } ?? Int(elapsed / 10)
                guard tenth > state.lastTenth else { return }
                state.lastTenth = tenth
            }
            state.lastShown = now
            state.isDrawn = true
            var progress = ProgressLine(
                done: done,
                total: total,
                unit: unit,
                elapsed: elapsed,
                extra: extra
            )
            progress.doneBefore = state.doneBefore
            progress.share = share
            progress.shareBefore = state.shareBefore
            // Here, so that nothing is drawn of a meter that was retired meanwhile.
            show(progress.text(width: width()))
        }
    }

    private func show(_ text: String) {
        guard case .terminal = style else { return write(text + "\n") }
        line.text.withLock { drawn in
            drawn = text
            write(Self.eraser + text)
        }
    }

    /// Ends the work's line and readies the meter for the next.
    public func finish() {
        let wasDrawn = state.withLock { state in
            defer { state = State(isRetired: state.isRetired) }
            return state.isDrawn
        }
        guard wasDrawn, case .terminal = style else { return }
        line.text.withLock { drawn in
            drawn = nil
            write(Self.eraser)
        }
    }
}
