import Synchronization
import Testing

@testable import FettleShell

struct WarningsTests {
    @Test func whatManyJobsMeetIsToldOnceAMinuteWithoutSecrets() {
        let clock = Mutex(0.0)
        let told = Mutex<[String]>([])
        let warnings = Warnings(
            mask: { $0.replacing("s3cret", with: "‹secret›") },
            now: { clock.withLock { $0 } },
            write: { text in told.withLock { $0.append(text) } }
        )
        for job in 1...64 { warnings.tell("job \(job): 'lab' is gone, s3cret") }
        warnings.tell("job 1: 'lab' is back")
        #expect(
            told.withLock { $0 } == [
                "warning: job 1: 'lab' is gone, ‹secret›", "warning: job 1: 'lab' is back",
            ]
        )
        clock.withLock { $0 = 61 }
        warnings.tell("job 2: 'lab' is gone, s3cret")
        #expect(told.withLock { $0.count } == 3)
        warnings.tell(String(repeating: "x", count: 1000))
        let expected = "warning: " + String(repeating: "x", count: 400) + "…"
        #expect(told.withLock { $0.last } == expected)
    }
}
