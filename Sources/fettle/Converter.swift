import CTerminal
import FettleCore
import Foundation
import Synchronization

/// Runs programs that make one form of another, such as PNG of SVG, over pipes.
enum Converter {
    /// Bytes that a program may give.
    private static let limit = 64 << 20
    /// Seconds that it may take.
    private static let deadline = 30.0
    /// What the system's shell ends with when it finds no program of the name.
    private static let notFound = 127

    /// Gives a program `input` and returns what it writes; Ctrl-C ends it.
    ///
    /// - Throws: `no-program` when there is none of the name, `program-failed` when it ends with another status
    ///   than 0, takes more than 30 seconds or writes more than 64 MiB, and `CancellationError`.
    static func run(_ program: [String], _ input: [UInt8]) async throws -> [UInt8] {
        let isCancelled = Atomic(false)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let thread = Thread {
                    continuation.resume(
                        with: Result {
                            try runBlocking(program, input) {
                                isCancelled.load(ordering: .relaxed)
                            }
                        }
                    )
                }
                thread.start()
            }
        } onCancel: {
            isCancelled.store(true, ordering: .relaxed)
        }
    }

    private static func runBlocking(
        _ program: [String],
        _ input: [UInt8],
        _ isCancelled: () -> Bool
    ) throws -> [UInt8] {
        let name = program.first ?? ""
        var toChild: [Int32] = [-1, -1]
        var fromChild: [Int32] = [-1, -1]
        guard fettle_pipe(&toChild) == 0 else { throw failure(name, "no pipe is free") }
        guard fettle_pipe(&fromChild) == 0 else {
            toChild.forEach { _ = close($0) }
            throw failure(name, "no pipe is free")
        }
        // What it says of its input is not for the terminal.
        let line = "exec \(program.joined(separator: " ")) 2>/dev/null"
        let child = fettle_spawn_shell(line, toChild[0], fromChild[1])
        close(toChild[0])
        close(fromChild[1])
        defer { close(fromChild[0]) }
        let entrance = toChild[1]
        guard child > 0 else {
            close(entrance)
            throw failure(name, "it could not be started")
        }
        let writer = Thread {
            _ = input.withUnsafeBytes { fettle_write_all(entrance, $0.baseAddress, $0.count) }
            close(entrance)
        }
        writer.start()
        let read = Self.read(fromChild[0], isCancelled)
        if read.reason != nil || read.isCancelled { kill(child, SIGKILL) }
        let status = Int(fettle_wait_child(child))
        if read.isCancelled { throw CancellationError() }
        if let reason = read.reason { throw failure(name, reason) }
        guard status != notFound else {
            throw Diagnostic("no-program", "there is no program '\(name)'")
        }
        guard status == 0, !read.bytes.isEmpty else {
            throw failure(name, "it ended with status \(status)")
        }
        return read.bytes
    }

    /// Reads to the end of a pipe, or to a limit, whose reason is then said.
    private static func read(
        _ descriptor: Int32,
        _ isCancelled: () -> Bool
    ) -> (bytes: [UInt8], reason: String?, isCancelled: Bool) {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        let start = ContinuousClock.now
        while true {
            if isCancelled() { return (bytes, nil, true) }
            guard ContinuousClock.now - start < .seconds(deadline) else {
                return (bytes, "it took more than 30 seconds", false)
            }
            guard bytes.count <= limit else {
                return (bytes, "it wrote more than 64 MiB", false)
            }
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&wait, 1, 50) > 0 else { continue }
            let count = Foundation.read(descriptor, &block, block.count)
            if count == 0 { return (bytes, nil, false) }
            if count > 0 {
                bytes += block[..<count]
            } else if errno != EINTR {
                return (bytes, "its output cannot be read", false)
            }
        }
    }

    private static func failure(_ name: String, _ reason: String) -> Diagnostic {
        Diagnostic("program-failed", "the program '\(name)' failed: \(reason)")
    }
}
