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

    /// How far the work was at a time.
    private struct Mark {
        var time: Double
        var done: Int
        var share: Double
    }

    /// What was said last.
    private struct Report {
        var done: Int
        var total: Int?
        var unit: String
        var extra: String
        var share: Double?
        var time = 0.0
    }

    private struct State {
        var last: Report?
        /// Says again and again what was said last; nil where the work itself tells often enough.
        var pulse: (any DispatchSourceTimer)?
        /// The moment when the clock started, and some since.
        var marks: [Mark] = []
        var lastShown = 0.0
        var lastTenth = 0
        var isDrawn = false
        var isRetired = false

        /// The shortest time between two marks, in seconds, and the most marks.
        private static let shortest = 0.2
        private static let most = 128

        mutating func remember(_ mark: Mark) {
            guard let last = marks.last, mark.time >= last.time + Self.shortest else { return }
            marks.append(mark)
            guard marks.count > Self.most else { return }
            // Every second one is enough, the first one among them.
            marks = marks.indices.filter { $0 % 2 == 0 }.map { marks[$0] }
        }
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

    /// Says that the work is done elsewhere, and may tell nothing for long: on a terminal the line stands there until
    /// ``finish()``, with the time.
    ///
    /// - Parameters:
    ///   - total: all units, when known.
    ///   - unit: what is counted.
    ///   - words: where it is done.
    func wait(for total: Int?, unit: String, saying words: String) {
        guard case .terminal = style else { return }
        update(done: 0, total: total, unit: unit, extra: words)
        state.withLock { state in
            guard !state.isRetired, state.pulse == nil else { return }
            let pulse = DispatchSource.makeTimerSource(queue: .global())
            pulse.setEventHandler { [weak self] in self?.repeatLast() }
            pulse.schedule(deadline: .now() + 1, repeating: 1)
            pulse.resume()
            state.pulse = pulse
        }
    }

    /// Says again what was said last, where that is a second ago.
    func repeatLast() {
        let now = now()
        state.withLock { state in
            guard state.pulse != nil, var last = state.last, now - last.time >= 0.9 else { return }
            last.time = now
            tell(last, &state)
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
        let report = Report(
            done: done,
            total: total,
            unit: unit,
            extra: extra,
            share: share,
            time: now()
        )
        // Drawn there, so that nothing is drawn of a meter that was retired meanwhile.
        state.withLock { tell(report, &$0) }
    }

    private func tell(_ report: Report, _ state: inout State) {
        guard !state.isRetired else { return }
        let (done, total, now) = (report.done, report.total, report.time)
        if let last = state.last,
            last.unit != report.unit || (last.total == nil) != (total == nil)
        {
            // Another part of the work, whose rate is its own.
            (state.marks, state.lastTenth) = ([], 0)
        }
        state.last = report
        let mark = Mark(time: now, done: done, share: report.share ?? 0)
        guard let first = state.marks.first else {
            // What is done when the clock starts took time that it does not know.
            state.marks = [mark]
            return
        }
        state.remember(mark)
        let elapsed = now - first.time
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
        // The first steps of a work are slower than the others, so that the rate is that of the latter half.
        let base = state.marks.last { $0.time <= first.time + elapsed / 2 } ?? first
        var progress = ProgressLine(
            done: done,
            total: total,
            unit: report.unit,
            elapsed: elapsed,
            extra: report.extra
        )
        progress.doneBefore = base.done
        progress.rateSeconds = now - base.time
        progress.share = report.share
        progress.shareBefore = base.share
        show(progress.text(width: width()))
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
            state.pulse?.cancel()
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
