#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The lines of a log that begin as events do, from text that comes piece by piece.
struct LogLines {
    private let limit: Int
    /// The beginning of a line whose end has not come, as far as it may be an event.
    private var rest: [UInt8] = []
    /// Whether the line whose end has not come is too long.
    private var isTooLong = false
    /// Bytes taken so far, and the last of them.
    private var taken = 0
    private var last: [UInt8] = []

    private static let prefix = Array(WorkEvent.prefix.utf8)
    /// How many bytes before a place tell that a text goes on there.
    private static let memory = 256

    init(limit: Int) { self.limit = limit }

    /// Returns what of a whole log was not taken; all of it, from a new start, where it is another log.
    mutating func fresh(in log: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let isSame =
            log.count >= taken && last.elementsEqual(log[(taken - last.count)..<taken])
        if !isSame { self = LogLines(limit: limit) }
        return UnsafeRawBufferPointer(rebasing: log[taken...])
    }

    /// Takes the bytes after those before.
    ///
    /// - Parameters:
    ///   - bytes: the bytes.
    ///   - onEvent: called with each line that begins as an event does, without its end; with nil for one that is
    ///     too long.
    mutating func take(
        _ bytes: UnsafeRawBufferPointer,
        onEvent: (UnsafeRawBufferPointer?) -> Void
    ) {
        var start = 0
        while start < bytes.count, let base = bytes.baseAddress {
            let found = memchr(base + start, 0x0A, bytes.count - start)
            let end = found.map { UnsafeRawPointer($0) - base } ?? bytes.count
            let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            if found == nil {
                keep(piece)
            } else if rest.isEmpty, !isTooLong {
                give(piece, onEvent)
            } else {
                keep(piece)
                if isTooLong { onEvent(nil) } else { rest.withUnsafeBytes { give($0, onEvent) } }
                rest = []
                isTooLong = false
            }
            start = end + 1
        }
        taken += bytes.count
        last = (last + bytes.suffix(Self.memory)).suffix(Self.memory)
    }

    /// Keeps a piece of a line; of one that is no event, no more than tells so.
    private mutating func keep(_ piece: UnsafeRawBufferPointer) {
        guard !isTooLong else { return }
        rest += piece.prefix(limit + 1 - rest.count)
        guard rest.starts(with: Self.prefix.prefix(rest.count)) else {
            rest.removeSubrange(min(Self.prefix.count, rest.count)...)
            return
        }
        guard rest.count > limit else { return }
        isTooLong = true
        rest = []
    }

    private func give(
        _ line: UnsafeRawBufferPointer,
        _ onEvent: (UnsafeRawBufferPointer?) -> Void
    ) {
        guard line.starts(with: Self.prefix) else { return }
        guard line.count <= limit else { return onEvent(nil) }
        let end = line.last == 0x0D ? line.count - 1 : line.count
        onEvent(UnsafeRawBufferPointer(rebasing: line[..<end]))
    }
}
