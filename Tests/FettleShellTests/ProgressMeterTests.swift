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

    private final class Written: Sendable {
        private let state = Mutex("")
        var text: String { state.withLock { $0 } }
        func add(_ text: String) { state.withLock { $0 += text } }
    }
}
