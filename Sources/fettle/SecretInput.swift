import CTerminal
import Foundation

/// Reads a line that is not to be seen.
enum SecretInput {
    /// Returns a line of standard input without its end, or nil at the end of the input.
    ///
    /// At a terminal it asks first and does not echo; what was typed can be rubbed out with Backspace and
    /// Ctrl-U. Cancelling the task ends it within 50 ms.
    @concurrent
    static func read(
        _ question: String,
        atPrompt: Bool
    ) async throws -> String? {
        let isTerminal = fettle_is_terminal(0)
        if isTerminal {
            // The prompt's own mode for commands that run echoes nothing either.
            if !atPrompt, fettle_terminal_save(0) == 0 {
                fettle_terminal_enter(FETTLE_TERMINAL_BUSY)
            }
            write(question)
        }
        defer {
            if isTerminal {
                write("\n")
                if !atPrompt { fettle_terminal_enter(FETTLE_TERMINAL_ORIGINAL) }
            }
        }
        return try line(isTerminal: isTerminal)
    }

    private static func line(isTerminal: Bool) throws -> String? {
        var bytes: [UInt8] = []
        while true {
            try Task.checkCancellation()
            guard fettle_wait_readable(0, -1, 50) != 0 else { continue }
            var byte: UInt8 = 0
            let count = Foundation.read(0, &byte, 1)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count == 1 else { return bytes.isEmpty ? nil : text(bytes) }
            switch byte {
            case 0x0A: return text(bytes)
            case 0x0D where isTerminal: return text(bytes)
            case 0x04 where isTerminal: return bytes.isEmpty ? nil : text(bytes)
            case 0x15 where isTerminal: bytes = []
            case 0x08 where isTerminal, 0x7F where isTerminal:
                while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
            case _ where bytes.count < 1 << 16: bytes.append(byte)
            default: continue
            }
        }
    }

    private static func text(_ bytes: [UInt8]) -> String {
        var line = bytes[...]
        while line.last == 0x0D { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
    }

    private static func write(_ text: String) {
        var text = text
        text.withUTF8 { _ = fettle_write_all(2, $0.baseAddress, $0.count) }
    }
}
