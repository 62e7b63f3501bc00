import Synchronization
import Testing

@testable import FettleShell

/// Ctrl-C while a command runs, before it, and again.
struct InterruptsTests {
    /// Work that takes no notice of being cancelled, until it is let go.
    private final class Stubborn: Sendable {
        private let waiting = Mutex<CheckedContinuation<Int, Never>?>(nil)
        let hasStarted = AsyncStream<Void>.makeStream()

        func work() async -> Int {
            await withCheckedContinuation { continuation in
                waiting.withLock { $0 = continuation }
                hasStarted.continuation.finish()
            }
        }

        func letGo() {
            waiting.withLock { $0?.resume(returning: 1) }
        }
    }

    @Test func secondInterruptLeavesStubbornWorkAlone() async {
        let time = Mutex(ContinuousClock.now)
        let interrupts = Interrupts { time.withLock { $0 } }
        let stubborn = Stubborn()
        let running = Task { try await interrupts.run { await stubborn.work() } }
        for await _ in stubborn.hasStarted.stream {}
        #expect(interrupts.interrupt())
        // Later than 3 s after the first, the second is a first one again.
        time.withLock { $0 += .seconds(3) }
        #expect(interrupts.interrupt())
        time.withLock { $0 += .seconds(2.9) }
        #expect(interrupts.interrupt())
        await #expect(throws: Interrupts.Abandonment.self) { try await running.value }
        #expect(!interrupts.interrupt())
        stubborn.letGo()
    }

    @Test func oneInterruptCancelsWorkThatTakesNotice() async {
        let interrupts = Interrupts()
        let hasStarted = AsyncStream<Void>.makeStream()
        let running = Task {
            try await interrupts.run {
                hasStarted.continuation.finish()
                for await _ in AsyncStream<Void>.makeStream().stream {}
                try Task.checkCancellation()
            }
        }
        for await _ in hasStarted.stream {}
        #expect(interrupts.interrupt())
        await #expect(throws: CancellationError.self) { try await running.value }
    }

    @Test func interruptBetweenEnterAndTheStartIsKeptForTheCommand() async throws {
        let interrupts = Interrupts()
        interrupts.interruptOrKeep()
        interrupts.forget()
        #expect(try await interrupts.run { Task.isCancelled } == false)
        interrupts.interruptOrKeep()
        await #expect(throws: CancellationError.self) { try await interrupts.run {} }
        #expect(try await interrupts.run { Task.isCancelled } == false)
    }

    @Test func commandThatEndsBeforeItIsCancelledStopsWhatFollowsIt() async {
        var shell = TestShell()
        let interrupts = shell.interrupts
        shell = TestShell(interrupts: interrupts) {
            interrupts.interrupt()
            return 0
        }
        let result = await shell.run("!fast\nlet a = 1")
        #expect(result.status == .interrupted)
        #expect(shell.session.variables.isEmpty)
    }

    @Test func abandonedCommandLeavesTheSessionAndTheScreenAlone() async throws {
        let stubborn = Stubborn()
        var shell = TestShell(runShell: { await stubborn.work() })
        let interrupts = shell.interrupts
        async let end: Void = {
            for await _ in stubborn.hasStarted.stream {}
            interrupts.interrupt()
            interrupts.interrupt()
        }()
        let result = await shell.run("let a = 1\n!stubborn\nlet b = 2")
        await end
        #expect(result.status == .interrupted)
        #expect(
            result.errors
                == "left alone, as it did not stop; datasets and formats are as before this command\n"
        )
        #expect(shell.session.variables.keys.sorted() == ["a"])
        stubborn.letGo()
        #expect(await shell.run("vars").output == "a  1\n")
    }
}
