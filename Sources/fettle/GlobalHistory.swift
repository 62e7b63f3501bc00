import FettleCore
import Foundation
import Synchronization

/// The lines typed in all workspaces, for Up and Ctrl-R: `$XDG_STATE_HOME/fettle/history`, rights 0600.
///
/// Each line of the file is one entry as a JSON string, written with one call, so that several shells
/// may write at once and a torn last line is harmless. It is read in three parts: the latest entries
/// for the first prompt, those before them when there is time, and what other shells add when a search
/// asks for it.
final class GlobalHistory: Sendable {
    private struct State {
        /// Where the entries begin that were not there at the start.
        var end = 0
        /// How often this shell has added a line that was not met in the file again.
        var own: [String: Int] = [:]
    }

    /// The latest entries of the start, oldest first.
    let latest: [String]

    /// Whether lines are kept and none has been yet.
    let isNew: Bool

    private let folder: String
    private let isKept: Bool
    /// Where the latest entries begin.
    private let start: Int
    private let state: Mutex<State>

    /// As many bytes as the first prompt can wait for.
    private static let latestSize = 32 << 10

    /// Reads the latest entries; lines are added unless `isKept` is false or `FETTLE_NO_HISTORY` says so.
    init(_ environment: [String: String], isKept: Bool) {
        let home = environment["XDG_STATE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
        folder = (home ?? (environment["HOME"] ?? "/tmp") + "/.local/state") + "/fettle"
        self.isKept = isKept && ["", "0"].contains(environment["FETTLE_NO_HISTORY"] ?? "")
        isNew = self.isKept && access(folder + "/history", F_OK) != 0
        let size = Self.size(folder + "/history")
        let from = max(0, size - Self.latestSize)
        let bytes = Self.bytes(folder + "/history", from..<size)
        // All but at the file's start, the first entry is cut.
        let whole = from == 0 ? 0 : bytes.firstIndex(of: Self.lineEnd).map { $0 + 1 } ?? bytes.count
        start = from + whole
        let complete = bytes.lastIndex(of: Self.lineEnd).map { $0 + 1 } ?? whole
        state = Mutex(State(end: from + complete))
        latest = Self.entries(bytes[whole...], limit: .max)
    }

    /// Returns the last `limit` entries before the latest, oldest first.
    func older(limit: Int) -> [String] {
        Self.entries(Self.bytes(folder + "/history", 0..<start)[...], limit: limit)
    }

    /// Returns what other shells have added since the start or the last call, oldest first.
    func ofOthers() -> [String] {
        state.withLock { state in
            let size = Self.size(folder + "/history")
            guard size > state.end else { return [] }
            let bytes = Self.bytes(folder + "/history", state.end..<size)
            // A line that is being written is for the next time.
            guard let last = bytes.lastIndex(of: Self.lineEnd) else { return [] }
            state.end += last + 1
            return Self.entries(bytes[...last], limit: .max).filter { line in
                guard let count = state.own[line] else { return true }
                state.own[line] = count > 1 ? count - 1 : nil
                return false
            }
        }
    }

    /// Where lines are kept, and how not to.
    var note: String {
        "lines are kept in \(folder)/history for Up and Ctrl-R; fettle --no-history keeps none"
    }

    /// Adds an entry; a file that cannot be written is left alone.
    func add(_ line: String) {
        guard isKept else { return }
        try? FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let descriptor = open(folder + "/history", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var text = ""
        JSONValue.quote(line, into: &text)
        text += "\n"
        let count = text.utf8.count
        let written = text.withUTF8 { write(descriptor, $0.baseAddress, $0.count) }
        guard written == count else { return }
        state.withLock { $0.own[line, default: 0] += 1 }
    }

    // MARK: - The file

    private static let lineEnd = UInt8(ascii: "\n")

    private static func size(_ path: String) -> Int {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int(facts.st_size) : 0
    }

    /// Returns the bytes of a range, as far as they are there.
    private static func bytes(_ path: String, _ range: Range<Int>) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0, !range.isEmpty else {
            if descriptor >= 0 { close(descriptor) }
            return []
        }
        defer { close(descriptor) }
        return [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < range.count {
                let count = pread(
                    descriptor,
                    buffer.baseAddress?.advanced(by: filled),
                    range.count - filled,
                    off_t(range.lowerBound + filled)
                )
                guard count > 0 else { return }
                filled += count
            }
        }
    }

    /// Returns the last entries of a part of the file, oldest first; lines that are none are left out.
    private static func entries(_ bytes: ArraySlice<UInt8>, limit: Int) -> [String] {
        let decoder = JSONDecoder()
        var entries: [String] = []
        bytes.withUnsafeBytes { bytes in
            var end = bytes.count
            while end > 0, entries.count < limit {
                var start = end
                while start > 0, bytes[start - 1] != lineEnd { start -= 1 }
                let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                end = start - 1
                // Nearly all lines have nothing escaped, and the decoder takes 10 times as long.
                if line.contains(UInt8(ascii: "\\")) {
                    if let entry = try? decoder.decode(String.self, from: Data(line)) {
                        entries.append(entry)
                    }
                } else if line.count > 1, line.first == UInt8(ascii: "\""),
                    line.last == UInt8(ascii: "\""),
                    let entry = String(validating: line.dropFirst().dropLast(), as: UTF8.self)
                {
                    entries.append(entry)
                }
            }
        }
        return entries.reversed()
    }
}
