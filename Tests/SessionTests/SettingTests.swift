import FettleTestSupport
import Foundation
import Testing

/// Settings that reach the terminal.
struct SettingTests {
    private static let commands = [
        "load t.csv", #"format prompt="{{text}}" completion=" {{label}}""#,
        "tune ngram on t as m --no-check &",
    ]

    private static func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let rows = (0..<40).map { "\($0 % 2 == 0 ? "good" : "bad") thing,\($0 % 2)\n" }
        try folder.write("text,label\n" + rows.joined(), to: "t.csv")
        return folder
    }

    @Test(arguments: [
        ("off", ""), ("bell", "\u{7}"), ("osc9", "\u{1B}]9;Fettle: job 1 succeeded: m"),
    ])
    func terminalIsToldOfAJobsEndAsItWasSet(bell: String, sequence: String) async throws {
        let folder = try Self.folder()
        let prompt = try Prompt(folder)
        try await prompt.wait(for: "Ctrl-D leaves")
        try await prompt.run("set bell \(bell)", until: "set bell \(bell)")
        for command in Self.commands { try prompt.terminal.send(command + "\r") }
        try await prompt.wait(for: "\njob 1 succeeded: m")
        try await prompt.run("vars", until: "no variable is set")
        let output = String(decoding: prompt.terminal.output, as: UTF8.self)
        let bells = output.split(separator: "\u{7}", omittingEmptySubsequences: false).dropLast()
        #expect(bells.count == (bell == "off" ? 0 : 1))
        #expect(sequence.isEmpty || output.contains(sequence))
        #expect(bell == "osc9" || !output.contains("]9;"))
        try await prompt.quit()
    }

    @Test func pipeIsToldNothing() async throws {
        let folder = try Self.folder()
        let lines = ["set bell osc9"] + Self.commands + ["wait"]
        let result = try await FettleProgram.run(
            ["--ephemeral"],
            input: lines.joined(separator: "\n"),
            in: folder
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(!(result.output + result.errors).utf8.contains(7))
    }

    @Test func coloursAreTurnedOnAndOff() async throws {
        let folder = try TemporaryFolder()
        let prompt = try Prompt(folder, options: "--ephemeral")
        try await prompt.wait(for: "Ctrl-D leaves")
        #expect(!prompt.terminal.output.contains(bytes: "1m"))
        try await prompt.run("set colour on", until: "set colour on")
        try await prompt.run("vars", until: "no variable is set")
        // The verb while it was typed, and the note.
        #expect(prompt.terminal.output.contains(bytes: "\u{1B}[0;1mvars"))
        #expect(prompt.terminal.output.contains(bytes: "\u{1B}[2mno variable is set"))
        try await prompt.run("undo", until: "undone: set colour on\ncolour is auto")
        let before = prompt.terminal.output.count
        try await prompt.run("help quit", until: "leave the shell")
        #expect(!Array(prompt.terminal.output[before...]).contains(bytes: "1m"))
        try await prompt.quit()
    }

    @Test(
        arguments: [
            ([:], false), (["CLICOLOR_FORCE": "1"], true), (["CLICOLOR_FORCE": "0"], false),
            (["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false),
        ] as [([String: String], Bool)]
    )
    func pipeHasColoursOnlyWhereTheyAreForced(
        environment: [String: String],
        isColoured: Bool
    ) async throws {
        let folder = try TemporaryFolder()
        let result = try await FettleProgram.run(
            ["--ephemeral", "-c", "vars"],
            environment: environment,
            in: folder
        )
        let text = "no variable is set: let seed = 7"
        #expect(result.output == (isColoured ? "\u{1B}[2m\(text)\u{1B}[0m\n" : text + "\n"))
    }

    @Test func keptSettingsHoldAtTheNextStart() async throws {
        let folder = try TemporaryFolder()
        var result = try await FettleProgram.run(["-c", "set width 60 --save"], in: folder)
        #expect(result.output == "kept for this workspace: width 60\n", "\(result.errors)")
        result = try await FettleProgram.run(["-c", "set width | as plain"], in: folder)
        #expect(result.output.hasPrefix("width\t60\tworkspace\t"))
        result = try await FettleProgram.run(
            ["--ephemeral", "-c", "set width | as plain"],
            in: folder
        )
        #expect(result.output.hasPrefix("width\tauto\tdefault\t"))
    }
}

extension [UInt8] {
    /// Whether the bytes of a text are among them.
    fileprivate func contains(bytes text: String) -> Bool {
        String(decoding: self, as: UTF8.self).contains(text)
    }
}
