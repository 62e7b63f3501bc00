import CTerminal
import FettleCore
import Foundation

/// Runs lines of the system's shell for `!` and `| !`.
enum ChildProcess {
    /// Runs a line with `input` on its standard input (nil: the shell's own) and returns its status.
    static func run(_ line: String, _ input: [UInt8]?) async throws -> Int {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread {
                do {
                    continuation.resume(returning: try runBlocking(line, input))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
            thread.start()
        }
    }

    private static func runBlocking(_ line: String, _ input: [UInt8]?) throws(Diagnostic) -> Int {
        fettle_terminal_enter(FETTLE_TERMINAL_ORIGINAL)
        defer { fettle_terminal_enter(FETTLE_TERMINAL_BUSY) }
        guard let input else {
            let child = fettle_spawn_shell(line, -1, -1)
            guard child > 0 else { throw failure(line) }
            return Int(fettle_wait_child(child))
        }
        var ends: [Int32] = [-1, -1]
        guard fettle_pipe(&ends) == 0 else { throw failure(line) }
        let child = fettle_spawn_shell(line, ends[0], -1)
        close(ends[0])
        guard child > 0 else {
            close(ends[1])
            throw failure(line)
        }
        // A child that reads only part of its input, such as head, is no error.
        _ = input.withUnsafeBytes { fettle_write_all(ends[1], $0.baseAddress, $0.count) }
        close(ends[1])
        return Int(fettle_wait_child(child))
    }

    private static func failure(_ line: String) -> Diagnostic {
        Diagnostic(
            "shell-failed",
            "'\(line)' could not be started: \(String(cString: strerror(errno)))"
        )
    }
}
