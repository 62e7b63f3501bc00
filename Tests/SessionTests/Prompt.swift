import FettleTestSupport
import Foundation

/// The program at a terminal, in a folder of its own and with its own history.
struct Prompt {
    let terminal: PseudoTerminal

    /// Starts the prompt in `folder`, whose history is under `state`, or in the folder itself; unless it
    /// `isFirst`, there has been one before it, and nothing is said of the history.
    init(
        _ folder: TemporaryFolder,
        state: TemporaryFolder? = nil,
        isFirst: Bool = false,
        options: String = "",
        pager: String? = nil,
        environment more: [String: String] = [:]
    ) throws {
        let history = (state ?? folder).path + "/state/fettle/history"
        if !isFirst, !FileManager.default.fileExists(atPath: history) {
            let file = try (state ?? folder).write("", to: "state/fettle/history")
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        }
        var environment = [
            "HOME": folder.path, "NO_COLOR": "1",
            "XDG_STATE_HOME": (state ?? folder).path + "/state",
        ].merging(more) { $1 }
        environment["FETTLE_PAGER"] = pager ?? more["FETTLE_PAGER"]
        terminal = try PseudoTerminal(
            program: "/bin/sh",
            arguments: ["-c", "cd '\(folder.path)' && exec '\(FettleProgram.path)' \(options)"],
            environment: environment,
            columns: 100,
            rows: 40
        )
    }

    /// Takes a terminal at which the program was started.
    init(_ terminal: PseudoTerminal) {
        self.terminal = terminal
    }

    /// Types a line and waits until the screen shows `text` and a prompt.
    func run(_ line: String, until text: String) async throws {
        try terminal.send(line + "\r")
        try await wait(for: text)
    }

    /// Waits until the screen shows `text` and a prompt.
    func wait(for text: String) async throws {
        try await terminal.wait(for: "'\(text)' and a prompt") { screen in
            // A running job shows at the right.
            let parts = screen.currentLine.split(separator: ">", maxSplits: 1)
            let rest = parts.dropFirst().first?.drop { $0 == " " } ?? ""
            return screen.text.contains(text) && screen.currentLine.hasPrefix("fettle")
                && screen.currentLine.contains(">") && (rest.isEmpty || rest.hasPrefix("job "))
        }
    }

    /// Kills the program without a word.
    func kill() async throws {
        Foundation.kill(terminal.process, SIGKILL)
        _ = try await terminal.waitForExit()
    }

    /// Leaves.
    func quit() async throws {
        try terminal.send("quit\r")
        _ = try await terminal.waitForExit()
    }
}
