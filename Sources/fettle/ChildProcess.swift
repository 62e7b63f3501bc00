import CTerminal
import FettleCore
import FettleShell
import Foundation

/// Runs lines of the system's shell for `!` and `| !`.
enum ChildProcess {
    /// The status of a child that SIGINT ended.
    private static let interruptedStatus = 130

    /// Runs a line with `input` on its standard input (nil: the shell's own) and returns its status.
    ///
    /// Ctrl-C at the terminal reaches it by itself. One that outlives the wait for it is still waited for
    /// here, so that it leaves no zombie.
    static func run(_ line: String, _ input: [UInt8]?) async throws -> Int {
        let isAbandoned = Interrupts.abandonmentOfCommand()
        let status = try await withCheckedThrowingContinuation { continuation in
            let thread = Thread {
                do {
                    continuation.resume(returning: try runBlocking(line, input, isAbandoned))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
            thread.start()
        }
        // Ctrl-C that ended the child was pressed for this program, too, and may be on its way here: it
        // must not come when the prompt is back.
        let wait = status == interruptedStatus ? 20 : 0
        for _ in 0..<wait where !Task.isCancelled { try? await Task.sleep(for: .milliseconds(5)) }
        return status
    }

    private static func runBlocking(
        _ line: String,
        _ input: [UInt8]?,
        _ isAbandoned: () -> Bool
    ) throws(Diagnostic) -> Int {
        fettle_terminal_enter(FETTLE_TERMINAL_ORIGINAL)
        // The prompt has the terminal when the child is no longer waited for.
        defer { if !isAbandoned() { fettle_terminal_enter(FETTLE_TERMINAL_BUSY) } }
        guard let input else {
            let child = fettle_spawn_shell(line, -1, -1)
            guard child > 0 else { throw failure(line) }
            defer { startLine() }
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
        defer { startLine() }
        return Int(fettle_wait_child(child))
    }

    /// Goes to the start of a line where the child's output did not end with one, and marks that with `⏎`.
    ///
    /// What a child writes is not seen here, so the mark is followed by as many blanks as wrap it only when
    /// something stands before it, and wiped out where nothing did.
    private static func startLine() {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard fettle_is_terminal(1), fettle_window_size(1, &columns, &rows) == 0, columns > 1,
            !["", "dumb"].contains(getenv("TERM").map { String(cString: $0) } ?? "")
        else { return }
        let text = "⏎" + String(repeating: " ", count: Int(columns) - 1) + "\r\u{1B}[K"
        _ = Array(text.utf8).withUnsafeBytes {
            fettle_write_all(1, $0.baseAddress, $0.count)
        }
    }

    private static func failure(_ line: String) -> Diagnostic {
        Diagnostic(
            "shell-failed",
            "'\(line)' could not be started: \(String(cString: strerror(errno)))"
        )
    }
}
