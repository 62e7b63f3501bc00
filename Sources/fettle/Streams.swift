import CTerminal
import FettleNotebook
import FettleShell
import Foundation
import LineEditor
import Synchronization

/// Standard output and standard error, and whether writing to them has failed.
final class Streams: Sendable {
    private let hasFailed = Mutex(false)

    /// Writes text; a reader that has gone away is no failure.
    func write(_ text: String, to descriptor: Int32) {
        var text = text
        let failed = text.withUTF8 { bytes in
            fettle_write_all(descriptor, bytes.baseAddress, bytes.count) != 0 && errno != EPIPE
        }
        if failed { hasFailed.withLock { $0 = true } }
    }

    /// Whether output was lost, such as on a full disk.
    var lostOutput: Bool { hasFailed.withLock { $0 } }

    /// Reads standard input to its end; nil when it cannot be read.
    static func readStandardInput() -> [UInt8]? {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(0, &block, block.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes += block[..<count]
            } else if errno != EINTR {
                return nil
            }
        }
    }
}

/// Where the news of a background job that ended goes: above the line being typed, or to standard error.
final class Notices: Sendable {
    private struct State {
        var show: (@Sendable (String) -> Void)?
        var ring: (@Sendable (LineEditor.Alert) -> Void)?
        var bell = Settings.Bell.off
        /// What keeps the terminal to itself.
        var holders: Set<Int> = []
        var nextHolder = 0
        var waiting: [String] = []
    }

    private let state = Mutex(State())

    /// Sends further news to `show`.
    func send(to show: @escaping @Sendable (String) -> Void) {
        state.withLock { $0.show = show }
    }

    /// Sends what draws the user's attention to `ring`.
    func send(alertsTo ring: @escaping @Sendable (LineEditor.Alert) -> Void) {
        state.withLock { $0.ring = ring }
    }

    /// Takes how the user wants to be told of a job's end.
    func use(_ bell: Settings.Bell) {
        state.withLock { $0.bell = bell }
    }

    /// Tells that a job has ended, also where nobody looks.
    func announce(_ text: String) {
        post(text)
        let (bell, ring) = state.withLock { ($0.bell, $0.ring) }
        switch bell {
        case .off: return
        case .bell: ring?(.bell)
        case .osc9: ring?(.notification("Fettle: \(Sanitizer.line(text))"))
        }
    }

    /// Tells news, or keeps them while another program has the terminal.
    func post(_ text: String) {
        state.withLock { $0.waiting.append(text) }
        tell()
    }

    /// Runs `work`, which gives the terminal to another program; news wait for its end.
    func holding<Value>(_ work: () async throws -> Value) async rethrows -> Value {
        let holder = state.withLock { state in
            state.nextHolder += 1
            state.holders.insert(state.nextHolder)
            return state.nextHolder
        }
        defer {
            _ = state.withLock { $0.holders.remove(holder) }
            tell()
        }
        return try await work()
    }

    /// Tells what waits: the terminal is the prompt's again, whatever goes on behind it.
    func release() {
        state.withLock { $0.holders = [] }
        tell()
    }

    private func tell() {
        let (show, texts) = state.withLock { state in
            guard state.holders.isEmpty else { return (state.show, [String]()) }
            defer { state.waiting = [] }
            return (state.show, state.waiting)
        }
        for text in texts { show?(text) }
    }
}
