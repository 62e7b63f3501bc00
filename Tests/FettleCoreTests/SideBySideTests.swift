import Dispatch
import Foundation
import Synchronization
import Testing

@testable import FettleCore

struct SideBySideTests {
    private static func niceness() -> Int32 {
        getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
    }

    /// How often each number ran, and how nice the threads were.
    private static func run(_ count: Int) -> (times: [Int], nicenesses: Set<Int32>) {
        let seen = Mutex<(times: [Int], nicenesses: Set<Int32>)>(
            ([Int](repeating: 0, count: count), [])
        )
        sideBySide(count) { number in
            usleep(2000)
            seen.withLock {
                $0.times[number] += 1
                $0.nicenesses.insert(niceness())
            }
        }
        return seen.withLock { $0 }
    }

    @Test(arguments: [0, 1, 2, 7, 40])
    func eachNumberRunsOnceOnThreadsOfTheCallersPriority(count: Int) async {
        let here = Self.run(count)
        #expect(here.times == [Int](repeating: 1, count: count))
        let behind = await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .background).async {
                continuation.resume(returning: (Self.niceness(), Self.run(count)))
            }
        }
        #expect(behind.1.times == [Int](repeating: 1, count: count))
        #expect(behind.1.nicenesses == (count == 0 ? [] : [behind.0]))
        #expect(behind.0 > getpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(getpid())))
    }
}
