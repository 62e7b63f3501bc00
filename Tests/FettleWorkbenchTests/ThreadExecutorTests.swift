import Foundation
import Testing

@testable import FettleWorkbench

struct ThreadExecutorTests {
    private static func niceness(_ givesWay: Bool) async -> Int32 {
        await Task(executorPreference: ThreadExecutor(label: "test", givesWay: givesWay)) {
            getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        }.value
    }

    @Test func whatGivesWayHasALowerPriority() async {
        let usual = await Self.niceness(false)
        #expect(usual == getpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(getpid())))
        #expect(await Self.niceness(true) == usual + 10)
    }
}
