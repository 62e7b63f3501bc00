import FettleCore
import Foundation
import Testing

@testable import FettleProviders

/// Programs that are run to their end.
struct ChildProgramTests {
    private static func run(
        _ script: String,
        limit: Int = 1 << 20,
        seconds: Int = 20,
        input: (() throws -> [UInt8]?)? = nil
    ) throws -> ChildProgram.Result {
        try ChildProgram.run(
            ["sh", "-c", script, "sh", "a b", "$x'"],
            environment: ["FETTLE_TEST": "set"],
            limit: limit,
            seconds: seconds,
            input: input
        )
    }

    @Test func wordsVariablesAndStreamsAreItsOwn() throws {
        let result = try Self.run("echo \"$1|$2|$FETTLE_TEST\"; echo bad >&2; exit 3")
        #expect(result.status == 3)
        #expect(String(decoding: result.output, as: UTF8.self) == "a b|$x'|set\n")
        #expect(String(decoding: result.errors, as: UTF8.self) == "bad\n")
        #expect(try Self.run("kill -9 $$").status == 137)
        #expect(try Self.run("cat; echo end").output == Array("end\n".utf8))
    }

    @Test func inputAndOutputOfAnyLengthGoAtOnce() throws {
        var left = 200
        let result = try Self.run("cat", limit: 1 << 24) {
            left -= 1
            return left < 0 ? nil : [UInt8](repeating: UInt8(left), count: 50_000)
        }
        #expect(result.output.count == 10_000_000)
        #expect(result.output.first == 199)
        #expect(result.output.last == 0)
    }

    @Test func readerThatGoesAwayIsNoError() throws {
        var count = 0
        let result = try Self.run("head -c 5; exec 0<&-; echo; echo done") {
            count += 1
            return count > 100 ? nil : [UInt8](repeating: 0x41, count: 100_000)
        }
        #expect(String(decoding: result.output, as: UTF8.self) == "AAAAA\ndone\n")
    }

    @Test func programLeftBehindIsNotWaitedFor() throws {
        let begin = ContinuousClock.now
        let result = try Self.run("sleep 20 & echo $!")
        #expect(ContinuousClock.now - begin < .seconds(15))
        let left = try #require(
            pid_t(String(decoding: result.output, as: UTF8.self).filter(\.isNumber))
        )
        #expect(kill(left, SIGKILL) == 0)
    }

    @Test func failuresEndIt() throws {
        #expect(throws: ChildProgram.Failure.absent("no-such-program")) {
            try ChildProgram.run(["no-such-program"])
        }
        #expect(throws: ChildProgram.Failure.absent("sh")) {
            try ChildProgram.run(["sh"], environment: ["PATH": "/nothing"])
        }
        #expect(throws: ChildProgram.Failure.notStarted("no such file or directory")) {
            try ChildProgram.run(["/no/such/program"])
        }
        #expect(throws: ChildProgram.Failure.quiet(seconds: 1)) {
            try Self.run("sleep 60", seconds: 1)
        }
        #expect(throws: ChildProgram.Failure.tooMuch(limit: 1000)) {
            try Self.run("yes", limit: 1000)
        }
        let errors = try Self.run("head -c 100000 /dev/zero >&2").errors
        #expect(errors.count == ChildProgram.errorLimit)
    }

    @Test func cancelledTaskEndsIt() async throws {
        let path = NSTemporaryDirectory() + "fettle-child-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        let task = Task.detached {
            try Self.run("trap '' TERM; echo $$ > \(path); while :; do sleep 0.1; done").status
        }
        try await Task.detached {
            try ContractSubject.wait(for: "the program's number") {
                (try? String(contentsOfFile: path, encoding: .utf8))?.hasSuffix("\n") == true
            }
        }.value
        let begin = ContinuousClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        // 0.6 seconds on a machine that does nothing else; by itself it would never end.
        #expect(ContinuousClock.now - begin < .seconds(15))
        let number = try String(contentsOfFile: path, encoding: .utf8).filter(\.isNumber)
        #expect(kill(try #require(pid_t(number)), 0) == -1)
    }

    @Test func errorOfTheInputEndsItAndIsThrown() throws {
        let problem = Diagnostic("test", "no more")
        #expect(throws: problem) { try Self.run("cat") { throw problem } }
    }
}
