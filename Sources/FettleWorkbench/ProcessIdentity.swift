import Foundation

/// A process that can be told from a later one with the same number: its number and start time.
public struct ProcessIdentity: Hashable, Sendable {
    /// The identity as it is stored: `PID:START`.
    public let text: String

    /// Reads back a stored identity.
    public init(text: String) {
        self.text = text
    }

    /// This process.
    public static let current = ProcessIdentity(
        text: "\(getpid()):\(startTime(of: getpid()) ?? "0")"
    )

    /// Whether the process still runs.
    public var isAlive: Bool {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let number = Int32(parts[0]) else { return false }
        return ProcessIdentity.startTime(of: number) == String(parts[1])
    }

    /// The start time in clock ticks since boot: field 22 of `/proc/PID/stat`, proc(5), counted after the
    /// name, which may hold blanks and brackets.
    private static func startTime(of number: Int32) -> String? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(number)/stat") else {
            return nil
        }
        let line = String(decoding: data, as: UTF8.self)
        guard let bracket = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: bracket)...].split(separator: " ")
        return fields.count > 19 ? String(fields[19]) : nil
    }
}
