import FettleCore
import Foundation

/// The lines typed in all workspaces, for Up and Ctrl-R: `$XDG_STATE_HOME/fettle/history`, rights 0600.
///
/// Each line of the file is one entry as a JSON string, written with one call, so that several shells
/// may write at once and a torn last line is harmless.
struct GlobalHistory: Sendable {
    private let folder: String

    init(_ environment: [String: String]) {
        let state = environment["XDG_STATE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
        folder = (state ?? (environment["HOME"] ?? "/tmp") + "/.local/state") + "/fettle"
    }

    /// Returns the last `limit` entries, oldest first; none when there is no file.
    func lines(limit: Int) -> [String] {
        guard let data = FileManager.default.contents(atPath: folder + "/history") else {
            return []
        }
        let decoder = JSONDecoder()
        return data.withUnsafeBytes { bytes in
            var entries: [String] = []
            var end = bytes.count
            while end > 0, entries.count < limit {
                var start = end
                while start > 0, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
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
            return entries.reversed()
        }
    }

    /// Adds an entry; a file that cannot be written is left alone.
    func add(_ line: String) {
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
        text.withUTF8 { _ = write(descriptor, $0.baseAddress, $0.count) }
    }
}
