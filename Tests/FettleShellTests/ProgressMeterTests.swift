import FettleTestSupport
import Synchronization
import Testing

@testable import FettleShell

struct ProgressMeterTests {
    @Test(arguments: [ProgressMeter.Style.terminal, .lines, .silent])
    func nothingIsShownInTheFirstSecond(style: ProgressMeter.Style) {
        let shown = Mutex("")
        let written = Written()
        let meter = ProgressMeter(style, width: { 80 }, write: { text in written.add(text) })
        for done in 0...1000 { meter.update(done: done, total: 1000, unit: "rows") }
        meter.finish()
        shown.withLock { $0 = written.text }
        #expect(shown.withLock { $0 } == "")
    }

    @Test func noticeStandsAboveTheLineThatIsDrawn() {
        let clock = Mutex(0.0)
        let screen = Mutex(ScreenModel(columns: 60, rows: 6))
        let show: @Sendable (String) -> Void = { text in
            screen.withLock { $0.feed(text.replacing("\n", with: "\r\n").utf8) }
        }
        let all = ProgressMeter(
            .terminal,
            width: { 60 },
            now: { clock.withLock { $0 } },
            write: show
        )
        let notice = { (text: String) in all.above { show(text + "\n") } }
        let meter = all.forOneCommand()
        meter.update(done: 0, total: 100, unit: "steps")
        notice("warning: before")
        clock.withLock { $0 = 2 }
        meter.update(done: 50, total: 100, unit: "steps", extra: "loss 0.919")
        let drawn = screen.withLock { $0.currentLine }
        #expect(drawn == "  50 %  50/100 steps  25 steps/s  0:02 left  loss 0.919")
        notice("warning: the checkpoint cannot be written")
        notice("job 2 succeeded")
        let lines = ["warning: before", "warning: the checkpoint cannot be written"]
        #expect(
            screen.withLock { $0.text }
                == (lines + ["job 2 succeeded", drawn]).joined(separator: "\n")
        )
        meter.retire()
        clock.withLock { $0 = 4 }
        meter.update(done: 90, total: 100, unit: "steps")
        notice("later")
        #expect(
            screen.withLock { $0.text }
                == (lines + ["job 2 succeeded", "later"]).joined(separator: "\n")
        )
    }

    @Test func workThatIsDoneElsewhereStandsThereWithItsTime() {
        let clock = Mutex(0.0)
        let written = Written()
        let meter = ProgressMeter(
            .terminal,
            width: { 60 },
            now: { clock.withLock { $0 } },
            write: { text in written.add(text) }
        )
        func lines(at time: Double, _ act: () -> Void) -> [String] {
            clock.withLock { $0 = time }
            let before = written.text.count
            act()
            return written.text.dropFirst(before).split(separator: "\r\u{1B}[2K").map(String.init)
        }
        #expect(lines(at: 0) { meter.wait(for: nil, unit: "steps", saying: "at 'lab'") } == [])
        #expect(lines(at: 0.5) { meter.repeatLast() } == [])
        #expect(lines(at: 7) { meter.repeatLast() } == ["0 steps  0:07  at 'lab'"])
        // The rate of the steps is theirs alone.
        #expect(lines(at: 36) { meter.update(done: 0, total: 90, unit: "steps") } == [])
        let steps = lines(at: 38) {
            meter.update(done: 20, total: 90, unit: "steps", extra: "loss 1.2")
        }
        #expect(steps == ["  22 %  20/90 steps  10 steps/s  0:07 left  loss 1.2"])
        #expect(lines(at: 38.5) { meter.repeatLast() } == [])
        meter.finish()
        #expect(lines(at: 60) { meter.repeatLast() } == [])
    }

    private final class Written: Sendable {
        private let state = Mutex("")
        var text: String { state.withLock { $0 } }
        func add(_ text: String) { state.withLock { $0 += text } }
    }
}
