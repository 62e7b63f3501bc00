import CTerminal
import Foundation
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
    private let show = Mutex<(@Sendable (String) -> Void)?>(nil)

    /// Sends further news to `show`.
    func send(to show: @escaping @Sendable (String) -> Void) {
        self.show.withLock { $0 = show }
    }

    /// Tells news.
    func post(_ text: String) {
        show.withLock { $0 }?(text)
    }
}
