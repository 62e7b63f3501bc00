import CTerminal
import FettleNotebook
import Foundation

/// Shows text that is longer than the window page by page.
///
/// The program is `$FETTLE_PAGER`, `$PAGER` or `less`; `off` and `cat` mean none. A `less` that has no options
/// of its own gets those that leave short text and colours as they are, and a last line that says how to
/// leave. Its commands that run programs and write files are off, unless `LESSSECURE` is set: what was meant
/// for the prompt may land in it.
struct Pager: Sendable {
    private let line: String

    /// Makes a pager; nil when the environment wants none or there is none.
    init?(_ environment: [String: String]) {
        guard environment["TERM"] != "dumb" else { return nil }
        let wanted =
            environment["FETTLE_PAGER"]
            ?? environment["PAGER"].flatMap { $0.isEmpty ? nil : $0 }
            ?? (Self.hasLess(environment) ? "less" : "")
        guard !["", "off", "cat"].contains(wanted) else { return nil }
        line = """
            LESS="${LESS-\(Self.options)}"; LESSSECURE="${LESSSECURE-1}"; export LESS LESSSECURE; \(wanted)
            """
    }

    /// `less -RFX` with a prompt of its own; in `LESS` a dollar sign ends an option's text.
    private static let options =
        #"-RFX\$-Ps?eend:space goes on., q goes back to the prompt\$"#

    private static func hasLess(_ environment: [String: String]) -> Bool {
        (environment["PATH"] ?? "").split(separator: ":").contains {
            access("\($0)/less", X_OK) == 0
        }
    }

    /// Shows the text and waits until the user has done with it; returns false when it fits the window,
    /// cannot be paged, or the user has typed ahead: the pager would take that for its own commands.
    func show(_ text: String) async -> Bool {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard fettle_window_size(1, &columns, &rows) == 0, columns > 0, rows > 1,
            Self.lines(of: text, columns: Int(columns), atMost: Int(rows)) >= Int(rows),
            fettle_pending_bytes(0) <= 0
        else { return false }
        let status = try? await ChildProcess.run(line, Array(text.utf8))
        // The system's shell could not start it.
        return status != nil && status != 126 && status != 127
    }

    /// Returns how many lines of a window the text takes, counted no further than `limit`.
    static func lines(of text: String, columns: Int, atMost limit: Int) -> Int {
        var count = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            count += max(1, (width(of: line) + columns - 1) / columns)
            if count >= limit { return limit }
        }
        return count
    }

    /// The columns of a line without its colours.
    private static func width(of line: Substring) -> Int {
        guard line.utf8.contains(0x1B) else { return DisplayWidth.of(line) }
        return DisplayWidth.of(String(line).replacing(/\u{1B}\[[0-9;]*m/, with: ""))
    }
}
